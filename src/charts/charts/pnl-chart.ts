import { baseOptions, timeAxes } from '../axes/base-options.ts';
import { ChartDataError, requireFinite, type ChartConfig } from '../chart-config.ts';
import { formatNumber, formatSignedMoney } from '../axes/number-format.ts';
import { caption } from '../plain-text.ts';
import { themeOf, type Theme, type ThemeName } from '../theme.ts';
import { dateText, timeLabels } from '../axes/time-labels.ts';
import { paddedRange, valueAxis, type ValueAxis } from '../axes/value-axis.ts';

/** Realised profit and loss by day, net of fees and funding. */
export interface PnlChartData {
  /** Ascending; `day` is any moment of the day in Unix milliseconds UTC, `net` in `currency`. Days without a trade are 0. */
  readonly days: readonly { readonly day: number; readonly net: number }[];
  readonly title: string;
  readonly currency: string;
}

const MOST_DAYS = 180;

/**
 * Net result of each day as bars, their running sum as a line below. The newest 180 days are drawn and summed. Throws
 * `ChartDataError` without days or with a value that is not a number.
 */
export function pnlChart(data: PnlChartData, themeName: ThemeName = 'light'): ChartConfig {
  const theme = themeOf(themeName);
  const days = shownDays(data);
  const sums = runningSums(days.map((day) => day.net));
  const axes = pnlAxes(
    days.map((day) => day.net),
    sums,
    theme,
  );
  const labels = [
    '',
    ...timeLabels(
      days.map((day) => day.day),
      6,
    ),
    '',
  ];
  return {
    type: 'bar',
    data: {
      labels,
      datasets: [
        {
          type: 'bar',
          label: `Net by day, ${data.currency}`,
          yAxisID: 'net',
          data: [null, ...days.map((day) => day.net), null],
          backgroundColor: [
            '#0000',
            ...days.map((day) => (day.net < 0 ? theme.down : theme.up)),
            '#0000',
          ],
          barPercentage: 0.8,
          categoryPercentage: 1,
          maxBarThickness: 44,
          minBarLength: 2,
          grouped: false,
        },
        {
          type: 'line',
          label: `Sum, ${data.currency}`,
          yAxisID: 'sum',
          data: [null, ...sums, null],
          borderColor: theme.line,
          backgroundColor: `${theme.line}33`,
          borderWidth: 3,
          pointRadius: days.length <= 31 ? 4 : 0,
          pointBackgroundColor: theme.line,
          tension: 0,
          fill: 'origin',
        },
      ],
    },
    options: baseOptions({
      title: data.title,
      subtitle: `${data.currency} net by day, UTC; sum below`,
      theme,
      scales: {
        ...timeAxes(labels, theme),
        net: axes.net.measure,
        netLabels: axes.net.labels,
        sum: axes.sum.measure,
        sumLabels: axes.sum.labels,
      },
    }),
  };
}

/** Key figures of the P&L chart in words; works without days too. */
export function describePnl(data: PnlChartData): string {
  if (data.days.length === 0) return caption([`${data.title}: no finished day yet.`]);
  const days = shownDays(data);
  const first = days[0];
  const last = days.at(-1);
  if (first === undefined || last === undefined)
    return caption([`${data.title}: no finished day yet.`]);
  const total = runningSums(days.map((day) => day.net)).at(-1) ?? 0;
  const best = days.reduce((a, b) => (b.net > a.net ? b : a), first);
  const worst = days.reduce((a, b) => (b.net < a.net ? b : a), first);
  const count = (test: (net: number) => boolean): number =>
    days.filter((day) => test(day.net)).length;
  const span =
    days.length === 1
      ? `on ${dateText(first.day)}`
      : `over ${days.length} days to ${dateText(last.day)}`;
  return caption([
    `${data.title}: ${formatSignedMoney(total)} ${data.currency} net ${span}, ${count((n) => n > 0)} up, ${count((n) => n < 0)} down, ${count((n) => n === 0)} flat.`,
    days.length === 1
      ? ''
      : `Best ${formatSignedMoney(best.net)} on ${dateText(best.day)}, worst ${formatSignedMoney(worst.net)} on ${dateText(worst.day)}.`,
  ]);
}

function shownDays(data: PnlChartData): readonly { readonly day: number; readonly net: number }[] {
  const days = data.days.slice(-MOST_DAYS);
  if (days.length === 0) {
    throw new ChartDataError('The P&L chart cannot be drawn: there is no finished day yet.');
  }
  days.forEach(({ day, net }, i) => {
    requireFinite(day, `date of day ${i + 1}`);
    requireFinite(net, `net result of day ${i + 1}`);
  });
  return days;
}

function runningSums(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => (sum += value));
}

function pnlAxes(
  nets: readonly number[],
  sums: readonly number[],
  theme: Theme,
): { net: ValueAxis; sum: ValueAxis } {
  const total = sums.at(-1) ?? 0;
  return {
    net: valueAxis({
      ...paddedRange([0, ...nets], 0.14),
      height: 205,
      ticks: 5,
      formatTick: formatNumber,
      tags: [],
      theme,
      weight: 1.4,
    }),
    sum: valueAxis({
      ...paddedRange([0, ...sums], 0.16),
      height: 145,
      ticks: 4,
      formatTick: formatNumber,
      tags: [{ value: total, text: formatSignedMoney(total), color: theme.entry }],
      theme,
      weight: 1,
    }),
  };
}
