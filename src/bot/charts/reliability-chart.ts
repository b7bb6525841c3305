import type { ReliabilityRow } from '../../app/views/read-evidence.ts';
import { baseOptions } from './axes/base-options.ts';
import type { ChartConfig, JsonObject } from '../../app/ports/chart-renderer.ts';
import { ChartDataError, requireFinite, type Picture } from './chart.ts';
import { formatPercent } from './axes/number-format.ts';
import { caption, plainText } from './plain-text.ts';
import { levelAxis, rowAxis, rowsHeight } from './axes/row-axes.ts';
import { themeOf, withAlpha, type ThemeName } from './theme.ts';

export interface ReliabilityChartData {
  readonly rows: readonly ReliabilityRow[];
  /** Share at which a signal neither gains nor loses. */
  readonly breakEven: number;
  readonly title?: string;
}

/** The picture of what signals of each strategy did; at least one row. */
export function reliabilityPicture(data: ReliabilityChartData, theme: ThemeName): Picture {
  return { config: reliabilityChart(data, theme), caption: describeReliability(data) };
}

const TITLE = 'Targets reached';
const MOST_ROWS = 20;
/** Half the width of a mark, in percent points. */
const MARK = 0.35;

/**
 * A row for each strategy, side and source: the bar is the 95 % interval, the dark mark in it the share itself, the crimson line through
 * all rows the break-even. Throws `ChartDataError` without rows, over 20, or for a share that is no number.
 */
export function reliabilityChart(
  data: ReliabilityChartData,
  themeName: ThemeName = 'light',
): ChartConfig {
  const theme = themeOf(themeName);
  const rows = checkedRows(data);
  const labels = rows.map(({ name, source, rate, n }) => [
    `${name} ${formatPercent(rate * 100, 1)}`,
    `${plainText(source.replace('perpetuals', 'perps'), 16)}, n ${n}`,
  ]);
  const sources = [...new Set(rows.map(({ source }) => source))];
  const palette = [theme.line, theme.soft, theme.up, theme.caution];
  const colorOf = (source: string): string =>
    palette[sources.indexOf(source) % palette.length] ?? theme.line;
  const even = data.breakEven * 100;
  const top = Math.max(even, ...rows.map(({ high }) => high * 100));
  const max = Math.min(100, Math.ceil((top + 2) / 20) * 20);
  const mark = (share: number): [number, number] => [share * 100 - MARK, share * 100 + MARK];
  return {
    type: 'bar',
    data: {
      labels: rows.map(nameOf),
      datasets: [
        bar('Share', {
          data: rows.map(({ rate }) => mark(rate)),
          backgroundColor: theme.text,
          order: 1,
        }),
        bar('95 % interval', {
          data: rows.map(({ low, high }) => [low * 100, high * 100]),
          backgroundColor: rows.map(({ source }) => withAlpha(colorOf(source), 0.75)),
          minBarLength: 4,
          order: 2,
        }),
        bar('Break-even', {
          data: rows.map(() => [even - 0.12, even + 0.12]),
          backgroundColor: theme.breach,
          barPercentage: 1,
          categoryPercentage: 1,
          maxBarThickness: 200,
          order: 3,
        }),
      ],
    },
    options: baseOptions({
      title: data.title ?? TITLE,
      subtitle: `% that reached the target, 95 % interval; red: break-even ${formatPercent(even, 1)}`,
      theme,
      indexAxis: 'y',
      height: rowsHeight(labels),
      scales: {
        x: levelAxis({ min: 0, max, step: 20, theme }),
        y: rowAxis({
          labels,
          colors: rows.map(({ high }) => (high < data.breakEven ? theme.breach : theme.text)),
        }),
      },
    }),
  };
}

/** The chart in words; works without rows too. */
export function describeReliability({ rows, breakEven, title }: ReliabilityChartData): string {
  const name = title ?? TITLE;
  if (rows.length === 0) return `${name}: not measured yet.`;
  const below = rows.filter(({ high }) => high < breakEven).length;
  return caption([
    `${name}: break-even is ${formatPercent(breakEven * 100, 1)}; ${below} of ${rows.length} sides ${below === 1 ? 'lies' : 'lie'} below it with their whole interval.`,
    `${rows
      .map(
        (row) =>
          `${nameOf(row)} ${formatPercent(row.rate * 100, 1)} (${formatPercent(row.low * 100, 1)} to ${formatPercent(row.high * 100, 1)}, n ${row.n.toLocaleString('en-US')})`,
      )
      .join('; ')}.`,
  ]);
}

const nameOf = ({ name, source }: ReliabilityRow): string => `${name} ${plainText(source, 20)}`;

const bar = (label: string, over: JsonObject): JsonObject => ({
  type: 'bar',
  label,
  xAxisID: 'x',
  yAxisID: 'y',
  grouped: false,
  barPercentage: 0.5,
  maxBarThickness: 30,
  ...over,
});

function checkedRows({ rows, breakEven }: ReliabilityChartData): readonly ReliabilityRow[] {
  requireFinite(breakEven, 'the break-even share');
  if (rows.length === 0 || rows.length > MOST_ROWS) {
    throw new ChartDataError(
      `The reliability chart cannot be drawn: ${rows.length} rows, 1 to ${MOST_ROWS} fit a picture.`,
    );
  }
  for (const row of rows) {
    for (const field of ['rate', 'low', 'high'] as const) {
      requireFinite(row[field], `${field} of ${nameOf(row)}`);
    }
  }
  return rows;
}
