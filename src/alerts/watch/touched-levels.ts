import { rules } from '../explain/with-basis.ts';
import type { Finding, Revision } from '../../domain/alert.ts';
import { min, sub, type Price } from '../../domain/money/money.ts';
import type { Position, ProtectiveOrder } from '../../domain/position.ts';
import { stopHitKey } from '../rules/stop-hit.ts';
import { partEnded, targetHitKey } from '../rules/target-hit.ts';
import type { MarkTick, Level } from './level.ts';
import { priceAfter, unseen, WAY, type LiquidationStandings } from './liquidation-watch.ts';
import type { Standing } from './steps.ts';

interface SymbolLevels {
  /** The highest price at or under which something fires. */
  readonly low: bigint;
  /** The lowest price at or over which something fires. */
  readonly high: bigint;
  readonly levels: readonly Level[];
}

/** Made by `prepareLevels`; valid until positions or protections change. */
export type LevelIndex = ReadonlyMap<string, SymbolLevels>;

const NEVER_LOW = -1n;
const NEVER_HIGH = 10n ** 60n;
const NOTHING: readonly Finding[] = Object.freeze([]);

/** Whether it fires when the price falls to it; otherwise when the price rises to it. */
const firesBelow = (level: Level): boolean =>
  (level.kind === 'target') === (level.side === 'short');

const touched = (level: Level, mark: Price): boolean =>
  firesBelow(level) ? mark <= level.price : mark >= level.price;

/**
 * Index of all resting stops and targets, and of the rungs on the way to liquidation that are still to come, by symbol. Protections
 * whose position is gone are left out.
 */
export function prepareLevels(
  positions: readonly Position[],
  protections: readonly ProtectiveOrder[],
  standings: LiquidationStandings = new Map(),
): LevelIndex {
  const owners = new Map(positions.map((each) => [each.id, each]));
  const bySymbol = new Map<string, Level[]>();
  for (const protection of protections) {
    const owner = owners.get(protection.positionId);
    if (owner === undefined) continue;
    const list = bySymbol.get(owner.symbol) ?? [];
    list.push(...levelsOf(owner, protection));
    bySymbol.set(owner.symbol, list);
  }
  for (const position of positions) {
    const list = bySymbol.get(position.symbol) ?? [];
    list.push(...rungsOf(position, protections, standings.get(position.id)?.way));
    bySymbol.set(position.symbol, list);
  }
  return new Map([...bySymbol].map(([symbol, levels]) => [symbol, boundsOf(levels)]));
}

function levelsOf(owner: Position, protection: ProtectiveOrder): Level[] {
  const base = {
    positionId: owner.id,
    symbol: owner.symbol,
    side: owner.side,
    entryPrice: owner.entryPrice,
  };
  const found: Level[] = [];
  if (protection.stopPrice !== undefined) {
    const qty = min(protection.stopQty ?? owner.qty, owner.qty);
    found.push({ ...base, kind: 'stop', price: protection.stopPrice, qty });
  }
  if (protection.targetPrice !== undefined) {
    const qty = min(protection.targetQty ?? owner.qty, owner.qty);
    const leaves = sub(owner.qty, qty);
    const rest = leaves > 0n ? { leaves } : {};
    found.push({ ...base, kind: 'target', price: protection.targetPrice, qty, ...rest });
  }
  return found;
}

/** The rungs above the one on which the position stands. */
function rungsOf(
  position: Position,
  protections: readonly ProtectiveOrder[],
  { at = 0, since }: Standing = unseen(position),
): Level[] {
  const { id: positionId, symbol, side, entryPrice, qty } = position;
  return WAY.flatMap(({ at: gone }) => {
    const price = priceAfter(position, gone);
    if (price === undefined || gone <= at) return [];
    const near = { position, protections, gone, since };
    return [{ kind: 'liquidation', positionId, symbol, side, entryPrice, qty, price, near }];
  });
}

function boundsOf(levels: readonly Level[]): SymbolLevels {
  let low = NEVER_LOW;
  let high = NEVER_HIGH;
  for (const each of levels) {
    if (firesBelow(each)) low = each.price > low ? each.price : low;
    else high = each.price < high ? each.price : high;
  }
  return { low, high, levels };
}

/**
 * The hot path: what a price tick touches. Constant time and no allocation while nothing is touched. A level that stays touched
 * is found again with the same key, which is told once.
 */
export function touchedLevels(index: LevelIndex, tick: MarkTick): readonly Finding[] {
  const entry = index.get(tick.symbol);
  if (entry === undefined || (tick.mark > entry.low && tick.mark < entry.high)) return NOTHING;
  const found = entry.levels.filter((level) => touched(level, tick.mark));
  return found.filter((level) => !isPassed(level, found)).map((level) => findingOf(level, tick));
}

/** The keys by which a touched stop or target is told. Only the stream tells those; a rung of the way to liquidation is seen by the poll as well. */
export const touchedKeys = (index: LevelIndex): readonly string[] =>
  [...index.values()].flatMap(({ levels }) =>
    levels.flatMap(({ kind, positionId, price }) => {
      if (kind === 'liquidation') return [];
      return [kind === 'stop' ? stopHitKey(positionId, price) : targetHitKey(positionId, price)];
    }),
  );

/** What the messages of targets for a part say whose order rests no more while their position is open. Told ones alone are changed. */
export const endedParts = (
  index: LevelIndex,
  now: {
    readonly positions: readonly Position[];
    readonly protections: readonly ProtectiveOrder[];
  },
): readonly Revision[] =>
  [...index.values()].flatMap(({ levels }) =>
    levels.flatMap((level) => {
      const open = now.positions.find(({ id }) => id === level.positionId);
      const rests = now.protections.some(
        (each) => each.positionId === level.positionId && each.targetPrice === level.price,
      );
      return level.leaves === undefined || rests || open === undefined
        ? []
        : [partEnded(level, open.qty)];
    }),
  );

/** Of several rungs that one tick touches the last one says it all. */
const isPassed = ({ near, positionId }: Level, found: readonly Level[]): boolean =>
  near !== undefined &&
  found.some((each) => each.positionId === positionId && (each.near?.gone ?? 0) > near.gone);

function findingOf(level: Level, tick: MarkTick): Finding {
  if (level.near !== undefined) return rules.liquidationNear(level.near, tick);
  return level.kind === 'stop' ? rules.stopHit(level, tick) : rules.targetHit(level, tick);
}
