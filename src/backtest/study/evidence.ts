import type { Signal } from '../../domain/signal.ts';
import { strategyNamed } from '../../signals/strategies/list.ts';
import { listText } from '../../domain/words/words.ts';
import type { FinishedSignal } from '../trade/ledger.ts';
import { MIN_TRADES } from '../figures/metrics.ts';
import { recordOf } from './measured.ts';
import type { Measurement } from './measurement.ts';
import { sideRecords, sideText, type SideRecord, type SideResult } from './side-record.ts';

/** Live results of a strategy: one tracked signal a symbol at a time, whatever became of it, with a known end. */
export const liveResults = (
  finished: readonly FinishedSignal[],
  name: string,
): readonly SideResult[] =>
  finished.flatMap(({ counted, strategy, side, clean, end, result }) =>
    counted && strategy === name && result !== undefined
      ? [
          {
            side,
            clean,
            entryTime: result.entryTime,
            target: end === 'target',
            r: result.pnl / result.risk,
          },
        ]
      : [],
  );

/** The live record of a strategy, by side. */
export const liveRecords = (
  finished: readonly FinishedSignal[],
  { name }: { readonly name: string },
): readonly SideRecord[] => sideRecords(liveResults(finished, name));

/**
 * The share of winners at which a trade of that reward to risk neither gains nor loses. Slippage is not in it, so the true share
 * is a little higher: what stays below this one fails for sure.
 */
export const breakEvenShare = (rewardRisk: number): number => 1 / (1 + rewardRisk);

/** Of a strategy's signals, from the reward that its target is set for; a third where that is not known. */
export const breakEvenOf = (strategy: string): number =>
  breakEvenShare(strategyNamed(strategy)?.rewardRisk ?? 2);

/** A signal claims that its trade is worth its risk: a record whose whole interval lies below 0 contradicts that. Less than 30 cases contradict nothing. */
export const contradictsClaim = ({ n, meanR }: SideRecord): boolean =>
  n >= MIN_TRADES && meanR.high < 0;

/** "Live so far: 12 of 30.": how many of the live signals reached their target. */
export const liveText = (record: SideRecord | undefined): string =>
  record === undefined || record.n === 0
    ? 'Live so far: none.'
    : `Live so far: ${record.targets} of ${record.n}.`;

/** The history of a strategy with the most signals; undefined where nothing is measured. */
export const mostSignals = (strategy: string): Measurement | undefined =>
  recordOf(strategy).measurements.toSorted((one, other) => other.n - one.n)[0];

/** Its record of each side that has a signal. */
const wholeSides = (strategy: string): readonly SideRecord[] =>
  (mostSignals(strategy)?.sides ?? []).filter(({ clean, n }) => !clean && n > 0);

/** "long 28, short 35 of 100 reached the target, 29 break even", of the history with the most signals. */
export function briefRecord(strategy: string): string {
  const sides = wholeSides(strategy);
  if (sides.length === 0) return 'Nothing is measured of it yet.';
  const reached = sides.map(({ side, targets, n }) => `${side} ${Math.round((targets / n) * 100)}`);
  const even = Math.round(breakEvenOf(strategy) * 100);
  return `${reached.join(', ')} of 100 reached the target, ${even} break even`;
}

/**
 * "Of 10 signals of breakdown about 4 win, of the others about 3, never 7 or 8; losing months are normal. No advice.": what nobody
 * should expect otherwise of these strategies, each by its history with the most signals, the best first. Of what is not measured
 * it says nothing.
 */
export function expectText(strategies: readonly string[]): string {
  const alike = new Map<number, string[]>();
  for (const name of strategies) {
    const sides = wholeSides(name);
    const n = sides.reduce((sum, each) => sum + each.n, 0);
    if (n < MIN_TRADES) continue;
    const won = Math.round((sides.reduce((sum, { targets }) => sum + targets, 0) / n) * 10);
    alike.set(won, [...(alike.get(won) ?? []), name]);
  }
  const groups = [...alike].toSorted(([one], [other]) => other - one);
  const wins = groups.map(([won, names], index) => {
    const first = groups[0]?.[1] ?? [];
    const isRest =
      index === 1 && names.length > 1 && first.length + names.length === strategies.length;
    return index === 0
      ? `of 10 signals of ${listText(names)} about ${won} win`
      : `of ${isRest ? 'the others' : listText(names)} about ${won}`;
  });
  const said = [...wins, 'never 7 or 8'].join(', ');
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}; losing months are normal. No advice.`;
}

/** Those of which every signal measured sold short. */
export const shortOnly = (strategies: readonly string[]): readonly string[] =>
  strategies.filter((name) => {
    const sides = wholeSides(name);
    return sides.length > 0 && sides.every(({ side }) => side === 'short');
  });

interface Shown {
  /** The record that fits best, with its data. */
  readonly own: { readonly data: string; readonly record: SideRecord } | undefined;
  readonly seen: SideRecord | undefined;
  /** Names of the records that contradict the signal. */
  readonly against: readonly string[];
}

type Asked = Pick<Signal, 'strategy' | 'side' | 'clean'>;

/** The record of the signal's strategy and side in the history with the most such signals, and what was seen live. */
function shownRecord(
  { strategy, side, clean }: Asked,
  live: readonly FinishedSignal[] | undefined,
): Shown {
  const recorded = recordOf(strategy).measurements.flatMap(({ data, sides }) =>
    sides.filter((each) => each.side === side).map((record) => ({ data, record })),
  );
  const enough = ({ record }: (typeof recorded)[number]): boolean => record.n >= MIN_TRADES;
  const exact = recorded.filter(({ record }) => record.clean === (clean === true));
  const whole = recorded.filter(({ record }) => !record.clean);
  const fitting = exact.some(enough) ? exact : whole;
  const [own] = fitting.toSorted((one, other) => other.record.n - one.record.n);
  const seen =
    live && liveRecords(live, { name: strategy }).find((each) => each.side === side && !each.clean);
  const against = [
    ...whole.filter(({ record }) => contradictsClaim(record)).map(({ data }) => data),
    ...(seen !== undefined && contradictsClaim(seen) ? ['live'] : []),
  ];
  return { own, seen, against };
}

const liveOf = (live: readonly FinishedSignal[] | undefined, seen: SideRecord | undefined) =>
  live === undefined ? 'Live so far: unavailable.' : liveText(seen);

const shareWon = ({ n, targets }: SideRecord, breakEven: number): string =>
  `${Math.round((targets / n) * 100)} of 100 won, ${Math.round(breakEven * 100)} break even`;

/**
 * The same in one line, for a card on one screen: "breakdown: 40 of 100 won, 33 break even; no edge proven", with what was
 * seen live once that is something. It begins with a warning where a record contradicts the signal.
 */
export function recordLine(asked: Asked, live: readonly FinishedSignal[] | undefined): string {
  const { own, seen, against } = shownRecord(asked, live);
  const { strategy } = asked;
  const measured = own !== undefined && own.record.n >= MIN_TRADES;
  const lost = against.length > 0;
  const share = measured ? shareWon(own.record, breakEvenOf(strategy)) : 'not measured yet';
  const edge = measured && !lost && own.record.meanR.low <= 0 ? '; no edge proven' : '';
  const lived = live === undefined || (seen?.n ?? 0) > 0 ? `. ${liveOf(live, seen)}` : '';
  return `${lost ? '⚠️ ' : ''}${strategy}${lost ? ' lost on average' : ''}: ${share}${edge}${lived}`;
}

/**
 * The record on a card: that of its strategy and side in the history with the most such signals, and what was seen live, in one line;
 * before it a warning where a record contradicts the signal. `live`: undefined where it cannot be read.
 */
export function evidenceLines(
  asked: Asked,
  live: readonly FinishedSignal[] | undefined,
): readonly string[] {
  const { own, seen, against } = shownRecord(asked, live);
  const measured =
    own === undefined
      ? 'Nothing is measured of such signals yet'
      : `${sideText(own.record, breakEvenOf(asked.strategy))} (${own.data})`;
  return [
    // First, because a card with a picture may be cut at its end.
    ...(against.length === 0
      ? []
      : [`⚠️ The record speaks against it: such signals lost (${against.join(', ')}).`]),
    `${measured}. ${liveOf(live, seen)}`,
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
