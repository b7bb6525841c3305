import { MODE_CODES } from '../../risk/limits/trading-mode.ts';
import { formatDuration, formatUtc, type Timestamp } from '../../domain/time.ts';
import type { Analysis } from './analyse.ts';
import type { Group } from './breakdown.ts';
import type { Metrics, UncertainFigure } from './metrics.ts';
import type { PortfolioResult } from '../account/portfolio.ts';
import type { MeanInterval } from './statistics.ts';
import { countText } from '../../domain/words/words.ts';

export const percent = (fraction: number | undefined, decimals = 2): string =>
  fraction === undefined || !Number.isFinite(fraction)
    ? 'none'
    : `${(fraction * 100).toFixed(decimals)} %`;
export const figure = (value: number | undefined, decimals = 2): string =>
  value === undefined || !Number.isFinite(value) ? 'none' : value.toFixed(decimals);
const moment = (at: Timestamp | undefined): string => (at === undefined ? 'never' : formatUtc(at));
const recovered = (at: Timestamp | undefined): string =>
  at === undefined ? 'not recovered' : `recovered ${formatUtc(at)}`;

/** "-0.038 R (-0.057 to -0.018), n = 21490" */
export const resultText = ({ n, mean, low, high }: MeanInterval): string => {
  if (n === 0) return 'no trade';
  const interval = Number.isNaN(low)
    ? 'no interval: all on one day'
    : `${figure(low, 3)} to ${figure(high, 3)}`;
  return `${figure(mean, 3)} R (${interval}), n = ${n}`;
};

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

/** Every figure of an analysis as a table. What has no meaning says why. */
export function analysisLines(analysis: Analysis): string[] {
  const { monteCarlo, split, random, metrics } = analysis;
  return table([
    ['trades', String(metrics.trades)],
    ['result after costs', resultText(metrics.expectancyR)],
    ...(random === undefined ? [] : [['random entries, same exits', resultText(random)]]),
    [`before ${formatUtc(split.at)}`, resultText(split.inSample)],
    ['after it (out of sample)', resultText(split.outOfSample)],
    ...weekRows(analysis),
    ...moneyRows(metrics),
    ['buy and hold, equal parts', percent(analysis.buyAndHold)],
    ...tradeRows(metrics),
    [
      'drawdown in R, orders shuffled',
      metrics.trades === 0
        ? 'no trade'
        : `actual ${figure(monteCarlo.actualDrawdownR, 1)}; of ${countText(monteCarlo.runs, 'order')}: median ${figure(monteCarlo.medianDrawdownR, 1)}, 95 % below ${figure(monteCarlo.drawdown95R, 1)}, worst ${figure(monteCarlo.worstDrawdownR, 1)}`,
    ],
  ]);
}

/** How the result lies in time, and what luck alone would have shown. */
function weekRows({ weeks, metrics }: Analysis): readonly (readonly string[])[] {
  if (metrics.trades === 0) return [];
  const { n, meanR, bestFiveShare, underWater, t, tried, deflatedSharpe } = weeks;
  const share =
    bestFiveShare === undefined
      ? 'none (the whole did not gain)'
      : `${percent(bestFiveShare, 0)} of the whole gain`;
  return [
    ['mean of a week, each the same', `${figure(meanR, 3)} R, of ${countText(n, 'week')}`],
    ['the five best weeks', share],
    [
      'longest time under water',
      underWater.ms === 0
        ? 'none'
        : `${formatDuration(underWater.ms)} from ${formatUtc(underWater.from)}${underWater.ended ? '' : ', not over'}`,
    ],
    [
      't of the mean, by week',
      `${figure(t)}; by luck alone the best of these ${tried} would show t = ${figure(weeks.luckyT, 1)}`,
    ],
    [
      'deflated Sharpe ratio',
      Number.isNaN(deflatedSharpe)
        ? 'none (fewer than 3 weeks)'
        : `${percent(deflatedSharpe, 1)} chance that it is better than luck, ${countText(tried, 'variant')} tried`,
    ],
  ];
}

const orWhy =
  ({ undefinedBecause }: Metrics) =>
  (name: UncertainFigure, text: string): string => {
    const reason = undefinedBecause[name];
    return reason === undefined ? text : `none (${reason})`;
  };

function moneyRows(metrics: Metrics): readonly (readonly string[])[] {
  const { maxDrawdown } = metrics;
  const or = orWhy(metrics);
  return [
    ['equity, USDT', `${figure(metrics.startEquity)} to ${figure(metrics.endEquity)}`],
    ['return', percent(metrics.totalReturn)],
    ['a year (CAGR)', or('cagr', percent(metrics.cagr))],
    [
      'deepest drawdown',
      maxDrawdown === undefined || maxDrawdown.depth === 0
        ? 'none'
        : `${percent(maxDrawdown.depth)}, ${moment(maxDrawdown.peakAt)} to ${moment(maxDrawdown.troughAt)}, ${recovered(maxDrawdown.recoveredAt)}`,
    ],
    [`Sharpe, of ${countText(metrics.days, 'day')}`, or('sharpe', figure(metrics.sharpe))],
    ['Sortino', or('sortino', figure(metrics.sortino))],
    ['Calmar', or('calmar', figure(metrics.calmar))],
  ];
}

function tradeRows(metrics: Metrics): readonly (readonly string[])[] {
  const { winRate } = metrics;
  const or = orWhy(metrics);
  return [
    [
      'trades that earned money',
      or(
        'perTrade',
        `${percent(winRate.rate, 1)} (${percent(winRate.low, 1)} to ${percent(winRate.high, 1)})`,
      ),
    ],
    ['profit factor', or('profitFactor', figure(metrics.profitFactor))],
    ['fees and funding, USDT', `${figure(metrics.fees)} and ${figure(0 - metrics.funding)}`],
    ['time in the market', percent(metrics.exposure, 1)],
    ['longest run of wins, losses', `${metrics.longestWinStreak}, ${metrics.longestLossStreak}`],
    ['mean candles held', or('perTrade', figure(metrics.meanCandles, 1))],
    [
      'mean move against, for (MAE, MFE)',
      or('perTrade', `${percent(metrics.meanMae)}, ${percent(metrics.meanMfe)}`),
    ],
  ];
}

/** One table of groups, headed by what they share. */
export function groupLines(name: string, groups: readonly Group[]): string[] {
  if (groups.length === 0) return [];
  const rows = groups.map(({ key, winRate, expectancyR, netPnl }) => [
    key,
    `${winRate.n}`,
    `${percent(winRate.rate, 1)} (${percent(winRate.low, 1)} to ${percent(winRate.high, 1)})`,
    `${figure(expectancyR.mean, 3)} (${Number.isNaN(expectancyR.low) ? 'one day' : `${figure(expectancyR.low, 3)} to ${figure(expectancyR.high, 3)}`})`,
    figure(netPnl),
  ]);
  return table([[name, 'n', 'earned money (95 %)', 'mean R (95 %)', 'USDT'], ...rows]);
}

/** Share of the signals from which on a halt is said to shape the result. */
const MUCH_HALTED = 0.5;

/** How often the emergency stop tripped; `which` names the stop conditions. */
export const trippedText = (times: number, which: string): string =>
  times === 0
    ? 'The emergency stop never tripped.'
    : `The emergency stop tripped ${times === 1 ? 'once' : `${times} times`}: ${which}.`;

/** Which limit refused how many signals, and when trading was halted. */
export function refusalLines({ requests, refusals, halts }: PortfolioResult): string[] {
  const rows = [...refusals]
    .toSorted(([one, much], [other, more]) => more - much || (one < other ? -1 : 1))
    .map(([code, count]) => [code, String(count)]);
  const triggers = new Map<string, number>();
  for (const { trigger } of halts) triggers.set(trigger, (triggers.get(trigger) ?? 0) + 1);
  const counted = [...triggers].map(([trigger, count]) => `${trigger} ${count}`).join(', ');
  const last = halts.at(-1);
  const halted = Object.values(MODE_CODES).reduce(
    (sum, code) => sum + (refusals.get(code) ?? 0),
    0,
  );
  return [
    `${countText(requests, 'signal')} asked for an entry. Refused by (one signal can meet several limits):`,
    ...table(rows),
    trippedText(halts.length, `${counted}; last on ${moment(last?.at)}`),
    ...(requests === 0 || halted < requests * MUCH_HALTED
      ? []
      : [
          `${percent(halted / requests, 1)} of the signals came while trading was halted: this account says nothing of that time. --owner accepts-drawdown goes on after a drawdown.`,
        ]),
  ];
}
