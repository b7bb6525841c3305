import type { Signal } from '../../domain/signal.ts';
import { dayStart } from '../../domain/time.ts';
import { strategyNamed } from '../../signals/strategies/list.ts';
import type { Strategy } from '../../signals/strategy.ts';
import { RECORD_BANDS, recordBandOf, type RecordBand } from '../figures/breakdown.ts';
import type { FinishedSignal } from '../trade/ledger.ts';
import { recordOf, type Measurement } from './measured.ts';
import { MIN_TRADES } from '../figures/metrics.ts';
import { meanInterval, wilson, type MeanInterval, type Proportion } from '../figures/statistics.ts';

/** What signals of one score band of a strategy did: how many earned money after costs, and the mean result in R. */
export interface BandRecord {
  readonly band: RecordBand;
  readonly hits: Proportion;
  readonly meanR: MeanInterval;
}

const isMeasured = (record: BandRecord): boolean => record.hits.n >= MIN_TRADES;

/** The record of each band that a measurement met. */
export const measuredRecords = ({ bands }: Measurement): readonly BandRecord[] =>
  bands.map(({ band, n, wins, meanR }) => ({
    band,
    hits: wilson(wins, n),
    meanR: { n, ...meanR },
  }));

/**
 * The live record of a strategy: one tracked signal a symbol at a time, whatever became of it, with a known end. Every score band,
 * lowest first, or `all` where it counts no score.
 */
export function liveRecords(
  finished: readonly FinishedSignal[],
  { name, criteria }: Pick<Strategy, 'name' | 'criteria'>,
): readonly BandRecord[] {
  const results = finished.flatMap(({ counted, strategy, score, result }) =>
    counted && strategy === name && result !== undefined
      ? [{ band: recordBandOf(score), result }]
      : [],
  );
  const bands = RECORD_BANDS.filter((band) => (band === 'all') === (criteria === undefined));
  return bands.map((each) => {
    const own = results.filter(({ band }) => band === each);
    return {
      band: each,
      hits: wilson(own.filter(({ result }) => result.pnl > 0).length, own.length),
      meanR: meanInterval(
        own.map(({ result }) => ({
          value: result.pnl / result.risk,
          cluster: dayStart(result.entryTime),
        })),
      ),
    };
  });
}

/**
 * The share of winners at which a trade of that reward to risk neither gains nor loses. Slippage is not in it, so the true share
 * is a little higher: a band that stays below this one fails for sure.
 */
export const breakEvenShare = (rewardRisk: number): number => 1 / (1 + rewardRisk);

/**
 * A signal claims that its trade is worth its risk. The record contradicts that when a whole 95 % interval lies below it: of the
 * hit rate below break-even, or of the mean result below 0. Less than 30 cases contradict nothing.
 */
export function contradictsClaim(record: BandRecord, rewardRisk: number): boolean {
  if (!isMeasured(record)) return false;
  return record.hits.high < breakEvenShare(rewardRisk) || record.meanR.high < 0;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const rText = (value: number): string => `${value >= 0 ? '+' : ''}${value.toFixed(3)} R`;
const count = (n: number): string => n.toLocaleString('en-US');

/** "31.3 % (30.3 to 32.3 %) of 8,201 earned money, -0.032 R each", or that there is too little. */
export function recordText({ hits, meanR }: BandRecord): string {
  if (hits.n < MIN_TRADES) return `not measured yet (${hits.n} of ${MIN_TRADES} cases)`;
  const interval = `${(hits.low * 100).toFixed(1)} to ${percent(hits.high)}`;
  return `${percent(hits.rate)} (${interval}) of ${count(hits.n)} earned money, ${rText(meanR.mean)} each`;
}

/** The measured record of a signal's strategy and band, a line a source, with a warning where a record contradicts the signal. */
export function evidenceLines(
  { strategy, score, rewardRisk }: Pick<Signal, 'strategy' | 'score' | 'rewardRisk'>,
  live: readonly FinishedSignal[] | undefined,
): readonly string[] {
  const band = recordBandOf(score);
  const own = strategyNamed(strategy) ?? { name: strategy };
  const ofBand = (records: readonly BandRecord[]): BandRecord =>
    records.find((each) => each.band === band) ?? {
      band,
      hits: wilson(0, 0),
      meanR: meanInterval([]),
    };
  const recorded = recordOf(strategy).measurements.map((each) => ({
    name: each.data,
    record: ofBand(measuredRecords(each)),
  }));
  const sources =
    live === undefined
      ? recorded
      : [...recorded, { name: 'live', record: ofBand(liveRecords(live, own)) }];
  const against = sources.filter(({ record }) => contradictsClaim(record, rewardRisk));
  const warning = `⚠️ The record speaks against it (${against.map(({ name }) => name).join(', ')}): it needs ${percent(breakEvenShare(rewardRisk))} winners to break even.`;
  return [
    // First, because a card with a picture may be cut at its end.
    ...(against.length === 0 ? [] : [warning]),
    `Earlier signals of ${strategy}${band === 'all' ? '' : `, score ${band}`}:`,
    ...sources.map(({ name, record }) => `• ${name}: ${recordText(record)}`),
    ...(live === undefined ? ['• live: unavailable'] : []),
  ];
}

/** What decisions did: signals of one outcome, tracked as if each had been taken with the same risk. */
export interface OutcomeRecord {
  readonly n: number;
  /** Sum of results in R: positive was missed, negative was saved, where nothing was bought. */
  readonly totalR: number;
  /** Those that had a size, because they had a card, and the sum of their results at that size. */
  readonly sized: number;
  readonly totalUsdt: number;
}

/**
 * Signals of one outcome. Of those of one symbol that overlap only the first counts, because only one position a symbol is
 * allowed.
 */
export function outcomeRecord(
  finished: readonly FinishedSignal[],
  fate: FinishedSignal['fate'],
): OutcomeRecord {
  const busyUntil = new Map<string, number>();
  let n = 0;
  let totalR = 0;
  let sized = 0;
  let totalUsdt = 0;
  const own = finished.filter((each) => each.fate === fate);
  for (const { symbol, result, riskUsdt } of own.toSorted((a, b) => a.closedAt - b.closedAt)) {
    if (result === undefined || result.entryTime <= (busyUntil.get(symbol) ?? -Infinity)) continue;
    busyUntil.set(symbol, result.exitTime);
    n += 1;
    const inR = result.pnl / result.risk;
    totalR += inR;
    if (riskUsdt === undefined) continue;
    sized += 1;
    totalUsdt += inR * riskUsdt;
  }
  return { n, totalR, sized, totalUsdt };
}
