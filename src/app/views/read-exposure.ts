import { categoryOf } from '../../signals/categories.ts';
import { clustersOf } from '../../risk/portfolio/correlation.ts';
import { valueOf } from '../../domain/position.ts';
import { exposureOf, type Exposure } from '../../risk/portfolio/portfolio.ts';
import type { Position } from '../../domain/position.ts';
import type { Usd } from '../../domain/money/money.ts';
import { readReturns } from '../reading/market-returns.ts';
import type { Ports } from '../ports/ports.ts';
import { readAccount } from '../reading/read-account.ts';
import type { Reading } from '../reading/reading.ts';

/** What is at stake where. */
export interface ExposureView {
  readonly positions: readonly Position[];
  /** Value of each position at its mark price, by position id. */
  readonly values: ReadonlyMap<string, Usd>;
  readonly exposure: Exposure;
  /** Groups of symbols that move together over the last 7 days. */
  readonly clusters: readonly (readonly string[])[];
  /** Symbols without enough stored candles: they count as moving with every other. */
  readonly unmeasured: readonly string[];
  readonly threshold: number;
}

/** Exposure by symbol, category, side and cluster, from one read of the account. */
export async function readExposure(
  ports: Pick<Ports, 'clock' | 'limits' | 'account' | 'accounts' | 'candles'>,
): Promise<Reading<ExposureView>> {
  const reading = await readAccount(ports);
  if (reading.kind === 'unavailable') return reading;
  const { positions } = reading.value;
  const symbols = [...new Set(positions.map((each) => each.symbol))];
  const returns = await readReturns(ports, symbols);
  const categories = new Map(symbols.map((each) => [each, categoryOf(each)]));
  const threshold = ports.limits().correlationThreshold;
  return {
    ...reading,
    value: {
      positions,
      values: new Map(positions.map((each) => [each.id, valueOf(each)])),
      exposure: exposureOf(positions, categories),
      clusters: clustersOf(symbols, returns, threshold),
      unmeasured: symbols.filter((each) => !returns.has(each)),
      threshold,
    },
  };
}
