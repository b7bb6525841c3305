import { expect, it } from 'vitest';
import { isDue } from '../../src/jobs/queues/scan-at-closes.ts';
import { closeToSignal } from './close-run.ts';

it('finds what crossed at a 4 h close without waiting for 300 contracts at the pace of a sweep', async () => {
  const few = await closeToSignal(300, { breaks: 5 });
  expect(few.seconds).toHaveLength(5);
  expect(Math.max(...few.seconds)).toBeLessThan(2.5);
  // Where a sixth of all crosses at once they are read before the others, one request each.
  const many = await closeToSignal(300, { breaks: 50 });
  expect(many.seconds).toHaveLength(50);
  expect(Math.max(...many.seconds)).toBeLessThan(8);
});

it('looks at every contract whole after what was read ahead, and gives no signal twice', async () => {
  const { seconds, repeated, scored } = await closeToSignal(60, { breaks: 9 });
  expect(seconds).toHaveLength(9);
  expect(repeated).toBe(0);
  expect(scored).toBe(60);
});

it('takes a whole sweep where a scan begins with the minute alone', async () => {
  const { seconds } = await closeToSignal(60, { breaks: 6, isMinuteOnly: true });
  expect(Math.min(...seconds)).toBeGreaterThan(60 + 12);
});

it('asks once the exchange has closed its candles, and again until all are read', () => {
  const asked: number[] = [];
  for (let at = 0; at < 60_000; at += 500) if (isDue(at, at + 500)) asked.push(at + 500);
  expect(asked).toEqual([1_000, 5_000, 10_000, 20_000, 40_000]);
  // The look after the close comes with a smaller age than the one before it.
  expect(isDue(3_599_900, 400)).toBe(false);
  expect(isDue(3_599_900, 1_200)).toBe(true);
  expect(isDue(1_200, 1_700)).toBe(false);
});
