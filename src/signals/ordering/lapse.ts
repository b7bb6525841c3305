import type { Signal } from '../../domain/signal.ts';
import { strategyNamed } from '../strategies/list.ts';

/** How long a signal of its strategy counts, from the close of its candle; nothing of one whose strategy was taken out since. */
export function lapseOf({ strategy }: Pick<Signal, 'strategy'>): {
  readonly lapsesAfterMs?: number;
} {
  const lapsesAfterMs = strategyNamed(strategy)?.lapsesAfterMs;
  return lapsesAfterMs === undefined ? {} : { lapsesAfterMs };
}
