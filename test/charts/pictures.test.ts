import { describe, expect, it } from 'vitest';
import { createPictures } from '../../src/charts/pictures.ts';
import { createLocalRenderer } from '../../src/charts/render/local-renderer.ts';
import { isPng } from '../../src/charts/render/renderer.ts';
import { ratio, usd } from '../../src/domain/money/money.ts';
import { PROPOSAL } from '../bot/samples.ts';
import { candles, equityPoints, riskData } from './samples.ts';

const pictures = createPictures(createLocalRenderer());
const points = equityPoints(50).map((each) => ({ ...each, drawdown: 0 }));

describe('pictures', () => {
  it('come with their text', async () => {
    const all = await Promise.all([
      pictures.equity({ points, moved: [] }),
      pictures.backtest(points, { title: 'A backtest', halts: [] }),
      pictures.proposal(
        PROPOSAL,
        candles(50, 100).map((each) => ({ ...each, volume: 1 })),
      ),
      pictures.limits(riskData.rows.map((row) => ({ id: 'day-loss', ...row }))),
      pictures.exposure([{ symbol: 'BTCUSDT', long: usd('12500.5'), short: usd('0') }]),
      pictures.stress([{ label: 'Bitcoin -5 %', change: usd('-212.4'), fraction: ratio('-0.02') }]),
      pictures.reliability(
        [{ band: '70-79', source: 'live', n: 40, rate: 0.4, low: 0.3, high: 0.5 }],
        0.36,
      ),
    ]);
    for (const picture of all) {
      expect(picture.caption).not.toBe('');
      expect(isPng(picture.png)).toBe(true);
    }
  });

  it('that have nothing to draw say why', async () => {
    await expect(pictures.equity({ points: [], moved: [] })).rejects.toThrow(
      'The equity chart cannot be drawn: there is no equity reading yet.',
    );
  });

  it('say why the renderer fails', async () => {
    const broken = createPictures({
      render: async () => Promise.reject(new Error('The chart thread stopped.')),
    });
    await expect(broken.equity({ points, moved: [] })).rejects.toThrow('The chart thread stopped.');
  });

  it('never show a figure that is no number', async () => {
    const row = { id: 'heat', label: 'Heat', usedPercent: Number.NaN, text: '' };
    await expect(pictures.limits([row])).rejects.toThrow(/not a number/);
  });
});
