/** What is slow, moves or is tightened between the verdict and the order. Slow calls move the clock of the ports; nothing is waited for. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { offerApproval } from '../../src/app/decide-proposal.ts';
import { executeProposal } from '../../src/app/execute-proposal.ts';
import type { Ports } from '../../src/app/ports.ts';
import type { Proposal } from '../../src/domain/proposal.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { runOver } from './lossy-run.ts';
import { approved, propose } from './signals.ts';
import { openVigil, type Truth, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil.close());

const ordersOf = (truth: Truth, of: Proposal): number =>
  [...truth.orders, ...truth.orderHistory].filter((each) => each.clientId === of.clientId).length;

type Part = 'account' | 'market' | 'trading' | 'mode' | 'proposals' | 'permission';

/** `each` call of the parts is told before it begins; what it returns is how many milliseconds that call takes. */
async function open(each: (call: string, nth: number) => number | Promise<number>): Promise<Ports> {
  vigil = await openVigil({ redis, venue: { speed: 1 } });
  const honest = vigil.ports;
  const seen = new Map<string, number>();
  let late = 0;
  const slow = <Name extends Part>(name: Name): Ports[Name] =>
    new Proxy(honest[name] as object, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        if (typeof value !== 'function') return value;
        return async (...args: unknown[]): Promise<unknown> => {
          const call = `${name}.${String(key)}`;
          const nth = (seen.get(call) ?? 0) + 1;
          seen.set(call, nth);
          const takes = await each(call, nth);
          // The client's own clock runs on: what it does with the moment by which to send is tested with it.
          const given = call === 'trading.placeEntry' ? args.slice(0, 2) : args;
          const answer: unknown = await (value as (...all: unknown[]) => unknown).apply(
            target,
            given,
          );
          late += takes;
          return stamped(call, answer, now());
        };
      },
    }) as Ports[Name];
  const start = honest.clock.now();
  const now = (): number => start + late;
  const over = {
    clock: { now, speed: honest.clock.speed },
    account: slow('account'),
    market: slow('market'),
    trading: slow('trading'),
    mode: slow('mode'),
    proposals: slow('proposals'),
    permission: slow('permission'),
  };
  return Object.create(honest, Object.getOwnPropertyDescriptors(over)) as Ports;
}

/** How busy this machine is decides nothing: what is read is dated by the clock of the ports. */
function stamped(call: string, answer: unknown, at: number): unknown {
  if (call === 'account.account') return { ...(answer as object), at };
  if (call !== 'market.tickers') return answer;
  return (answer as readonly object[]).map((each) => ({ ...each, at }));
}

/** Carries out an approved proposal over these calls. */
async function run(
  each: (call: string, nth: number) => number | Promise<number>,
): Promise<{ orders: number; outcome: string; calls: readonly string[] }> {
  let begun = false;
  const calls: string[] = [];
  const counts = new Map<string, number>();
  const ports = await open((call) => {
    if (!begun) return 0;
    calls.push(call);
    const nth = (counts.get(call) ?? 0) + 1;
    counts.set(call, nth);
    return each(call, nth);
  });
  const made = await approved(vigil.ports);
  begun = true;
  await executeProposal(ports, made.id);
  const stored = await vigil.ports.proposals.byId(made.id);
  return { orders: ordersOf(await vigil.truth(), made), outcome: stored?.outcome ?? '', calls };
}

const before = (calls: readonly string[], call: string): readonly string[] =>
  calls.slice(0, calls.indexOf(call));

describe('a slow call between the verdict and the order', () => {
  it('is followed by nothing but the order when all is quick: the price after the leverage, the store last', async () => {
    const { orders, calls } = await run(() => 0);
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
    await vigil.close();
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
    vigil = await openVigil({ redis, venue: { speed: 1 } });
    const honest = vigil.ports;
    const { redis: raw, store } = vigil.wiring;
    let nth = 0;
    const go = async (lose?: { at: number; what: () => Promise<void> }) => {
      const [mode, limits] = [await raw.get(store.keys.mode), await raw.get(store.keys.limits)];
      const proposal = await approved(honest, { id: `try-${(nth += 1)}` });
      const made = runOver(honest, lose);
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
    vigil = await openVigil({ redis, venue: { speed: 1 } });
    const { ports } = vigil;
    const proposal = await propose(ports);
    const seen = await vigil.served();
    const offer = await offerApproval(ports, proposal.nonce);
    // The question itself is one of those that are counted.
    expect((await vigil.served()) - seen).toBeLessThanOrEqual(9);
    if (offer.kind !== 'ready') throw new Error(offer.kind);
    const { figures } = offer;
    expect(figures.stress?.gap.change).toBeLessThan(0n);
    expect(figures.dayBudget).toBeGreaterThan(0n);
    expect(figures.funding).toBeDefined();
    expect(figures.heatLimit).toBe(ports.limits.maxHeat);
  });
});
