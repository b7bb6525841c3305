import { describe, expect, it } from 'vitest';
import { readEvidence, type WeeklyResults } from '../../../src/app/views/read-evidence.ts';
import { RECORDS } from '../../../src/backtest/study/measured.ts';
import { firstSentence } from '../../../src/bot/charts/plain-text.ts';
import { describeWeeks, weeksChart } from '../../../src/bot/charts/weeks-chart.ts';

interface Picked {
  readonly subtitle: { readonly text: string | readonly string[] };
}
const MONDAY = Date.UTC(2025, 0, 6);
const recorded: WeeklyResults = {
  strategy: 'breakdown',
  source: 'perpetuals',
  from: MONDAY,
  signals: 7,
  sums: [2, -3, null],
};
const live = {
  ...recorded,
  source: 'live',
  signals: 1,
  from: MONDAY + 50 * 604_800_000,
  sums: [-1],
};

describe('the chart of weeks', () => {
  it('draws a bar a week around the break-even line, live weeks in their own colour', () => {
    const { data } = weeksChart('breakdown', [recorded, live]);
    const [bars, line] = data.datasets;
    expect(data.labels).toHaveLength(4);
    expect(bars?.['data']).toEqual([2, -3, null, -1]);
    const colors = bars?.['backgroundColor'] as string[];
    expect(colors[0]).toBe(colors[2]);
    expect(new Set(colors).size).toBe(3);
    expect(line?.['data']).toEqual([0, 0, 0, 0]);
  });

  it('has words, also when nothing is recorded', () => {
    expect(describeWeeks('breakdown', [recorded, live])).toBe(
      'breakdown, week by week, in times the risk: perpetuals, 7 signals: 1 of 2 weeks with signals gained; best 2025-01-06 +2.0, worst 2025-01-13 -3.0. live, 1 signal: 0 of 1 week with signals gained; best 2025-12-22 -1.0, worst 2025-12-22 -1.0.',
    );
    expect(describeWeeks('breakdown', [])).toContain('nothing is recorded yet');
  });

  it('shows the recorded history with the most signals, named, with the figures of its record', async () => {
    const { weekly } = await readEvidence({
      places: { read: async () => new Map(), save: async () => undefined },
      venueMode: 'demo',
    });
    for (const { strategy, measurements } of RECORDS) {
      const own = weekly.filter((each) => each.strategy === strategy);
      const [most] = measurements.toSorted((one, other) => other.n - one.n);
      if (most === undefined || own.length === 0) continue;
      const sums = most.weekly.sums.filter((sum) => sum !== null);
      // Each week with a signal, and no other: as many as the record says of its only side.
      const sides = most.sides.filter(({ clean }) => !clean);
      if (sides.length === 1) expect(sums).toHaveLength(sides[0]?.weeks ?? 0);
      // All that the chat shows of it.
      const text = firstSentence(describeWeeks(strategy, own));
      const gained = sums.filter((sum) => sum > 0).length;
      expect(text).toContain(`${gained} of ${sums.length} weeks with signals gained`);
      expect(text).toMatch(new RegExp(`best \\S+ \\+${Math.max(...sums).toFixed(1)},`));
      expect(text).toMatch(new RegExp(`worst \\S+ ${Math.min(...sums).toFixed(1)}\\.`));
      const { subtitle } = weeksChart(strategy, own).options['plugins'] as unknown as Picked;
      for (const words of [text, [subtitle.text].flat().join(' ')]) {
        expect(words).toContain(most.data);
        expect(words).toMatch(/[\d,]+ signals/);
      }
    }
    const breakdown = weekly.filter(({ strategy }) => strategy === 'breakdown');
    expect(describeWeeks('breakdown', breakdown)).toBe(
      'breakdown, week by week, in times the risk: perpetuals 2024-2026, 5,043 signals: 34 of 89 weeks with signals gained; best 2025-01-27 +505.3, worst 2025-02-03 -161.9.',
    );
  });

  it('refuses to draw nothing, too much, or what is no number', () => {
    expect(() => weeksChart('breakdown', [])).toThrow('0 weeks');
    expect(() => weeksChart('breakdown', [{ ...recorded, sums: [NaN] }])).toThrow('2025-01-06');
    const many = Array.from({ length: 601 }, () => 1);
    expect(() => weeksChart('breakdown', [{ ...recorded, sums: many }])).toThrow('601 weeks');
  });
});
