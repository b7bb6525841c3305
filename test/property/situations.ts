import fc from 'fast-check';
import {
  price,
  qty,
  ratio,
  scaleBy,
  usd,
  type Ratio,
  type Usd,
} from '../../src/domain/money/money.ts';
import type { RiskTier } from '../../src/domain/instrument.ts';
import type { ClosedPosition, Position, ProtectiveOrder } from '../../src/domain/position.ts';
import { DAY, HOUR } from '../../src/domain/time.ts';
import { MIN_COMMON_RETURNS, type Returns } from '../../src/risk/portfolio/correlation.ts';
import type { GateInput } from '../../src/risk/gate/gate-input.ts';
import { DEFAULT_LIMITS, type RiskLimits } from '../../src/risk/terms/limits.ts';
import type { MarketReading } from '../../src/risk/terms/market-reading.ts';
import {
  account,
  closed,
  gateInput,
  instrument,
  NOW,
  position,
  riskState,
  stopFor,
} from '../risk/fixtures.ts';
import { anyCandidate } from './arbitraries.ts';

/** Accounts from a thousand to ten million USDT, so that the exchange's ladder of risk tiers binds too. */
const SCALES = [1, 100, 10_000] as const;

const cents = (from: number, to: number): fc.Arbitrary<number> =>
  fc.integer({ min: from * 100, max: to * 100 }).map((value) => value / 100);

/** The first value nine times of ten, else any of the rest. */
const mostly = <T>(first: T, ...rest: T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 9, arbitrary: fc.constant(first) },
    { weight: 1, arbitrary: fc.constantFrom(...rest) },
  );

const ratioOf = (value: number): Ratio => ratio(value.toFixed(15));
const usdOf = (value: number): Usd => usd(value.toFixed(6));

const anyHeld = fc.record({
  side: fc.constantFrom('long' as const, 'short' as const),
  size: fc.integer({ min: 1, max: 20 }),
  away: fc.integer({ min: 1, max: 8 }),
  stopped: mostly(true, false),
  pnl: cents(-20, 20),
});

/** Steps with less leverage and more maintenance the larger a position is; the first ones are small enough to bind. */
export const anyLadder: fc.Arbitrary<readonly RiskTier[]> = fc
  .record({
    first: fc.constantFrom(300, 40_000, 3_000_000),
    top: fc.constantFrom(125, 10, 5, 2),
    grows: fc.constantFrom(2, 3, 10),
    count: fc.integer({ min: 1, max: 5 }),
    strain: fc.double({ min: 0.1, max: 0.99, noNaN: true }),
  })
  .map(({ first, top, grows, count, strain }) =>
    Array.from({ length: count }, (_, n) => {
      const maxLeverage = Math.max(1, Math.floor(top / 2 ** n));
      return {
        level: n + 1,
        from: usdOf(n === 0 ? 0 : first * grows ** (n - 1)),
        to: usdOf(first * grows ** n),
        maxLeverage,
        maintenanceRate: ratioOf(strain / maxLeverage),
      };
    }),
  );

const looser = fc.oneof(
  { weight: 2, arbitrary: fc.constant(1) },
  { weight: 1, arbitrary: fc.double({ min: 0.5, max: 15, noNaN: true }) },
);

/** The defaults with some money limits made looser or tighter, so that each of them binds somewhere. */
const anyLimits: fc.Arbitrary<RiskLimits> = fc
  .record({
    riskPerTrade: looser,
    marginPerPosition: looser,
    maxHeat: looser,
    dailyLoss: looser,
    categoryHeatShare: looser,
    maxJumpLoss: looser,
    smallestTrade: fc.double({ min: 0.01, max: 2, noNaN: true }),
    maxCorrelated: fc.constantFrom(1, 2),
  })
  .map(({ maxCorrelated, ...factors }) => {
    const changed = Object.entries(factors).map(([id, factor]) => {
      const value = DEFAULT_LIMITS[id as keyof typeof factors];
      const scaled = scaleBy(value, ratioOf(factor), 'half-even');
      return [id, scaled > ratio('1') ? ratio('1') : scaled] as const;
    });
    return { ...DEFAULT_LIMITS, maxCorrelated, ...Object.fromEntries(changed) };
  });

/** Hours in which four coins move together more or less: their returns share a part with the first one's. */
const RETURNS: readonly Returns[] = [0, 0.5, 0.9, 1.3].map(
  (own, coin) =>
    new Map(
      Array.from({ length: MIN_COMMON_RETURNS }, (_, hour) => [
        hour,
        Math.sin(hour * 1.7) + own * Math.cos(hour * (2.3 + coin)),
      ]),
    ),
);

/** What the gate is asked, with what is known besides at the same moment. */
export interface Situation {
  readonly input: GateInput;
  readonly market: MarketReading;
  /** Positions that closed since the state was stored. */
  readonly closed: readonly ClosedPosition[];
  readonly returns: ReadonlyMap<string, Returns>;
}

const parts = {
  candidate: anyCandidate,
  atrFraction: fc.double({ min: 0.001, max: 0.016, noNaN: true }),
  scale: fc.constantFrom(...SCALES),
  available: cents(965, 1_060),
  dayStart: cents(960, 1_040),
  peak: cents(1_000, 1_080),
  held: fc.oneof(fc.constant([]), fc.array(anyHeld, { maxLength: 3 })),
  ladder: anyLadder,
  limits: anyLimits,
  step: fc.constantFrom('0.001', '0.0000001', '1'),
  least: mostly(1, 7),
  most: mostly(1e9, 50, 0.5),
  leverage: mostly([1, 125] as const, [2, 125] as const, [1, 3] as const, [6, 50] as const),
  markOff: mostly(0, 0.004, -0.004, 0.009),
  ages: fc.record({
    account: mostly(0, 30_000, 59_999, 60_000),
    mark: mostly(0, 10_000, 15_000, 15_001),
    signal: mostly(600_000, 3_600_000, 3_600_001),
    loss: mostly(-1, HOUR, 4 * HOUR, 5 * HOUR),
  }),
  counts: fc.record({
    trades: mostly(0, 2, 3),
    streak: mostly(0, 4, 5),
    failed: mostly(0, 4, 5),
  }),
  closedAgo: mostly(-1, HOUR, DAY, DAY + HOUR),
  returns: fc.constantFrom([1, 2, 3, 0], [3, 2, 1, 0], [0, 3, 3], []),
  restless: mostly(1, 2.5, 3, 3.1),
  marginRatio: mostly('0', '0.3', '0.5'),
};

type Parts = {
  [Key in keyof typeof parts]: (typeof parts)[Key] extends fc.Arbitrary<infer T> ? T : never;
};

function heldOf({ held, scale }: Parts): { positions: Position[]; protections: ProtectiveOrder[] } {
  const positions = held.map((each, n) =>
    position({
      id: `h${n}`,
      symbol: `H${n}USDT`,
      side: each.side,
      qty: qty(((each.size / 10) * scale).toFixed(1)),
      unrealisedPnl: usdOf(each.pnl * scale),
      margin: usdOf(each.size * 2 * scale),
      liquidationPrice: price(each.side === 'long' ? '80' : '120'),
    }),
  );
  const protections = positions.flatMap((each, n) => {
    const by = held[n];
    if (by === undefined || !by.stopped) return [];
    return [stopFor(each, String(each.side === 'long' ? 100 - by.away : 100 + by.away))];
  });
  return { positions, protections };
}

function situationOf(from: Parts): Situation {
  const { candidate, scale, ages, counts, step, least, most, leverage } = from;
  const open = from.held.reduce((total, each) => total + each.pnl, 0);
  const margin = from.held.reduce((total, each) => total + each.size * 2 * scale, 0);
  const smallest = Number(step);
  const mark = price((Number(candidate.entry) * 1e-18 * (1 + from.markOff)).toFixed(9));
  const market = {
    btcAtr: { now: 0.005 * from.restless, median: 0.005, hours: 720 },
    marginRatio: ratio(from.marginRatio),
  };
  const input = gateInput({
    market,
    candidate: { ...candidate, atrFraction: from.atrFraction, signalAgeMs: ages.signal },
    account: account({
      available: usdOf(from.available * scale - margin),
      margin: usdOf(margin),
      unrealisedPnl: usdOf(open * scale),
      at: NOW - ages.account,
    }),
    ...heldOf(from),
    instrument: instrument({
      symbol: candidate.symbol,
      step: qty(step),
      minQty: qty((smallest * least).toFixed(7)),
      maxMarketQty: qty(String(most)),
      minLeverage: leverage[0],
      maxLeverage: leverage[1],
    }),
    tiers: from.ladder,
    mark: { price: from.markOff === 0 ? candidate.entry : mark, at: NOW - ages.mark },
    state: riskState({
      dayStartEquity: usdOf(from.dayStart * scale),
      peakEquity: usdOf(from.peak * scale),
      tradesToday: counts.trades,
      lossStreak: counts.streak,
      failedReads: counts.failed,
      lossCloses: ages.loss < 0 ? {} : { [candidate.symbol]: NOW - ages.loss },
    }),
    categories: new Map([
      ['H0USDT', 'x'],
      ['H1USDT', 'y'],
      ['H2USDT', 'z'],
    ]),
    limits: from.limits,
  });
  const symbols = ['H0USDT', 'H1USDT', 'H2USDT', candidate.symbol];
  const moves = from.returns.map(
    (coin, n) => [symbols[n] ?? '', RETURNS[coin] ?? new Map()] as const,
  );
  const lost = closed('c1', '-1', { symbol: 'XUSDT', closedAt: NOW - from.closedAgo });
  return {
    input,
    market,
    closed: from.closedAgo < 0 ? [] : [lost],
    returns: new Map(moves),
  };
}

/** Situations around every limit: some approve, some refuse for one reason, few for many. */
export const anySituation: fc.Arbitrary<Situation> = fc
  .record(parts)
  .map((from) => situationOf(from as Parts));
