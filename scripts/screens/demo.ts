/** Every view as the owner of a demo meets it, one after the other: a market and an account that are the same each time. */
import type { Browser } from 'playwright-core';
import { COMMANDS } from '../../src/bot/commands/list.ts';
import type { UserMessage } from '../../src/simulator/chat/wire/message-views.ts';
import { cleanUp, freePort, newFolder, startDemo } from '../../test/acceptance/demo-process.ts';
import { buttonsOf, phoneAt, textOf, type Phone } from '../../test/acceptance/owner.ts';
import { until } from '../../test/acceptance/wait.ts';
import { openPositionsByHand } from '../../src/demo/positions.ts';
import { BUDGET, openScreen, type Scheme, type Screen, type Seen } from './screen.ts';

/** What is written after a command that does little without; what is not named here is sent alone. */
const WORDS: Readonly<Record<string, string>> = {
  size: 'BTC 65000 63900',
  universe: 'SOL',
  why: '1',
  backtest: 'quick',
  alert: 'BTC 70000',
};
/** Pictures that follow the answer. A position is open by then. */
const PICTURES: Readonly<Record<string, number>> = {
  risk: 1,
  exposure: 1,
  stress: 1,
  evidence: 2,
  daily: 1,
  weekly: 1,
  monthly: 1,
};
/** Taken at the end, because they change what the others show; /start is the beginning. */
const LAST = ['halt', 'panic', 'resume', 'start', 'cancel', 'chart'];
/** So long a picture is waited for: a busy machine leaves one out rather than letting an answer wait. */
const PICTURE_MS = 10_000;

interface Walk {
  readonly phone: Phone;
  readonly code: string;
  /** Takes the message as it stands now. */
  shoot(name: string, message: UserMessage, budget?: number): Promise<void>;
  /** Says it, waits for the answer and for its pictures, and takes them. */
  ask(name: string, text: string, scheme?: Scheme): Promise<UserMessage>;
  /** Taps and takes what it says then, in place or in a message of its own. */
  tap(under: UserMessage, label: string | RegExp, as: Tapped): Promise<UserMessage>;
}

interface Tapped {
  readonly name: string;
  readonly words: RegExp;
  readonly budget?: number;
}

/** Takes every view into the folder and gives what was seen, in its order. */
export async function walkDemo(browser: Browser, to: string): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  try {
    const args = ['--port', String(await freePort()), '--speed', '1'];
    const demo = await startDemo({ folder: newFolder(), args });
    const phone = await phoneAt(demo.chatUrl);
    const screen = await openScreen(browser, demo.chatUrl, to);
    const { code = '', controlUrl } = demo;
    await takeAll(walkWith({ phone, screen, seen, code }), controlUrl);
    phone.hangUp();
  } finally {
    await cleanUp();
  }
  return seen;
}

function walkWith(on: { phone: Phone; screen: Screen; seen: Seen[]; code: string }): Walk {
  const { phone, screen, seen, code } = on;
  const take = async (name: string, messageId: number, about: object = {}): Promise<void> =>
    void seen.push(await screen.shoot({ name, messageId, ...about }));
  const picturesAfter = async (place: number): Promise<readonly UserMessage[]> =>
    (await phone.heard()).filter(({ id, photo }) => id > place && photo !== undefined);
  return {
    phone,
    code,
    shoot: (name, { id }, budget) => take(name, id, budget === undefined ? {} : { budget }),
    ask: async (name, text, scheme = 'light') => {
      const place = await phone.newest();
      const first = await phone.ask(text, /./);
      const wanted = PICTURES[name.replace('-dark', '')] ?? 0;
      const all = await until(
        async () => ((found) => found.length >= wanted && found)(await picturesAfter(place)),
        { says: () => name, ms: PICTURE_MS },
      ).catch(() => picturesAfter(place));
      const isPicture = first.photo !== undefined;
      if (scheme === 'light' && !isPicture) await take(name, first.id);
      for (const [index, { id }] of all.entries()) {
        await take(isPicture ? name : `${name}-picture${index + 1}`, id, { schemes: [scheme] });
      }
      return first;
    },
    tap: async (under, label, { name, words, budget }) => {
      const place = await phone.newest();
      const now = (await phone.heard()).find(({ id }) => id === under.id) ?? under;
      const button = buttonsOf(now).find(({ text }) => text.match(label) !== null);
      if (button === undefined) throw new Error(`no [${String(label)}] under ${textOf(now)}`);
      await phone.press(now, button.data);
      // What stood there before the tap may fit as well.
      const isNew = (each: UserMessage): boolean =>
        each.id > place || (each.id === under.id && shownBy(each) !== shownBy(now));
      const fits = (each: UserMessage): boolean => isNew(each) && words.test(textOf(each));
      const found = await until(async () => (await phone.heard()).findLast(fits), {
        says: () => `"${String(words)}" after [${String(label)}]`,
      });
      await take(name, found.id, budget === undefined ? {} : { budget });
      return found;
    },
  };
}

/** A menu may change its buttons alone. */
const shownBy = (message: UserMessage): string =>
  JSON.stringify([textOf(message), buttonsOf(message)]);

async function takeAll(walk: Walk, controlUrl: string): Promise<void> {
  await takeTrade(walk);
  await openPositionsByHand(controlUrl, [{ symbol: 'ETHUSDT', side: 'long' }]);
  await walk.phone.hears(/ETHUSDT long opened/);
  await takePosition(walk);
  const usual = COMMANDS.filter(({ name }) => !LAST.includes(name));
  for (const { name } of usual) await walk.ask(name, `/${name} ${WORDS[name] ?? ''}`.trim());
  await takeMenus(walk);
  await takeDark(walk);
  await takeBrakes(walk);
}

async function takeTrade({ phone, code, shoot, ask, tap }: Walk): Promise<void> {
  await ask('start', `/start ${code}`);
  const idea = await phone.hears(/^ℹ️ Signal: /);
  await shoot('idea', idea, BUDGET.idea);
  await tap(idea, 'Details', { name: 'idea-details', words: /^Details: / });
  const card = { words: /^Confirm: /, budget: BUDGET.confirm };
  const confirm = await tap(idea, 'Approve', { name: 'confirm', ...card });
  const long = /If the market turns/;
  await tap(confirm, 'All figures', { name: 'confirm-all-figures', words: long });
  const short = /^Confirm: .*\n(Buy|Sell) /;
  await tap(confirm, 'On one screen', { name: 'confirm-again', ...card, words: short });
  await tap(confirm, 'half', { name: 'confirm-half', ...card });
  await tap(confirm, /^Confirm$/, { name: 'approved', words: /^Approved: / });
  // A machine that is too busy refuses to order by readings that are two seconds old.
  const end = /^(?:✅ Done: |🟠 Not opened: )|^ℹ️ [A-Z0-9]+ short opened/;
  await shoot('opened', await phone.hears(end, { after: confirm.id }), BUDGET.alert);
}

/** While it is open: after two minutes the market of a demo jumps. */
async function takePosition({ ask, tap, phone }: Walk): Promise<void> {
  const list = await ask('positions', '/positions');
  const one = await tap(list, 'Manage', { name: 'position-menu', words: /Open since/ });
  const symbol = /[A-Z0-9]+USDT/.exec(textOf(one))?.[0] ?? '';
  await tap(one, 'Close half', {
    name: 'close-half',
    words: /^Close .* of /,
    budget: BUDGET.confirm,
  });
  await tap(one, 'follows', { name: 'trail', words: /follow the price/, budget: BUDGET.confirm });
  await phone.ask('/cancel', /./);
  await ask('chart', `/chart ${symbol} 15m`);
}

async function takeMenus({ ask, tap, phone }: Walk): Promise<void> {
  const alerts = await phone.ask('/alerts', 'How I tell you');
  for (const label of ['What rings', 'Quiet hours', 'Time zone']) {
    const name = `alerts-${label.toLowerCase().replaceAll(' ', '-')}`;
    await tap(alerts, label, { name, words: /How I tell you/ });
    await tap(alerts, 'Back', { name: 'alerts', words: /How I tell you/ });
  }
  await ask('chart-which', '/chart');
  await ask('unknown', '/profits');
}

/** The pictures once more, on the other ground. */
async function takeDark({ phone, ask }: Walk): Promise<void> {
  await phone.ask('/alerts pictures dark', 'Pictures are dark');
  await ask('chart-dark', '/chart BTC 4h', 'dark');
  for (const name of Object.keys(PICTURES)) await ask(`${name}-dark`, `/${name}`, 'dark');
}

async function takeBrakes({ ask, tap }: Walk): Promise<void> {
  const halt = await ask('halt', '/halt');
  await tap(halt, 'close all positions', { name: 'halt-close', words: /^Close all positions/ });
  await ask('panic', '/panic');
  await ask('resume', '/resume');
  await ask('cancel', '/cancel');
}
