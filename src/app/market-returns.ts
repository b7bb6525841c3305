import { HOUR } from '../domain/time.ts';
import type { Position, Side } from '../domain/position.ts';
import { correlatedSameSide, returnsOf, returnsSince, type Returns } from '../risk/correlation.ts';
import type { Ports } from './ports.ts';

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

/**
 * How many open positions of the candidate's side move together with it. Undefined while the positions are unknown; unknown
 * correlations count as together.
 */
export async function readCorrelatedSameSide(
  ports: Pick<Ports, 'candles' | 'clock' | 'limits'>,
  candidate: { readonly symbol: string; readonly side: Side },
  positions: readonly Position[] | undefined,
): Promise<number | undefined> {
  if (positions === undefined) return undefined;
  const sameSide = positions.filter((each) => each.side === candidate.side);
  if (sameSide.length === 0) return 0;
  const symbols = [candidate.symbol, ...sameSide.map((each) => each.symbol)];
  const returns = await readReturns(ports, symbols);
  return correlatedSameSide(candidate, { positions, returns }, ports.limits);
}
