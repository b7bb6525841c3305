import type { Usd } from '../../domain/money/money.ts';
import type { Position } from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';
import { LOSS_STOPS, MARKET_STOPS } from '../limits/all.ts';
import { ageOf } from '../limits/rule.ts';
import type { LossStop, Measured } from '../limits/stop.ts';
import type { RiskState } from '../state/risk-state.ts';
import type { RiskLimits } from '../terms/limits.ts';
import type { MarketReading } from '../terms/market-reading.ts';
import { countText, durationText } from '../terms/phrase.ts';

/** How well the exchange can be read. */
export interface Health {
  /** When the account was last read well; undefined: never. */
  readonly accountReadAt: Timestamp | undefined;
  /** Failed reads of the account in a row. */
  readonly failedReads: number;
  /** When the last price of each symbol arrived. Only symbols with an open position matter. */
  readonly priceAt: ReadonlyMap<string, Timestamp>;
}

/** One condition of the emergency stop, measured. */
export interface StopCondition {
  /** Stable code, also the trigger of the mode's reason. */
  readonly id: string;
  readonly label: string;
  /** How much of the limit is used, in percent; 100 or more has tripped. Cut to whole percents, downwards. */
  readonly usedPercent: number;
  readonly tripped: boolean;
  /** What it tightens to. */
  readonly to: 'reduceOnly' | 'halted';
  /** Plain sentence with the figures; made when it is read, because a backtest judges a hundred thousand hours and reads few. */
  readonly sentence: string;
  readonly coolOffUntil?: Timestamp;
}

const readingOf = (
  { id, label, to }: Pick<LossStop<RiskLimits>, 'id' | 'label' | 'to'>,
  { usedPercent, tripped, sentence, coolOffUntil }: Measured,
): StopCondition => ({
  id,
  label,
  usedPercent,
  tripped,
  to,
  get sentence() {
    return sentence();
  },
  ...(coolOffUntil === undefined ? {} : { coolOffUntil }),
});

/** The limits on losses. */
export const lossConditions = (
  state: RiskState,
  equity: Usd,
  limits: RiskLimits,
): StopCondition[] =>
  LOSS_STOPS.map((each) => readingOf(each, each.measure(state, equity, limits)));

/** Whether account and prices can be trusted at all: each holds new entries and never touches a position. */
export function healthConditions(
  input: {
    readonly health: Health;
    readonly positions: readonly Position[] | undefined;
    readonly now: Timestamp;
  },
  limits: RiskLimits,
): StopCondition[] {
  const { health, now } = input;
  const readAge = health.accountReadAt === undefined ? undefined : ageOf(health.accountReadAt, now);
  return [
    {
      id: 'account-unread',
      label: 'account reading',
      usedPercent: percentOf(readAge, limits.accountMaxAgeMs),
      tripped: readAge === undefined || readAge >= limits.accountMaxAgeMs,
      to: 'reduceOnly',
      get sentence() {
        return `The account was last read ${agoText(readAge)}; the limit is ${durationText(limits.accountMaxAgeMs)}.`;
      },
    },
    priceCondition(input, limits),
    {
      id: 'failed-reads',
      label: 'failed reads',
      usedPercent: Math.floor((health.failedReads * 100) / Math.max(1, limits.maxFailedReads)),
      tripped: health.failedReads >= limits.maxFailedReads,
      to: 'reduceOnly',
      get sentence() {
        return `${countText(health.failedReads, 'read')} of the account in a row failed; the limit is ${limits.maxFailedReads}.`;
      },
    },
  ];
}

function priceCondition(
  input: {
    readonly health: Health;
    readonly positions: readonly Position[] | undefined;
    readonly now: Timestamp;
  },
  limits: RiskLimits,
): StopCondition {
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
    to: 'reduceOnly',
    get sentence() {
      return `${about()}; the limit is ${durationText(limits.priceMaxAgeMs)} while positions are open.`;
    },
  };
}

/** Volatility and margin ratio, as far as they are known: each holds new entries. */
export const marketConditions = (market: MarketReading, limits: RiskLimits): StopCondition[] =>
  MARKET_STOPS.flatMap((each) => {
    const measured = each.measure(market, limits);
    return measured === undefined ? [] : [readingOf(each, measured)];
  });

const percentOf = (age: number | undefined, limit: number): number =>
  age === undefined || !Number.isFinite(age) ? 100 : Math.floor((age * 100) / limit);

const agoText = (age: number | undefined): string => {
  if (age === undefined) return 'never';
  return Number.isFinite(age)
    ? `${durationText(age)} ago`
    : 'at a time that has not come yet by the exchange’s clock';
};
