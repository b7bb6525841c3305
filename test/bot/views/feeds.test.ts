import { describe, expect, it } from 'vitest';
import type { FeedReport } from '../../../src/app/ports/feeds.ts';
import { feedLines } from '../../../src/bot/views/feeds.ts';

const NOW = 1_767_225_600_000;
const report = (over: Partial<FeedReport>): FeedReport => ({
  feed: 'account stream',
  state: 'live',
  reason: '',
  silentMs: 12_000,
  since: NOW - 60_000,
  at: NOW - 2_000,
  ...over,
});
const lines = (over: Partial<FeedReport>, speed = 1): string =>
  feedLines([report(over)], { now: NOW, speed }).join('\n');

describe('a feed in /status', () => {
  it('shows state and age together with what has passed since the report', () => {
    expect(lines({})).toContain('Account stream: live, last heard 14 s ago');
    expect(lines({ silentMs: 100, at: NOW })).toContain('Account stream: live, heard just now');
  });

  it.each([
    [
      { state: 'stale', reason: 'login refused: x' },
      'Account stream: ❗ lost for 60 s: login refused',
    ],
    [{ reason: 'no price is pushed for X', silentMs: 0 }, 'live, last heard 2 s ago ❗ no price'],
    [{ state: 'connecting' }, 'Account stream: connecting for 60 s'],
    [
      { feed: 'price stream', state: 'idle' },
      'Price stream: idle: it follows open positions, and knows of none',
    ],
    [
      { feed: 'requests', state: 'paused', reason: 'a web page; next attempt in 30 s' },
      'Requests: ❗ paused for 60 s: a web page; next attempt in 30 s',
    ],
  ] as const)('%j', (over, expected) => {
    expect(lines(over)).toContain(expected);
  });

  it.each([
    [15_000, 'live'],
    [15_001, 'unknown: the process that runs it has said nothing for 15 s'],
  ])('that was reported %i ms ago is %s', (age, expected) => {
    expect(lines({ at: NOW - age })).toContain(`Account stream: ${expected}`);
  });

  it('has ages of the wall, however fast the venue runs', () => {
    const fast = { since: NOW - 600_000, at: NOW - 600 * 2_000 };
    expect(lines(fast, 600)).toContain('last heard 14 s ago');
    expect(lines({ ...fast, state: 'stale' }, 600)).toContain('lost for 1 s');
  });

  it('that nobody reported, or that cannot be read, is named as such', () => {
    expect(feedLines([], { now: NOW, speed: 1 })).toEqual([
      'Requests: no report yet',
      'Price stream: no report yet',
      'Account stream: no report yet',
      'Exchange clock: not measured yet',
    ]);
    expect(feedLines('Redis does not answer', { now: NOW, speed: 1 })).toEqual([
      'Feeds: unavailable (Redis does not answer)',
    ]);
  });

  it.each([
    [0, 'agrees with ours'],
    [2_400, '2 s ahead of ours; Vigil goes by its time'],
    [-120_000, '2 min behind ours; Vigil goes by its time'],
  ])('a clock that is %i ms off %s', (clockOffsetMs, expected) => {
    expect(lines({ feed: 'requests', clockOffsetMs })).toContain(`Exchange clock: ${expected}`);
  });
});
