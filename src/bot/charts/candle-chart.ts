import { baseOptions, timeAxes } from './axes/base-options.ts';
import {
  candleDatasets,
  fillDatasets,
  type ChartBands,
  type ChartCandle,
  type ChartFill,
} from './candle-datasets.ts';
import type { ChartConfig, JsonObject } from '../../app/ports/chart-renderer.ts';
import { ChartDataError, requireFinite } from './chart.ts';
import { formatNumber, formatSignedPercent, priceDecimals } from './axes/number-format.ts';
import { caption } from './plain-text.ts';
import { themeOf, type Theme, type ThemeName } from './theme.ts';
import { momentText, timeLabels } from './axes/time-labels.ts';
import { paddedRange, valueAxis, type Tag } from './axes/value-axis.ts';
import { countText } from '../../domain/words/words.ts';

/** Candles of one symbol with the prices of a plan or of an open position. Prices in the quote currency. */
export interface CandleChartData {
  readonly symbol: string;
  /** As the exchange writes it: `1m`, `15m`, `1h`, `4h`, `1d`. */
  readonly interval: string;
  /** Ascending in time, `openTime` in Unix milliseconds. The newest 240 are drawn. */
  readonly candles: readonly ChartCandle[];
  readonly entry?: number;
  readonly stop?: number;
  readonly target?: number;
  /** Current (mark) price, for an open position. */
  readonly mark?: number;
  /** Where an open position would be liquidated. */
  readonly liquidation?: number;
  /** What was bought and sold of it, `at` in Unix milliseconds. */
  readonly fills?: readonly ChartFill[];
  /** Where a closed position left. */
  readonly exit?: number;
  /** Absent: no trade in it. */
  readonly side?: 'long' | 'short';
  readonly title: string;
  /** Low, without a line below the title: under the words of a card. */
  readonly onCard?: boolean;
  /** Bollinger bands, one value a candle, null where not known yet. */
  readonly bands?: ChartBands;
}

const MOST_CANDLES = 240;
const TIME_LABELS = 3;
/** Wide and low, so that a card with it fits on one screen. */
const CARD_HEIGHT = 250;
const USUAL_HEIGHT = 340;
/** What heading and times take of the height. */
const AROUND_PANEL = 120;

interface PriceLine {
  readonly name: 'Entry' | 'Stop' | 'Target' | 'Now' | 'Exit' | 'Liq.';
  readonly price: number;
  readonly color: string;
  readonly dash: readonly number[];
}

/**
 * Candlesticks as floating bars, with lines and price tags for entry, stop, target and the current price. A line far
 * outside the candles' range is named at the edge with an arrow rather than squeezing the candles flat. Throws
 * `ChartDataError` without candles or with a price that is not a positive number.
 */
export function candleChart(data: CandleChartData, themeName: ThemeName = 'light'): ChartConfig {
  const theme = themeOf(themeName);
  const height = data.onCard === true ? CARD_HEIGHT : USUAL_HEIGHT;
  const candles = checkedCandles(data);
  const lines = priceLines(data, theme);
  const range = shownRange(candles, lines, data.bands);
  const margin = Math.max(1, Math.ceil(candles.length * 0.02));
  // Empty slots on both sides keep lines visible with a single candle and the newest candle off the edge.
  const empty = Array.from({ length: margin }, () => '');
  const labels = [
    ...empty,
    ...timeLabels(
      candles.map((candle) => candle.openTime),
      TIME_LABELS,
    ),
    ...empty,
  ];
  const tags =
    lines.length > 0 ? priceTags(lines, range) : [closeTag(candles.at(-1)?.close ?? 0, theme)];
  const axis = valueAxis({
    ...range,
    height: height - AROUND_PANEL,
    ticks: data.onCard === true ? 4 : 6,
    formatTick: formatNumber,
    tags,
    theme,
  });
  return {
    type: 'bar',
    data: {
      labels,
      datasets: [
        ...lines
          .filter((line) => within(line.price, range))
          .map((line) => lineDataset(line, labels.length)),
        ...fillDatasets({ fills: data.fills ?? [], candles, margin, theme }),
        ...candleDatasets({ candles, margin, theme, ...(data.bands ? { bands: data.bands } : {}) }),
      ],
    },
    options: baseOptions({
      title: data.title,
      subtitle: data.onCard === true ? '' : subtitleOf(data, candles),
      height,
      theme,
      scales: { ...timeAxes(labels, theme), price: axis.measure, priceLabels: axis.labels },
    }),
  };
}

function subtitleOf(data: CandleChartData, candles: readonly ChartCandle[]): string {
  const symbol = data.title.includes(data.symbol) ? '' : `${data.symbol} ${data.side ?? ''}, `;
  return `${symbol}${data.interval} candles to ${momentText(candles.at(-1)?.openTime ?? 0)} UTC`;
}

/** Key figures of the candle chart in words; works without candles too. */
export function describeCandles(data: CandleChartData): string {
  const first = data.candles[0];
  const last = data.candles.at(-1);
  if (first === undefined || last === undefined) {
    return caption([
      `${data.title}: no candles of ${data.symbol} ${data.interval} yet.`,
      planSentence(data),
    ]);
  }
  const low = data.candles.reduce((min, candle) => Math.min(min, candle.low), first.low);
  const high = data.candles.reduce((max, candle) => Math.max(max, candle.high), first.high);
  const decimals = priceDecimals([low, high, last.close]);
  const text = (price: number): string => formatNumber(price, decimals);
  const change =
    first.open > 0 ? ` (${formatSignedPercent((last.close / first.open - 1) * 100)})` : '';
  return caption([
    `${data.title}: ${data.symbol} ${data.interval}, last close ${text(last.close)}${change} over ${countText(data.candles.length, 'candle')} from ${momentText(first.openTime)} UTC, range ${text(low)} to ${text(high)}.`,
    planSentence(data),
  ]);
}

function planSentence(data: CandleChartData): string {
  const named = [
    ['entry', data.entry],
    ['stop', data.stop],
    ['target', data.target],
    ['now', data.mark],
    ['exit', data.exit],
    ['liquidation', data.liquidation],
  ] as const;
  const given = named.flatMap(([name, price]) => (price === undefined ? [] : [{ name, price }]));
  if (given.length === 0) return '';
  const decimals = priceDecimals(given.map(({ price }) => price));
  const parts = given.map(({ name, price }) => {
    const from =
      data.entry !== undefined && data.entry > 0 && name !== 'entry'
        ? ` (${formatSignedPercent((price / data.entry - 1) * 100, 2)})`
        : '';
    return `${name} ${formatNumber(price, decimals)}${from}`;
  });
  const said = data.side === undefined ? '' : data.side === 'long' ? 'Long: ' : 'Short: ';
  return `${said}${parts.join(', ')}.`;
}

function checkedCandles(data: CandleChartData): readonly ChartCandle[] {
  const candles = data.candles.slice(-MOST_CANDLES);
  if (candles.length === 0) {
    throw new ChartDataError(
      `The candle chart cannot be drawn: there are no ${data.interval} candles of ${data.symbol} yet.`,
    );
  }
  candles.forEach((candle, i) => {
    for (const field of ['openTime', 'open', 'high', 'low', 'close'] as const) {
      requireFinite(candle[field], `${field} of candle ${i + 1}`);
    }
  });
  return candles;
}

function priceLines(data: CandleChartData, theme: Theme): PriceLine[] {
  const all = [
    { name: 'Target', price: data.target, color: theme.target, dash: [10, 6] },
    { name: 'Entry', price: data.entry, color: theme.entry, dash: [] },
    { name: 'Stop', price: data.stop, color: theme.stop, dash: [10, 6] },
    { name: 'Now', price: data.mark, color: theme.now, dash: [2, 4] },
    { name: 'Exit', price: data.exit, color: theme.now, dash: [] },
    { name: 'Liq.', price: data.liquidation, color: theme.breach, dash: [4, 4] },
  ] as const;
  return all.flatMap(({ price, ...rest }) =>
    price === undefined
      ? []
      : [{ ...rest, price: requireFinite(price, `${rest.name.toLowerCase()} price`) }],
  );
}

interface Range {
  readonly min: number;
  readonly max: number;
}

/** The candles and bands, and every line that lies within one and a half times their range of them. */
function shownRange(
  candles: readonly ChartCandle[],
  lines: readonly PriceLine[],
  bands: ChartBands | undefined,
): Range {
  const edges = candles.flatMap((candle) => [candle.low, candle.high]);
  const banded = bands
    ? [...bands.lower.slice(-candles.length), ...bands.upper.slice(-candles.length)].filter(
        (value) => value !== null,
      )
    : [];
  const base = paddedRange([...edges, ...banded], 0.06);
  const reach = (base.max - base.min) * 1.5;
  const near = lines
    .map((line) => line.price)
    .filter((price) => price > base.min - reach && price < base.max + reach);
  return paddedRange([base.min, base.max, ...near], 0.04);
}

function within(price: number, range: Range): boolean {
  return price >= range.min && price <= range.max;
}

function priceTags(lines: readonly PriceLine[], range: Range): Tag[] {
  const decimals = priceDecimals(lines.map((line) => line.price));
  return lines.map(({ name, price, color }) => {
    const arrow = within(price, range) ? '' : price > range.max ? '↑ ' : '↓ ';
    return { value: price, text: `${arrow}${name} ${formatNumber(price, decimals)}`, color };
  });
}

function closeTag(close: number, theme: Theme): Tag {
  return { value: close, text: formatNumber(close, priceDecimals([close])), color: theme.now };
}

function lineDataset(line: PriceLine, length: number): JsonObject {
  return {
    type: 'line',
    label: line.name,
    yAxisID: 'price',
    data: Array.from({ length }, (_, i) => (i === 0 || i === length - 1 ? line.price : null)),
    spanGaps: true,
    borderColor: line.color,
    borderWidth: 2.5,
    borderDash: line.dash,
    pointRadius: 0,
    fill: false,
    order: 1,
  };
}
