import type { Account } from '../../src/domain/account.ts';
import type { Instrument, RiskTier } from '../../src/domain/instrument.ts';
import {
  divideBy,
  notionalOf,
  percent,
  price,
  qty,
  ratio,
  sub,
  sumUsd,
  usd,
  ZERO_USD,
} from '../../src/domain/money/money.ts';
import type { Order } from '../../src/domain/order.ts';
import type { ClosedPosition, Position, ProtectiveOrder } from '../../src/domain/position.ts';
import type { ModeState } from '../../src/domain/trading-mode.ts';
import type { Candidate } from '../../src/risk/gate/gate-facts.ts';
import type { GateInput } from '../../src/risk/gate/gate-input.ts';
import { checkReduce, type ApprovedReduce } from '../../src/risk/gate/reduce.ts';
import { DEFAULT_LIMITS, type RiskLimits } from '../../src/risk/terms/limits.ts';
import type { MarketReading } from '../../src/risk/terms/market-reading.ts';
import type { RiskState } from '../../src/risk/state/risk-state.ts';

/** 2025-10-10 12:00 UTC. */
export const NOW = Date.UTC(2025, 9, 10, 12);
export const DAY_START = Date.UTC(2025, 9, 10);

/** The most that an owner may risk in a trade: the examples of sizing are worked out with it. */
export const WIDEST: RiskLimits = { ...DEFAULT_LIMITS, riskPerTrade: percent('1.5') };

export const FREE_LIMITS: RiskLimits = {
  ...WIDEST,
  takerFee: ratio('0'),
  slippage: ratio('0'),
};

export const account = (over: Partial<Account> = {}): Account => ({
  marginCoin: 'USDT',
  available: usd('1000'),
  frozen: ZERO_USD,
  margin: ZERO_USD,
  unrealisedPnl: ZERO_USD,
  bonus: ZERO_USD,
  positionMode: 'hedge',
  at: NOW,
  ...over,
});

export const instrument = (over: Partial<Instrument> = {}): Instrument => ({
  symbol: 'ETHUSDT',
  base: 'ETH',
  quote: 'USDT',
  tick: price('0.01'),
  step: qty('0.001'),
  priceDecimals: 2,
  qtyDecimals: 3,
  minQty: qty('0.003'),
  maxMarketQty: qty('1000'),
  maxLimitQty: qty('5000'),
  minLeverage: 1,
  maxLeverage: 125,
  status: 'open',
  apiTradable: true,
  ...over,
});

export const TIERS: readonly RiskTier[] = [
  {
    level: 1,
    from: usd('0'),
    to: usd('150000'),
    maxLeverage: 125,
    maintenanceRate: ratio('0.004'),
  },
  {
    level: 2,
    from: usd('150000'),
    to: usd('800000'),
    maxLeverage: 50,
    maintenanceRate: ratio('0.01'),
  },
  {
    level: 3,
    from: usd('800000'),
    to: usd('2500000'),
    maxLeverage: 3,
    maintenanceRate: ratio('0.05'),
  },
];

export const candidate = (over: Partial<Candidate> = {}): Candidate => ({
  symbol: 'ETHUSDT',
  side: 'long',
  entry: price('100'),
  stop: price('98.5'),
  target: price('104'),
  score: 80,
  category: 'layer 1',
  atrFraction: 0.0075,
  ...over,
});

export const riskState = (over: Partial<RiskState> = {}): RiskState => ({
  dayStart: DAY_START,
  dayStartEquity: usd('1000'),
  dayFirstEquity: usd('1000'),
  dayCashFlow: ZERO_USD,
  dayBook: { at: DAY_START, equity: usd('1000'), rows: [] },
  peakEquity: usd('1000'),
  lastEquity: usd('1000'),
  accountAt: NOW,
  failedReads: 0,
  steps: [],
  lossStreak: 0,
  losers: [],
  dayResults: {},
  tradesToday: 0,
  entriesCounted: [],
  closesCounted: [],
  lossCloses: {},
  ...over,
});

export const NORMAL: ModeState = { mode: 'normal', reasons: [], since: DAY_START };

/** Bitcoin as restless as usual, no margin in use. */
export const CALM: MarketReading = {
  btcAtr: { now: 0.004, median: 0.004, hours: 720 },
  marginRatio: ratio('0'),
};

/** An account of 1000 USDT that agrees with these positions. */
const accountOf = (positions: readonly Position[] = []): Account => {
  const margin = sumUsd(positions.map((each) => each.margin));
  return account({ available: sub(usd('1000'), margin), margin });
};

export const gateInput = (over: Partial<GateInput> = {}): GateInput => ({
  candidate: candidate(),
  account: accountOf(over.positions),
  positions: [],
  protections: [],
  openEntryOrders: [],
  inFlight: [],
  instrument: instrument(),
  tiers: TIERS,
  mark: { price: price('100'), at: NOW },
  state: riskState(),
  mode: NORMAL,
  categories: new Map(),
  correlatedSameSide: undefined,
  market: CALM,
  limits: WIDEST,
  now: NOW,
  ...over,
});

const marginOf = ({ qty: held = qty('1'), entryPrice = price('100'), leverage = 5 }) =>
  divideBy(notionalOf(entryPrice, held, 'up'), leverage, 'up');

export const position = (over: Partial<Position> = {}): Position => ({
  id: 'p1',
  symbol: 'BTCUSDT',
  side: 'long',
  qty: qty('1'),
  entryPrice: price('100'),
  leverage: 5,
  marginMode: 'isolated',
  margin: marginOf(over),
  unrealisedPnl: ZERO_USD,
  realisedGross: ZERO_USD,
  fees: ZERO_USD,
  funding: ZERO_USD,
  liquidationPrice: price('80.5'),
  openedAt: NOW - 3_600_000,
  updatedAt: NOW,
  ...over,
});

/** Leave of the gate to close that position, or a part of it. */
export function reduceOf(held: Position, part = held.qty): ApprovedReduce {
  const verdict = checkReduce({ position: held, qty: part });
  if (verdict.kind === 'refused') throw new Error(verdict.refusals[0]?.sentence);
  return verdict.reduce;
}

/** Leave of the gate to close the position of that id. */
export const closeOf = (id: string): ApprovedReduce => reduceOf(position({ id }));

export const stopFor = (
  of: Position,
  stop: string,
  over: Partial<ProtectiveOrder> = {},
): ProtectiveOrder => ({
  id: `stop-${of.id}`,
  positionId: of.id,
  symbol: of.symbol,
  stopPrice: price(stop),
  ...over,
});

export const order = (over: Partial<Order> = {}): Order => ({
  id: 'o1',
  symbol: 'SOLUSDT',
  side: 'buy',
  type: 'limit',
  qty: qty('1'),
  filledQty: qty('0'),
  price: price('100'),
  reduceOnly: false,
  status: 'new',
  stopPrice: price('99'),
  createdAt: NOW,
  ...over,
});

export const closed = (
  id: string,
  net: string,
  over: Partial<ClosedPosition> = {},
): ClosedPosition => ({
  id,
  symbol: 'BTCUSDT',
  side: 'long',
  maxQty: qty('1'),
  entryPrice: price('100'),
  closePrice: price('99'),
  leverage: 5,
  fees: ZERO_USD,
  funding: ZERO_USD,
  gross: usd(net),
  net: usd(net),
  liquidated: false,
  openedAt: NOW - 7_200_000,
  closedAt: NOW - 60_000,
  ...over,
});
