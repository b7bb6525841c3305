import { baseOptions } from './axes/base-options.ts';
import type { ChartConfig } from '../../app/ports/chart-renderer.ts';
import { ChartDataError, requireFinite, type Picture } from './chart.ts';
import { formatPercent } from './axes/number-format.ts';
import { caption, plainText, wrapText } from './plain-text.ts';
import { levelAxis, ROW_WIDTH, rowAxis, rowsHeight } from './axes/row-axes.ts';
import { themeOf, type Theme, type ThemeName } from './theme.ts';
import { countText } from '../../domain/words/words.ts';

/** Use of each limit. */
export interface RiskChartData {
  readonly rows: readonly RiskRow[];
  readonly title?: string;
}

export interface RiskRow {
  readonly label: string;
  /** 100 is the limit itself; undefined when the use cannot be known now, which is shown as such. */
  readonly usedPercent: number | undefined;
  /** The figures in words, e.g. `120 of 300 USDT`. */
  readonly text: string;
}

/** The picture of the use of each limit; at least one row. */
export function limitsPicture(rows: readonly RiskRow[], theme: ThemeName): Picture {
  const data = { rows, title: 'Use of the limits' };
  return { config: riskChart(data, theme), caption: describeRisk(data) };
}

const LEVELS = [60, 80, 100] as const;
const MOST_ROWS = 20;
/** More have one line each: the figures stand in the message. */
const MOST_IN_FULL = 8;

/**
 * A horizontal bar for each limit: teal below 60 % of it, yellow from 60, orange from 80, crimson from 100; bars end
 * at 120 %, the text has the true figure. Unknown use has no bar. Throws `ChartDataError` without rows or over 20.
 */
export function riskChart(data: RiskChartData, themeName: ThemeName = 'light'): ChartConfig {
  const theme = themeOf(themeName);
  const rows = checkedRows(data);
  const labels = rows.map(rows.length > MOST_IN_FULL ? lineOf : linesOf);
  return {
    type: 'bar',
    data: {
      labels: rows.map((row) => plainText(row.label, 40)),
      datasets: [
        {
          type: 'bar',
          label: 'Used, % of limit',
          xAxisID: 'x',
          yAxisID: 'y',
          data: rows.map((row) =>
            row.usedPercent === undefined ? null : Math.min(120, Math.max(0, row.usedPercent)),
          ),
          backgroundColor: rows.map((row) => colorOf(row.usedPercent, theme)),
          barPercentage: 0.62,
          maxBarThickness: 40,
          minBarLength: 3,
          grouped: false,
        },
        // Light tracks up to the limit, so that an empty bar is seen to be empty.
        {
          type: 'bar',
          label: 'Limit',
          xAxisID: 'x',
          yAxisID: 'y',
          data: rows.map(() => 100),
          backgroundColor: theme.grid,
          barPercentage: 0.62,
          maxBarThickness: 40,
          grouped: false,
          order: 2,
        },
      ],
    },
    options: baseOptions({
      title: data.title ?? 'Limits in use',
      subtitle: '% of each limit; caution from 60, warning from 80, breach at 100',
      theme,
      indexAxis: 'y',
      height: rowsHeight(labels),
      scales: {
        x: levelAxis({ min: 0, max: 120, step: 40, theme }),
        y: rowAxis({
          labels,
          colors: rows.map((row) =>
            row.usedPercent !== undefined && row.usedPercent >= 100 ? theme.breach : theme.text,
          ),
        }),
      },
    }),
  };
}

/** Key figures of the limits in words, the most used first; works without rows too. */
export function describeRisk(data: RiskChartData): string {
  const title = data.title ?? 'Limits in use';
  if (data.rows.length === 0) return caption([`${title}: no limit is set.`]);
  const sorted = data.rows.toSorted(
    (a, b) => (b.usedPercent ?? Infinity) - (a.usedPercent ?? Infinity),
  );
  const over = data.rows.filter((row) => (row.usedPercent ?? 0) >= 100).length;
  const unknown = data.rows.filter((row) => row.usedPercent === undefined).length;
  return caption([
    `${title}: ${over === 0 ? 'no limit reached' : `${over} of ${countText(data.rows.length, 'limit reached', 'limits reached')}`}${unknown === 0 ? '' : `, ${unknown} unavailable`}.`,
    `${sorted.map((row) => `${row.label} ${usedText(row)} (${row.text})`).join('; ')}.`,
  ]);
}

function usedText(row: RiskRow): string {
  const used = row.usedPercent;
  if (used === undefined) return 'unavailable';
  // 99.96 % is not yet 100 %: nothing below a limit may read as if it were reached.
  return used > 99 && used < 100
    ? formatPercent(Math.floor(used * 10) / 10, 1)
    : formatPercent(used, 0);
}

const lineOf = (row: RiskRow): string[] => [
  `${usedText(row)} ${plainText(row.label, ROW_WIDTH - usedText(row).length - 1)}`,
];

/** The name over the percentage and its figures. */
function linesOf(row: RiskRow): string[] {
  // Cents and unit would not fit; the message has them.
  const figures = row.text.replaceAll(/(?<=\d)\.\d\d USDT/g, '');
  return [
    ...wrapText(row.label, ROW_WIDTH, 2),
    ...wrapText(`${usedText(row)}: ${figures}`, ROW_WIDTH, 2),
  ];
}

function colorOf(used: number | undefined, theme: Theme): string {
  if (used === undefined || used < LEVELS[0]) return theme.up;
  if (used < LEVELS[1]) return theme.caution;
  return used < LEVELS[2] ? theme.warning : theme.breach;
}

function checkedRows(data: RiskChartData): readonly RiskRow[] {
  if (data.rows.length === 0) {
    throw new ChartDataError('The limits chart cannot be drawn: there is no limit to show.');
  }
  if (data.rows.length > MOST_ROWS) {
    throw new ChartDataError(
      `The limits chart cannot be drawn: ${data.rows.length} rows, at most ${MOST_ROWS} fit a picture.`,
    );
  }
  for (const row of data.rows) {
    if (row.usedPercent !== undefined)
      requireFinite(row.usedPercent, `use of limit "${row.label}"`);
  }
  return data.rows;
}
