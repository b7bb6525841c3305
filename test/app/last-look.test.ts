/** What is slow, moves or is tightened between the verdict and the order. Slow calls move the clock of the ports; nothing is waited for. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { offerApproval } from '../../src/app/approval/decide-proposal.ts';
import { executeProposal } from '../../src/app/approval/execute-proposal.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import type { Trading } from '../../src/app/ports/trading.ts';
import { price, toNumber, ZERO_QTY } from '../../src/domain/money/money.ts';
import type { Proposal } from '../../src/domain/proposal.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { runOver } from './lossy-run.ts';
import { approved, propose } from './signals.ts';
import { openVigil, type Truth, type Vigil } from './vigil.ts';

const ZERO_PRICE = price('0');

let redis: RealRedis;
let vigil: Vigil;

beforeAll(async () => {
  redis = await openRedis();
  // Its pacing is counted in its own seconds; what is slow in these tests says so itself.
  vigil = await openVigil({ redis, venue: { speed: 20 } });
});
afterAll(async () => {
  await vigil.close();
  await redis.close();
});

const ordersOf = (truth: Truth, of: Proposal): number =>
  [...truth.orders, ...truth.orderHistory].filter((each) => each.clientId === of.clientId).length;

type Part = 'account' | 'market' | 'trading' | 'mode' | 'proposals' | 'permission';
/** A call is told before it begins; what it returns is how many milliseconds that call takes. */
type Slowly = (call: string, nth: number) => number | Promise<number>;

type Entry = Parameters<Trading['placeEntry']>[0];

interface Slowed {
  readonly ports: Ports;
  readonly calls: readonly string[];
  /** Entries that were sent, and by when each had to leave. */
  readonly sent: readonly { readonly entry: Entry; readonly sendBy: number | undefined }[];
}

/**
 * `really`: an entry goes to the exchange; otherwise it is only counted, and the next case finds the account as this one did.
 * `still`: no price but that of the first reading is seen.
 */
function slowed(
  each: Slowly,
  { start, really, still }: { start: number; really: boolean; still: boolean },
): Slowed {
  const honest = vigil.ports;
  const calls: string[] = [];
  let late = 0;
  const sent: { entry: Entry; sendBy: number | undefined }[] = [];
  const now = (): number => start + late;
  let prices: unknown;
  const carryOut = (name: Part, key: string | symbol, args: unknown[]): unknown => {
    if (key === 'placeEntry') {
      sent.push({ entry: args[0] as Entry, sendBy: args[2] as number | undefined });
      // The client's own clock runs on: what it does with the moment by which to send is tested with it.
      args.length = 2;
      if (!really) return { kind: 'rejected', code: 'test', reason: 'it is only counted' };
    }
    const part = honest[name] as object;
    const answer = (): unknown =>
      (Reflect.get(part, key) as (...all: unknown[]) => unknown).apply(part, args);
    return still && key === 'tickers' ? (prices ??= answer()) : answer();
  };
  const slow = <Name extends Part>(name: Name): Ports[Name] =>
    new Proxy(honest[name] as object, {
      get(target, key) {
        if (typeof Reflect.get(target, key) !== 'function') return Reflect.get(target, key);
        return async (...args: unknown[]): Promise<unknown> => {
          const call = `${name}.${String(key)}`;
          calls.push(call);
          const takes = await each(call, calls.filter((one) => one === call).length);
          const answer = await carryOut(name, key, args);
          late += takes;
          return stamped(call, answer, now());
        };
      },
    }) as Ports[Name];
  const over = {
    clock: { now, speed: 1 },
    account: slow('account'),
    market: slow('market'),
    trading: slow('trading'),
    mode: slow('mode'),
    proposals: slow('proposals'),
    permission: slow('permission'),
  };
  const ports = Object.create(honest, Object.getOwnPropertyDescriptors(over)) as Ports;
  return { ports, calls, sent };
}

/** How busy this machine is decides nothing: what is read is dated by the clock of the ports. */
function stamped(call: string, answer: unknown, at: number): unknown {
  if (call === 'account.account') return { ...(answer as object), at };
  if (call !== 'market.tickers') return answer;
  return (answer as readonly object[]).map((each) => ({ ...each, at }));
}

let tries = 0;
/** A proposal of its own, approved a moment ago. */
const another = (symbol = 'ETHUSDT', side: 'long' | 'short' = 'long'): Promise<Proposal> =>
  approved(vigil.ports, { id: `try-${(tries += 1)}`, symbol, side });

/** Carries out an approved proposal over these calls. */
async function run(
  each: Slowly,
  request: { really?: boolean; still?: boolean; symbol?: string; side?: 'long' | 'short' } = {},
): Promise<{
  orders: number;
  entry?: Entry;
  sendBy?: number | undefined;
  made: Proposal;
  outcome: string;
  calls: readonly string[];
}> {
  const { really = false, still = false } = request;
  const made = await another(request.symbol, request.side);
  const start = made.decidedAt ?? made.createdAt;
  const { ports, calls, sent } = slowed(each, { start, really, still });
  await executeProposal(ports, made.id);
  const stored = await vigil.ports.proposals.byId(made.id);
  expect(ordersOf(await vigil.truth(), made)).toBe(really ? sent.length : 0);
  return { orders: sent.length, ...sent[0], made, outcome: stored?.outcome ?? '', calls };
}

const before = (calls: readonly string[], call: string): readonly string[] =>
  calls.slice(0, calls.indexOf(call));

describe('a slow call between the verdict and the order', () => {
  it('is followed by nothing but the order when all is quick: the price after the leverage, the store last', async () => {
    const { orders, calls } = await run(() => 0, { really: true, symbol: 'BTCUSDT' });
    expect(orders).toBe(1);
    const sent = before(calls, 'trading.placeEntry');
    expect(sent.slice(sent.indexOf('trading.setLeverage'))).toEqual([
      'trading.setLeverage',
      'account.leverage',
      'proposals.apply',
      'market.tickers',
      'proposals.recent',
      'mode.read',
      'permission.refusal',
    ]);
  });

  it.each([3_000, 9_000])(
    'that sets the leverage in %i ms makes the account be read again',
    async (ms) => {
      const { orders, calls } = await run((call) => (call === 'trading.setLeverage' ? ms : 0));
      expect(orders).toBe(1);
      const sent = before(calls, 'trading.placeEntry');
      expect(sent.filter((each) => each === 'account.account')).toHaveLength(2);
      expect(sent.slice(-2)).toEqual(['mode.read', 'permission.refusal']);
    },
  );

  it.each([
    ['reads the leverage back', 'account.leverage'],
    ['saves the intent', 'proposals.apply'],
  ])('that %s in 9 s is no harm', async (_what, slow) => {
    expect((await run((call) => (call === slow ? 9_000 : 0))).orders).toBe(1);
  });

  it.each([
    ['price', 'market.tickers', 2],
    ['trading mode', 'mode.read', 2],
    ['trading mode', 'permission.refusal', 1],
  ])('that reads the %s (%s) is made once more, and then refuses', async (name, slow, from) => {
    const once = await run((call, nth) => (call === slow && nth === from ? 2_500 : 0));
    expect(once.orders, once.outcome).toBe(1);
    const always = await run((call, nth) => (call === slow && nth >= from ? 2_500 : 0));
    expect(always.orders).toBe(0);
    expect(always.outcome).toContain(`The ${name} could not be read fast enough`);
  });

  it.each(['account.account', 'account.positions', 'account.openOrders'])(
    'that reads the account (%s) slowly refuses when it stays slow',
    async (slow) => {
      const { orders, outcome } = await run((call) => (call === slow ? 2_100 : 0));
      expect(orders).toBe(0);
      expect(outcome).toContain('The account could not be read fast enough');
    },
  );

  it('leaves the order 2 s from its oldest reading, and none beyond the end of the approval', async () => {
    const quick = await run(() => 0);
    const late = await run((call) => (call === 'account.leverage' ? 59_000 : 0));
    const sinceTap = ({ sendBy = 0, made }: typeof quick): number =>
      sendBy - (made.decidedAt ?? Number.NaN);
    expect(sinceTap(quick), quick.outcome).toBe(2_000);
    expect(sinceTap(late), late.outcome).toBe(60_000);
  });

  it('ends with the approval: nothing is ordered 60 s after the tap', async () => {
    const { orders, outcome } = await run((call) => (call === 'account.leverage' ? 90_000 : 0));
    expect(orders).toBe(0);
    expect(outcome).toBe('Too late: an approval counts for 60 s after your tap.');
  });
});

describe('a price that moves while the leverage is set', () => {
  it.each([
    [1.4, 3_000],
    [-1.4, 3_000],
    [1.4, 0],
  ])('by %d % in %d ms leaves the band, and nothing is ordered', async (percent, ms) => {
    const { orders, outcome } = await run(async (call) => {
      if (call !== 'trading.setLeverage') return 0;
      await vigil.control('price', { symbol: 'ETHUSDT', percent });
      return ms;
    });
    expect(orders).toBe(0);
    expect(outcome).toContain('The price has moved to');
  });
});

describe.each(['long', 'short'] as const)('a %s while the price moves', (side) => {
  it.each([0.05, 0.2, 0.4, 0.7, 1.9, 2.5, 7])(
    'by %d %, either way: ordered inside the band alone, never larger, never riskier',
    async (size) => {
      for (const percent of [size, -size]) {
        const { made, entry, outcome } = await run(
          async (call) => {
            if (call !== 'trading.setLeverage') return 0;
            await vigil.control('price', { symbol: 'SOLUSDT', percent });
            return 3_000;
          },
          { symbol: 'SOLUSDT', side },
        );
        const { band, plan } = made;
        if (entry === undefined) {
          expect(outcome).toMatch(/price has moved|target pays|stop is/);
          continue;
        }
        const { referencePrice: at } = entry;
        expect(at >= band.low && at <= band.high, `${percent} %`).toBe(true);
        expect(entry.qty <= plan.qty).toBe(true);
        expect(entry.plan.riskFraction <= vigil.ports.limits().riskPerTrade).toBe(true);
      }
    },
  );
});

describe('a tightening that is stored between the verdict and the order', () => {
  it.each([
    [
      'halt',
      'mode.read',
      async (ports: Ports) => {
        const reason = { trigger: 'owner', evidence: 'halted by you', at: ports.clock.now() };
        await ports.mode.apply({ kind: 'tighten', to: 'halted', reason });
      },
    ],
    [
      'tighter limit',
      'proposals.recent',
      async (ports: Ports) => {
        const values = { ...(await ports.limitsStore.read()), values: { minScore: 81 } };
        await vigil.wiring.redis.set(vigil.wiring.store.keys.limits, JSON.stringify(values));
      },
    ],
  ] as const)('is obeyed: a %s', async (_what, until, tighten) => {
    const honest = vigil.ports;
    const { redis: raw, store } = vigil.wiring;
    const go = async (...losses: Parameters<typeof runOver>[1]) => {
      const [mode, limits] = [await raw.get(store.keys.mode), await raw.get(store.keys.limits)];
      const proposal = await another();
      const made = runOver(honest, losses);
      await executeProposal(made.ports, proposal.id);
      await honest.proposals.apply(proposal.id, { kind: 'refuse', outcome: 'over' });
      if (mode !== null) await raw.set(store.keys.mode, mode);
      if (limits === null) await raw.del(store.keys.limits);
      else await raw.set(store.keys.limits, limits);
      await honest.refreshLimits();
      return made;
    };
    const { calls } = await go();
    // The store is read in one go; the mode is read last of it.
    const last = calls.lastIndexOf(until) + (until === 'mode.read' ? 1 : 0);
    expect(calls.slice(last)).toContain('trading.placeEntry');
    for (let at = calls.indexOf('trading.setLeverage'); at <= last; at += 1) {
      const { ordered } = await go({ at, what: () => tighten(honest) });
      expect(ordered, `before ${calls[at - 1]} (${at})`).toEqual([]);
    }
  });
});

describe('one tap on Approve', () => {
  it('is one look: eight requests for the verdict and every figure of its card', async () => {
    const { ports } = vigil;
    const proposal = await propose(ports, { id: 'one-tap' });
    const seen = await vigil.served();
    const offer = await offerApproval(ports, proposal.nonce);
    // The question itself is one of those that are counted.
    expect((await vigil.served()) - seen).toBeLessThanOrEqual(9);
    if (offer.kind !== 'ready') throw new Error(offer.kind);
    const { figures } = offer;
    expect(figures.stress?.gap.change).toBeLessThan(0n);
    expect(figures.dayBudget).toBeGreaterThan(0n);
    expect(figures.funding).toBeDefined();
    expect(figures.heatLimit).toBe(ports.limits().maxHeat);
  });
});

describe('the size of the last look', () => {
  // The figures are of a price that a test moves: beside it the market hardly moves however long a busy machine takes.
  beforeAll(() => vigil.control('speed', { speed: 1 }));
  afterAll(() => vigil.control('speed', { speed: 20 }));

  /** Long, more than half of the equity with what the first case left, with its stop at the exchange far enough away. */
  const holdBitcoin = async (): Promise<void> => {
    const tickers = await vigil.ports.market.tickers();
    const mark = tickers.find(({ symbol }) => symbol === 'BTCUSDT')?.mark;
    const stop = (toNumber(mark ?? ZERO_PRICE) * 0.97).toFixed(1);
    const large = { symbol: 'BTCUSDT', side: 'LONG', notional: '4000', leverage: 4, stop };
    await vigil.control('position', large);
    await refreshAccount(vigil.ports);
  };
  /** Leverage that takes so long that the account is read again, while a price moves. */
  const meanwhile =
    (symbol: string, percent: number): Slowly =>
    async (call) => {
      if (call !== 'trading.setLeverage') return 0;
      await vigil.control('price', { symbol, percent });
      return 3_000;
    };
  const intended = async ({ id }: Proposal): Promise<number> =>
    toNumber((await vigil.ports.proposals.byId(id))?.plan.qty ?? ZERO_QTY);

  it('is smaller where the equity has fallen while the leverage was set', async () => {
    await holdBitcoin();
    // In small steps, so that rounding hides nothing.
    const request = { symbol: 'XRPUSDT', still: true };
    const { made, entry, outcome } = await run(meanwhile('BTCUSDT', -2.5), request);
    const size = toNumber(entry?.qty ?? ZERO_QTY);
    expect(size, outcome).toBeGreaterThan(0);
    // At the same price: about 1 % of the equity is gone, two or three steps of a size of about 220.
    expect(size / (await intended(made))).toBeLessThan(0.995);
  });

  it.each([100, -100])('is none where %d USDT came while the leverage was set', async (sum) => {
    const { orders, outcome } = await run(
      async (call) => {
        if (call !== 'trading.setLeverage') return 0;
        await vigil.control('deposit', { amount: String(sum) });
        return 3_000;
      },
      { symbol: 'SOLUSDT' },
    );
    await vigil.control('deposit', { amount: String(-sum) });
    expect(orders).toBe(0);
    expect(outcome).toContain('The wallet has just changed');
  });

  it('is the size of the order at the exchange where the price moved while the leverage was set', async () => {
    const request = { symbol: 'SOLUSDT', really: true };
    const { made, outcome } = await run(meanwhile('SOLUSDT', 0.15), request);
    const { orders, orderHistory } = await vigil.truth();
    const order = [...orders, ...orderHistory].find((each) => each.clientId === made.clientId);
    const size = Number(order?.qty);
    expect(size, outcome).toBeGreaterThan(0);
    // The stop is 2.15 % away instead of 2 %.
    expect(size / (await intended(made))).toBeLessThan(0.96);
  });
});
