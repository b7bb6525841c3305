import type { Picture } from './chart.ts';
import { baseOptions, eventAxis, timeAxes } from './axes/base-options.ts';
import type { ChartConfig, JsonObject } from '../../app/ports/chart-renderer.ts';
import { equityCurve, type EquityCurve, type EquityReading } from './equity-curve.ts';
import {
  formatMoney,
  formatNumber,
  formatPercent,
  formatSignedMoney,
  formatSignedPercent,
} from './axes/number-format.ts';
import { caption, plainText } from './plain-text.ts';
import { lineDatasets } from './axes/line-datasets.ts';
import { themeOf, type Theme, type ThemeName } from './theme.ts';
import { dateText, momentText, spanText, timeLabels } from './axes/time-labels.ts';
import { slotReadings, timeGrid, type TimeGrid } from './axes/time-slots.ts';
import { paddedRange, valueAxis } from './axes/value-axis.ts';

/** Equity over time. Deposits and withdrawals would look like profit and loss: give figures cleared of them, and name them in `moved`. */
export interface EquityChartData {
  /** Readings in any order; `at` in Unix milliseconds, `equity` in `currency`. */
  readonly points: readonly EquityReading[];
  readonly title: string;
  readonly currency: string;
  /** Deposits (above 0) and withdrawals that the figures are cleared of. */
  readonly moved?: readonly { readonly at: number; readonly amount: number }[];
  /** Moments at which trading was halted, with a word or two why. */
  readonly halts?: readonly { readonly at: number; readonly label: string }[];
}

/** The picture of an equity, in USDT; at least one reading. */
export function equityPicture(
  history: Omit<EquityChartData, 'currency'>,
  theme: ThemeName,
): Picture {
  const data = { ...history, currency: 'USDT' };
  return { config: equityChart(data, theme), caption: describeEquity(data) };
}

/** Even, as slotting wants it; about one slot to 1.5 pixels. */
const SLOTS = 480;
/** What moves less than this of the equity is no cliff: the axis spans at least so much. */
const LEAST_SPAN = 0.02;
/** Up to here each reading also gets a dot. */
const FEW = 40;

/**
 * Equity above, drawdown in percent of the peak so far below, halts as marked moments. Silences of the record are
 * dashed. Throws `ChartDataError` without points or with a value that is not a number.
 */
export function equityChart(data: EquityChartData, themeName: ThemeName = 'light'): ChartConfig {
  const theme = themeOf(themeName);
  const curve = equityCurve(data.points);
  const grid = timeGrid(curve.first.at, curve.last.at, SLOTS);
  const equity = slotReadings(curve.readings, grid);
  const drawdown = slotReadings(curve.drawdowns, grid);
  const labels = timeLabels(grid.times, 3);
  const dots = curve.readings.length <= FEW;
  const range = paddedRange([curve.lowest, curve.highest], 0.1, LEAST_SPAN);
  const halts = (data.halts ?? []).filter((halt) => inside(halt.at, curve));
  return {
    type: 'line',
    data: {
      labels,
      datasets: [
        ...lineDatasets({
          name: 'Equity',
          axis: 'equity',
          line: equity,
          color: theme.line,
          dots,
        }),
        ...lineDatasets({
          name: 'Drawdown, %',
          axis: 'drawdown',
          line: drawdown,
          color: theme.down,
          dots: false,
          fill: true,
        }),
        ...haltBars(halts, { grid, range, theme }),
      ],
    },
    options: baseOptions({
      title: data.title,
      subtitle: subtitleOf(data, curve),
      theme,
      scales: {
        ...timeAxes(labels, theme),
        ...(halts.length > 0 ? { halts: eventAxis(haltNames(halts, grid), theme.breach) } : {}),
        ...panels(curve, range, theme),
      },
    }),
  };
}

/** Key figures of the equity chart in words; works without points too. */
export function describeEquity(data: EquityChartData): string {
  if (data.points.length === 0) return `${data.title}: no equity reading yet.`;
  const curve = equityCurve(data.points);
  const money = (value: number): string => `${formatMoney(value)} ${data.currency}`;
  if (curve.first.at === curve.last.at) {
    return caption([
      `${data.title}: one reading, ${money(curve.last.value)} at ${momentText(curve.last.at)} UTC.`,
    ]);
  }
  const change = curve.change === undefined ? '' : ` (${changeText(curve.change)})`;
  const halts = (data.halts ?? []).filter((halt) => inside(halt.at, curve));
  return caption([
    `${data.title}: ${money(curve.last.value)} at ${momentText(curve.last.at)} UTC, from ${money(curve.first.value)} on ${dateText(curve.first.at)}${change}; lowest ${formatMoney(curve.lowest)}, highest ${formatMoney(curve.highest)}.`,
    drawdownSentence(curve),
    movedSentence(data),
    halts.length === 0
      ? ''
      : `Halts: ${halts.map((halt) => `${momentText(halt.at)} ${plainText(halt.label, 40)}`).join('; ')}.`,
  ]);
}

/** At most so many are named one by one. */
const NAMED = 3;

function movedSentence({ moved = [], currency }: EquityChartData): string {
  if (moved.length === 0) return '';
  const named = moved
    .slice(-NAMED)
    .map(({ at, amount }) => `${formatSignedMoney(amount)} ${currency} on ${dateText(at)}`);
  const more = moved.length > NAMED ? `${moved.length - NAMED} more, ` : '';
  return `Deposits and withdrawals are taken out (${more}${named.join(', ')}): equity before them is scaled to what was there after.`;
}

function drawdownSentence({ deepest, drawdowns }: EquityCurve): string {
  const now = drawdowns.at(-1);
  if (deepest === undefined || now === undefined)
    return 'Drawdown cannot be given: equity was never positive.';
  if (deepest.value === 0) return 'No drawdown.';
  return `Deepest drawdown ${fallText(deepest.value)} on ${dateText(deepest.at)}, now ${fallText(now.value)} below the peak.`;
}

/** Two decimals at most, as /status has it. */
const fallText = (value: number): string =>
  formatPercent(Math.abs(value), 2).replace(/\.?0+ %$/, ' %');

/** A small change keeps two decimals, in picture and caption alike. */
const changeText = (change: number): string =>
  formatSignedPercent(change, Math.abs(change) < 1 ? 2 : 1);

function subtitleOf(data: EquityChartData, curve: EquityCurve): string {
  const span = spanText(curve.first.at, curve.last.at);
  const change =
    curve.change === undefined || curve.readings.length === 1
      ? ''
      : ` ${changeText(curve.change)},`;
  // The caption tells the sums; a longer line would be cut.
  if ((data.moved ?? []).length > 0)
    return `${data.currency},${change} net of transfers, ${span} UTC`;
  return `${data.currency},${change} ${span}, UTC; drawdown below`;
}

function panels(curve: EquityCurve, range: { min: number; max: number }, theme: Theme): JsonObject {
  const equity = valueAxis({
    ...range,
    height: 150,
    ticks: 4,
    formatTick: formatNumber,
    tags: [{ value: curve.last.value, text: formatMoney(curve.last.value), color: theme.entry }],
    theme,
    weight: 2.4,
  });
  const depth = Math.min(-1, (curve.deepest?.value ?? 0) * 1.2);
  const worst = curve.deepest?.value ?? 0;
  const drawdown = valueAxis({
    min: depth,
    max: -depth * 0.18,
    height: 70,
    ticks: 2,
    formatTick: (value, decimals) => formatPercent(value, decimals),
    tags: worst < 0 ? [{ value: worst, text: `-${fallText(worst)}`, color: theme.stop }] : [],
    theme,
    weight: 1,
  });
  return {
    equity: equity.measure,
    equityLabels: equity.labels,
    drawdown: drawdown.measure,
    drawdownLabels: drawdown.labels,
  };
}

type Halt = NonNullable<EquityChartData['halts']>[number];

function inside(at: number, curve: EquityCurve): boolean {
  return at >= curve.first.at && at <= curve.last.at;
}

interface HaltGround {
  readonly grid: TimeGrid;
  readonly range: { readonly min: number; readonly max: number };
  readonly theme: Theme;
}

function haltBars(halts: readonly Halt[], { grid, range, theme }: HaltGround): JsonObject[] {
  if (halts.length === 0) return [];
  const data: (readonly number[] | null)[] = grid.times.map(() => null);
  for (const halt of halts) data[grid.slotOf(halt.at)] = [range.min, range.max];
  return [
    {
      type: 'bar',
      label: 'Halt',
      yAxisID: 'equity',
      data,
      barThickness: 3,
      grouped: false,
      backgroundColor: theme.breach,
      order: 1,
    },
  ];
}

/** Names over their marks, newest first; where two would touch, the older adds to a count: `By hand +1`. */
function haltNames(halts: readonly Halt[], grid: TimeGrid): string[] {
  const count = grid.times.length;
  const names = Array.from({ length: count }, () => '');
  let free = count * 1.1;
  let more = 0;
  let named = -1;
  for (const halt of halts.toSorted((a, b) => b.at - a.at)) {
    const text = plainText(halt.label, 26);
    // Room for a count that may be added.
    const room = text.length + (halts.length > 1 ? 3 : 0);
    const half = Math.ceil((room * 6.5 * count) / 760) + 8;
    const at = Math.max(half - 18, Math.min(grid.slotOf(halt.at), Math.floor(free - half)));
    const fits = at + half <= free && Math.abs(at - grid.slotOf(halt.at)) <= half / 2;
    if (!fits && named >= 0) {
      more += 1;
      names[named] = `${names[named]?.replace(/ \+\d+$/, '')} +${more}`;
      continue;
    }
    names[at] = text;
    named = at;
    more = 0;
    free = at - half;
  }
  return names;
}
