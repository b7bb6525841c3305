import {
  max,
  min,
  percent,
  priceFromNumber,
  roundToStep,
  scaleBy,
  type Price,
  type Ratio,
} from '../../domain/money/money.ts';
import {
  stopReached,
  stopsOf,
  towardsLoss,
  type Position,
  type ProtectiveOrder,
} from '../../domain/position.ts';

/** How far a stop may follow the price, as shares of it. */
export const TRAIL_LEAST: Ratio = percent('0.5');
export const TRAIL_MOST: Ratio = percent('20');
/** A step that gains less than this share of the price is not worth a request. */
const STEP_LEAST: Ratio = percent('0.1');

/** What a step is judged by: two sources that have to agree. */
export interface TrailSight {
  readonly position: Position;
  readonly protections: readonly ProtectiveOrder[];
  /** Close of the newest closed candle. */
  readonly close: number;
  /** The mark price of now. */
  readonly mark: Price;
  readonly tick: Price;
  /** The distance that the owner signed, as a share of the price. */
  readonly share: Ratio;
}

/**
 * Where the stop of a position that follows the price goes now; undefined: it stays. It only ever goes nearer. It is measured from the
 * closed candle or the mark price, whichever is worse for the owner, so that one bad tick tightens nothing; and it never comes nearer to
 * the mark price than the least distance.
 */
export function trailStep(sight: TrailSight): Price | undefined {
  const { position, protections, close, mark, tick, share } = sight;
  const { side } = position;
  if (!Number.isFinite(close) || close <= 0 || mark <= 0n || position.qty <= 0n) return undefined;
  const closed = priceFromNumber(close, tick, side === 'long' ? 'down' : 'up');
  const base = side === 'long' ? min(closed, mark) : max(closed, mark);
  const away = (by: Ratio, from: Price): Price =>
    roundToStep(
      towardsLoss(from, scaleBy(from, by, 'up'), side),
      tick,
      side === 'long' ? 'down' : 'up',
    );
  const wanted = away(max(share, TRAIL_LEAST), base);
  const nearest = away(TRAIL_LEAST, mark);
  const next = side === 'long' ? min(wanted, nearest) : max(wanted, nearest);
  if (next <= 0n || stopReached(side, next, mark)) return undefined;
  const { parts, uncovered } = stopsOf(position, protections);
  const now = uncovered > 0n ? undefined : parts.at(-1)?.price;
  if (now === undefined) return next;
  const gained = side === 'long' ? next - now : now - next;
  return gained >= scaleBy(mark, STEP_LEAST, 'up') ? next : undefined;
}
