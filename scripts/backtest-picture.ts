/** The picture of a run: equity with drawdown, and beside it the trades of one symbol on its candles. */
import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { Analysis } from '../src/backtest/analyse.ts';
import { candleAt } from '../src/backtest/candle-columns.ts';
import type { Halt } from '../src/backtest/overseer.ts';
import { equityChart } from '../src/charts/equity-chart.ts';
import { createLocalRenderer } from '../src/charts/local-renderer.ts';
import { tradesChart } from '../src/charts/trades-chart.ts';
import type { Loaded } from './backtest-data.ts';

const WIDTH = 900;
const HEIGHT = 500;

/** PNG, 1800 x 500: equity on the left; on the right the symbol with most trades, or the first one where nothing was traded. */
export async function drawBacktest(
  { main, halts }: { readonly main: Analysis; readonly halts: readonly Halt[] },
  { recordings }: Loaded,
  title: string,
): Promise<Uint8Array> {
  const equity = equityChart({
    points: main.equity,
    title,
    currency: 'USDT',
    halts: halts.map(({ at, trigger }) => ({ at, label: trigger })),
  });
  const tradesOf = (symbol: string) => main.trades.filter((trade) => trade.symbol === symbol);
  const [shown] = recordings.toSorted(
    (one, other) => tradesOf(other.symbol).length - tradesOf(one.symbol).length,
  );
  const renderer = createLocalRenderer();
  const charts =
    shown === undefined
      ? [equity]
      : [
          equity,
          tradesChart({
            symbol: shown.symbol,
            candles: Array.from({ length: shown.candles.length }, (_, row) =>
              candleAt(shown.candles, row),
            ),
            trades: tradesOf(shown.symbol),
          }),
        ];
  const canvas = createCanvas(WIDTH * charts.length, HEIGHT);
  const ground = canvas.getContext('2d');
  for (const [index, chart] of charts.entries()) {
    const image = await loadImage(await renderer.render(chart, { width: WIDTH, height: HEIGHT }));
    ground.drawImage(image, index * WIDTH, 0, WIDTH, HEIGHT);
  }
  return canvas.encode('png');
}
