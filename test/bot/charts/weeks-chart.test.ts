import { describe, expect, it } from 'vitest';
import type { WeeklyResults } from '../../../src/app/views/read-evidence.ts';
import { describeWeeks, weeksChart } from '../../../src/bot/charts/weeks-chart.ts';

const MONDAY = Date.UTC(2025, 0, 6);
const recorded: WeeklyResults = {
  strategy: 'breakdown',
  source: 'perpetuals',
  from: MONDAY,
  sums: [2, -3, 0],
};
const live = { ...recorded, source: 'live', from: MONDAY + 50 * 604_800_000, sums: [-1] };

describe('the chart of weeks', () => {
  it('draws a bar a week around the break-even line, live weeks in their own colour', () => {
    const { data } = weeksChart('breakdown', [recorded, live]);
    const [bars, line] = data.datasets;
    expect(data.labels).toHaveLength(4);
    expect(bars?.['data']).toEqual([2, -3, 0, -1]);
    const colors = bars?.['backgroundColor'] as string[];
    expect(colors[0]).toBe(colors[2]);
    expect(new Set(colors).size).toBe(3);
    expect(line?.['data']).toEqual([0, 0, 0, 0]);
  });

  it('has words, also when nothing is recorded', () => {
    expect(describeWeeks('breakdown', [recorded, live])).toBe(
      'breakdown, week by week: 1 of 4 weeks gained; best 2025-01-06 2.0, worst 2025-01-13 -3.0 times the risk.',
    );
    expect(describeWeeks('breakdown', [])).toContain('nothing is recorded yet');
  });

  it('refuses to draw nothing, too much, or what is no number', () => {
    expect(() => weeksChart('breakdown', [])).toThrow('0 weeks');
    expect(() => weeksChart('breakdown', [{ ...recorded, sums: [NaN] }])).toThrow('2025-01-06');
    const many = Array.from({ length: 601 }, () => 1);
    expect(() => weeksChart('breakdown', [{ ...recorded, sums: many }])).toThrow('601 weeks');
  });
});
