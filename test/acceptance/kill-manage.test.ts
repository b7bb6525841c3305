/**
 * Vigil, its worker included, is killed at each step between a Confirm and what is told of it, for each kind of change of a position: the next one
 * finds it, tells it and does not repeat it, and what is open has its stop all the time.
 */
import { afterAll, expect, onTestFailed, test } from 'vitest';
import { CHANGES, OPENED, type Change, type Moment, type Seen } from './changes.ts';
import type { UserMessage } from '../../src/simulator/chat/wire/message-views.ts';
import { cleanUp, type Program } from './demo-process.ts';
import { buttonsOf, textOf } from './owner.ts';
import { ALL_ROLES, openSeveral, type Several } from './several.ts';
import { control, truthOf, type TruthAccount } from './venue-truth.ts';
import { until } from './wait.ts';

/** Real milliseconds for which the exchange holds a request back: a kill comes well within them. */
const HELD_MS = 1_500;
/** Enough of them that a look of Vigil's own round does not use them up. */
const HELD_LOOKS = 20;
const LOOK_EVERY_MS = 50;

interface Level {
  readonly slPrice: string | null;
  readonly tpPrice: string | null;
  readonly tpQty: string | null;
}

interface Cut {
  readonly change: Change;
  readonly moment: Moment;
}

/** Each costs some twenty seconds: a run cuts off the first stop and the close of a half while the exchange has them in hand; with VIGIL_KILL_EVERY=1 each change at each moment. */
const CUTS: readonly Cut[] = CHANGES.flatMap((change) => {
  const sends = change.path !== undefined;
  const all: readonly Moment[] = sends
    ? ['tapped', 'judged', 'in hand', 'done', 'told']
    : ['tapped', 'told'];
  const every = process.env['VIGIL_KILL_EVERY'] === '1';
  const usual = change.send === '/stop ETH 2 %' || change.send === '/close ETH 50 %';
  const moments: readonly Moment[] = every ? all : usual ? ['in hand'] : [];
  return moments.map((moment) => ({ change, moment }));
});

let several: Several;
let vigil: Program;
/** Size of the position as it was opened, and its stop. */
let opened: { readonly qty: number; readonly stop: string };
/** Orders from before. */
let earlier: ReadonlySet<string | null>;

afterAll(async () => {
  await several.close();
  await cleanUp();
});

const start = (): Program => several.start(ALL_ROLES, { VIGIL_MODE: 'live' });
const account = async (): Promise<TruthAccount> => (await truthOf(several.controlUrl)).account;
const ordersOf = ({ orders, orderHistory }: TruthAccount): readonly (string | null)[] =>
  [...orders, ...orderHistory].map(({ clientId }) => clientId);

function seenIn(now: TruthAccount): Seen {
  const levels = now.tpsl as readonly Level[];
  const stops = levels.flatMap(({ slPrice }) => slPrice ?? []);
  const targets = levels.filter(({ tpPrice }) => tpPrice !== null);
  const parts = targets.filter(({ tpQty }) => tpQty !== null && Number(tpQty) < opened.qty);
  const open = now.positions.reduce((sum, { qty }) => sum + Number(qty), 0);
  return {
    // Half of it is not a whole number of steps.
    qty: Math.round((open / opened.qty) * 20) / 20,
    stops: stops.length,
    moved: stops.some((each) => Number(each) !== Number(opened.stop)),
    targets: targets.length - parts.length,
    parts: parts.length,
    sent: ordersOf(now).filter((each) => each?.startsWith('vm') === true && !earlier.has(each))
      .length,
  };
}

const workedOn = async (list: 'active' | 'wait'): Promise<boolean> =>
  (await several.redis.keys(`*:orders:${list}`)).length > 0;
const noJobLeft = async (): Promise<boolean> =>
  !(await workedOn('active')) && !(await workedOn('wait'));

/** Looks all the time whether what is open has a stop: it is opened with one. */
function watchForNaked(): { readonly naked: () => readonly string[]; stop(): Promise<number> } {
  const naked: string[] = [];
  let [stopped, looks] = [false, 0];
  const loop = async (): Promise<void> => {
    while (!stopped) {
      const { positions, tpsl } = await account();
      looks += 1;
      const stops = (tpsl as readonly Level[]).filter(({ slPrice }) => slPrice !== null);
      if (positions.length > 0 && stops.length === 0) naked.push(JSON.stringify(positions));
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  };
  // Ends with the exchange where the test fails before.
  const running = loop().catch(() => undefined);
  return {
    naked: () => naked,
    stop: async () => {
      stopped = true;
      await running;
      return looks;
    },
  };
}

const says = (message: UserMessage, words: string | RegExp): boolean =>
  typeof words === 'string' ? textOf(message).includes(words) : words.test(textOf(message));
const isDone = ({ done }: Change, seen: Seen): boolean =>
  Object.entries(done).every(([name, value]) => seen[name as keyof Seen] === value);
async function priceOf(symbol: string): Promise<number> {
  const response = await fetch(`${several.controlUrl}/sim/state?symbols=${symbol}`);
  const { prices } = (await response.json()) as { prices: Record<string, { mark: string }> };
  return Number(prices[symbol]?.mark);
}
const ask = (call: string, body: object): Promise<void> => control(several.controlUrl, call, body);
const hold = (path: string, count = 1): Promise<void> =>
  ask('fault', { fault: 'slow', path, amount: HELD_MS, count });

/** A position of its own for each cut, with a stop. */
async function openAnew({ risen }: Change): Promise<void> {
  const { phone } = several;
  const after = await phone.newest();
  if ((await account()).positions.length > 0) {
    await ask('adl', { symbol: 'ETHUSDT' });
    // Its end is not to be taken for that of the next one.
    await phone.hears(/ETHUSDT long .*closed: /, { after });
  }
  opened = { qty: 0, stop: (0.95 * (await priceOf('ETHUSDT'))).toFixed(2) };
  await several.openByHand('ETHUSDT', { stop: opened.stop });
  const now = await account();
  opened = { ...opened, qty: Number(now.positions[0]?.qty) };
  earlier = new Set(ordersOf(now));
  if (risen !== undefined) await ask('price', { symbol: 'ETHUSDT', percent: risen });
}

/** Confirmed, and killed at that moment. */
async function confirmAndDie({ change, moment }: Cut): Promise<void> {
  const { phone } = several;
  const { send, card, path = '' } = change;
  // Just after a start the account may not be read yet, and then nothing is offered.
  const question = await until(
    async () => {
      const answer = await phone.ask(
        send,
        /^(?![\s\S]*\n#\d+ · )(?!🔴|🟢|⚠️|I am back|I stop now)/u,
      );
      return textOf(answer).startsWith(card) && answer;
    },
    { says: async () => `"${card}" in:\n${(await phone.heard()).map(textOf).join('\n---\n')}` },
  );
  const confirm = buttonsOf(question)[0]?.data ?? '';
  // Nobody taps as soon as it is there; a question that is not kept yet dies with its process, and says so.
  await until(() => isKept(confirm), { says: () => `the question after ${send} is not kept` });
  if (moment === 'judged') await hold('get_pending_positions', HELD_LOOKS);
  if (moment === 'in hand') await hold(path);
  const after = await phone.newest();
  await phone.press(question, confirm);
  await until(() => hasCome({ change, moment }, after), {
    says: () => `${send} did not come to be ${moment}`,
  });
  vigil.killAll();
  await vigil.ended;
  await ask('fault', { fault: 'clear' });
  vigil = start();
}

async function isKept(confirm: string): Promise<boolean> {
  const keys = await several.redis.keys('vigil:dialogue:*');
  const kept = await Promise.all(keys.map((each) => several.redis.get(each)));
  return kept.some((each) => each?.includes(confirm.slice(2)) === true);
}

async function hasCome({ change, moment }: Cut, after: number): Promise<boolean> {
  if (moment === 'tapped') return true;
  if (moment === 'judged') return workedOn('active');
  if (moment === 'in hand') return (await truthOf(several.controlUrl)).faults.length === 0;
  if (moment === 'done') return isDone(change, seenIn(await account()));
  return (await several.phone.heard()).some((each) => each.id > after && says(each, change.told));
}

test('a change of a position that a kill -9 cuts off is found, told and not repeated, and never leaves it without its stop', async () => {
  several = await openSeveral({ speed: 1 });
  vigil = start();
  onTestFailed(() => console.error(vigil.output()));
  const { phone } = several;
  await until(() => vigil.output().includes('Vigil keeps watch'), { says: () => vigil.output() });
  await phone.hasRead();
  const watch = watchForNaked();
  for (const cut of CUTS) {
    const { send, told: words, done } = cut.change;
    const what = `${send}, killed when ${cut.moment}`;
    const began = performance.now();
    await openAnew(cut.change);
    const after = await phone.newest();
    await confirmAndDie(cut);
    const told = await phone.hears(words, { after });
    // What was cut off is taken up again by a job; told or not, it has to have ended.
    await until(noJobLeft, { says: () => `${what}: still worked on` });
    expect(seenIn(await account()), `${what}: ${textOf(told)}`).toMatchObject({
      ...OPENED,
      ...done,
    });
    const said = (await phone.heard()).filter(({ id }) => id > after).map(textOf);
    const denied = said.filter((each) => /not done|cannot see whether|Not finished/.test(each));
    expect(denied, `${what}: it is done and called not done, or not known`).toEqual([]);
    const took = ((performance.now() - began) / 1_000).toFixed(1);
    console.info(`${what}: ${textOf(told).split('\n')[0]} (${took} s)`);
  }
  const looks = await watch.stop();
  console.info(`${CUTS.length} cuts, ${looks} looks, ${watch.naked().length} without a stop`);
  expect(watch.naked()).toEqual([]);
}, 3_600_000);
