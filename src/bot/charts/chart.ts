import type { ChartConfig } from '../../app/ports/chart-renderer.ts';

/** A chart and its text twin of at most 1,024 characters, which is the caption. */
export interface Picture {
  readonly config: ChartConfig;
  readonly caption: string;
}

/** Thrown when the data cannot be drawn (nothing in it, a value that is not a number). The text twin still works. */
export class ChartDataError extends Error {
  override readonly name = 'ChartDataError';
}

/**
 * Refuses values that are not finite numbers: a chart never draws an invented figure.
 * `what` names the value in the message, e.g. `equity of reading 3`.
 */
export function requireFinite(value: number, what: string): number {
  if (Number.isFinite(value)) return value;
  throw new ChartDataError(`The chart cannot be drawn: ${what} is not a number (${value}).`);
}
