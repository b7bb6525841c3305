/** One cause, one message, by a clock of the test. */
import { expect, it } from 'vitest';
import { createExplained } from '../../src/bot/delivery/explained.ts';
import type { Alert } from '../../src/domain/alert.ts';
import { finding } from './samples.ts';

const alert = (number: number, over: Partial<Alert> = {}): Alert => ({
  ...finding(`k${number}`, { severity: 'critical', cause: 'exchange' }),
  number,
  status: 'queued',
  attempts: 0,
  ...over,
});

function open() {
  const clock = { now: 0 };
  const explained = createExplained(() => clock.now);
  const sort = (...due: Alert[]) => {
    const { free, lists } = explained.sort(due);
    return {
      free: free.map(({ number }) => number),
      lists: lists.map(({ alerts, occasion }) => [
        occasion.title('2 messages'),
        ...alerts.map(({ number }) => number),
      ]),
    };
  };
  return { clock, sort };
}

it('tells the first of a cause at once and lists the others after 30 s, without a sound', () => {
  const { clock, sort } = open();
  const [first, second, third] = [alert(1), alert(2), alert(3, { severity: 'warning' })];
  expect(sort(first)).toEqual({ free: [1], lists: [] });
  // What could not be sent yet is still the first.
  expect(sort(first, second)).toEqual({ free: [1], lists: [] });
  clock.now = 29_999;
  expect(sort(second, third)).toEqual({ free: [], lists: [] });
  clock.now = 30_000;
  expect(sort(second, third)).toEqual({
    free: [],
    lists: [['Of the same cause as #1 (Happening k1): 2 messages', 2, 3]],
  });
});

it('tells by itself what is more urgent, of another cause or of none, and what comes later', () => {
  const { clock, sort } = open();
  expect(sort(alert(1, { severity: 'warning' })).free).toEqual([1]);
  expect(sort(alert(2)).free).toEqual([2]);
  expect(sort(alert(3, { cause: 'exchange lasts' })).free).toEqual([3]);
  const { cause: _none, ...alone } = alert(4);
  expect(sort(alone).free).toEqual([4]);
  clock.now = 3 * 60_000;
  expect(sort(alert(5)).free).toEqual([5]);
});
