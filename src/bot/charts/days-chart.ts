import { toNumber, type Usd } from '../../domain/money/money.ts';
import type { ChartConfig } from '../../app/ports/chart-renderer.ts';
import { baseOptions } from './axes/base-options.ts';
import { levelAxis, rowAxis, rowsHeight } from './axes/row-axes.ts';
import { formatMoney, scaleStep } from './axes/number-format.ts';
import { ChartDataError, requireFinite, type Picture } from './chart.ts';
import { caption } from './plain-text.ts';
import { themeOf, type ThemeName } from './theme.ts';

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

/** One bar a day, the newest on top, losses to the left. Throws `ChartDataError` without a day or with a result that is not a number. */
export function daysChart(
  { days, currency }: DaysChartData,
  themeName: ThemeName = 'light',
): ChartConfig {
  if (days.length === 0)
    throw new ChartDataError('Results by day cannot be drawn: there is no day.');
  const theme = themeOf(themeName);
  const rows = days.toReversed();
  const nets = rows.map(({ date, net }) => requireFinite(net, `result of ${date}`));
  const most = Math.max(0, ...nets);
  const least = Math.min(0, ...nets);
  const step = scaleStep(most - least || 1, 7);
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
      height: rowsHeight(rows.length),
      scales: {
        x: levelAxis({
          min: least === 0 ? 0 : -reach(-least),
          max: reach(most) || (least === 0 ? step : 0),
          step,
          theme,
          compact: true,
        }),
        y: rowAxis({
          side: 'left',
          labels: rows.map(({ date }) => date.slice(5)),
          colors: rows.map(() => theme.text),
        }),
        figures: rowAxis({
          side: 'right',
          labels: rows.map(figureOf),
          colors: rows.map(() => theme.text),
        }),
      },
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
