import { describe, expect, it } from 'vitest';
import { createLocalRenderer } from '../../src/charts/render/local-renderer.ts';
import { createPictures } from '../../src/charts/pictures.ts';
import { isPng } from '../../src/charts/render/renderer.ts';
import { candleData, equityData, exposureData, pnlData, riskData } from './samples.ts';

const pictures = createPictures(createLocalRenderer());

describe('pictures', () => {
  it('come with their text', async () => {
    const all = await Promise.all([
      pictures.equity(equityData(50)),
      pictures.candles(candleData(50, 100)),
      pictures.pnl(pnlData),
      pictures.risk(riskData),
      pictures.exposure(exposureData),
    ]);
    for (const picture of all) {
      expect(picture.text).not.toBe('');
      expect('png' in picture && isPng(picture.png)).toBe(true);
    }
  });

  it('that have nothing to draw are told in words with the reason', async () => {
    expect(await pictures.equity(equityData(0))).toEqual({
      text: 'Equity, paper account: no equity reading yet.',
      problem: 'The equity chart cannot be drawn: there is no equity reading yet.',
    });
  });

  it('keep the text when the renderer fails', async () => {
    const broken = createPictures({
      render: async () => Promise.reject(new Error('The chart thread stopped.')),
    });
    const picture = await broken.pnl(pnlData);
    expect(picture).toEqual({
      text: expect.stringContaining('+44.75 USDT'),
      problem: 'The chart thread stopped.',
    });
  });

  it('never show a figure that is no number', async () => {
    const picture = await pictures.risk({
      rows: [{ label: 'Heat', usedPercent: Number.NaN, text: '' }],
    });
    expect('problem' in picture && picture.problem).toMatch(/not a number/);
    expect(picture.text).not.toMatch(/NaN %/);
  });
});
