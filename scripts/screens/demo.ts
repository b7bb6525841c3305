/** Every view as the owner of a demo meets it, one after the other: a market and an account that are the same each time. */
import type { Browser } from 'playwright-core';
import type { UserMessage } from '../../src/simulator/chat/wire/message-views.ts';
import { cleanUp, freePort, newFolder, startDemo } from '../../test/acceptance/demo-process.ts';
import { phoneAt, textOf, type Phone } from '../../test/acceptance/owner.ts';
import { until } from '../../test/acceptance/wait.ts';
import { openScreen, type Screen, type Seen } from './screen.ts';

/** A height that the owner is promised, in CSS px. */
const BUDGET = { idea: 420, confirm: 640, alert: 300 } as const;

interface Walk {
  readonly phone: Phone;
  readonly code: string;
  /** Takes the message as it stands now. */
  shoot(name: string, message: UserMessage, budget?: number): Promise<void>;
  /** Says it, waits for the answer and as many pictures after it, and takes them. */
  ask(name: string, text: string, words: RegExp, pictures?: number): Promise<UserMessage>;
  /** Taps and takes what it says then, in place or in a message of its own. */
  tap(
    name: string,
    under: UserMessage,
    label: string,
    words: RegExp,
    budget?: number,
  ): Promise<UserMessage>;
}

/** Takes every view into the folder and gives what was seen, in its order. */
export async function walkDemo(browser: Browser, to: string): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  try {
    const folder = newFolder();
    const args = ['--port', String(await freePort()), '--speed', '1'];
    const demo = await startDemo({ folder, args });
    const phone = await phoneAt(demo.chatUrl);
    const screen = await openScreen(browser, demo.chatUrl, to);
    await takeAll(walkWith({ phone, screen, seen, code: demo.code ?? '' }));
    phone.hangUp();
  } finally {
    await cleanUp();
  }
  return seen;
}

function walkWith(on: { phone: Phone; screen: Screen; seen: Seen[]; code: string }): Walk {
  const { phone, screen, seen, code } = on;
  const shoot: Walk['shoot'] = async (name, { id: messageId }, budget) => {
    const shot = { name, messageId, ...(budget === undefined ? {} : { budget }) };
    seen.push(await screen.shoot(shot));
  };
  return {
    phone,
    code,
    shoot,
    ask: async (name, text, words, pictures = 0) => {
      const after = await phone.newest();
      const first = await phone.ask(text, words);
      await shoot(name, first);
      const shown = async () =>
        (await phone.heard()).filter(({ id, photo }) => id > after && photo !== undefined);
      const all = await until(async () => ((all) => all.length >= pictures && all)(await shown()), {
        says: () => `${pictures} pictures after ${text}`,
      });
      for (const [index, each] of all.entries()) await shoot(`${name}-picture${index + 1}`, each);
      return first;
    },
    tap: async (name, under, label, words, budget) => {
      const last = await phone.newest();
      await phone.tap(under, label);
      const fits = (each: UserMessage): boolean =>
        (each.id === under.id || each.id > last) && words.test(textOf(each));
      const found = await until(async () => (await phone.heard()).findLast(fits), {
        says: () => `"${String(words)}" after [${label}]`,
      });
      await shoot(name, found, budget);
      return found;
    },
  };
}

async function takeAll(walk: Walk): Promise<void> {
  const { phone, shoot, ask, tap, code } = walk;
  await ask('start', `/start ${code}`, /Paired/);
  const idea = await phone.hears(/^ℹ️ Signal: /);
  await shoot('idea', idea, BUDGET.idea);
  const confirm = await tap('confirm', idea, 'Approve', /^Confirm: /, BUDGET.confirm);
  await phone.tap(confirm, 'Confirm');
  await shoot('opened', await phone.hears(/stop resting at/), BUDGET.alert);
}
