import { percent, ratio, type Ratio } from '../../domain/money/money.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../domain/time.ts';
import { countText, durationText, percentText } from './phrase.ts';

/**
 * Every limit of the risk gate and the emergency stop. Ratios are fractions (0.015 is 1.5 %), names that end in `Ms` are
 * milliseconds, the rest are plain counts or multiples. "Equity" is always wallet + unrealised P&L.
 */
export interface RiskLimits {
  /** Loss of one trade when its stop fills, with taker fees of both legs and slippage, as a fraction of equity. */
  readonly riskPerTrade: Ratio;
  readonly maxLeverage: number;
  /** Margin of one position as a fraction of equity. */
  readonly marginPerPosition: Ratio;
  /** Reward ÷ risk, after taker fees on both legs. */
  readonly minRewardRisk: number;
  /** Signal score, 0 to 100. */
  readonly minScore: number;
  readonly maxPositions: number;
  readonly maxTradesPerDay: number;
  /** Sum over positions of the loss at their stops, as a fraction of equity. */
  readonly maxHeat: Ratio;
  /** Loss when every price jumps by `jumpMove` against what is open, as a fraction of equity. */
  readonly maxJumpLoss: Ratio;
  /** Size of that jump as a fraction of the price. */
  readonly jumpMove: Ratio;
  /** Share of `riskPerTrade` that what is left must allow, or the trade is not worth its costs. */
  readonly smallestTrade: Ratio;
  /** Positions of one direction inside one correlated cluster, the new one included. */
  readonly maxCorrelated: number;
  /** Pairwise correlation of 1 h returns over 7 days from which two symbols are one cluster. */
  readonly correlationThreshold: number;
  /** Share of `maxHeat` that one category may hold. */
  readonly categoryHeatShare: Ratio;
  /** Loss of the day as a fraction of the equity at the day's start. */
  readonly dailyLoss: Ratio;
  /** Hour of the day's start after 00:00 UTC, in milliseconds. */
  readonly dayStartOffsetMs: number;
  /** Fall from the high-water mark of equity. */
  readonly drawdown: Ratio;
  readonly lossStreak: number;
  readonly lossStreakCoolOffMs: number;
  /** Fraction of the day's first equity at which trading stops. */
  readonly balanceFloor: Ratio;
  readonly symbolCoolDownMs: number;
  readonly accountMaxAgeMs: number;
  readonly priceMaxAgeMs: number;
  readonly maxFailedReads: number;
  readonly signalMaxAgeMs: number;
  /** Stop distance as a fraction of entry. */
  readonly minStop: Ratio;
  readonly maxStop: Ratio;
  /** Liquidation must be further from entry than this many stop distances. */
  readonly liquidationStopMultiple: number;
  /** Bitcoin's 1 h ATR against its 30-day median from which entries are held. */
  readonly volatilityMultiple: number;
  /** Maintenance margin ÷ equity from which entries are held; liquidation is near 100 %. */
  readonly maxMarginRatio: Ratio;
  readonly takerFee: Ratio;
  /** Assumed worsening of every market fill, the stop's included. */
  readonly slippage: Ratio;
}

/** The conservative defaults of the product. */
export const DEFAULT_LIMITS: RiskLimits = {
  riskPerTrade: percent('1.5'),
  maxLeverage: 5,
  marginPerPosition: percent('20'),
  minRewardRisk: 2,
  minScore: 75,
  maxPositions: 3,
  maxTradesPerDay: 3,
  maxHeat: percent('5'),
  maxJumpLoss: percent('15'),
  jumpMove: percent('10'),
  smallestTrade: percent('25'),
  maxCorrelated: 2,
  correlationThreshold: 0.8,
  categoryHeatShare: percent('40'),
  dailyLoss: percent('3'),
  dayStartOffsetMs: 0,
  drawdown: percent('10'),
  lossStreak: 5,
  lossStreakCoolOffMs: DAY,
  balanceFloor: percent('50'),
  symbolCoolDownMs: 4 * HOUR,
  accountMaxAgeMs: MINUTE,
  priceMaxAgeMs: 15 * SECOND,
  maxFailedReads: 5,
  signalMaxAgeMs: HOUR,
  minStop: percent('0.5'),
  maxStop: percent('5'),
  liquidationStopMultiple: 2,
  volatilityMultiple: 3,
  maxMarginRatio: percent('50'),
  takerFee: ratio('0.0006'),
  slippage: ratio('0.0005'),
};

/** One limit as a row of `/limits` and of the README. `value` carries its unit. */
export interface LimitRow {
  readonly id: keyof RiskLimits;
  readonly label: string;
  readonly value: string;
  readonly meaning: string;
}

type Describe = (limits: RiskLimits) => Omit<LimitRow, 'id'>;

const ROWS: { readonly [Id in keyof RiskLimits]: Describe } = {
  riskPerTrade: (l) => ({
    label: 'risk per trade',
    value: `${percentText(l.riskPerTrade)} of equity`,
    meaning: 'loss if the stop fills, with entry and exit taker fees and assumed slippage',
  }),
  maxLeverage: (l) => ({
    label: 'leverage',
    value: `${l.maxLeverage}x at most`,
    meaning: 'the suggestion falls as volatility rises and never rises with confidence',
  }),
  marginPerPosition: (l) => ({
    label: 'margin per position',
    value: `${percentText(l.marginPerPosition)} of equity`,
    meaning: 'so the notional is at most this share x leverage x equity',
  }),
  minRewardRisk: (l) => ({
    label: 'reward : risk',
    value: `at least ${l.minRewardRisk}`,
    meaning: 'distance to the target against distance to the stop, after fees on both legs',
  }),
  minScore: (l) => ({
    label: 'signal score',
    value: `at least ${l.minScore} of 100`,
    meaning: 'a count of weighted confirmations, not a probability',
  }),
  maxPositions: (l) => ({
    label: 'open positions',
    value: `${l.maxPositions}`,
    meaning: 'positions opened by hand and entries on their way count too',
  }),
  maxTradesPerDay: (l) => ({
    label: 'trades a day',
    value: `${l.maxTradesPerDay}`,
    meaning: "entries of the current day, from the exchange's own history",
  }),
  maxHeat: (l) => ({
    label: 'portfolio heat',
    value: `${percentText(l.maxHeat)} of equity`,
    meaning:
      'loss if every stop fills; without a stop: isolated at liquidation, else the whole margin; cross its whole value or the account; unknown refuses',
  }),
  maxJumpLoss: (l) => ({
    label: 'jump',
    value: `at most ${percentText(l.maxJumpLoss)} of equity`,
    meaning: `loss if every price jumps ${percentText(l.jumpMove)} against the positions, through the stops; the new trade counts too`,
  }),
  jumpMove: (l) => ({
    label: 'size of a jump',
    value: `${percentText(l.jumpMove)} of price`,
    meaning: 'how far every price is taken to jump at once, against you',
  }),
  smallestTrade: (l) => ({
    label: 'smallest trade',
    value: `${percentText(l.smallestTrade)} of the risk per trade`,
    meaning:
      'where day, heat, jump or free margin leave less than that for a new trade, it is refused as too small to be worth its costs',
  }),
  maxCorrelated: (l) => ({
    label: 'same direction, correlated',
    value: countText(l.maxCorrelated, 'position'),
    meaning: 'positions of one direction whose coins move together; unknown counts as together',
  }),
  correlationThreshold: (l) => ({
    label: 'correlated from',
    value: `${l.correlationThreshold}`,
    meaning: 'pairwise correlation of 1 h returns over 7 days',
  }),
  categoryHeatShare: (l) => ({
    label: 'one category',
    value: `${percentText(l.categoryHeatShare)} of the heat limit`,
    meaning: 'heat that coins of one category may hold together',
  }),
  dailyLoss: (l) => ({
    label: 'daily loss',
    value: `${percentText(l.dailyLoss)} of the day's first equity`,
    meaning:
      'realised and open loss, fees and funding; a gain never trips it; deposits are taken out',
  }),
  dayStartOffsetMs: (l) => ({
    label: 'day starts',
    value: `${durationText(l.dayStartOffsetMs)} after 00:00 UTC`,
    meaning: 'when the daily figures begin anew',
  }),
  drawdown: (l) => ({
    label: 'drawdown',
    value: `${percentText(l.drawdown)} from the high-water mark`,
    meaning: 'survives restarts and new days; deposits and withdrawals are taken out',
  }),
  lossStreak: (l) => ({
    label: 'losses in a row',
    value: countText(l.lossStreak, 'closed trade'),
    meaning: 'net of all costs',
  }),
  lossStreakCoolOffMs: (l) => ({
    label: 'pause after losses in a row',
    value: durationText(l.lossStreakCoolOffMs),
    meaning: 'no entries in that time',
  }),
  balanceFloor: (l) => ({
    label: 'balance floor',
    value: `${percentText(l.balanceFloor)} of the day's first equity`,
    meaning: 'equity at or under it halts trading',
  }),
  symbolCoolDownMs: (l) => ({
    label: 'pause per symbol',
    value: durationText(l.symbolCoolDownMs),
    meaning: 'no new trade in a symbol for that long after a losing close',
  }),
  accountMaxAgeMs: (l) => ({
    label: 'account age',
    value: `under ${durationText(l.accountMaxAgeMs)}`,
    meaning: 'an account that was not read for that long stops new entries',
  }),
  priceMaxAgeMs: (l) => ({
    label: 'price age',
    value: `${durationText(l.priceMaxAgeMs)} at most`,
    meaning: 'older prices stop new entries',
  }),
  maxFailedReads: (l) => ({
    label: 'failed reads in a row',
    value: `${l.maxFailedReads}`,
    meaning: 'from that many on, new entries stop',
  }),
  signalMaxAgeMs: (l) => ({
    label: 'signal age',
    value: `${durationText(l.signalMaxAgeMs)} at most`,
    meaning: 'an older signal speaks about a market that is gone',
  }),
  minStop: (l) => ({
    label: 'stop distance, least',
    value: `${percentText(l.minStop)} of entry`,
    meaning: 'a closer stop is hit by noise and costs more in fees than it saves',
  }),
  maxStop: (l) => ({
    label: 'stop distance, most',
    value: `${percentText(l.maxStop)} of entry`,
    meaning: 'a wider stop protects too late',
  }),
  liquidationStopMultiple: (l) => ({
    label: 'liquidation distance',
    value: `more than ${l.liquidationStopMultiple}x the stop distance`,
    meaning: 'the stop must be able to work long before the exchange closes the position',
  }),
  volatilityMultiple: (l) => ({
    label: 'market volatility',
    value: `at most ${l.volatilityMultiple}x its 30-day median`,
    meaning: "Bitcoin's 1 h ATR; above it new trades are paused",
  }),
  maxMarginRatio: (l) => ({
    label: 'margin ratio',
    value: `under ${percentText(l.maxMarginRatio)}`,
    meaning: 'maintenance margin against equity; from there new trades are paused',
  }),
  takerFee: (l) => ({
    label: 'taker fee',
    value: `${percentText(l.takerFee)} of notional`,
    meaning: 'assumed on entry and on exit',
  }),
  slippage: (l) => ({
    label: 'assumed slippage',
    value: `${percentText(l.slippage)} of price`,
    meaning: 'assumed on every market fill, the stop included',
  }),
};

/** Every limit with its unit, in the order in which it is shown. */
export const describeLimits = (limits: RiskLimits): readonly LimitRow[] =>
  (Object.keys(ROWS) as (keyof RiskLimits)[]).map((id) => ({ id, ...ROWS[id](limits) }));
