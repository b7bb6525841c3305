import type { Candle, CandleColumns } from '../domain/candle.ts';
import { HOUR } from '../domain/time.ts';

/** Greatest factor, up or down, between the close before and a candle's open or close. */
const MOST_STEP = 4;
/**
 * A candle that opens where the one before closed, so near as this, traded its whole way: its close may lie farther away, as 6 of 525
 * perpetuals have shown since 2024 (1/4 to 1/16, and 5 times).
 */
const CONNECTED = 1.05;
const MOST_TRADED = 20;
/** Factors about ten are a decimal point or another scale, however the candle opens. */
const ABOUT_TEN = { from: 8, to: 12.5 } as const;

/** Greatest factor by which a high may lie above open and close. Nobody bids up a market fivefold and back within a candle. */
const MOST_UP = 5;
/** The same for a low, which an empty order book really reaches: ten times was seen on 2025-10-10. */
const MOST_DOWN = 20;

/** So many candles in a row at another level are no bad ticks but another level. */
export const NEW_LEVEL_AFTER = 3;
/** No strategy goes on over a longer time between two candles; behind one a market may stand at any level. */
export const LEVEL_LASTS = 43 * 4 * HOUR;

export interface BadTick {
  /** `level`: open or close far from the close before; `wick`: only high or low far from both. */
  readonly kind: 'level' | 'wick';
  /** In plain words. */
  readonly reason: string;
}

/**
 * Whether a sound candle holds a price that no market makes: a slip of the recorder, of the exchange or of a decimal point.
 * Undefined when it does not. The factors lie twice above what 830,000 recorded hours hold, crashes included (2.2 for a step, 2.5
 * for a high, 10.5 for a low). Only the past is looked at, so that live and backtest judge alike. `before`: the close
 * of the candle before, undefined when there is none.
 */
export function badTick(candle: Candle, before: number | undefined): BadTick | undefined {
  const { open, high, low, close } = candle;
  const upper = Math.max(open, close);
  const lower = Math.min(open, close);
  if (before !== undefined) {
    const far = upper > before * MOST_STEP ? upper : lower;
    const isFar = far > before * MOST_STEP || far * MOST_STEP < before;
    if (isFar && !isTraded(candle, before)) {
      const reason = `${far === close ? 'close' : 'open'} ${far} is ${times(far, before)} the close before, ${before}`;
      return { kind: 'level', reason };
    }
  }
  if (high > upper * MOST_UP) {
    return { kind: 'wick', reason: `high ${high} is ${times(high, upper)} open and close` };
  }
  if (low * MOST_DOWN < lower) {
    return { kind: 'wick', reason: `low ${low} is ${times(low, lower)} open and close` };
  }
  return undefined;
}

/**
 * Whether a row holds a sound candle whose prices are so near each other and the close of the row before that no rule can name a bad
 * tick: told of nearly every row, without a candle. A first row has no such close.
 */
export function isCalm(columns: CandleColumns, row: number): boolean {
  const low = columns.low[row] ?? NaN;
  const high = columns.high[row] ?? NaN;
  const open = columns.open[row] ?? NaN;
  const close = columns.close[row] ?? NaN;
  const volume = columns.volume[row] ?? NaN;
  const before = row === 0 ? NaN : (columns.close[row - 1] ?? NaN);
  return (
    low > 0 &&
    open >= low &&
    close >= low &&
    high >= open &&
    high >= close &&
    volume >= 0 &&
    volume < Infinity &&
    high <= low * MOST_STEP &&
    high <= before * MOST_STEP &&
    before <= low * MOST_STEP
  );
}

/** Whether the price went from the close before to this close within the candle, and no change of scale is as likely. */
function isTraded({ open, close }: Candle, before: number): boolean {
  const opened = factorOf(open, before);
  const went = factorOf(close, before);
  const isAboutTen = went > ABOUT_TEN.from && went < ABOUT_TEN.to;
  return opened <= CONNECTED && went <= MOST_TRADED && !isAboutTen;
}

const factorOf = (one: number, other: number): number => Math.max(one / other, other / one);

/** What a reader of candles is told of each one. */
export type TickVerdict = 'sound' | 'new-level' | BadTick;

/**
 * Watches the candles of one market in their order, however long is missing between them. A third candle in a row away from the level
 * before and near each other is `new-level`: the caller decides what to do with what it knew. `before`: the close of the last candle that was used.
 */
export function createTickWatch(): (candle: Candle, before: number | undefined) => TickVerdict {
  let strays = 0;
  let strayed: number | undefined;
  return (candle, before) => {
    const tick = badTick(candle, before);
    if (tick?.kind !== 'level') {
      strays = 0;
      return tick ?? 'sound';
    }
    const isAlone = strays === 0 || badTick(candle, strayed)?.kind === 'level';
    strays = isAlone ? 1 : strays + 1;
    strayed = candle.close;
    if (strays < NEW_LEVEL_AFTER) return tick;
    strays = 0;
    return 'new-level';
  };
}

/** The candles of one market that hold a price, in their order: a third at another level does, as it is one then. */
export function withoutBadTicks(candles: readonly Candle[]): readonly Candle[] {
  const tickOf = createTickWatch();
  let before: number | undefined;
  return candles.filter((candle) => {
    if (typeof tickOf(candle, before) === 'object') return false;
    before = candle.close;
    return true;
  });
}

/** Of a candle at the beginning that stands away from the level that follows and stays: what is said of it, in plain words. */
export const levelAfter = ({ close }: Candle, after: number): string =>
  `close ${close} is ${times(close, after)} the close of those after it, ${after}`;

/** "12 times" or "1/12 of". */
function times(price: number, base: number): string {
  const factor = price > base ? price / base : base / price;
  const text = factor.toFixed(factor < 10 ? 1 : 0);
  return price > base ? `${text} times` : `1/${text} of`;
}
