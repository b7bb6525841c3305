import type { Bars } from '../../app/report/read-report.ts';
import { toNumber } from '../../domain/money/money.ts';
import type { ChartConfig } from '../../app/ports/chart-renderer.ts';
import { baseOptions, timeAxes } from './axes/base-options.ts';
import { timeLabels } from './axes/time-labels.ts';
import { paddedRange, valueAxis } from './axes/value-axis.ts';
import { rowAxis, rowsHeight, signedAxis } from './axes/row-axes.ts';
import { formatMoney, formatNumber } from './axes/number-format.ts';
import { ChartDataError, requireFinite, type Picture } from './chart.ts';
import { caption } from './plain-text.ts';
import { themeOf, type Theme, type ThemeName } from './theme.ts';

/** What each day or week has realised, oldest first, in `currency`. */
export interface BarsChartData {
  readonly step: 'day' | 'week';
  readonly bars: readonly {
    readonly date: string;
    readonly net: number;
    readonly closed: number;
    readonly parts: number;
  }[];
  readonly currency: string;
}

/** The picture of results by day or by week; at least one. */
export function barsPicture({ step, bars }: Bars, theme: ThemeName): Picture {
  const data = {
    step,
    bars: bars.map((each) => ({ ...each, net: toNumber(each.net) })),
    currency: 'USDT',
  };
  return { config: barsChart(data, theme), caption: describeBars(data) };
}

type Bar = BarsChartData['bars'][number];

const figureOf = ({ net, closed, parts }: Bar): string =>
  closed + parts === 0 ? 'nothing' : `${net > 0 ? '+' : ''}${formatMoney(net)}`;

const WORDS = {
  day: { title: 'Result by day', name: ({ date }: Bar) => date.slice(5), many: 'days' },
  week: {
    title: 'Result by week',
    name: ({ date }: Bar) => `from ${date.slice(5)}`,
    many: 'weeks',
  },
} as const;

/** More days stand beside each other: one under the other they would be a picture of two screens. */
const MOST_ROWS = 10;

/** One bar a day or week, the newest on top and losses to the left, or over time where there are many. Throws `ChartDataError` without one or with a result that is not a number. */
export function barsChart(data: BarsChartData, themeName: ThemeName = 'light'): ChartConfig {
  const { step: by, bars, currency } = data;
  if (bars.length === 0) throw new ChartDataError('Results cannot be drawn: there is no day.');
  const theme = themeOf(themeName);
  const { title, name } = WORDS[by];
  if (bars.length > MOST_ROWS) return columns(data, theme);
  const rows = bars.toReversed();
  const labels = rows.map((bar) => [`${name(bar)}  ${figureOf(bar)}`]);
  const nets = rows.map(({ date, net }) => requireFinite(net, `result of ${date}`));
  return {
    type: 'bar',
    data: {
      labels: rows.map(({ date }) => date),
      datasets: [
        {
          type: 'bar',
          label: 'result',
          data: nets,
          backgroundColor: nets.map((net) => (net < 0 ? theme.down : theme.up)),
          barPercentage: 0.62,
          maxBarThickness: 40,
        },
      ],
    },
    options: baseOptions({
      title,
      subtitle: `What was closed, with its costs, in ${currency}; losses to the left`,
      theme,
      indexAxis: 'y',
      height: rowsHeight(labels),
      scales: {
        x: signedAxis(nets, theme),
        y: rowAxis({ labels, colors: rows.map(() => theme.text) }),
      },
    }),
  };
}

/** A column each, losses below zero. */
function columns({ step, bars, currency }: BarsChartData, theme: Theme): ChartConfig {
  const nets = bars.map(({ date, net }) => requireFinite(net, `result of ${date}`));
  const labels = timeLabels(
    bars.map(({ date }) => Date.parse(date)),
    3,
  );
  const range = paddedRange([0, ...nets]);
  const axis = valueAxis({
    ...range,
    height: 210,
    ticks: 5,
    formatTick: formatNumber,
    tags: [],
    theme,
  });
  return {
    type: 'bar',
    data: {
      labels,
      datasets: [
        {
          type: 'bar',
          label: 'result',
          yAxisID: 'result',
          data: nets,
          backgroundColor: nets.map((net) => (net < 0 ? theme.down : theme.up)),
        },
      ],
    },
    options: baseOptions({
      title: WORDS[step].title,
      subtitle: `What was closed, with its costs, ${currency}`,
      theme,
      scales: { ...timeAxes(labels, theme, true), result: axis.measure, resultLabels: axis.labels },
    }),
  };
}

/** The same in words. */
export function describeBars({ step, bars, currency }: BarsChartData): string {
  const { title, name, many } = WORDS[step];
  const sum = bars.reduce((total, { net }) => total + net, 0);
  const traded = bars.filter(({ closed, parts }) => closed + parts > 0);
  return caption([
    `${title}: ${formatMoney(sum)} ${currency} in ${bars.length} ${many}.`,
    traded.length === 0
      ? 'Nothing was closed.'
      : `${traded.map((each) => `${name(each)} ${figureOf(each)}`).join('; ')}.`,
  ]);
}
