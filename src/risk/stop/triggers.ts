import {
  max,
  mulDiv,
  neg,
  scaleBy,
  sub,
  usdText,
  ZERO_USD,
  type Usd,
} from '../../domain/money/money.ts';
import type { Position } from '../../domain/position.ts';
import { HOUR, type Timestamp } from '../../domain/time.ts';
import { decimalText, shareText } from '../../domain/words/words.ts';
import { unexplainedSum } from '../state/cash-flow.ts';
import { dayLossOf, drawdownOf } from '../state/day-loss.ts';
import { ageOf } from '../limits/rule.ts';
import type { RiskLimits } from '../terms/limits.ts';
import { countText, durationText, percentText } from '../terms/phrase.ts';
import type { MarketReading } from '../terms/market-reading.ts';
import type { RiskState } from '../state/risk-state.ts';

/** How well the exchange can be read. */
export interface Health {
  /** When the account was last read well; undefined: never. */
  readonly accountReadAt: Timestamp | undefined;
  /** Failed reads of the account in a row. */
  readonly failedReads: number;
  /** When the last price of each symbol arrived. Only symbols with an open position matter. */
  readonly priceAt: ReadonlyMap<string, Timestamp>;
}

/** One trigger of the emergency stop, measured. */
export interface TriggerReading {
  /** Stable code, also the trigger of the mode's reason. */
  readonly id: string;
  readonly label: string;
  /** How much of the limit is used, in percent; 100 or more has tripped. Cut to whole percents, downwards. */
  readonly usedPercent: number;
  readonly tripped: boolean;
  /** What it tightens to. */
  readonly to: 'reducing' | 'halted';
  /** Plain sentence with the figures; made when it is read, because a backtest judges a hundred thousand hours and reads few. */
  readonly sentence: string;
  readonly coolOffUntil?: Timestamp;
}

const usedOf = (amount: Usd, limit: Usd): number =>
  limit <= 0n ? 100 : Number(mulDiv(amount, 100n, { c: limit, rounding: 'down' }));

/** The loss limits: each halts. */
export function lossTriggers(state: RiskState, equity: Usd, limits: RiskLimits): TriggerReading[] {
  return [
    dayTrigger(state, equity, limits),
    drawdownTrigger(state, equity, limits),
    streakTrigger(state, limits),
    floorTrigger(state, equity, limits),
  ];
}

function dayTrigger(state: RiskState, equity: Usd, limits: RiskLimits): TriggerReading {
  const day = dayLossOf(state, equity, limits);
  return {
    id: 'daily-loss',
    label: 'daily loss',
    usedPercent: usedOf(day.loss, day.limit),
    tripped: day.loss >= day.limit,
    to: 'halted',
    get sentence() {
      return `Today's loss is ${usdText(day.loss)} = ${percentText(day.fraction)} of ${usdText(state.dayStartEquity)}; the limit is ${percentText(limits.dailyLoss)}.${unexplainedText(state)}`;
    },
  };
}

function drawdownTrigger(state: RiskState, equity: Usd, limits: RiskLimits): TriggerReading {
  const found = drawdownOf(state, equity, limits);
  return {
    id: 'drawdown',
    label: 'drawdown',
    usedPercent: usedOf(found.fall, found.limit),
    tripped: found.fall >= found.limit,
    to: 'halted',
    get sentence() {
      return `Equity is ${usdText(equity)}, ${percentText(found.fraction)} under its high of ${usdText(state.peakEquity)}; the limit is ${percentText(limits.drawdown)}.${unexplainedText(state)}`;
    },
  };
}

/** A withdrawal that nobody has explained looks like a loss: whoever reads of a loss must know that. */
function unexplainedText(state: RiskState): string {
  const gone = neg(unexplainedSum(state));
  return gone > 0n
    ? ` Of that, ${usdText(gone)} left the account without a trade: say whether you took it out.`
    : '';
}

function streakTrigger(state: RiskState, limits: RiskLimits): TriggerReading {
  return {
    id: 'loss-streak',
    label: 'losses in a row',
    usedPercent: Math.floor((state.lossStreak * 100) / Math.max(1, limits.lossStreak)),
    tripped: state.lossStreak >= limits.lossStreak,
    to: 'halted',
    get sentence() {
      return `${countText(state.lossStreak, 'closed trade')} in a row lost money after costs; the limit is ${limits.lossStreak}.`;
    },
    ...(state.coolOffUntil === undefined ? {} : { coolOffUntil: state.coolOffUntil }),
  };
}

function floorTrigger(state: RiskState, equity: Usd, limits: RiskLimits): TriggerReading {
  const base = max(state.dayStartEquity, ZERO_USD);
  const floor = scaleBy(base, limits.balanceFloor, 'up');
  return {
    id: 'balance-floor',
    label: 'balance floor',
    usedPercent: usedOf(max(sub(base, equity), ZERO_USD), sub(base, floor)),
    tripped: equity <= floor,
    to: 'halted',
    get sentence() {
      return `Equity is ${usdText(equity)}; the floor is ${usdText(floor)}, ${percentText(limits.balanceFloor)} of the day's first equity.`;
    },
  };
}

/** Whether account and prices can be trusted at all: each holds new entries and never touches a position. */
export function healthTriggers(
  input: {
    readonly health: Health;
    readonly positions: readonly Position[] | undefined;
    readonly now: Timestamp;
  },
  limits: RiskLimits,
): TriggerReading[] {
  const { health, now } = input;
  const readAge = health.accountReadAt === undefined ? undefined : ageOf(health.accountReadAt, now);
  return [
    {
      id: 'account-unread',
      label: 'account reading',
      usedPercent: percentOf(readAge, limits.accountMaxAgeMs),
      tripped: readAge === undefined || readAge >= limits.accountMaxAgeMs,
      to: 'reducing',
      get sentence() {
        return `The account was last read ${agoText(readAge)}; the limit is ${durationText(limits.accountMaxAgeMs)}.`;
      },
    },
    priceTrigger(input, limits),
    {
      id: 'failed-reads',
      label: 'failed reads',
      usedPercent: Math.floor((health.failedReads * 100) / Math.max(1, limits.maxFailedReads)),
      tripped: health.failedReads >= limits.maxFailedReads,
      to: 'reducing',
      get sentence() {
        return `${countText(health.failedReads, 'read')} of the account in a row failed; the limit is ${limits.maxFailedReads}.`;
      },
    },
  ];
}

function priceTrigger(
  input: {
    readonly health: Health;
    readonly positions: readonly Position[] | undefined;
    readonly now: Timestamp;
  },
  limits: RiskLimits,
): TriggerReading {
  let oldest: { symbol: string; age: number | undefined } | undefined;
  for (const { symbol } of input.positions ?? []) {
    const at = input.health.priceAt.get(symbol);
    const age = at === undefined ? undefined : ageOf(at, input.now);
    const rank = age ?? Number.POSITIVE_INFINITY;
    if (oldest === undefined || rank > (oldest.age ?? Number.POSITIVE_INFINITY))
      oldest = { symbol, age };
  }
  const about = (): string =>
    oldest === undefined
      ? 'No position is open'
      : `The price of ${oldest.symbol} was last seen ${agoText(oldest.age)}`;
  return {
    id: 'prices-old',
    label: 'price age',
    usedPercent: oldest === undefined ? 0 : percentOf(oldest.age, limits.priceMaxAgeMs),
    tripped:
      oldest !== undefined && (oldest.age === undefined || oldest.age > limits.priceMaxAgeMs),
    to: 'reducing',
    get sentence() {
      return `${about()}; the limit is ${durationText(limits.priceMaxAgeMs)} while positions are open.`;
    },
  };
}

/** Volatility and margin ratio: each holds new entries. */
export function marketTriggers(market: MarketReading, limits: RiskLimits): TriggerReading[] {
  const readings: TriggerReading[] = [];
  const { btcAtr } = market;
  if (typeof btcAtr === 'object' && btcAtr.median > 0) {
    const multiple = btcAtr.now / btcAtr.median;
    readings.push({
      id: 'volatility',
      label: 'market volatility',
      usedPercent: Math.floor((multiple * 100) / limits.volatilityMultiple),
      tripped: !(multiple <= limits.volatilityMultiple),
      to: 'reducing',
      get sentence() {
        return `Bitcoin moves ${decimalText(multiple, 1)} times as much as usual, ${shareText(btcAtr.now, 2)} an hour against a median of ${shareText(btcAtr.median, 2)} over ${durationText(btcAtr.hours * HOUR)}; the limit is ${limits.volatilityMultiple} times.`;
      },
    });
  }
  if (market.marginRatio !== undefined) {
    const { marginRatio } = market;
    readings.push({
      id: 'margin-ratio',
      label: 'margin ratio',
      usedPercent: Number((marginRatio * 100n) / limits.maxMarginRatio),
      tripped: marginRatio >= limits.maxMarginRatio,
      to: 'reducing',
      get sentence() {
        return `The exchange needs ${percentText(marginRatio)} of equity as maintenance margin; the limit is ${percentText(limits.maxMarginRatio)}.`;
      },
    });
  }
  return readings;
}

const percentOf = (age: number | undefined, limit: number): number =>
  age === undefined || !Number.isFinite(age) ? 100 : Math.floor((age * 100) / limit);

const agoText = (age: number | undefined): string => {
  if (age === undefined) return 'never';
  return Number.isFinite(age)
    ? `${durationText(age)} ago`
    : 'at a time that has not come yet by the exchange’s clock';
};
