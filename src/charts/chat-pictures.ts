import type { ChartRenderer } from '../app/ports/chart-renderer.ts';
import type { Picture as ChatPicture, Pictures as ChatPictures } from '../app/ports/pictures.ts';
import { toNumber } from '../domain/money/money.ts';
import { describeEquity, equityChart } from './charts/equity-chart.ts';
import { describeReliability, reliabilityChart } from './charts/reliability-chart.ts';
import { ChartRenderError } from './render/renderer.ts';
import { createPictures, type Picture } from './pictures.ts';

/** The chat's pictures from what the application knows: money becomes plain numbers here and nowhere else. */
export function createChatPictures(renderer: ChartRenderer): ChatPictures {
  const pictures = createPictures(renderer);
  return {
    equity: async ({ points, moved }) =>
      drawn(await pictures.equity({ points, moved, title: 'Equity', currency: 'USDT' })),
    proposal: async ({ signal, plan }, candles) =>
      drawn(
        await pictures.candles({
          symbol: signal.symbol,
          interval: '1h',
          candles,
          entry: toNumber(plan.entry),
          stop: toNumber(signal.stop),
          target: toNumber(signal.target),
          side: signal.side,
          title: `${signal.symbol} ${signal.side}`,
        }),
      ),
    exposure: async (rows) =>
      drawn(
        await pictures.exposure({
          rows: rows.map(({ symbol, long, short }) => ({
            symbol,
            long: toNumber(long),
            short: toNumber(short),
          })),
          currency: 'USDT',
        }),
      ),
    stress: async (rows) =>
      drawn(
        await pictures.stress({
          rows: rows.map(({ label, change, fraction }) => ({
            label,
            change: toNumber(change),
            share: fraction === undefined ? undefined : toNumber(fraction),
          })),
          currency: 'USDT',
        }),
      ),
    reliability: async (rows, breakEven) => ({
      caption: describeReliability({ rows, breakEven }),
      png: await renderer.render(reliabilityChart({ rows, breakEven })),
    }),
    backtest: async (points, about) => {
      const data = { ...about, points, currency: 'USDT' };
      return { caption: describeEquity(data), png: await renderer.render(equityChart(data)) };
    },
    limits: async (rows) => drawn(await pictures.risk({ rows, title: 'Use of the limits' })),
  };
}

function drawn(picture: Picture): ChatPicture {
  if ('problem' in picture) throw new ChartRenderError(picture.problem);
  return { png: picture.png, caption: picture.text };
}
