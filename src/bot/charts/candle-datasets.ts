import type { JsonObject } from '../../app/ports/chart-renderer.ts';
import { requireFinite } from './chart.ts';
import { CLEAR, withAlpha, type Theme } from './theme.ts';

export interface ChartCandle {
  /** Unix milliseconds. */
  readonly openTime: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** One execution of an open position. */
export interface ChartFill {
  readonly at: number;
  readonly price: number;
  readonly side: 'buy' | 'sell';
}

/** Bollinger bands, one value a candle, null where not known yet. */
export interface ChartBands {
  readonly upper: readonly (number | null)[];
  readonly middle: readonly (number | null)[];
  readonly lower: readonly (number | null)[];
}

export interface CandleDatasetsInput {
  readonly candles: readonly ChartCandle[];
  /** Empty slots on each side. */
  readonly margin: number;
  readonly theme: Theme;
  readonly bands?: ChartBands;
}

/** Wicks and bodies as floating bars over each other, bands as lines with a tint between, all on the axis `price`. */
export function candleDatasets(input: CandleDatasetsInput): JsonObject[] {
  const { candles, theme } = input;
  const pad = <T>(values: readonly T[]): (T | null)[] => {
    const empty = Array.from({ length: input.margin }, () => null);
    return [...empty, ...values, ...empty];
  };
  const colors = pad(
    candles.map((candle) => (candle.close >= candle.open ? theme.up : theme.down)),
  ).map((color) => color ?? CLEAR);
  const bar: JsonObject = {
    type: 'bar',
    yAxisID: 'price',
    grouped: false,
    backgroundColor: colors,
  };
  return [
    {
      ...bar,
      label: 'Body',
      data: pad(candles.map((candle) => [candle.open, candle.close])),
      barPercentage: 0.72,
      categoryPercentage: 1,
      maxBarThickness: 34,
      minBarLength: 2,
      order: 2,
    },
    {
      ...bar,
      label: 'Wick',
      data: pad(candles.map((candle) => [candle.low, candle.high])),
      barThickness: candles.length > 120 ? 1 : 2,
      order: 3,
    },
    ...(input.bands ? bandDatasets(input.bands, candles.length, { pad, theme }) : []),
  ];
}

/** A triangle a fill, up for what was bought; those before the first candle are not drawn. */
export function fillDatasets({
  fills,
  candles,
  margin,
  theme,
}: Omit<CandleDatasetsInput, 'bands'> & { readonly fills: readonly ChartFill[] }): JsonObject[] {
  const [first] = candles;
  return (['buy', 'sell'] as const).flatMap((side): JsonObject[] => {
    const data: (number | null)[] = Array.from({ length: candles.length + 2 * margin }, () => null);
    for (const fill of fills) {
      if (fill.side !== side || first === undefined || fill.at < first.openTime) continue;
      const slot = candles.findLastIndex(({ openTime }) => openTime <= fill.at);
      data[margin + slot] = requireFinite(fill.price, 'price of a fill');
    }
    if (data.every((each) => each === null)) return [];
    return [
      {
        type: 'line',
        label: side === 'buy' ? 'Bought' : 'Sold',
        yAxisID: 'price',
        data,
        showLine: false,
        pointStyle: 'triangle',
        pointRadius: 9,
        rotation: side === 'buy' ? 0 : 180,
        pointBackgroundColor: theme.entry,
        pointBorderColor: theme.onTag,
        pointBorderWidth: 2,
        order: 0,
      },
    ];
  });
}

interface BandStyle {
  readonly pad: (values: readonly (number | null)[]) => (number | null)[];
  readonly theme: Theme;
}

function bandDatasets(bands: ChartBands, count: number, { pad, theme }: BandStyle): JsonObject[] {
  const line = (label: string, values: readonly (number | null)[]): JsonObject => ({
    type: 'line',
    label,
    yAxisID: 'price',
    data: pad(values.slice(-count).map(compact)),
    borderColor: withAlpha(theme.soft, 0.9),
    backgroundColor: withAlpha(theme.soft, 0.16),
    borderWidth: 1.5,
    pointRadius: 0,
    tension: 0,
    spanGaps: false,
    fill: false,
    order: 4,
  });
  return [
    { ...line('Upper band', bands.upper), fill: '+1' },
    line('Lower band', bands.lower),
    { ...line('Middle band', bands.middle), borderDash: [4, 4] },
  ];
}

/** Seven digits are finer than a pixel and keep the JSON small. */
function compact(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(7));
}
