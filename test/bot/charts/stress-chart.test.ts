import { describe, expect, it } from 'vitest';
import { createLocalRenderer } from '../../../src/charts/local-renderer.ts';
import { describeStress, stressChart } from '../../../src/bot/charts/stress-chart.ts';
import { stressData } from './samples.ts';

describe('the stress chart', () => {
  it('says the worst first, then each scenario with amount and share of equity', () => {
    expect(describeStress(stressData)).toBe(
      'What if: the worst is Stops 2 % too late -612.00. Bitcoin -5 % -212.40 USDT, -2.12 %; Bitcoin -10 % -431.07 USDT, -4.31 %; Bitcoin -20 % +95.50 USDT, +0.96 %; Stops 2 % too late -612.00.',
    );
  });

  it('reaches from the largest loss to the largest gain, zero always in it', () => {
    const scales = (changes: number[]) => {
      const rows = changes.map((change) => ({ label: 'x', change, share: undefined }));
      const { x } = stressChart({ rows, currency: 'USDT' }).options['scales'] as {
        x: { min: number; max: number };
      };
      return [x.min, x.max];
    };
    expect(scales([-212, -431, 95])).toEqual([-600, 200]);
    expect(scales([-10])).toEqual([-10, 0]);
    expect(scales([0])[0]).toBe(0);
    expect(scales([25])).toEqual([0, 30]);
  });

  it.each([
    [{ rows: [] }, 'nothing is open'],
    [{ rows: [{ label: 'x', change: Number.NaN, share: 0 }] }, 'is not a number'],
    [{ rows: Array.from({ length: 13 }, () => ({ label: 'x', change: 1, share: 0 })) }, '13 rows'],
  ])('refuses what cannot be drawn', (data, reason) => {
    expect(() => stressChart({ ...data, currency: 'USDT' })).toThrow(reason);
  });

  it('is drawn', async () => {
    const png = await createLocalRenderer().render(stressChart(stressData));
    expect(png.length).toBeGreaterThan(5_000);
  });
});
