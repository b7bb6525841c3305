import { formatUtc, type Timestamp } from '../domain/time.ts';
import type { Analysis, Honesty } from './analyse.ts';
import type { Group } from './breakdown.ts';
import type { PortfolioResult } from './portfolio.ts';
import type { MeanInterval } from './statistics.ts';
import type { FoldResult } from './walk-forward.ts';

const percent = (fraction: number | undefined, decimals = 2): string =>
  fraction === undefined || !Number.isFinite(fraction)
    ? 'none'
    : `${(fraction * 100).toFixed(decimals)} %`;
const figure = (value: number | undefined, decimals = 2): string =>
  value === undefined || !Number.isFinite(value) ? 'none' : value.toFixed(decimals);
const moment = (at: Timestamp | undefined): string => (at === undefined ? 'never' : formatUtc(at));

/** "-0.038 R (-0.057 to -0.018), n = 21490" */
export const resultText = ({ n, mean, low, high }: MeanInterval): string =>
  n === 0 ? 'no trade' : `${figure(mean, 3)} R (${figure(low, 3)} to ${figure(high, 3)}), n = ${n}`;

/** Lines with names padded to one column. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    });
  }
  return rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  '),
  );
}

/** Every figure of an analysis as a table; the claim first. */
export function analysisLines(analysis: Analysis): string[] {
  const { metrics, monteCarlo, split } = analysis;
  const { maxDrawdown } = metrics;
  return [
    analysis.claim,
    ...table([
      ['trades', String(metrics.trades)],
      ['result after costs', resultText(metrics.expectancyR)],
      [
        'random entries, same exits',
        analysis.random === undefined ? 'not run' : resultText(analysis.random),
      ],
      [`before ${formatUtc(split.at)}`, resultText(split.inSample)],
      ['after it (out of sample)', resultText(split.outOfSample)],
      [
        'trades that earned money',
        `${percent(metrics.winRate.rate, 1)} (${percent(metrics.winRate.low, 1)} to ${percent(metrics.winRate.high, 1)})`,
      ],
      ['profit factor', figure(metrics.profitFactor)],
      ['equity, USDT', `${figure(metrics.startEquity)} to ${figure(metrics.endEquity)}`],
      ['return', percent(metrics.totalReturn)],
      ['a year', percent(metrics.cagr)],
      ['buy and hold, equal parts', percent(analysis.buyAndHold)],
      [
        'deepest drawdown',
        maxDrawdown === undefined
          ? 'none'
          : `${percent(maxDrawdown.depth)}, ${moment(maxDrawdown.peakAt)} to ${moment(maxDrawdown.troughAt)}, recovered ${moment(maxDrawdown.recoveredAt)}`,
      ],
      [
        'Sharpe, Sortino, Calmar',
        [metrics.sharpe, metrics.sortino, metrics.calmar].map((each) => figure(each)).join(', '),
      ],
      ['fees and funding, USDT', `${figure(metrics.fees)} and ${figure(-metrics.funding)}`],
      ['time in the market', percent(metrics.exposure, 1)],
      ['longest run of wins, losses', `${metrics.longestWinStreak}, ${metrics.longestLossStreak}`],
      ['mean candles held', figure(metrics.meanCandles, 1)],
      ['mean move against, for', `${percent(metrics.meanMae)}, ${percent(metrics.meanMfe)}`],
      [
        'drawdown in R, orders shuffled',
        `actual ${figure(monteCarlo.actualDrawdownR, 1)}, median ${figure(monteCarlo.medianDrawdownR, 1)}, 95 % below ${figure(monteCarlo.drawdown95R, 1)}`,
      ],
    ]),
  ];
}

/** One table of groups, headed by what they share. */
export function groupLines(name: string, groups: readonly Group[]): string[] {
  if (groups.length === 0) return [];
  const rows = groups.map(({ key, winRate, expectancyR, netPnl }) => [
    key,
    `${winRate.n}`,
    `${percent(winRate.rate, 1)} (${percent(winRate.low, 1)} to ${percent(winRate.high, 1)})`,
    `${figure(expectancyR.mean, 3)} (${figure(expectancyR.low, 3)} to ${figure(expectancyR.high, 3)})`,
    figure(netPnl),
  ]);
  return table([[name, 'n', 'earned money (95 %)', 'mean R (95 %)', 'USDT'], ...rows]);
}

/** Which limit refused how many signals, and when trading was halted. */
export function refusalLines({ wishes, refusals, halts }: PortfolioResult): string[] {
  const rows = [...refusals]
    .toSorted(([, one], [, other]) => other - one)
    .map(([code, count]) => [code, String(count)]);
  const triggers = new Map<string, number>();
  for (const { trigger } of halts) triggers.set(trigger, (triggers.get(trigger) ?? 0) + 1);
  const counted = [...triggers].map(([trigger, count]) => `${trigger} ${count}`).join(', ');
  const last = halts.at(-1);
  return [
    `${wishes} signals asked for an entry. Refused by (one signal can meet several limits):`,
    ...table(rows),
    halts.length === 0
      ? 'The emergency stop never tripped.'
      : `The emergency stop tripped ${halts.length} times: ${counted}; last on ${moment(last?.at)}.`,
  ];
}

/** What the score chosen on the past did afterwards, fold by fold. */
export function walkForwardLines(folds: readonly FoldResult[]): string[] {
  if (folds.length === 0)
    return ['walk-forward: the window is too short for 180 days and what follows'];
  const rows = folds.map(({ split, to, chosen, inSampleR, outOfSampleR }) => [
    `${formatUtc(split).slice(0, 10)} to ${formatUtc(to).slice(0, 10)}`,
    chosen,
    resultText(inSampleR),
    resultText(outOfSampleR),
  ]);
  return table([['walk-forward', 'chosen on 180 days', 'there', 'in the 90 days after'], ...rows]);
}

export function honestyLines({ lookAhead, warmUp }: Honesty): string[] {
  const seen =
    lookAhead.differences.length === 0
      ? 'identical on cut history'
      : `${lookAhead.differences.length} DIFFERENCES on cut history: these results are worthless`;
  return table([
    ['look-ahead check', `${lookAhead.checked} snapshots, ${seen}`],
    [
      'warm-up check',
      `${warmUp.different} of ${warmUp.checked} decisions differ when only 200 candles are known`,
    ],
  ]);
}
