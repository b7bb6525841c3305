/** The owner of a replay: changes limits and decides on signals by the chat's buttons, as a person would. */
import type { Side } from '../../src/domain/position.ts';
import type { UserMessage } from '../../src/simulator/chat/wire/message-views.ts';
import { buttonsOf, textOf, type Phone } from '../../test/acceptance/owner.ts';

/** Changes limits as `/limits …` does, with its confirmation. Returns what was asked and answered. */
export async function changeLimits(
  phone: Phone,
  requests: readonly string[],
): Promise<readonly string[]> {
  const said: string[] = [];
  for (const request of requests) {
    const asked = await phone.ask(`/limits ${request}`, /./);
    const confirm = buttonsOf(asked).find((each) => each.text.startsWith('Confirm'));
    if (confirm === undefined)
      throw new Error(`"/limits ${request}" was answered: ${textOf(asked)}`);
    const after = await phone.newest();
    await phone.press(asked, confirm.data);
    await phone.hears(/from now on|becomes .* at /, { after: Math.min(after, asked.id) - 1 });
    said.push(`/limits ${request} (${confirm.text})`);
  }
  return said;
}

/** How long an answer to Approve is waited for before the owner goes on: one to a button that is gone is no message. */
const PATIENCE_MS = 5_000;
const ANSWER = /^(Confirm|Not possible now): /;

/**
 * Someone who wants positions of these sides. `decide` is one look at the chat: confirms what was asked for, rejects cards of another
 * side, and taps the next Approve of a wanted side while `wants`, but not before the one tapped last was answered, since another
 * would close its question. A button is tapped once. True when something was tapped or is waited for.
 */
export function createOwner(
  phone: Pick<Phone, 'heard' | 'newest' | 'press'>,
  sides: readonly Side[],
): { decide(wants: boolean): Promise<boolean> } {
  const isMeant = (message: UserMessage): boolean =>
    sides.some((side) => new RegExp(`Signal: \\S+ ${side}\\b`).test(textOf(message)));
  const done = new Set<string>();
  let approved: { readonly after: number; readonly at: number } | undefined;

  async function tap(message: UserMessage, data: string): Promise<true> {
    done.add(data);
    await phone.press(message, data);
    return true;
  }
  async function approve(message: UserMessage, data: string): Promise<true> {
    approved = { after: await phone.newest(), at: performance.now() };
    return tap(message, data);
  }
  const isWaitedFor = (heard: readonly UserMessage[]): boolean =>
    approved !== undefined &&
    performance.now() - approved.at < PATIENCE_MS &&
    !heard.some((each) => each.id > (approved?.after ?? 0) && ANSWER.test(textOf(each)));

  async function decide(wants: boolean): Promise<boolean> {
    const heard = await phone.heard();
    if (isWaitedFor(heard)) return true;
    approved = undefined;
    const buttons = heard.flatMap((message) =>
      buttonsOf(message)
        .filter(({ data }) => !done.has(data))
        .map((button) => ({ message, ...button })),
    );
    // First of all what was asked for: a tap on the next Approve would close the question.
    const question = buttons.find(({ data, text }) => text === 'Confirm' && data.startsWith('c:'));
    if (question !== undefined) return tap(question.message, question.data);
    for (const { message, text, data } of buttons) {
      const meant = isMeant(message);
      if (meant && wants && text === 'Approve') return approve(message, data);
      if (!meant && text === 'Reject') return tap(message, data);
    }
    return false;
  }
  return { decide };
}
