import type { ReliabilityRow } from '../../../src/app/views/read-evidence.ts';
import { describe, expect, it } from 'vitest';
import {
  describeReliability,
  reliabilityChart,
} from '../../../src/bot/charts/reliability-chart.ts';

const row = (over: Partial<ReliabilityRow> = {}): ReliabilityRow => ({
  name: 'breakdown short',
  source: 'spot 2021-2023',
  n: 8201,
  rate: 0.313,
  low: 0.303,
  high: 0.323,
  ...over,
});

describe('the reliability chart', () => {
  it('draws each interval, the share in it and the break-even line, in percent', () => {
    const { data } = reliabilityChart({ rows: [row()], breakEven: 0.3125 });
    const of = (label: string) => data.datasets.find((each) => each['label'] === label)?.['data'];
    const [[bottom, top]] = of('95 % interval') as [[number, number]];
    expect([bottom.toFixed(6), top.toFixed(6)]).toEqual(['30.300000', '32.300000']);
    const [[from, to]] = of('Share') as [[number, number]];
    expect((from + to) / 2).toBeCloseTo(31.3, 9);
    const [[low, high]] = of('Break-even') as [[number, number]];
    expect((low + high) / 2).toBeCloseTo(31.25, 9);
  });

  it('marks the figures of a side that lies below break-even with its whole interval', () => {
    const rows = [row(), row({ name: 'agreement long', high: 0.31 })];
    const { scales } = reliabilityChart({ rows, breakEven: 0.3125 }).options;
    const colors = JSON.stringify((scales as Record<string, unknown>)['y']);
    expect(colors).toContain('"color":["#17202a","#a3123a"]');
  });

  it('has words, also when nothing is measured', () => {
    const text = describeReliability({ rows: [row({ high: 0.31 })], breakEven: 0.3125 });
    expect(text).toContain('1 of 1 sides lies below it');
    expect(text).toContain('breakdown short spot 2021-2023 31.3 %');
    expect(describeReliability({ rows: [], breakEven: 0.3 })).toContain('not measured yet');
  });

  it('refuses to draw nothing, too much, or a share that is no number', () => {
    const draw = (rows: readonly ReliabilityRow[]) => () =>
      reliabilityChart({ rows, breakEven: 0.3 });
    expect(draw([])).toThrow('0 rows');
    expect(draw(Array.from({ length: 21 }, () => row()))).toThrow('21 rows');
    expect(draw([row({ rate: NaN })])).toThrow('rate of breakdown short');
  });
});
