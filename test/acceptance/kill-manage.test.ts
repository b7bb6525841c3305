/**
 * The main process is killed while the exchange has a confirmed change of a position in hand, for each kind of change: the next one finds
 * it, tells it and does not repeat it, and what is open has its stop all the time.
 */
import { afterAll, expect, onTestFailed, test } from 'vitest';
import { cleanUp, type Program } from './demo-process.ts';
import { textOf } from './owner.ts';
import { ALL_ROLES, openSeveral, type Several } from './several.ts';
import { control, truthOf, type TruthAccount } from './venue-truth.ts';
import { until } from './wait.ts';

/** Real milliseconds for which the exchange holds a request back: a kill comes well within them. */
const HELD_MS = 1_500;
const LOOK_EVERY_MS = 50;

interface Level {
  readonly slPrice: string | null;
  readonly tpPrice: string | null;
  readonly tpQty: string | null;
}

interface Change {
  readonly send: string;
  readonly card: string;
  /** The request that carries it out; undefined: nothing is sent. */
  readonly path?: string;
  readonly told: string | RegExp;
  /** What the exchange has once it is done. */
  readonly done: Partial<Seen>;
}

/** What is open and what rests for it. */
interface Seen {
  readonly qty: number;
  readonly stops: number;
  readonly targets: number;
  readonly parts: number;
  /** Orders that Vigil sent, each of which only reduces. */
  readonly sent: number;
}

const LEVELS = 'tpsl/position/';
const CHANGES: readonly Change[] = [
  {
    send: '/stop ETH 2 %',
    card: 'ETHUSDT long: stop at',
    path: LEVELS,
    told: 'ETHUSDT: done, moving its stop to',
    done: { stops: 1 },
  },
  {
    send: '/target ETH 5 %',
    card: 'ETHUSDT long: target at',
    path: LEVELS,
    told: 'ETHUSDT: done, moving its target to',
    done: { targets: 1 },
  },
  {
    send: '/scaleout ETH',
    card: 'ETHUSDT long: ',
    path: 'tpsl/place_order',
    told: /ETHUSDT: done, a target for .* of it at/,
    done: { parts: 1 },
  },
  {
    send: '/trail ETH 1 %',
    card: 'ETHUSDT long: ',
    path: LEVELS,
    told: 'ETHUSDT: done, letting its stop follow the price 1 % away',
    done: {},
  },
  {
    send: '/timestop ETH 4 h',
    card: 'ETHUSDT long: ask you in 4 hours',
    told: 'ETHUSDT: done, I ask you in 4 hours',
    done: {},
  },
  {
    send: '/close ETH 50 %',
    card: 'Close',
    path: 'trade/place_order',
    told: 'ETHUSDT long partly closed',
    done: { qty: 0.5, sent: 1 },
  },
  {
    send: '/close ETH',
    card: 'Close',
    path: 'flash_close',
    told: /ETHUSDT long .*closed/,
    done: { qty: 0, stops: 0, targets: 0, parts: 0 },
  },
];

/** Each kill costs some twenty seconds: a run cuts off the first stop and the close of a half; with VIGIL_KILL_EVERY=1 every change. */
const CUT_OFF =
  process.env['VIGIL_KILL_EVERY'] === '1'
    ? CHANGES
    : CHANGES.filter(({ send }) => send === '/stop ETH 2 %' || send === '/close ETH 50 %');

let several: Several;
let vigil: Program;
/** Size of the position as it was opened. */
let whole: number;

afterAll(async () => {
  await several.close();
  await cleanUp();
});

const start = (): Program => several.start(ALL_ROLES, { VIGIL_MODE: 'live' });
const account = async (): Promise<TruthAccount> => (await truthOf(several.controlUrl)).account;

function seenIn({ positions, tpsl, orders, orderHistory }: TruthAccount): Seen {
  const levels = tpsl as readonly Level[];
  const targets = levels.filter(({ tpPrice }) => tpPrice !== null);
  const parts = targets.filter(({ tpQty }) => tpQty !== null && Number(tpQty) < whole);
  return {
    qty: positions.reduce((sum, { qty }) => sum + Number(qty), 0) / whole,
    stops: levels.filter(({ slPrice }) => slPrice !== null).length,
    targets: targets.length - parts.length,
    parts: parts.length,
    sent: [...orders, ...orderHistory].filter(({ clientId }) => clientId?.startsWith('vm')).length,
  };
}

const noJobLeft = async (): Promise<boolean> => {
  const lists = await Promise.all(
    ['active', 'wait'].map((each) => several.redis.keys(`*:orders:${each}`)),
  );
  return lists.flat().length === 0;
};

/** Looks all the time whether what is open has a stop, once it had one. */
function watchForNaked(): { readonly naked: () => readonly string[]; stop(): Promise<number> } {
  const naked: string[] = [];
  let [stopped, protectedOnce, looks] = [false, false, 0];
  const loop = async (): Promise<void> => {
    while (!stopped) {
      const seen = seenIn(await account());
      looks += 1;
      if (seen.stops > 0) protectedOnce = true;
      else if (protectedOnce && seen.qty > 0) naked.push(JSON.stringify(seen));
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  };
  const running = loop();
  return {
    naked: () => naked,
    stop: async () => {
      stopped = true;
      await running;
      return looks;
    },
  };
}

/** Confirmed, and killed while the exchange has it in hand, or once the card says that it is confirmed. */
async function confirmAndDie({ send, card, path }: Change): Promise<void> {
  const { phone } = several;
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
  if (path !== undefined)
    await control(several.controlUrl, 'fault', { fault: 'slow', path, amount: HELD_MS });
  const tapped = phone.tap(question, 'Confirm').catch(() => undefined);
  await until(
    async () =>
      path === undefined
        ? (await phone.heard()).some(
            (each) => each.id === question.id && textOf(each).startsWith('Confirmed.'),
          )
        : (await truthOf(several.controlUrl)).faults.length === 0,
    { says: () => `${send} was not carried out` },
  );
  vigil.kill();
  await vigil.ended;
  await tapped;
  vigil = start();
}

test('a change of a position that a kill -9 cuts off is found, told and not repeated, and never leaves it without its stop', async () => {
  several = await openSeveral({ speed: 1 });
  vigil = start();
  onTestFailed(() => console.error(vigil.output()));
  const { phone } = several;
  await until(() => vigil.output().includes('Vigil keeps watch'), { says: () => vigil.output() });
  await phone.hasRead();
  await several.openByHand('ETHUSDT');
  whole = Number((await account()).positions[0]?.qty);
  const watch = watchForNaked();
  let expected: Seen = { qty: 1, stops: 0, targets: 0, parts: 0, sent: 0 };
  for (const change of CUT_OFF) {
    const began = performance.now();
    const after = await phone.newest();
    await confirmAndDie(change);
    const told = await phone.hears(change.told, { after });
    // What was cut off is taken up again by a job; told or not, it has to have ended.
    await until(noJobLeft, { says: () => `${change.send} is still worked on` });
    expected = { ...expected, ...change.done };
    expect(seenIn(await account()), `${change.send}: ${textOf(told)}`).toMatchObject({
      ...expected,
      qty: expect.closeTo(expected.qty, 2) as number,
    });
    const took = ((performance.now() - began) / 1_000).toFixed(1);
    console.info(`${change.send}: ${textOf(told).split('\n')[0]} (${took} s)`);
  }
  const looks = await watch.stop();
  console.info(`${looks} looks, ${watch.naked().length} without a stop`);
  expect(watch.naked()).toEqual([]);
  const denied = (await phone.heard())
    .map(textOf)
    .filter((each) => /not done|cannot see whether/.test(each));
  expect(denied, 'it is done and called not done, or not known').toEqual([]);
}, 600_000);
