import { describe, expect, it } from 'vitest';
import type { Instrument } from '../../src/domain/instrument.ts';
import { usd } from '../../src/domain/money/money.ts';
import { DAY } from '../../src/domain/time.ts';
import { universe } from '../../src/signals/universe.ts';
import { instrument, ticker } from './samples.ts';

const now = 1_760_000_000_000;
const reasonFor = (over: Partial<Instrument>): string | undefined =>
  universe([instrument('SOLUSDT', over)], [ticker()], { now }).excluded[0]?.reason;

describe('universe', () => {
  it('includes what is open, tradable and liquid, largest volume first, with its category', () => {
    const result = universe(
      ['SOLUSDT', '1000PEPEUSDT', 'BTCUSDT'].map((symbol) => instrument(symbol)),
      [ticker('SOLUSDT', '5000000'), ticker('1000PEPEUSDT', '6000000'), ticker('BTCUSDT', '9e9')],
      { now },
    );
    expect(result).toEqual({
      included: [
        { symbol: 'BTCUSDT', category: 'Bitcoin and majors' },
        { symbol: '1000PEPEUSDT', category: 'meme' },
        { symbol: 'SOLUSDT', category: 'layer 1' },
      ],
      excluded: [],
    });
  });

  it.each<[Partial<Instrument>, string]>([
    [{ quote: 'USDC' }, 'it is settled in USDC, not USDT'],
    [{ status: 'cancel-only' }, 'its status is "cancel-only", not open'],
    [{ status: 'unknown' }, 'its status is "unknown", not open'],
    [{ apiTradable: false }, 'the exchange refuses its orders through the API'],
    [{ delistTime: now + DAY }, 'its delisting is announced'],
    [{ launchTime: now - 30 * DAY + 1 }, 'listed 29 days ago, 30 are needed'],
    [{ launchTime: now + DAY }, 'it is not launched yet'],
  ])('excludes %j and says why', (over, reason) => {
    expect(reasonFor(over)).toBe(reason);
  });

  it('includes a contract of exactly 30 days and one of unknown age', () => {
    expect(reasonFor({ launchTime: now - 30 * DAY })).toBeUndefined();
    expect(reasonFor({})).toBeUndefined();
  });

  it('excludes thin volume by a cent and unknown volume', () => {
    const thin = universe([instrument()], [ticker('SOLUSDT', '4999999.99')], { now });
    expect(thin.excluded[0]?.reason).toBe('24 h volume is 4,999,999 USDT, 5,000,000 are needed');
    expect(universe([instrument()], [], { now }).excluded[0]?.reason).toContain(
      'volume is unknown',
    );
  });

  it('takes other thresholds', () => {
    const options = { now, minQuoteVolume24h: usd('10'), minListedDays: 1 };
    const young = instrument('SOLUSDT', { launchTime: now - 2 * DAY });
    expect(universe([young], [ticker('SOLUSDT', '11')], options).included).toHaveLength(1);
  });
});
