import { describe, expect, it } from 'vitest';
import { signalPicture } from '../../../src/bot/charts/position-chart.ts';
import { equityPicture } from '../../../src/bot/charts/equity-chart.ts';
import { exposurePicture } from '../../../src/bot/charts/exposure-chart.ts';
import { reliabilityPicture } from '../../../src/bot/charts/reliability-chart.ts';
import { limitsPicture } from '../../../src/bot/charts/risk-chart.ts';
import { stressPicture } from '../../../src/bot/charts/stress-chart.ts';
import { createLocalRenderer } from '../../../src/charts/local-renderer.ts';
import { isPng } from '../../../src/charts/renderer.ts';
import { ratio, usd } from '../../../src/domain/money/money.ts';
import { PROPOSAL } from '../samples.ts';
import { candles, equityPoints, riskData } from './samples.ts';

const points = equityPoints(50).map((each) => ({ ...each, drawdown: 0 }));
const renderer = createLocalRenderer();

describe('pictures', () => {
  it.each([
    equityPicture({ points, moved: [], title: 'Equity' }, 'light'),
    equityPicture({ points, title: 'A backtest', halts: [] }, 'dark'),
    signalPicture(
      PROPOSAL,
      candles(50, 100).map((each) => ({ ...each, volume: 1 })),
      'dark',
    ),
    limitsPicture(riskData.rows, 'light'),
    exposurePicture([{ symbol: 'BTCUSDT', long: usd('12500.5'), short: usd('0') }], 'light'),
    stressPicture(
      [{ label: 'Bitcoin -5 %', change: usd('-212.4'), fraction: ratio('-0.02') }],
      'light',
    ),
    reliabilityPicture(
      {
        rows: [{ name: 'breakdown short', source: 'live', n: 40, rate: 0.4, low: 0.3, high: 0.5 }],
        breakEven: 0.36,
      },
      'light',
    ),
  ])('are drawn, and come with their text: $caption', async ({ config, caption }) => {
    expect(caption).not.toBe('');
    expect(isPng(await renderer.render(config))).toBe(true);
  });

  it('that have nothing to draw say why', () => {
    expect(() => equityPicture({ points: [], title: 'Equity' }, 'light')).toThrow(
      'The equity chart cannot be drawn: there is no equity reading yet.',
    );
  });

  it('never show a figure that is not a number', () => {
    const row = { label: 'Heat', usedPercent: Number.NaN, text: '' };
    expect(() => limitsPicture([row], 'light')).toThrow(/not a number/);
  });
});
