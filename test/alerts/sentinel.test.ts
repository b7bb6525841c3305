import { describe, expect, it } from 'vitest';
import {
  beginWatching,
  forgiveSilence,
  hear,
  lookForSilence,
  openNow,
  sentinelText,
  SILENCE_MS,
  UNTOLD,
  type Watched,
  type Word,
} from '../../src/alerts/pulse/sentinel.ts';
import { NOW, position, stopFor } from '../risk/fixtures.ts';

const WALL = Date.UTC(2025, 9, 10, 12);
const at = (ms: number) => ({ steady: ms, wall: WALL + ms });
const heardAt = (ms: number, word: Word = 'success', before = beginWatching(at(0))): Watched =>
  hear(before, word, { now: at(ms), reason: '' }).watched;
const MINUTE = 60_000;

describe('a sentinel speaks', () => {
  it('when Vigil has been silent for longer than 75 s, once', () => {
    const watched = heardAt(1_000);
    expect(lookForSilence(watched, at(1_000 + SILENCE_MS)).notice).toBeUndefined();
    const step = lookForSilence(watched, at(1_001 + SILENCE_MS));
    expect(step.notice).toEqual({
      kind: 'silent',
      forMs: SILENCE_MS + 1,
      since: WALL + 1_000,
      word: 'success',
    });
    expect(lookForSilence(step.watched, at(90_000)).notice).toBeUndefined();
    // A restart of 30 s, right before the next call, is no silence; and a death is told well within 90 s.
    expect(SILENCE_MS).toBeGreaterThan(30_000 + 30_000);
    expect(SILENCE_MS).toBeLessThan(90_000 - 10_000);
  });

  it('again after 5, 15 and 60 minutes, and then hourly', () => {
    let { watched } = lookForSilence(heardAt(0), at(SILENCE_MS + 1));
    let told = SILENCE_MS + 1;
    for (const minutes of [5, 15, 60, 60, 60]) {
      const due = told + minutes * MINUTE;
      expect(lookForSilence(watched, at(due - 1)).notice).toBeUndefined();
      const step = lookForSilence(watched, at(due));
      expect(step.notice?.kind).toBe('still silent');
      ({ watched } = step);
      told = due;
    }
  });

  it('when Vigil calls again after a silence that was told, and not after a shorter one', () => {
    expect(hear(heardAt(0), 'start', { now: at(74_000), reason: '' }).notice).toBeUndefined();
    const { watched } = lookForSilence(heardAt(0), at(100_000));
    const step = hear(watched, 'start', { now: at(200_000), reason: '' });
    expect(step.notice).toEqual({ kind: 'back', forMs: 200_000 });
    expect(lookForSilence(step.watched, at(200_000 + SILENCE_MS)).notice).toBeUndefined();
  });

  it('when it hears Vigil for the first time, and when it never does', () => {
    const begun = beginWatching(at(0));
    expect(hear(begun, 'success', { now: at(5), reason: '' }).notice).toEqual({
      kind: 'hears Vigil',
    });
    const { notice } = lookForSilence(begun, at(SILENCE_MS + 1));
    expect(notice && sentinelText(notice, '')).toContain(
      'I have not heard Vigil since I began, 75 s ago.',
    );
  });

  it('of what Vigil could not tell, once, and of no other failure', () => {
    const fail = (from: Watched, reason: string) => hear(from, 'fail', { now: at(9), reason });
    expect(fail(heardAt(1), 'I have not read your account.').notice).toBeUndefined();
    const step = fail(heardAt(1), `I have not read your account. ${UNTOLD}`);
    expect(step.notice && sentinelText(step.notice, '')).toBe(
      '🔴 Sentinel: Vigil runs and could not tell you: I have not read your account.',
    );
    expect(fail(step.watched, `Other. ${UNTOLD}`).notice).toBeUndefined();
  });

  it('of no silence in a time in which it did not run itself', () => {
    const watched = forgiveSilence(heardAt(0), at(500_000));
    expect(lookForSilence(watched, at(500_000 + SILENCE_MS)).notice).toBeUndefined();
    expect(lookForSilence(watched, at(500_001 + SILENCE_MS)).notice).toBeDefined();
  });
});

describe('the words of a sentinel', () => {
  it('name the positions that are open and what of each no stop covers', () => {
    const covered = position();
    const bare = { ...position(), id: 'bare', symbol: 'ETHUSDT' };
    const text = openNow({
      positions: [covered, bare],
      protections: [stopFor(covered, '98.5')],
      at: NOW,
    });
    expect(text).toBe(
      [
        'Open now:',
        '• BTCUSDT long: stop resting at 98.5',
        '• ETHUSDT long: NO STOP is resting',
        'Stops at the exchange keep working.',
      ].join('\n'),
    );
    expect(openNow({ positions: [], protections: [], at: NOW })).toBe('No position is open.');
    expect(openNow({ unread: 'it does not answer' })).toContain(
      'could not read the exchange (it does not answer)',
    );
  });

  it('say since when, whether it was on purpose, and what does not work', () => {
    const silent = { kind: 'silent', forMs: 80_000, since: WALL } as const;
    expect(sentinelText({ ...silent, word: 'success' }, 'No position is open.')).toBe(
      '🔴 Sentinel: Vigil has been silent for 80 s, since 12:00:00 UTC. Nobody watches your account and no command works until Vigil is ' +
        'started again.\nNo position is open.',
    );
    expect(sentinelText({ ...silent, word: 'stopped' }, '')).toContain(
      'It was stopped on purpose.',
    );
  });
});
