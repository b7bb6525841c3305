/** The picture of a run: equity with drawdown, and beside it the trades of some symbols on their candles. */
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { candleAt } from '../src/backtest/candles/candle-columns.ts';
import { lengthText } from '../src/backtest/candles/candle-length.ts';
import { equityChart } from '../src/bot/charts/equity-chart.ts';
import { createLocalRenderer } from '../src/charts/local-renderer.ts';
import { themeOf } from '../src/bot/charts/theme.ts';
import { tradesChart } from './trades-chart.ts';
import type { Loaded } from './backtest-data.ts';
import type { Outcome } from './backtest-run.ts';

const WIDTH = 900;
const HEIGHT = 500;
const COLUMNS = 2;
/** Symbols whose trades are drawn; with the equity they fill rows of two. */
const MOST_SYMBOLS = 5;

/** PNG, 1800 wide, 500 a row: equity first, then up to five symbols, those with most trades first; the first of all where there is none. */
export async function drawBacktest(
  { main, halts }: Pick<Outcome, 'main' | 'halts'>,
  { recordings }: Loaded,
  strategy: string,
): Promise<Uint8Array> {
  const tradesOf = (symbol: string) => main.trades.filter((trade) => trade.symbol === symbol);
  const ranked = recordings
    .map((recording) => ({ ...recording, trades: tradesOf(recording.symbol) }))
    .toSorted((one, other) => other.trades.length - one.trades.length);
  const traded = ranked.filter(({ trades }) => trades.length > 0).slice(0, MOST_SYMBOLS);
  const shown = traded.length > 0 ? traded : ranked.slice(0, 1);
  const charts = [
    equityChart({
      points: main.equity,
      title: `Backtest, ${strategy}`,
      currency: 'USDT',
      halts: halts.map(({ at, trigger }) => ({ at, label: trigger })),
    }),
    ...shown.map(({ symbol, candles, candleMs, trades }) =>
      tradesChart({
        symbol,
        interval: lengthText(candleMs).replace(/(\d+)/, '$1 '),
        candles: Array.from({ length: candles.length }, (_, row) => candleAt(candles, row)),
        trades,
      }),
    ),
  ];
  const renderer = createLocalRenderer();
  const canvas = createCanvas(WIDTH * COLUMNS, HEIGHT * Math.ceil(charts.length / COLUMNS));
  const ground = canvas.getContext('2d');
  ground.fillStyle = themeOf('light').ground;
  ground.fillRect(0, 0, canvas.width, canvas.height);
  for (const [index, chart] of charts.entries()) {
    const image = await loadImage(await renderer.render(chart, { width: WIDTH, height: HEIGHT }));
    const left = (index % COLUMNS) * WIDTH;
    ground.drawImage(image, left, Math.floor(index / COLUMNS) * HEIGHT, WIDTH, HEIGHT);
  }
  return canvas.encode('png');
}
