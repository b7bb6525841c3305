import { rules } from '../explain/with-basis.ts';
import type { Finding } from '../../domain/alert.ts';
import { mulDiv, ONE_RATIO, sub, type Price, type Ratio } from '../../domain/money/money.ts';
import {
  distance,
  markOf,
  stopReached,
  towardsLoss,
  type Position,
  type ProtectiveOrder,
} from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';
import { standOn, type Rung, type Standing } from './steps.ts';

/** Percent of the way from entry to liquidation that are gone: 50, 25 and 10 are left. */
export const WAY: readonly Rung[] = [
  { at: 50, until: 40 },
  { at: 75, until: 70 },
  { at: 90, until: 87 },
];
/** Percent of the margin that the exchange needs as maintenance margin: at 100 it liquidates. */
export const MARGIN: readonly Rung[] = [
  { at: 60, until: 54 },
  { at: 80, until: 74 },
];

/** Where each position stands on the two ladders, by position id; `cross` for all positions in cross margin together. */
export type LiquidationStandings = ReadonlyMap<
  string,
  { readonly way?: Standing; readonly margin?: Standing }
>;

/**
 * Percent of the way from entry to liquidation that are gone at that price, rounded down; 0 or less while it is in profit, 100 and more
 * at liquidation. Undefined where the exchange names no liquidation price. One that is no longer on the losing side of the entry leaves
 * no way: everything short of it counts as 90.
 */
export function wayGone(
  {
    side,
    entryPrice,
    liquidationPrice,
  }: Pick<Position, 'side' | 'entryPrice' | 'liquidationPrice'>,
  mark: Price,
): number | undefined {
  if (liquidationPrice === undefined) return undefined;
  if (stopReached(side, liquidationPrice, mark)) return 100;
  if (!stopReached(side, entryPrice, liquidationPrice) || entryPrice === liquidationPrice)
    return 90;
  const lost = side === 'long' ? sub(entryPrice, mark) : sub(mark, entryPrice);
  const way = distance(entryPrice, liquidationPrice);
  return Number(mulDiv(lost, 100n, { c: way, rounding: 'down' }));
}

/** The price at which so many percent of the way are gone, rounded towards the entry; undefined without such a way. */
export function priceAfter(position: Position, percent: number): Price | undefined {
  const { side, entryPrice, liquidationPrice } = position;
  if (liquidationPrice === undefined || !stopReached(side, entryPrice, liquidationPrice))
    return undefined;
  const way = distance(entryPrice, liquidationPrice);
  const by = mulDiv(way, BigInt(percent), { c: 100n, rounding: 'up' }) as Price;
  return towardsLoss(entryPrice, by, side);
}

/** Where a position stands that nobody has looked at yet. */
export const unseen = ({ openedAt }: Pick<Position, 'openedAt'>): Standing => ({ since: openedAt });

export interface LiquidationReading {
  readonly positions: readonly Position[];
  readonly protections: readonly ProtectiveOrder[];
  /** Maintenance margin ÷ what stands behind it, by position id in isolated margin, and of all others together under `cross`. */
  readonly marginUse: ReadonlyMap<string, Ratio>;
  readonly previous: LiquidationStandings;
  readonly now: Timestamp;
}

/**
 * How near each position is to liquidation, and what of it is to be told: each rung once until it has been left again. What a reading
 * lacks stays where it stood, because not to be seen is no end.
 */
export function watchLiquidation(reading: LiquidationReading): {
  readonly standings: LiquidationStandings;
  readonly findings: readonly Finding[];
} {
  const standings = stillHeld(reading);
  const findings: Finding[] = [];
  for (const position of reading.positions) {
    const mark = markOf(position);
    const value = mark === undefined ? undefined : wayGone(position, mark);
    if (mark === undefined || value === undefined) continue;
    const before = reading.previous.get(position.id)?.way ?? unseen(position);
    const { standing, rose } = standOn(WAY, before, { value, now: reading.now });
    standings.set(position.id, { ...standings.get(position.id), way: standing });
    if (!rose || standing.at === undefined) continue;
    const near = {
      position,
      protections: reading.protections,
      gone: standing.at,
      since: before.since,
    };
    findings.push(rules.liquidationNear(near, { mark, at: reading.now }));
  }
  for (const [id, use] of reading.marginUse) {
    const position = reading.positions.find((each) => each.id === id);
    const before = reading.previous.get(id)?.margin ?? {
      since: position?.openedAt ?? crossSince(reading.positions),
    };
    const value = Number(mulDiv(use, 100n, { c: ONE_RATIO, rounding: 'down' }));
    const { standing, rose } = standOn(MARGIN, before, { value, now: reading.now });
    standings.set(id, { ...standings.get(id), margin: standing });
    if (!rose || standing.at === undefined) continue;
    findings.push(
      rules.marginHigh(
        { id, position, percent: standing.at, use, since: before.since },
        reading.now,
      ),
    );
  }
  return { standings, findings };
}

/** Under which all positions in cross margin stand together. */
const CROSS = 'cross';
const inCross = ({ marginMode }: Position): boolean => marginMode === 'cross';

/** What was known of that which is held still; in cross margin a position has no margin of its own. */
function stillHeld({
  previous,
  positions,
}: LiquidationReading): Map<string, { way?: Standing; margin?: Standing }> {
  const kept = new Map<string, { way?: Standing; margin?: Standing }>();
  for (const position of positions) {
    const { way, margin } = previous.get(position.id) ?? {};
    const own = inCross(position) ? undefined : margin;
    if (way !== undefined || own !== undefined)
      kept.set(position.id, { ...(way && { way }), ...(own && { margin: own }) });
  }
  const cross = previous.get(CROSS);
  if (cross !== undefined && positions.some(inCross)) kept.set(CROSS, cross);
  return kept;
}

/** When the first of those in cross margin was opened: with others it is another happening. */
const crossSince = (positions: readonly Position[]): Timestamp =>
  Math.min(...positions.filter(inCross).map(({ openedAt }) => openedAt), Number.MAX_SAFE_INTEGER);
