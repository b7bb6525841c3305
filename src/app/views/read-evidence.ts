import {
  breakEvenShare,
  contradictsClaim,
  evidenceLines,
  outcomeRecord,
  liveRecords,
  measuredRecords,
  recordText,
  type BandRecord,
  type OutcomeRecord,
} from '../../backtest/study/evidence.ts';
import type { SignalOutcome, FinishedSignal } from '../../backtest/trade/ledger.ts';
import { recordOf, type Measurement } from '../../backtest/study/measured.ts';
import type { Signal } from '../../domain/signal.ts';
import { countText, shareText, signedShareText, signedText } from '../../domain/words/words.ts';
import { STRATEGIES, strategyNamed } from '../../signals/strategies/list.ts';
import type { Strategy } from '../../signals/strategy.ts';
import type { Ports } from '../ports/ports.ts';
import { reasonOf } from '../reading/reading.ts';

/** The record of all score bands from one source, in words. */
export interface EvidenceSource {
  readonly name: string;
  readonly bands: readonly {
    readonly band: string;
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
  readonly measured: readonly (EvidenceSource & { readonly summary: readonly string[] })[];
  /** A text: why the live record cannot be shown. */
  readonly live: EvidenceSource | string;
}

/** What signals of a score band did: the share that earned money with its 95 % interval, all between 0 and 1. */
export interface ReliabilityRow {
  readonly band: string;
  /** Where it was measured, in a few words. */
  readonly source: string;
  readonly n: number;
  readonly rate: number;
  readonly low: number;
  readonly high: number;
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
  /** For the picture: every band that is measured. */
  readonly rows: readonly ReliabilityRow[];
}

/** The least reward to risk with which a signal is made. */
const leastRewardRisk = ({ parameters }: Strategy): number =>
  parameters.minRewardRisk + parameters.rewardRiskRoom;
const VETOES: readonly { readonly fate: SignalOutcome; readonly words: string }[] = [
  { fate: 'rejected', words: 'you rejected' },
  { fate: 'expired', words: 'you did not answer in time' },
  { fate: 'refused', words: 'a limit refused' },
  { fate: 'not best', words: 'others were better' },
  { fate: 'watched', words: 'only watched' },
];

/** The evidence on the strategy's signals. Never rejects. */
export async function readEvidence({ ledger }: Pick<Ports, 'ledger'>): Promise<EvidenceView> {
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
    breakEven: breakEvenShare(leastRewardRisk(STRATEGIES[0])),
    rows: shown.flatMap((each) => rowsOf(each, known ?? [])).filter(({ n }) => n >= LEAST),
  };
}

function strategyEvidence(
  strategy: Strategy,
  finished: readonly FinishedSignal[] | string,
): StrategyEvidence {
  const { name, about } = strategy;
  const { finding, measurements } = recordOf(name);
  const textOf = (record: BandRecord) => bandText(record, leastRewardRisk(strategy));
  return {
    strategy: name,
    about,
    finding,
    measured: measurements.map((each) => ({
      name: each.data,
      summary: summaryOf(each),
      bands: measuredRecords(each).map(textOf),
    })),
    live:
      typeof finished === 'string'
        ? finished
        : { name: 'live', bands: liveRecords(finished, strategy).map(textOf) },
  };
}

/** For the picture. A strategy without a score is one row a source, under its name. */
function rowsOf(
  strategy: Strategy,
  finished: readonly FinishedSignal[],
): readonly ReliabilityRow[] {
  const named = (record: BandRecord, source: string): ReliabilityRow => {
    const row = rowOf(record, source);
    return record.band === 'all' ? { ...row, band: strategy.name } : row;
  };
  return [
    ...recordOf(strategy.name).measurements.flatMap((each) =>
      measuredRecords(each).map((record) => named(record, each.data)),
    ),
    ...liveRecords(finished, strategy).map((record) => named(record, 'live')),
  ];
}

const LEAST = 30;
/** From this share of all candles on, a signal is nothing special. */
const COMMON = 0.2;

function summaryOf(measured: Measurement): readonly string[] {
  const { symbols, from, to, n, meanR, randomR, signalShare, accounts } = measured;
  return [
    `${countText(symbols, 'symbol')}, ${from} to ${to}: ${countText(n, 'signal')}, each tracked on its own: ${inR(meanR.mean)} after costs (95 % interval ${inR(meanR.low)} to ${inR(meanR.high)}); random entries with the same exits ${inR(randomR)}`,
    `A signal stood on ${shareText(signalShare)} of all closed candles${
      signalShare > COMMON ? ': such scores are common, they select little' : ''
    }`,
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

const bandText = (record: BandRecord, rewardRisk: number): EvidenceSource['bands'][number] => ({
  band: record.band,
  text: recordText(record),
  contradicts: contradictsClaim(record, rewardRisk),
});

const rowOf = ({ band, hits }: BandRecord, source: string): ReliabilityRow => ({
  band,
  source,
  n: hits.n,
  rate: hits.rate,
  low: hits.low,
  high: hits.high,
});

const readFinished = async (ledger: Ports['ledger']): Promise<readonly FinishedSignal[] | string> =>
  ledger === undefined ? 'signals are not tracked here' : ledger.finished().catch(reasonOf);

/** What the strategy of a signal looks for; nothing of one that was taken out since. */
export const aboutStrategy = ({ strategy }: Pick<Signal, 'strategy'>): readonly string[] => {
  const about = strategyNamed(strategy)?.about;
  return about === undefined ? [] : [about];
};

/** The lines on a signal's card: what such signals did before, and that no edge was found. Never rejects. */
export async function signalEvidence(
  { ledger }: Pick<Ports, 'ledger'>,
  signal: Pick<Signal, 'strategy' | 'score' | 'rewardRisk'>,
): Promise<readonly string[]> {
  const finished = await readFinished(ledger);
  return [
    `${recordOf(signal.strategy).finding}${
      signal.score === undefined ? '' : ' A score is a count, not a probability.'
    }`,
    ...evidenceLines(signal, typeof finished === 'string' ? undefined : finished),
  ];
}
