import { HOUR } from '../../domain/time.ts';
import { returnsOf, returnsSince, type Returns } from '../../risk/portfolio/correlation.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * Returns of the last 7 days' closed 1 h candles, by symbol, from the stored candles. A symbol without stored candles, or whose
 * candles cannot be read, is absent: whoever asks treats it as unknown.
 */
export async function readReturns(
  ports: Pick<Ports, 'candles' | 'clock'>,
  symbols: readonly string[],
): Promise<ReadonlyMap<string, Returns>> {
  const since = returnsSince(ports.clock.now());
  const read = [...new Set(symbols)].map(async (symbol) => {
    const candles = await ports.candles.since(symbol, '1h', since - 1).catch(() => []);
    const closes = candles.map(({ openTime, close }) => ({ at: openTime + HOUR, close }));
    return [symbol, returnsOf(closes, HOUR)] as const;
  });
  const all = await Promise.all(read);
  return new Map(all.filter(([, returns]) => returns.size > 0));
}
