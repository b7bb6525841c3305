import {
  breakEvenOf,
  briefRecord,
  expectText,
  liveRecords,
  liveText,
  mostSignals,
  shortOnly,
} from '../../backtest/study/evidence.ts';
import { recordOf } from '../../backtest/study/measured.ts';
import { sideText } from '../../backtest/study/side-record.ts';
import type { FinishedSignal } from '../../backtest/trade/ledger.ts';
import type { Place } from '../../domain/signal.ts';
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
  /** How many of its signals reached their target, in one line. */
  readonly brief: string;
  /** What nobody should expect otherwise of it, from its record. */
  readonly expect: string;
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
      brief: briefRecord(strategy.name),
      expect: expectText([strategy.name]),
      record: recordLines(strategy, finished),
    }));
  } catch (error) {
    return reasonOf(error);
  }
}

const NAMES = SCANNED.map(({ name }) => name);

/** What nobody should expect otherwise of all that the scan asks, from the records, beside what was found of each. */
export const EXPECT = expectText(NAMES);

/** The same where it stands alone. */
export const EXPECT_ALONE = [
  ...shortOnly(NAMES).map((name) => `${name} sells short only.`),
  EXPECT,
].join(' ');

/** The record of a strategy, a line for each side of the history with the most signals, and one for what was seen live. */
export function recordLines(
  { name }: Strategy,
  finished: readonly FinishedSignal[],
): readonly string[] {
  const even = breakEvenOf(name);
  const live = liveRecords(finished, { name }).filter(({ clean }) => !clean);
  const most = mostSignals(name);
  return [
    ...(most?.sides ?? []).map(
      (record) => `${most?.data ?? ''}, ${record.side}: ${sideText(record, even)}`,
    ),
    ...(live.length === 0
      ? [liveText(undefined)]
      : live.map((record) => `${record.side}: ${liveText(record)}`)),
  ];
}
