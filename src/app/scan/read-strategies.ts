import { MIN_TRADES } from '../../backtest/figures/metrics.ts';
import { wilson, type MeanInterval, type Proportion } from '../../backtest/figures/statistics.ts';
import { liveRecords } from '../../backtest/study/evidence.ts';
import { recordOf, type Measurement } from '../../backtest/study/measured.ts';
import type { FinishedSignal } from '../../backtest/trade/ledger.ts';
import type { Place } from '../../domain/signal.ts';
import { signedText } from '../../domain/words/words.ts';
import { SCANNED } from '../../signals/strategies/list.ts';
import type { Strategy } from '../../signals/strategy.ts';
import type { Ports } from '../ports/ports.ts';
import { reasonOf } from '../reading/reading.ts';
import { placesOf } from './places.ts';

/** One strategy that the scan asks, with where it stands and what it is worth. */
export interface StrategyStanding {
  readonly name: string;
  readonly about: string;
  readonly finding: string;
  readonly place: Place;
  /** Whether its clean signals can be asked for alone. */
  readonly hasClean: boolean;
  /** It was withdrawn by its own record. */
  readonly withdrawn: boolean;
  /** What its signals did, a line a source. */
  readonly record: readonly string[];
}

/** What /strategies shows; a text says why it cannot. Never rejects. */
export async function readStrategies({
  places,
  ledger,
  venueMode,
}: Pick<Ports, 'places' | 'ledger' | 'venueMode'>): Promise<readonly StrategyStanding[] | string> {
  try {
    const stored = await places.read();
    const finished = (await ledger?.finished().catch(() => undefined)) ?? [];
    const standing = placesOf(stored, venueMode);
    return SCANNED.map((strategy) => ({
      name: strategy.name,
      about: strategy.about,
      finding: recordOf(strategy.name).finding,
      place: standing.get(strategy.name) ?? 'watch',
      hasClean: strategy.isClean !== undefined,
      withdrawn: stored.get(strategy.name)?.by === 'record',
      record: recordLines(strategy, finished),
    }));
  } catch (error) {
    return reasonOf(error);
  }
}

/** The record of a strategy, a line for each history and one for what was seen live. */
export const recordLines = (
  strategy: Strategy,
  finished: readonly FinishedSignal[],
): readonly string[] => [
  ...recordOf(strategy.name).measurements.map((each) => `${each.data}: ${measuredText(each)}`),
  `Live so far: ${liveText(strategy, finished)}`,
];

const measuredText = ({ bands, n, meanR }: Measurement): string =>
  resultText(
    wilson(
      bands.reduce((sum, each) => sum + each.wins, 0),
      n,
    ),
    { n, ...meanR },
  );

function liveText(strategy: Strategy, finished: readonly FinishedSignal[]): string {
  const records = liveRecords(finished, strategy);
  const n = records.reduce((sum, { hits }) => sum + hits.n, 0);
  const wins = records.reduce((sum, { hits }) => sum + hits.hits, 0);
  return n < MIN_TRADES ? `${wins} of ${n}, too few to judge` : `${wins} of ${n}`;
}

/** "41 of 100 earned money, 33 break even; +0.22 times the risk each (-0.05 to +0.49)". */
const resultText = ({ rate }: Proportion, { mean, low, high }: MeanInterval): string =>
  `${Math.round(rate * 100)} of 100 earned money, ${BREAK_EVEN} break even; ${signedText(mean, 2)} times the risk each (${signedText(low, 2)} to ${signedText(high, 2)})`;

/** Of 100 at a reward of twice the risk. */
const BREAK_EVEN = 33;
