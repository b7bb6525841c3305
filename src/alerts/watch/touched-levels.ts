import type { Finding } from '../../domain/alert.ts';
import type { Price } from '../../domain/money/money.ts';
import type { Position, ProtectiveOrder } from '../../domain/position.ts';
import { stopHit } from '../rules/stop-hit.ts';
import { targetHit } from '../rules/target-hit.ts';
import type { MarkTick, Level } from './level.ts';

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
const firesBelow = (level: Level): boolean => (level.kind === 'stop') === (level.side === 'long');

const touched = (level: Level, mark: Price): boolean =>
  firesBelow(level) ? mark <= level.price : mark >= level.price;

/** Index of all resting stops and targets by symbol. Protections whose position is gone are left out. */
export function prepareLevels(
  positions: readonly Position[],
  protections: readonly ProtectiveOrder[],
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
    const qty = protection.stopQty ?? owner.qty;
    found.push({ ...base, kind: 'stop', price: protection.stopPrice, qty });
  }
  if (protection.targetPrice !== undefined) {
    const qty = protection.targetQty ?? owner.qty;
    found.push({ ...base, kind: 'target', price: protection.targetPrice, qty });
  }
  return found;
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
  return entry.levels
    .filter((level) => touched(level, tick.mark))
    .map((level) => (level.kind === 'stop' ? stopHit(level, tick) : targetHit(level, tick)));
}
