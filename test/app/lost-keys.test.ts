/**
 * Each key that Vigil keeps is deleted, damaged or made one of another kind at steps between a signal and its order. What an entry leans
 * on, lost by itself, halts: nothing is ordered until a person resumes, and after that it goes on. What no entry leans on changes no order.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changeLimit } from '../../src/app/limits/change-limit.ts';
import { limitsOf } from '../../src/app/limits/limits-in-force.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import { reasonOf } from '../../src/app/reading/reading.ts';
import { toText } from '../../src/domain/money/money.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { resume } from '../../src/app/halt/resume.ts';
import { signPolicy } from '../../src/app/halt/sign-policy.ts';
import type { StoreKeys } from '../../src/store/keys.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { live, oneSignal, runOver } from './lossy-run.ts';
import { propose } from './signals.ts';
import { openVigil, shownToResume, type Vigil } from './vigil.ts';

let redis: RealRedis;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());

const LOSSES = ['deleted', 'damaged', 'of another kind'] as const;
type Loss = (typeof LOSSES)[number];

/**
 * `halts`: an entry leans on it. `no say`: it is read anew from the exchange, or only told, drawn, counted or written for later, or it is a
 * request whose loss leaves everything closed, or the watch over the store halts for it. A new key needs its row here.
 */
const ROLE: Record<KeyName, 'halts' | 'no say'> = {
  mode: 'halts',
  riskState: 'halts',
  snapshot: 'halts',
  limits: 'halts',
  proposals: 'halts',
  proposalNonces: 'halts',
  proposal: 'halts',
  schema: 'no say',
  modeJournal: 'no say',
  policy: 'no say',
  policyJournal: 'no say',
  limitsJournal: 'no say',
  limitsChanged: 'no say',
  equity: 'no say',
  failedReads: 'no say',
  priceTimes: 'no say',
  committed: 'no say',
  actions: 'no say',
  feeds: 'no say',
  scan: 'no say',
  places: 'no say',
  ownAlerts: 'no say',
  ownAlertsChanged: 'no say',
  trails: 'no say',
  timeStops: 'no say',
  tradeNotes: 'no say',
  candles: 'no say',
  candleTimes: 'no say',
  backtest: 'no say',
  pendingBacktests: 'no say',
  ledgerOpen: 'no say',
  ledgerFinished: 'no say',
  ledgerEnds: 'no say',
  alertNumber: 'no say',
  alerts: 'no say',
  alertKeys: 'no say',
  alertMessages: 'no say',
  alertTries: 'no say',
  outbox: 'no say',
  revisions: 'no say',
  alertNews: 'no say',
  alertStates: 'no say',
  loudness: 'no say',
  presence: 'no say',
  lastReport: 'no say',
  claim: 'no say',
  owner: 'no say',
  formerOwner: 'no say',
  ownerReset: 'no say',
  pairing: 'no say',
  pairingTries: 'no say',
  lease: 'no say',
  fence: 'no say',
  answered: 'no say',
  lastWatch: 'no say',
  permission: 'no say',
  pulse: 'no say',
  epoch: 'no say',
  queues: 'no say',
};

/** All but what the writes carry. */
type KeyName = Exclude<keyof StoreKeys, 'fenceBy'>;

/** The names that are meant where a key is one of many. */
function nameOf(keys: StoreKeys, key: KeyName): string {
  switch (key) {
    case 'proposal':
      return keys.proposal('earlier');
    case 'candles':
      return keys.candles('ETHUSDT', '1h');
    case 'candleTimes':
      return keys.candleTimes('1h');
    case 'backtest':
      return keys.backtest('one');
    case 'claim':
      return keys.claim(1);
    case 'pulse':
      return keys.pulse('worker');
    case 'lease':
      return keys.lease('bot');
    case 'fence':
      return keys.fence('bot');
    case 'queues':
      return `${keys.queues}:orders:wait`;
    default:
      return keys[key];
  }
}

describe('a key that is lost at a step of a run', () => {
  let vigil: Vigil;
  let honest: Ports;
  let saved: readonly (readonly [string, Buffer])[];
  let prices: readonly { readonly symbol: string; readonly price: string }[];

  beforeEach(async () => {
    vigil = await openVigil({ redis, venue: { speed: 100 } });
    honest = vigil.ports;
    await refreshAccount(honest);
    // Everything that can be lost is there.
    const request = { id: 'maxPositions', to: 2 } as const;
    await changeLimit(honest, { request, by: 1, shown: 'applied' });
    await signPolicy(honest, { triggers: ['daily-loss'], reach: 'all' }, 1);
    await propose(honest, { id: 'earlier', symbol: 'BTCUSDT' });
    await honest.proposals.apply('earlier', { kind: 'reject', by: 1, at: honest.clock.now() });
    const names = await vigil.wiring.redis.keys('vigil:*');
    const values = await Promise.all(names.map((each) => vigil.wiring.redis.dumpBuffer(each)));
    saved = names.map((each, index) => [each, values[index] ?? Buffer.alloc(0)]);
    prices = (await honest.market.tickers())
      .filter(({ symbol }) => ['ETHUSDT', 'SOLUSDT'].includes(symbol))
      .map(({ symbol, last }) => ({ symbol, price: toText(last) }));
  });
  afterEach(() => vigil.close());

  const restore = async (): Promise<void> => {
    await vigil.wiring.redis.flushall();
    for (const [key, value] of saved) await vigil.wiring.redis.restore(key, 0, value, 'REPLACE');
    await vigil.wiring.redis.publish(vigil.wiring.store.keys.limitsChanged, '1');
    // However long a busy machine takes: what is ordered differs by what was lost alone.
    for (const each of prices) await vigil.control('price', each);
  };
  const lose = (name: string, loss: Loss) => async (): Promise<void> => {
    await vigil.wiring.redis.del(name);
    if (loss === 'damaged') await vigil.wiring.redis.set(name, '{"mode":"normal"');
    if (loss === 'of another kind') await vigil.wiring.redis.geoadd(name, 1, 1, 'x');
  };
  /** The calls of an intact run up to the last look before the order. */
  const intact = async (): Promise<readonly string[]> => {
    await restore();
    const dry = runOver(honest, []);
    await oneSignal(dry.ports, honest, 'first');
    const sent = dry.calls.indexOf('trading.placeEntry');
    const executes = dry.calls.lastIndexOf('proposals.apply', sent);
    expect(executes).toBeGreaterThan(20);
    return dry.calls.slice(0, executes + 2);
  };
  const keysWith = (role: string): KeyName[] =>
    (Object.keys(ROLE) as KeyName[]).filter((each) => ROLE[each] === role);

  it('halts where an entry leans on it, and goes on after a resume', async () => {
    const calls = await intact();
    const broken: string[] = [];
    for (const [k, key] of keysWith('halts').entries()) {
      for (const [n, loss] of LOSSES.entries()) {
        const name = nameOf(vigil.wiring.store.keys, key);
        for (let at = 1 + ((8 * n + 3 * k) % STRIDE); at <= calls.length; at += STRIDE) {
          await restore();
          const run = runOver(honest, [{ at, what: lose(name, loss) }]);
          await live(run, honest);
          const where = `${key} ${loss} before ${calls[at - 1]} (${at})`;
          for (const each of run.ordered) broken.push(`${where}: ordered ${each}`);
          const mode = await honest.mode.read();
          if (mode?.mode !== 'halted') broken.push(`${where}: ${mode?.mode}`);
        }
        const limits = limitsOf(await honest.limitsStore.read());
        const resumed = await resume(honest, await shownToResume(honest));
        const again = runOver(honest, [{ at: 1, what: () => Promise.resolve() }]);
        await oneSignal(again.ports, honest, 'third');
        const open = resumed.kind === 'resumed' && again.ordered.length === 1;
        if (!open)
          broken.push(`${key} ${loss}: ${JSON.stringify(resumed)}, ${again.ordered.length}`);
        if (limits.maxPositions !== 2)
          broken.push(`${key} ${loss}: ${limits.maxPositions} positions`);
      }
    }
    expect(broken).toEqual([]);
  });

  it('changes no order where no entry leans on it', async () => {
    const calls = await intact();
    const whole = runOver(honest, [{ at: 1, what: () => Promise.resolve() }]);
    await restore();
    await live(whole, honest);
    expect(whole.ordered).toHaveLength(2);
    const broken: string[] = [];
    for (const [n, loss] of LOSSES.entries()) {
      for (const keys of threes(keysWith('no say'))) {
        const lost = keys.map((key, k) => ({ key, at: 1 + ((k * 19 + n * 11) % calls.length) }));
        await restore();
        const run = runOver(
          honest,
          lost.map(({ key, at }) => ({
            at,
            what: lose(nameOf(vigil.wiring.store.keys, key), loss),
          })),
        );
        await live(run, honest);
        const others = run.ordered.filter((each) => !whole.ordered.some((one) => alike(one, each)));
        const where = lost
          .map(({ key, at }) => `${key} ${loss} before ${calls[at - 1]} (${at})`)
          .join(' and ');
        if (others.length > 0) broken.push(`${where}: ${others.join(', ')}`);
        if (run.ordered.length > 2) broken.push(`${where}: ${run.ordered.join(', ')}`);
        // Nothing stays broken: the account can be read.
        await refreshAccount(honest).catch((error: unknown) =>
          broken.push(`${where}: ${reasonOf(error)}`),
        );
        if ((await honest.accounts.failedReads()) !== 0) broken.push(`${where}: failed reads`);
        const { maxPositions } = limitsOf(await honest.limitsStore.read());
        if (maxPositions !== 2) broken.push(`${where}: ${maxPositions} positions`);
      }
    }
    expect(broken).toEqual([]);
  });
});

/** The same symbol and leverage, and a size that differs by the move of the price alone. */
function alike(a: string, b: string): boolean {
  const [symbol, qty, leverage] = a.split(' ');
  const [otherSymbol, otherQty, otherLeverage] = b.split(' ');
  const size = Number(otherQty) / Number(qty);
  return symbol === otherSymbol && leverage === otherLeverage && size > 0.8 && size < 1.25;
}

/** What has no say is lost three at a time, each at another step. */
const threes = (keys: readonly KeyName[]): KeyName[][] =>
  Array.from({ length: Math.ceil(keys.length / 3) }, (_, n) => keys.slice(3 * n, 3 * n + 3));

/** Each loss is tried before every so many calls, each key and kind from another one on. */
const STRIDE = Number(process.env['LOST_KEYS_STRIDE'] ?? 25);
