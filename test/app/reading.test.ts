import { describe, expect, it } from 'vitest';
import { fetchSnapshot } from '../../src/app/reading/read-account.ts';
import { describeReading, reasonOf } from '../../src/app/reading/reading.ts';
import { ExchangeFailure } from '../../src/domain/failure.ts';
import { usd, ZERO_USD } from '../../src/domain/money/money.ts';
import { MINUTE } from '../../src/domain/time.ts';
import { createFakeWorld, portsOf } from '../bot/fakes.ts';
import { ACCOUNT } from '../bot/samples.ts';

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

describe('an account that contradicts its list of positions', () => {
  /** Margin in use as one question after the other is answered, without any position. */
  const readWith = async (...margins: string[]) => {
    const world = createFakeWorld();
    world.positions = [];
    const answers = margins.map((margin) => ({ ...ACCOUNT, margin: usd(margin) }));
    const plain = portsOf(world);
    const account = async () => answers.shift() ?? ACCOUNT;
    return fetchSnapshot({ ...plain, account: { ...plain.account, account } });
  };

  it('is asked once more, and the second answer counts', async () => {
    expect((await readWith('40', '0')).account.margin).toBe(ZERO_USD);
  });

  it('is no reading where the second answer contradicts it too', async () => {
    await expect(readWith('40', '30', '0')).rejects.toThrow(
      '30.00 USDT of margin is in use for a position that the exchange does not list',
    );
  });
});
