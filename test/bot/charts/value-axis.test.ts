import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNumber } from '../../../src/bot/charts/axes/number-format.ts';
import { themeOf } from '../../../src/bot/charts/theme.ts';
import { paddedRange, valueAxis } from '../../../src/bot/charts/axes/value-axis.ts';

/** Slots that hold a label, from the top. */
function labelledSlots(prices: readonly number[]): { slots: number[]; texts: string[] } {
  const { labels } = valueAxis({
    min: 90,
    max: 110,
    height: 350,
    ticks: 8,
    formatTick: formatNumber,
    tags: prices.map((value, i) => ({ value, text: `Tag ${i}`, color: '#123456' })),
    theme: themeOf('light'),
  });
  const all = Array.isArray(labels['labels']) ? labels['labels'] : [];
  const slots = all.flatMap((text, i) => (text === '' ? [] : [i]));
  return { slots, texts: slots.map((i) => String(all[i])) };
}

describe('value axis', () => {
  it('shows every tag, inside the panel, and no label over another', () => {
    const price = fc.double({ min: 50, max: 150, noNaN: true });
    fc.assert(
      fc.property(fc.array(price, { maxLength: 5 }), (prices) => {
        const { slots, texts } = labelledSlots(prices);
        expect(texts.filter((text) => text.startsWith('Tag'))).toHaveLength(prices.length);
        slots.slice(1).forEach((slot, i) => {
          // A slot is 3 pixels high, a label 26.
          expect((slot - (slots[i] ?? 0)) * 3).toBeGreaterThanOrEqual(28);
        });
      }),
    );
  });

  it('leaves a tag with room at its very price', () => {
    const { slots, texts } = labelledSlots([100]);
    expect(slots[texts.indexOf('Tag 0')]).toBe(58);
  });
});

describe('padded range', () => {
  it('has height for a flat line, at zero too', () => {
    expect(paddedRange([5, 5])).toEqual({ min: 4.95, max: 5.05 });
    expect(paddedRange([0])).toEqual({ min: -1, max: 1 });
    const tiny = paddedRange([1.2e-6, 1.2e-6]);
    expect(tiny.max - tiny.min).toBeCloseTo(2.4e-8, 12);
  });
});
