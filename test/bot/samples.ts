import type { Account } from '../../src/domain/account.ts';
import type { Finding } from '../../src/domain/alert.ts';
import type { Instrument, RiskTier, Ticker } from '../../src/domain/instrument.ts';
import { price, qty, ratio, usd, ZERO_USD } from '../../src/domain/money/money.ts';
import type { ClosedPosition, Position, ProtectiveOrder } from '../../src/domain/position.ts';
import type { Proposal } from '../../src/domain/proposal.ts';
import { HOUR, MINUTE } from '../../src/domain/time.ts';
import type { RiskState } from '../../src/risk/state/risk-state.ts';

/** 2025-10-10 12:00 UTC, the venue's time in these tests. */
export const NOW = Date.UTC(2025, 9, 10, 12);
export const NONCE = 'AbCdEfGhIjKlMnOpQrStUv';

export const ACCOUNT: Account = {
  marginCoin: 'USDT',
  available: usd('9000'),
  frozen: ZERO_USD,
  margin: usd('1000'),
  unrealisedPnl: usd('12.345'),
  bonus: ZERO_USD,
  positionMode: 'hedge',
  at: NOW,
};

export const RISK_STATE: RiskState = {
  dayStart: Date.UTC(2025, 9, 10),
  dayStartEquity: usd('10012'),
  dayFirstEquity: usd('10012'),
  dayCashFlow: ZERO_USD,
  dayBook: { at: Date.UTC(2025, 9, 10), equity: usd('10012'), rows: [] },
  peakEquity: usd('10012.345'),
  lastEquity: usd('10012.345'),
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
};

export const POSITION: Position = {
  id: 'p1',
  symbol: 'ETHUSDT',
  side: 'long',
  qty: qty('2.5'),
  entryPrice: price('4000'),
  leverage: 5,
  marginMode: 'isolated',
  margin: usd('1000'),
  unrealisedPnl: usd('12.345'),
  realisedGross: ZERO_USD,
  fees: ZERO_USD,
  funding: ZERO_USD,
  liquidationPrice: price('3220'),
  openedAt: NOW - HOUR,
  updatedAt: NOW,
};

export const PROTECTION: ProtectiveOrder = {
  id: 's1',
  positionId: 'p1',
  symbol: 'ETHUSDT',
  stopPrice: price('3950'),
  targetPrice: price('4200'),
};

const instrument = (symbol: string, priceDecimals: number): Instrument => ({
  symbol,
  base: symbol.replace('USDT', ''),
  quote: 'USDT',
  tick: price('0.1'),
  step: qty('0.001'),
  priceDecimals,
  qtyDecimals: 3,
  minQty: qty('0.001'),
  maxMarketQty: qty('1000'),
  maxLimitQty: qty('5000'),
  minLeverage: 1,
  maxLeverage: 125,
  status: 'open',
  apiTradable: true,
});

export const INSTRUMENTS = [instrument('BTCUSDT', 1), instrument('ETHUSDT', 2)];

const ticker = (symbol: string, mark: string): Ticker => ({
  symbol,
  mark: price(mark),
  last: price(mark),
  open24h: price(mark),
  high24h: price(mark),
  low24h: price(mark),
  quoteVolume24h: usd('1000000000'),
  at: NOW,
});

export const TICKERS = [ticker('BTCUSDT', '27123.4'), ticker('ETHUSDT', '4004.94')];

export const TIERS: readonly RiskTier[] = [
  {
    level: 1,
    from: usd('0'),
    to: usd('500000'),
    maxLeverage: 125,
    maintenanceRate: ratio('0.004'),
  },
];

export const PROPOSAL: Proposal = {
  id: 'sig-btc',
  nonce: NONCE,
  signal: {
    id: 'sig-btc',
    symbol: 'BTCUSDT',
    side: 'long',
    entry: price('27120'),
    stop: price('26700'),
    target: price('28200'),
    rewardRisk: 2.31,
    strategy: 'agreement',
    score: 82,
    criteria: [
      {
        id: 'rsi',
        label: 'Momentum',
        weight: 1,
        met: true,
        value: 'RSI 56.1',
        reason: 'Between 40 and 70.',
      },
    ],
    atrFraction: 0.0075,
    turnover: 5_000_000,
    category: 'majors',
    candleClosedAt: NOW - MINUTE,
  },
  plan: {
    entry: price('27123.4'),
    qty: qty('0.3'),
    notional: usd('8136'),
    margin: usd('1627.2'),
    leverage: 5,
    risk: usd('140'),
    riskFraction: ratio('0.014'),
    fees: usd('9.76'),
    boundBy: 'risk per trade',
  },
  band: { low: price('27000'), high: price('27250') },
  status: 'pending',
  createdAt: NOW - MINUTE,
  deadline: NOW + 15 * MINUTE,
  clientId: 'vigil-sig-btc',
};

export const CLOSED: ClosedPosition = {
  id: 'c1',
  symbol: 'SOLUSDT',
  side: 'short',
  maxQty: qty('10'),
  entryPrice: price('200'),
  closePrice: price('195'),
  leverage: 3,
  fees: usd('2.4'),
  funding: usd('-0.6'),
  gross: usd('50'),
  net: usd('47'),
  liquidated: false,
  openedAt: NOW - 3 * HOUR,
  closedAt: NOW - HOUR,
};

export const finding = (key: string, over: Partial<Finding> = {}): Finding => ({
  key,
  kind: 'notice',
  severity: 'warning',
  title: `Happening ${key}`,
  lines: ['One line with the figures.'],
  at: NOW,
  ...over,
});

/** The alert of a signal with its three buttons, as the application raises it. */
export const signalFinding = (over: Partial<Finding> = {}): Finding =>
  finding('signal:sig-btc', {
    kind: 'signal',
    title: 'Signal: BTCUSDT long',
    buttons: [
      [
        { label: 'Approve', action: 'approve', id: NONCE },
        { label: 'Reject', action: 'reject', id: NONCE },
        { label: 'Details', action: 'show-details', id: NONCE },
      ],
    ],
    ...over,
  });
