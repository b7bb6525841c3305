import type { Candle } from '../domain/candle.ts';
import { candleFault } from './candle-fault.ts';

/**
 * An indicator over closed candles, fed one by one in time order.
 * `value()` is undefined until `warmUp` candles were fed: never 0, never the close, never an unstable first guess.
 */
export interface Indicator<V = number> {
  /** Candles needed before there is a value. */
  readonly warmUp: number;
  /** Takes the next candle. Throws RangeError for a candle that `candleFault` names or that does not open after the last one. */
  update(candle: Candle): void;
  /**
   * Takes another version of the candle fed last, as if the earlier one had never been. Throws RangeError before the first, for a
   * faulty candle and for one that opens at another time.
   */
  replace(candle: Candle): void;
  value(): V | undefined;
}

/** What one indicator adds to the common rules: how a candle changes it and how its value is read once warm. */
export interface Calculation<V> {
  readonly warmUp: number;
  readonly apply: (candle: Candle, replace: boolean) => void;
  /** Called only after `warmUp` candles. */
  readonly read: () => V | null;
}

/** Puts a calculation behind the rules that all indicators share: input checked, no value before the warm-up. */
export function createIndicator<V>({ warmUp, apply, read }: Calculation<V>): Indicator<V> {
  let fed = 0;
  let last = -Infinity;
  return {
    warmUp,
    update(candle) {
      refuseFault(candle);
      const { openTime } = candle;
      if (openTime <= last) {
        throw new RangeError(`candle ${openTime} is not after ${last}`);
      }
      apply(candle, false);
      last = openTime;
      fed += 1;
    },
    replace(candle) {
      if (fed === 0) throw new RangeError('there is no candle to replace yet');
      refuseFault(candle);
      if (candle.openTime !== last) {
        throw new RangeError(`candle ${candle.openTime} is not the last one, ${last}`);
      }
      apply(candle, true);
    },
    value: () => (fed < warmUp ? undefined : (read() ?? undefined)),
  };
}

function refuseFault(candle: Candle): void {
  const fault = candleFault(candle);
  if (fault !== undefined) throw new RangeError(`candle refused: ${fault}`);
}

/** A period of at least `least` candles. Throws RangeError for anything else. */
export function checkedPeriod(period: number, least = 1): number {
  if (Number.isInteger(period) && period >= least) return period;
  throw new RangeError(`a period must be a whole number of ${least} or more, not ${period}`);
}
