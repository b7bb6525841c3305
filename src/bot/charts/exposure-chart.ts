import { toNumber, type Usd } from '../../domain/money/money.ts';
import { baseOptions } from './axes/base-options.ts';
import type { ChartConfig, JsonObject } from '../../app/ports/chart-renderer.ts';
import { ChartDataError, requireFinite, type Picture } from './chart.ts';
import { formatMoney, formatNumber, scaleStep } from './axes/number-format.ts';
import { caption, plainText } from './plain-text.ts';
import { levelAxis, ROW_WIDTH, rowAxis, rowsHeight } from './axes/row-axes.ts';
import { themeOf, type ThemeName } from './theme.ts';

/** Open exposure by symbol: notional at the mark price, in `currency`, never negative. */
export interface ExposureChartData {
  readonly rows: readonly {
    readonly symbol: string;
    readonly long: number;
    readonly short: number;
  }[];
  readonly currency: string;
  readonly title?: string;
}

/** The picture of what is at stake by symbol; at least one row. */
export function exposurePicture(
  held: readonly { readonly symbol: string; readonly long: Usd; readonly short: Usd }[],
  theme: ThemeName,
): Picture {
  const rows = held.map(({ symbol, long, short }) => ({
    symbol,
    long: toNumber(long),
    short: toNumber(short),
  }));
  const data = { rows, currency: 'USDT' };
  return { config: exposureChart(data, theme), caption: describeExposure(data) };
}

type Row = ExposureChartData['rows'][number];

const MOST_ROWS = 12;
/** Of more, long and short stand in one line. */
const MOST_IN_FULL = 8;

const inShort = ({ long, short }: Row): string =>
  [
    ...(long > 0 ? [`+${formatNumber(long, 0)}`] : []),
    ...(short > 0 ? [`-${formatNumber(short, 0)}`] : []),
  ].join(' / ');

/**
 * Shorts to the left of zero, longs to the right, the largest symbols first; beyond twelve the smallest are summed as
 * `Others`. Throws `ChartDataError` without rows or with a notional that is not a number or negative.
 */
export function exposureChart(
  data: ExposureChartData,
  themeName: ThemeName = 'light',
): ChartConfig {
  const theme = themeOf(themeName);
  const rows = largestRows(data);
  const labels = rows.map((row) => [
    plainText(row.symbol, ROW_WIDTH),
    ...(rows.length > MOST_IN_FULL ? [inShort(row)] : figureLines(row)),
  ]);
  const longest = rows.reduce((max, row) => Math.max(max, row.long), 0);
  const shortest = rows.reduce((max, row) => Math.max(max, row.short), 0);
  const step = scaleStep(longest + shortest || 1, 4);
  // Rounded up to a whole step, cleared of float noise.
  const reach = (value: number): number =>
    Number((Math.ceil(value / step - 1e-9) * step).toPrecision(12));
  const bars = (side: 'long' | 'short'): JsonObject => ({
    type: 'bar',
    label: side,
    data: rows.map((row) => (side === 'long' ? row.long : row.short === 0 ? 0 : -row.short)),
    backgroundColor: side === 'long' ? theme.up : theme.down,
    barPercentage: 0.62,
    maxBarThickness: 40,
    grouped: false,
  });
  return {
    type: 'bar',
    data: {
      labels: rows.map((row) => row.symbol),
      datasets: [bars('long'), bars('short')],
    },
    options: baseOptions({
      title: data.title ?? 'Exposure by symbol',
      subtitle: `Position value in ${data.currency}; short to the left, long to the right`,
      theme,
      indexAxis: 'y',
      height: rowsHeight(labels),
      scales: {
        x: levelAxis({
          min: shortest === 0 ? 0 : -reach(shortest),
          max: reach(longest) || (shortest === 0 ? step : 0),
          step,
          theme,
          compact: true,
        }),
        y: rowAxis({ labels, colors: rows.map(() => theme.text) }),
      },
    }),
  };
}

/** Key figures of the exposure chart in words; works without rows too. */
export function describeExposure(data: ExposureChartData): string {
  const title = data.title ?? 'Exposure by symbol';
  if (data.rows.length === 0) return caption([`${title}: no open position.`]);
  const rows = largestRows(data);
  const long = rows.reduce((sum, row) => sum + row.long, 0);
  const short = rows.reduce((sum, row) => sum + row.short, 0);
  const money = (value: number): string => `${formatMoney(value)} ${data.currency}`;
  return caption([
    `${title}: long ${money(long)}, short ${money(short)}, gross ${money(long + short)}, net ${money(long - short)}.`,
    `${rows.map((row) => `${row.symbol} ${figureLines(row).join(', ')}`).join('; ')}.`,
  ]);
}

function figureLines(row: Row): string[] {
  const lines = [
    ...(row.long > 0 ? [`long ${formatMoney(row.long)}`] : []),
    ...(row.short > 0 ? [`short ${formatMoney(row.short)}`] : []),
  ];
  return lines.length === 0 ? ['none'] : lines;
}

function largestRows(data: ExposureChartData): Row[] {
  if (data.rows.length === 0) {
    throw new ChartDataError('The exposure chart cannot be drawn: there is no open position.');
  }
  for (const { symbol, long, short } of data.rows) {
    if (
      requireFinite(long, `long exposure of ${symbol}`) < 0 ||
      requireFinite(short, `short exposure of ${symbol}`) < 0
    ) {
      throw new ChartDataError(
        `The exposure chart cannot be drawn: the exposure of ${symbol} is negative.`,
      );
    }
  }
  const sorted = data.rows.toSorted((a, b) => b.long + b.short - (a.long + a.short));
  if (sorted.length <= MOST_ROWS) return sorted;
  const kept = sorted.slice(0, MOST_ROWS - 1);
  const rest = sorted.slice(MOST_ROWS - 1);
  const sum = (side: 'long' | 'short'): number => rest.reduce((total, row) => total + row[side], 0);
  return [...kept, { symbol: `${rest.length} others`, long: sum('long'), short: sum('short') }];
}
