/** The owner of a replay: changes limits and decides on signals by the chat's buttons, as a person would. */
import type { UserMessage } from '../../src/simulator/chat/wire/message-views.ts';
import { buttonsOf, textOf, type Phone } from '../../test/acceptance/owner.ts';

/** Changes limits as `/limits …` does, with its confirmation. Returns what was asked and answered. */
export async function changeLimits(
  phone: Phone,
  wishes: readonly string[],
): Promise<readonly string[]> {
  const said: string[] = [];
  for (const wish of wishes) {
    const asked = await phone.ask(`/limits ${wish}`, /./);
    const confirm = buttonsOf(asked).find((each) => each.text.startsWith('Confirm'));
    if (confirm === undefined) throw new Error(`"/limits ${wish}" was answered: ${textOf(asked)}`);
    const after = await phone.newest();
    await phone.press(asked, confirm.data);
    await phone.hears(/from now on|becomes .* at /, { after: Math.min(after, asked.id) - 1 });
    said.push(`/limits ${wish} (${confirm.text})`);
  }
  return said;
}

/**
 * One look at the chat: confirms what was asked for, rejects cards of the other side, and taps the next Approve of the wanted side
 * while `wants`. A button is tapped once; `done` remembers them. True when something was tapped.
 */
export async function decide(
  phone: Phone,
  { side, wants }: { readonly side: string; readonly wants: boolean },
  done: Set<string>,
): Promise<boolean> {
  const tap = async (message: UserMessage, data: string): Promise<true> => {
    done.add(data);
    await phone.press(message, data);
    return true;
  };
  for (const message of await phone.heard()) {
    const fresh = buttonsOf(message).filter(({ data }) => !done.has(data));
    const button = (label: string, verb: string): string | undefined =>
      fresh.find(({ text, data }) => text === label && data.startsWith(verb))?.data;
    const confirm = button('Confirm', 'c:');
    if (confirm !== undefined) return tap(message, confirm);
    const meant = new RegExp(`Trade idea: \\S+ ${side}\\b`).test(textOf(message));
    const answer = meant ? button('Approve', 'a:') : button('Reject', 'r:');
    if (answer !== undefined && (wants || !meant)) return tap(message, answer);
  }
  return false;
}
