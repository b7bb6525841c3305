import type { Finding } from '../../domain/alert.ts';
import type { Price } from '../../domain/money/money.ts';
import type { Position, ProtectiveOrder } from '../../domain/position.ts';
import { stopHit } from '../rules/stop-hit.ts';
import { targetHit } from '../rules/target-hit.ts';
import type { MarkTick, Trigger } from './trigger.ts';

interface SymbolTriggers {
  /** The highest price at or under which something fires. */
  readonly low: bigint;
  /** The lowest price at or over which something fires. */
  readonly high: bigint;
  readonly triggers: readonly Trigger[];
}

/** Made by `prepareTriggers`; valid until positions or protections change. */
export type TriggerIndex = ReadonlyMap<string, SymbolTriggers>;

const NEVER_LOW = -1n;
const NEVER_HIGH = 10n ** 60n;
const NOTHING: readonly Finding[] = Object.freeze([]);

/** Whether it fires when the price falls to it; otherwise when the price rises to it. */
const firesBelow = (trigger: Trigger): boolean =>
  (trigger.kind === 'stop') === (trigger.side === 'long');

const touched = (trigger: Trigger, mark: Price): boolean =>
  firesBelow(trigger) ? mark <= trigger.price : mark >= trigger.price;

/** Index of all resting stops and targets by symbol. Protections whose position is gone are left out. */
export function prepareTriggers(
  positions: readonly Position[],
  protections: readonly ProtectiveOrder[],
): TriggerIndex {
  const owners = new Map(positions.map((each) => [each.id, each]));
  const bySymbol = new Map<string, Trigger[]>();
  for (const protection of protections) {
    const owner = owners.get(protection.positionId);
    if (owner === undefined) continue;
    const list = bySymbol.get(owner.symbol) ?? [];
    list.push(...triggersOf(owner, protection));
    bySymbol.set(owner.symbol, list);
  }
  return new Map([...bySymbol].map(([symbol, triggers]) => [symbol, boundsOf(triggers)]));
}

function triggersOf(owner: Position, protection: ProtectiveOrder): Trigger[] {
  const base = {
    positionId: owner.id,
    symbol: owner.symbol,
    side: owner.side,
    entryPrice: owner.entryPrice,
  };
  const found: Trigger[] = [];
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

function boundsOf(triggers: readonly Trigger[]): SymbolTriggers {
  let low = NEVER_LOW;
  let high = NEVER_HIGH;
  for (const each of triggers) {
    if (firesBelow(each)) low = each.price > low ? each.price : low;
    else high = each.price < high ? each.price : high;
  }
  return { low, high, triggers };
}

/**
 * The hot path: what a price tick touches. Constant time and no allocation while nothing is touched. A trigger that stays touched
 * is found again with the same key, which is told once.
 */
export function triggerWatch(index: TriggerIndex, tick: MarkTick): readonly Finding[] {
  const entry = index.get(tick.symbol);
  if (entry === undefined || (tick.mark > entry.low && tick.mark < entry.high)) return NOTHING;
  return entry.triggers
    .filter((trigger) => touched(trigger, tick.mark))
    .map((trigger) =>
      trigger.kind === 'stop' ? stopHit(trigger, tick) : targetHit(trigger, tick),
    );
}
