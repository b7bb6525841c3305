import { describe, expect, it } from 'vitest';
import { describeReading, reasonOf } from '../../src/app/reading/reading.ts';
import { ExchangeFailure } from '../../src/domain/failure.ts';
import { MINUTE } from '../../src/domain/time.ts';

const NOW = Date.UTC(2025, 9, 6);

describe('a reading', () => {
  it('says how old it is and why, or that there is none', () => {
    expect(describeReading({ kind: 'live', value: 1, at: NOW }, NOW)).toBe('live');
    const stale = { kind: 'stale', value: 1, at: NOW - 3 * MINUTE, reason: 'no answer' } as const;
    expect(describeReading(stale, NOW)).toBe('3 min old (no answer)');
    const none = { kind: 'unavailable', reason: 'no answer' } as const;
    expect(describeReading(none, NOW)).toBe('unavailable (no answer)');
  });
});

describe('a reason', () => {
  it('is the message of an error, without its stack', () => {
    const failure = new ExchangeFailure('it does not answer', { kind: 'network', retriable: true });
    expect(reasonOf(failure)).toBe('it does not answer');
    expect(reasonOf('text')).toBe('an unknown error');
    expect(reasonOf(undefined)).toBe('an unknown error');
  });
});
