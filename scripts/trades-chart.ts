import { baseOptions, timeAxes } from '../src/bot/charts/axes/base-options.ts';
import { candleDatasets, type ChartCandle } from '../src/bot/charts/candle-datasets.ts';
import type { ChartConfig, JsonObject } from '../src/app/ports/chart-renderer.ts';
import { ChartDataError } from '../src/bot/charts/chart.ts';
import { formatNumber } from '../src/bot/charts/axes/number-format.ts';
import { caption } from '../src/bot/charts/plain-text.ts';
import { themeOf, type Theme, type ThemeName } from '../src/bot/charts/theme.ts';
import { momentText, timeLabels } from '../src/bot/charts/axes/time-labels.ts';
import { paddedRange, valueAxis } from '../src/bot/charts/axes/value-axis.ts';
import { countText } from '../src/domain/words/words.ts';

/** A finished trade as the chart needs it. Times are the open times of the candles it began and ended in. */
export interface ChartTrade {
  readonly side: 'long' | 'short';
  readonly entryTime: number;
  readonly entryPrice: number;
  readonly exitTime: number;
  readonly exitPrice: number;
  /** After all costs. */
  readonly pnl: number;
}

/** Candles of one symbol, ascending, with the trades on it. */
export interface TradesChartData {
  readonly symbol: string;
  /** Length of the candles, such as "1 h". */
  readonly interval: string;
  readonly candles: readonly ChartCandle[];
  readonly trades: readonly ChartTrade[];
}

const MOST_CANDLES = 160;
/** Candles shown after the newest trade. */
const AFTER = 6;

/**
 * Trades on candles: a triangle where each began (pointing up for a long), a diamond where it ended, a line between them; the
 * colour says whether it earned money after costs. Shows the 160 candles that hold most whole trades, the newest of equals.
 * Throws `ChartDataError` without candles.
 */
export function tradesChart(data: TradesChartData, themeName: ThemeName = 'light'): ChartConfig {
  const theme = themeOf(themeName);
  const candles = shownCandles(data);
  const shown = shownTrades(data, candles);
  const range = paddedRange(
    [
      ...candles.flatMap(({ low, high }) => [low, high]),
      ...shown.flatMap(({ entryPrice, exitPrice }) => [entryPrice, exitPrice]),
    ],
    0.06,
  );
  const times = candles.map(({ openTime }) => openTime);
  const labels = ['', ...timeLabels(times, 5), ''];
  const axis = valueAxis({
    ...range,
    height: 350,
    ticks: 8,
    formatTick: formatNumber,
    tags: [],
    theme,
  });
  return {
    type: 'bar',
    data: {
      labels,
      datasets: [
        ...shown.flatMap((trade) => tradeDatasets(trade, times, theme)),
        ...candleDatasets({ candles, margin: 1, theme }),
      ],
    },
    options: baseOptions({
      title: `${data.symbol}: trades on ${data.interval} candles`,
      subtitle: subtitleOf(data, shown.length, candles),
      theme,
      scales: { ...timeAxes(labels, theme), price: axis.measure, priceLabels: axis.labels },
    }),
  };
}

/** The trades chart in words; works without candles and trades too. */
export function describeTrades({
  symbol,
  trades,
}: Pick<TradesChartData, 'symbol' | 'trades'>): string {
  if (trades.length === 0) return `${symbol}: no trade.`;
  const won = trades.filter(({ pnl }) => pnl > 0).length;
  const last = trades.at(-1);
  return caption([
    `${symbol}: ${countText(trades.length, 'trade')}, ${won} earned money after costs; the last one ended ${momentText(last?.exitTime ?? 0)} UTC.`,
  ]);
}

function shownCandles({ symbol, candles, trades }: TradesChartData): readonly ChartCandle[] {
  if (candles.length === 0) {
    throw new ChartDataError(`The trades chart cannot be drawn: no candles of ${symbol}.`);
  }
  const times = candles.map(({ openTime }) => openTime);
  const spans = trades
    .map(({ entryTime, exitTime }) => [times.indexOf(entryTime), times.indexOf(exitTime)] as const)
    .filter(([entry, exit]) => entry >= 0 && exit >= 0);
  let end = candles.length;
  let most = 0;
  for (const [, last] of spans) {
    const after = Math.min(candles.length, last + 1 + AFTER);
    const held = spans.filter(([entry, exit]) => entry >= after - MOST_CANDLES && exit <= last);
    if (held.length < most || held.length === 0) continue;
    most = held.length;
    end = after;
  }
  return candles.slice(Math.max(0, end - MOST_CANDLES), end);
}

function shownTrades({ trades }: TradesChartData, candles: readonly ChartCandle[]): ChartTrade[] {
  const from = candles[0]?.openTime ?? Infinity;
  const to = candles.at(-1)?.openTime ?? -Infinity;
  return trades.filter(({ entryTime, exitTime }) => entryTime >= from && exitTime <= to);
}

function subtitleOf(
  { trades }: TradesChartData,
  shown: number,
  candles: readonly ChartCandle[],
): string {
  const to = momentText(candles.at(-1)?.openTime ?? 0);
  return `${shown} of ${countText(trades.length, 'trade')}; triangle in, diamond out; to ${to} UTC`;
}

/** One line a trade; what began and ended in one candle needs a second set, because a slot holds one value. */
function tradeDatasets(
  trade: ChartTrade,
  times: readonly number[],
  theme: Theme,
): readonly JsonObject[] {
  const slots = times.length + 2;
  const entry = times.indexOf(trade.entryTime) + 1;
  const exit = times.indexOf(trade.exitTime) + 1;
  const color = trade.pnl > 0 ? theme.target : theme.breach;
  const at = (points: ReadonlyMap<number, number>): (number | null)[] =>
    Array.from({ length: slots }, (_, slot) => points.get(slot) ?? null);
  const marks = {
    type: 'line',
    yAxisID: 'price',
    borderColor: color,
    borderWidth: 2,
    spanGaps: true,
    fill: false,
    tension: 0,
    pointRadius: 9,
    pointBorderColor: theme.ground,
    pointBorderWidth: 1.5,
    order: 0,
  } as const;
  const begin = {
    ...marks,
    label: 'Entry',
    data: at(new Map([[entry, trade.entryPrice]])),
    pointStyle: 'triangle',
    pointRotation: trade.side === 'long' ? 0 : 180,
    pointBackgroundColor: theme.entry,
  };
  const end = {
    ...marks,
    label: 'Exit',
    data: at(new Map([[exit, trade.exitPrice]])),
    pointStyle: 'rectRot',
    pointBackgroundColor: color,
    pointRadius: 8,
  };
  if (entry === exit) return [begin, end];
  const line = {
    ...marks,
    label: 'Trade',
    data: at(
      new Map([
        [entry, trade.entryPrice],
        [exit, trade.exitPrice],
      ]),
    ),
    pointRadius: 0,
    order: 1,
  };
  return [begin, end, line];
}
