import type { Side } from '../../domain/position.ts';

/** `time`: its strategy leaves it; `end`: the data end. */
export type ExitReason = 'stop' | 'target' | 'time' | 'liquidation' | 'end';

/** Stop and target of an open trade. */
export interface Bracket {
  readonly side: Side;
  readonly stop: number;
  readonly target: number;
}

export interface Touch {
  readonly reason: 'stop' | 'target';
  /** The stop or target itself, or the open where the candle opened beyond it. */
  readonly price: number;
  /** Whether the candle opened beyond it. */
  readonly gap: boolean;
}

export interface Span {
  readonly open: number;
  readonly high: number;
  readonly low: number;
}

/**
 * Where a bracket ends within one candle, if it does. The order inside a candle is unknown, so the stop comes first when both
 * lie in it; a candle that opens beyond stop or target fills at its open.
 */
export function bracketExit({ side, stop, target }: Bracket, span: Span): Touch | undefined {
  const { open, high, low } = span;
  if (side === 'long') {
    if (open <= stop) return { reason: 'stop', price: open, gap: true };
    if (open >= target) return { reason: 'target', price: open, gap: true };
    if (low <= stop) return { reason: 'stop', price: stop, gap: false };
    return high >= target ? { reason: 'target', price: target, gap: false } : undefined;
  }
  if (open >= stop) return { reason: 'stop', price: open, gap: true };
  if (open <= target) return { reason: 'target', price: open, gap: true };
  if (high >= stop) return { reason: 'stop', price: stop, gap: false };
  return low <= target ? { reason: 'target', price: target, gap: false } : undefined;
}
