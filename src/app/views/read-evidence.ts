import {
  breakEvenOf,
  breakEvenShare,
  briefRecord,
  contradictsClaim,
  evidenceLines,
  liveRecords,
  liveResults,
  mostSignals,
  outcomeRecord,
  recordLine,
  type OutcomeRecord,
} from '../../backtest/study/evidence.ts';
import { wilson } from '../../backtest/figures/statistics.ts';
import { recordOfResults } from '../../backtest/study/record.ts';
import { sideText, type SideRecord } from '../../backtest/study/side-record.ts';
import type { Timestamp } from '../../domain/time.ts';
import type { SignalOutcome, FinishedSignal } from '../../backtest/trade/ledger.ts';
import { recordOf } from '../../backtest/study/measured.ts';
import type { Measurement } from '../../backtest/study/measurement.ts';
import { isPushed, type Signal } from '../../domain/signal.ts';
import { countText, shareText, signedShareText, signedText } from '../../domain/words/words.ts';
import { STRATEGIES, strategyNamed } from '../../signals/strategies/list.ts';
import type { Strategy } from '../../signals/strategy.ts';
import type { Ports } from '../ports/ports.ts';
import { readPlaces } from '../scan/places.ts';
import { reasonOf } from '../reading/reading.ts';

/** The record of each side from one source, in words. */
export interface EvidenceSource {
  readonly name: string;
  readonly sides: readonly {
    readonly text: string;
    /** The whole interval lies below what a signal claims. */
    readonly contradicts: boolean;
  }[];
}

/** The evidence on the signals of one strategy. */
export interface StrategyEvidence {
  readonly strategy: string;
  readonly about: string;
  readonly finding: string;
  /** The history with the most signals in one line. */
  readonly brief: string;
  /** How many of those seen live reached their target, of how many that ended; undefined where it cannot be read. */
  readonly reached: { readonly targets: number; readonly ended: number } | undefined;
  readonly measured: readonly (EvidenceSource & { readonly summary: readonly string[] })[];
  /** A text: why the live record cannot be shown. */
  readonly live: EvidenceSource | string;
}

/** How many signals of a strategy and side reached their target: the share with its 95 % interval, all between 0 and 1. */
export interface ReliabilityRow {
  /** Strategy and side. */
  readonly name: string;
  /** Where it was measured, in a few words. */
  readonly source: string;
  readonly n: number;
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/** Sum of the results in R of each week from `from` on, of one strategy and source; null: a week without a signal. */
export interface WeeklyResults {
  readonly strategy: string;
  /** Where it was measured, in a few words. */
  readonly source: string;
  readonly signals: number;
  readonly from: Timestamp;
  readonly sums: readonly (number | null)[];
}

/** What /evidence shows. */
export interface EvidenceView {
  /** Those that the scan asks, and those of which signals were tracked. */
  readonly strategies: readonly StrategyEvidence[];
  /** Signals under way, and those that ended; undefined where the ledger cannot be read. */
  readonly counts: { readonly open: number; readonly ended: number } | undefined;
  /** Signals that were not taken, tracked as if they had been. */
  readonly vetoes: readonly (OutcomeRecord & { readonly fate: string })[];
  readonly breakEven: number;
  /** For the pictures: every side that is measured, and the weeks of what is pushed. */
  readonly rows: readonly ReliabilityRow[];
  readonly weekly: readonly WeeklyResults[];
  /** The first strategy that is pushed; undefined where none is. */
  readonly pushed: string | undefined;
}

const VETOES: readonly { readonly fate: SignalOutcome; readonly words: string }[] = [
  { fate: 'rejected', words: 'you rejected' },
  { fate: 'expired', words: 'you did not answer in time' },
  { fate: 'refused', words: 'a limit refused' },
  { fate: 'not best', words: 'others were better' },
  { fate: 'watched', words: 'only watched' },
];

/** The evidence on the strategy's signals. Never rejects. */
export async function readEvidence(
  ports: Pick<Ports, 'ledger' | 'places' | 'venueMode'>,
): Promise<EvidenceView> {
  const { ledger } = ports;
  const places = await readPlaces(ports);
  const finished = await readFinished(ledger);
  const open = await ledger?.open().catch(() => undefined);
  const known = typeof finished === 'string' ? undefined : finished;
  const tracked = new Set(known?.map(({ strategy }) => strategy));
  const shown = STRATEGIES.filter(({ name, isScanned }) => isScanned || tracked.has(name));
  return {
    strategies: shown.map((each) => strategyEvidence(each, finished)),
    counts:
      known === undefined || open === undefined
        ? undefined
        : { open: open.length, ended: known.length },
    vetoes: VETOES.map(({ fate, words }) => ({ fate: words, ...outcomeRecord(known ?? [], fate) })),
    breakEven: breakEvenShare(2),
    pushed: [...places].find(([, place]) => isPushed(place))?.[0],
    weekly: shown.flatMap((each) => weeklyOf(each, known ?? [])),
    rows: shown.flatMap((each) => rowsOf(each, known ?? [])).filter(({ n }) => n >= LEAST),
  };
}

function strategyEvidence(
  strategy: Strategy,
  finished: readonly FinishedSignal[] | string,
): StrategyEvidence {
  const { name, about } = strategy;
  const { finding, measurements } = recordOf(name);
  const sidesOf = (records: readonly SideRecord[]): EvidenceSource['sides'] =>
    records.map((record) => ({
      text: `${record.side}: ${sideText(record, breakEvenOf(name))}`,
      contradicts: contradictsClaim(record),
    }));
  return {
    strategy: name,
    about,
    finding,
    brief: briefRecord(name),
    reached: typeof finished === 'string' ? undefined : reachedOf(liveRecords(finished, strategy)),
    measured: measurements
      .toSorted((one, other) => other.n - one.n)
      .map((each, index) => ({
        name: each.data,
        // The whole story of the history with the most signals; of the others what is comparable.
        summary: index === 0 ? summaryOf(each) : [],
        sides: sidesOf(each.sides.filter(({ clean }) => index === 0 || !clean)),
      })),
    live:
      typeof finished === 'string'
        ? finished
        : { name: 'live', sides: sidesOf(liveRecords(finished, strategy)) },
  };
}

const reachedOf = (sides: readonly SideRecord[]): NonNullable<StrategyEvidence['reached']> => ({
  targets: sides.reduce((sum, { clean, targets }) => sum + (clean ? 0 : targets), 0),
  ended: sides.reduce((sum, { clean, n }) => sum + (clean ? 0 : n), 0),
});

/** For the picture: a row a side and source. */
function rowsOf(
  strategy: Strategy,
  finished: readonly FinishedSignal[],
): readonly ReliabilityRow[] {
  const sources = [
    ...recordOf(strategy.name).measurements.map(({ data, sides }) => ({ data, sides })),
    { data: 'live', sides: liveRecords(finished, strategy) },
  ];
  return sources.flatMap(({ data, sides }) =>
    sides
      .filter(({ clean }) => !clean)
      .map(({ side, n, targets }) => {
        const { rate, low, high } = wilson(targets, n);
        return { name: `${strategy.name} ${side}`, source: data, n, rate, low, high };
      }),
  );
}

/** The weeks of the history with the most signals, and those that were seen live. */
function weeklyOf(
  { name }: Strategy,
  finished: readonly FinishedSignal[],
): readonly WeeklyResults[] {
  const most = mostSignals(name);
  const seen = liveResults(finished, name);
  const sources = [
    ...(most === undefined ? [] : [{ source: most.data, ...most }]),
    ...(seen.length === 0 ? [] : [{ source: 'live', ...recordOfResults(seen) }]),
  ];
  return sources.map(({ source, sides, weekly }) => ({
    strategy: name,
    source,
    signals: sides.reduce((sum, { clean, n }) => sum + (clean ? 0 : n), 0),
    ...weekly,
  }));
}

const LEAST = 30;
/** From this share of all candles on, a signal is nothing special. */
const COMMON = 0.2;

function summaryOf(measured: Measurement): readonly string[] {
  const { symbols, from, to, n, randomR, signalShare, accounts, years } = measured;
  return [
    `${countText(symbols, 'symbol')}, ${from} to ${to}: ${countText(n, 'signal')}, each tracked on its own after costs; random entries with the same exits ${inR(randomR)}`,
    ...(signalShare > COMMON
      ? [`A signal stood on ${shareText(signalShare)} of all closed candles: it selects little`]
      : []),
    `By year: ${years.map(({ year, n: own, meanR }) => `${year} ${inR(meanR)} (${own})`).join(', ')}`,
    ...accounts.map(
      ({ owner, trades, totalReturn, drawdown }) =>
        `With an account, all limits and the emergency stop, ${OWNERS[owner]}: ${countText(trades, 'trade')}, ${signedShareText(totalReturn)}, deepest drawdown ${shareText(drawdown)}`,
    ),
  ];
}

const OWNERS: Record<Measurement['accounts'][number]['owner'], string> = {
  'resumes-daily': 'stopped for good at the drawdown limit',
  'accepts-drawdown': 'resumed after every stop',
  never: 'never resumed',
};

const inR = (value: number): string => `${signedText(value, 3)} R`;

const readFinished = async (ledger: Ports['ledger']): Promise<readonly FinishedSignal[] | string> =>
  ledger === undefined ? 'signals are not tracked here' : ledger.finished().catch(reasonOf);

/** What the strategy of a signal looks for; nothing of one that was taken out since. */
export const aboutStrategy = ({ strategy }: Pick<Signal, 'strategy'>): readonly string[] => {
  const about = strategyNamed(strategy)?.about;
  return about === undefined ? [] : [about];
};

/** What such signals did before: in one line, and in full with what was found of them. */
export interface SignalEvidence {
  readonly line: string;
  readonly lines: readonly string[];
}

/** The record on a signal's card. Never rejects. */
export async function signalEvidence(
  { ledger }: Pick<Ports, 'ledger'>,
  signal: Pick<Signal, 'strategy' | 'side' | 'clean'>,
): Promise<SignalEvidence> {
  const finished = await readFinished(ledger);
  const live = typeof finished === 'string' ? undefined : finished;
  return {
    line: recordLine(signal, live),
    lines: [recordOf(signal.strategy).finding, ...evidenceLines(signal, live)],
  };
}
