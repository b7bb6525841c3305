import {
  breakEvenShare,
  contradictsClaim,
  evidenceLines,
  fateRecord,
  liveRecords,
  measuredRecords,
  recordText,
  type BandRecord,
  type FateRecord,
} from '../../backtest/study/evidence.ts';
import type { Fate, FinishedSignal } from '../../backtest/trade/ledger.ts';
import { FINDING, MEASUREMENTS, type Measurement } from '../../backtest/study/measured.ts';
import type { Signal } from '../../domain/signal.ts';
import { countText, shareText, signedText } from '../../domain/words/words.ts';
import { DEFAULT_STRATEGY } from '../../signals/parameters.ts';
import type { ReliabilityRow } from '../ports/pictures.ts';
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

/** What /evidence shows. */
export interface Evidence {
  readonly finding: string;
  readonly measured: readonly (EvidenceSource & { readonly summary: readonly string[] })[];
  /** A text: why the live record cannot be shown. */
  readonly live: EvidenceSource | string;
  /** Signals under way, and those that ended; undefined where the ledger cannot be read. */
  readonly counts: { readonly open: number; readonly ended: number } | undefined;
  /** Signals that were not taken, followed as if they had been. */
  readonly vetoes: readonly (FateRecord & { readonly fate: string })[];
  readonly breakEven: number;
  /** For the picture: every band that is measured. */
  readonly rows: readonly ReliabilityRow[];
}

/** The least reward to risk with which a signal is made. */
const REWARD_RISK = DEFAULT_STRATEGY.minRewardRisk + DEFAULT_STRATEGY.rewardRiskRoom;
const VETOES: readonly { readonly fate: Fate; readonly words: string }[] = [
  { fate: 'rejected', words: 'you rejected' },
  { fate: 'expired', words: 'you did not answer in time' },
  { fate: 'refused', words: 'a limit refused' },
  { fate: 'not best', words: 'others were better' },
];

/** The evidence on the strategy's signals. Never rejects. */
export async function readEvidence({ ledger }: Pick<Ports, 'ledger'>): Promise<Evidence> {
  const finished = await readFinished(ledger);
  const open = await ledger?.open().catch(() => undefined);
  const known = typeof finished === 'string' ? undefined : finished;
  const live = liveRecords(known ?? []);
  return {
    finding: FINDING,
    measured: MEASUREMENTS.map((each) => ({
      name: each.data,
      summary: summaryOf(each),
      bands: measuredRecords(each).map(bandText),
    })),
    live: typeof finished === 'string' ? finished : { name: 'live', bands: live.map(bandText) },
    counts:
      known === undefined || open === undefined
        ? undefined
        : { open: open.length, ended: known.length },
    vetoes: VETOES.map(({ fate, words }) => ({ fate: words, ...fateRecord(known ?? [], fate) })),
    breakEven: breakEvenShare(REWARD_RISK),
    rows: [
      ...MEASUREMENTS.flatMap((each) =>
        measuredRecords(each).map((record) => rowOf(record, each.data)),
      ),
      ...live.map((record) => rowOf(record, 'live')),
    ].filter(({ n }) => n >= LEAST),
  };
}

const LEAST = 30;
/** From this share of all candles on, a signal is nothing special. */
const COMMON = 0.2;

function summaryOf(measured: Measurement): readonly string[] {
  const { symbols, from, to, n, meanR, randomR, signalShare, accounts } = measured;
  return [
    `${countText(symbols, 'symbol')}, ${from} to ${to}: ${countText(n, 'signal')}, each followed on its own: ${inR(meanR.mean)} after costs (95 % interval ${inR(meanR.low)} to ${inR(meanR.high)}); random entries with the same exits ${inR(randomR)}`,
    `A signal stood on ${shareText(signalShare)} of all closed candles${
      signalShare > COMMON ? ': such scores are common, they select little' : ''
    }`,
    ...accounts.map(
      ({ owner, trades, totalReturn, drawdown }) =>
        `With an account, all limits and the emergency stop, ${OWNERS[owner]}: ${countText(trades, 'trade')}, ${shareText(totalReturn)}, deepest drawdown ${shareText(drawdown)}`,
    ),
  ];
}

const OWNERS: Record<Measurement['accounts'][number]['owner'], string> = {
  'resumes-daily': 'stopped for good at the drawdown limit',
  'accepts-drawdown': 'resumed after every stop',
  never: 'never resumed',
};

const inR = (value: number): string => `${signedText(value, 3)} R`;

const bandText = (record: BandRecord): EvidenceSource['bands'][number] => ({
  band: record.band,
  text: recordText(record),
  contradicts: contradictsClaim(record, REWARD_RISK),
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
  ledger === undefined ? 'signals are not followed here' : ledger.finished().catch(reasonOf);

/** The lines on a signal's card: what such signals did before, and that no edge was found. Never rejects. */
export async function signalEvidence(
  { ledger }: Pick<Ports, 'ledger'>,
  signal: Pick<Signal, 'score' | 'rewardRisk'>,
): Promise<readonly string[]> {
  const finished = await readFinished(ledger);
  return [
    `${FINDING} A score is a count, not a probability.`,
    ...evidenceLines(signal, typeof finished === 'string' ? undefined : finished),
  ];
}
