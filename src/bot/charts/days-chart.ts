import { toNumber, type Usd } from '../../domain/money/money.ts';
import type { ChartConfig } from '../../app/ports/chart-renderer.ts';
import { baseOptions, timeAxes } from './axes/base-options.ts';
import { timeLabels } from './axes/time-labels.ts';
import { paddedRange, valueAxis } from './axes/value-axis.ts';
import { levelAxis, rowAxis, rowsHeight } from './axes/row-axes.ts';
import { formatMoney, formatNumber, scaleStep } from './axes/number-format.ts';
import { ChartDataError, requireFinite, type Picture } from './chart.ts';
import { caption } from './plain-text.ts';
import { themeOf, type Theme, type ThemeName } from './theme.ts';

/** What each day has realised, oldest first, in `currency`. */
export interface DaysChartData {
  readonly days: readonly {
    readonly date: string;
    readonly net: number;
    readonly closed: number;
  }[];
  readonly currency: string;
}

/** The picture of results by day; at least one day. */
export function daysPicture(
  days: readonly { readonly date: string; readonly net: Usd; readonly closed: number }[],
): Picture {
  const data = {
    days: days.map((each) => ({ ...each, net: toNumber(each.net) })),
    currency: 'USDT',
  };
  return { config: daysChart(data), caption: describeDays(data) };
}

type Day = DaysChartData['days'][number];

const figureOf = ({ net, closed }: Day): string =>
  closed === 0 ? 'nothing' : `${net > 0 ? '+' : ''}${formatMoney(net)}`;

/** More days stand beside each other: one under the other they would be a picture of two screens. */
const MOST_ROWS = 10;

/** One bar a day, the newest on top and losses to the left, or over time where there are many. Throws `ChartDataError` without a day or with a result that is not a number. */
export function daysChart(
  { days, currency }: DaysChartData,
  themeName: ThemeName = 'light',
): ChartConfig {
  if (days.length === 0)
    throw new ChartDataError('Results by day cannot be drawn: there is no day.');
  const theme = themeOf(themeName);
  if (days.length > MOST_ROWS) return columns(days, currency, theme);
  const rows = days.toReversed();
  const labels = rows.map((day) => [`${day.date.slice(5)}  ${figureOf(day)}`]);
  const nets = rows.map(({ date, net }) => requireFinite(net, `result of ${date}`));
  const most = Math.max(0, ...nets);
  const least = Math.min(0, ...nets);
  const step = scaleStep(most - least || 1, 4);
  // Rounded up to a whole step, cleared of float noise.
  const reach = (value: number): number =>
    Number((Math.ceil(value / step - 1e-9) * step).toPrecision(12));
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
      title: 'Result by day',
      subtitle: `Closed positions with their costs, in ${currency}; losses to the left`,
      theme,
      indexAxis: 'y',
      height: rowsHeight(labels),
      scales: {
        x: levelAxis({
          min: least === 0 ? 0 : -reach(-least),
          max: reach(most) || (least === 0 ? step : 0),
          step,
          theme,
          compact: true,
        }),
        y: rowAxis({ labels, colors: rows.map(() => theme.text) }),
      },
    }),
  };
}

/** A column a day, losses below zero. */
function columns(days: DaysChartData['days'], currency: string, theme: Theme): ChartConfig {
  const nets = days.map(({ date, net }) => requireFinite(net, `result of ${date}`));
  const labels = timeLabels(
    days.map(({ date }) => Date.parse(date)),
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
      title: 'Result by day',
      subtitle: `Closed positions with their costs, ${currency}`,
      theme,
      scales: { ...timeAxes(labels, theme, true), result: axis.measure, resultLabels: axis.labels },
    }),
  };
}

/** The same in words. */
export function describeDays({ days, currency }: DaysChartData): string {
  const sum = days.reduce((total, { net }) => total + net, 0);
  const traded = days.filter(({ closed }) => closed > 0);
  return caption([
    `Result by day: ${formatMoney(sum)} ${currency} in ${days.length} days.`,
    traded.length === 0
      ? 'Nothing was closed.'
      : `${traded.map((each) => `${each.date.slice(5)} ${figureOf(each)}`).join('; ')}.`,
  ]);
}
