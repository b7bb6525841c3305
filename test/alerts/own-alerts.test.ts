/** What an owner asked to be told of, funding that is due, and contracts that close: told when, and when again. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contractClosing } from '../../src/alerts/rules/contract-closing.ts';
import { loudnessOf } from '../../src/alerts/loudness.ts';
import { fundingAhead } from '../../src/alerts/rules/funding-ahead.ts';
import { lookAtOwn, moved } from '../../src/alerts/watch/own-alert-watch.ts';
import { price, qty, ratio } from '../../src/domain/money/money.ts';
import type { OwnAlert } from '../../src/alerts/own-alert.ts';
import { HOUR } from '../../src/domain/time.ts';
import { NOW, position, protection } from './fixtures.ts';

const own = (over: Partial<OwnAlert> = {}): OwnAlert => ({
  id: 3,
  symbol: 'BTCUSDT',
  condition: { kind: 'price', price: price('60000'), towards: 'up' },
  repeat: false,
  madeAt: NOW,
  told: 0,
  ...over,
});
const at = (mark: string) => ({ mark: price(mark), at: NOW });

describe('an own alert', () => {
  it('is told at its price, once, and is gone', () => {
    expect(lookAtOwn(own(), at('59999.9'))).toBeUndefined();
    const step = lookAtOwn(own(), at('60000'));
    expect(step?.finding?.title).toBe('BTCUSDT at 60,000: you asked to be told');
    expect(step?.after).toBeUndefined();
  });

  it('from above is told at its price too', () => {
    const down = own({ condition: { kind: 'price', price: price('60000'), towards: 'down' } });
    expect(lookAtOwn(down, at('60000.1'))).toBeUndefined();
    expect(lookAtOwn(down, at('60000'))?.finding).toBeDefined();
  });

  it('that repeats waits until the price has moved back by 0.2 %, and has another key then', () => {
    const first = lookAtOwn(own({ repeat: true }), at('60000'));
    const resting = first?.after ?? own();
    expect(lookAtOwn(resting, at('60500'))).toBeUndefined();
    expect(lookAtOwn(resting, at('59880'))).toBeUndefined();
    const armed = lookAtOwn(resting, at('59879.9'))?.after ?? own();
    const second = lookAtOwn(armed, at('60000'));
    expect(second?.finding?.key).not.toBe(first?.finding?.key);
  });

  it('of a move is told from the level that was worked out, and not before there is one', () => {
    const condition = { kind: 'move', share: ratio('-0.05'), windowMs: HOUR } as const;
    expect(lookAtOwn(own({ condition }), at('1'))).toBeUndefined();
    const level = moved(price('100'), condition.share);
    expect(level).toBe(price('95'));
    expect(lookAtOwn(own({ condition: { ...condition, level } }), at('95.01'))).toBeUndefined();
    expect(lookAtOwn(own({ condition: { ...condition, level } }), at('95'))?.finding).toBeDefined();
  });

  it('of funding counts either sign, or the one that was named', () => {
    const either = own({ condition: { kind: 'funding', share: ratio('0.001'), signed: false } });
    const short = own({ condition: { kind: 'funding', share: ratio('-0.001'), signed: true } });
    const seen = (rate: string) => ({ funding: ratio(rate), at: NOW });
    expect(lookAtOwn(either, seen('0.00099'))).toBeUndefined();
    expect(lookAtOwn(either, seen('0.001'))?.finding).toBeDefined();
    expect(lookAtOwn(either, seen('-0.001'))?.finding).toBeDefined();
    expect(lookAtOwn(short, seen('0.002'))).toBeUndefined();
    expect(lookAtOwn(short, seen('-0.001'))?.finding).toBeDefined();
  });

  it('is told at most once without having moved back, whatever the price does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 59_000, max: 61_000 })), (marks) => {
        let now: OwnAlert = own({ repeat: true });
        let told = 0;
        let returns = 0;
        for (const mark of marks) {
          const step = lookAtOwn(now, at(String(mark)));
          if (step?.finding !== undefined) told += 1;
          if (step !== undefined && step.finding === undefined) returns += 1;
          now = step?.after ?? now;
        }
        expect(told).toBeLessThanOrEqual(returns + 1);
      }),
    );
  });
});

describe('funding that is due', () => {
  // Entry 3,000, 0.5 long, stop at 2,955: 22.50 at risk. At 3,000 a rate of 0.15 % is 2.25.
  const due = (rate: string, inMs = HOUR) => ({
    funding: { symbol: 'ETHUSDT', rate: ratio(rate), intervalHours: 8, nextAt: NOW + inMs },
    mark: price('3000'),
    now: NOW,
  });
  const stops = [protection()];

  it('is told from a tenth of what the position risks, within an hour', () => {
    expect(fundingAhead(position(), stops, due('0.00149'))).toBeUndefined();
    expect(fundingAhead(position(), stops, due('0.0015'))?.title).toContain('2.25 USDT');
    expect(fundingAhead(position(), stops, due('0.0015', HOUR + 1))).toBeUndefined();
    expect(fundingAhead(position(), stops, due('0.0015', 0))).toBeUndefined();
  });

  it('is told in quiet hours too: after them it is paid', () => {
    const found = fundingAhead(position(), stops, due('0.0015'));
    if (found === undefined) throw new Error('it is due');
    const asleep = { kinds: {}, zone: 'UTC', quiet: { from: 0, to: 1_439 } };
    expect(loudnessOf(found, asleep, { minute: 5, awake: false })).toBe('rings');
  });

  it('is no news where it is received, and counts the margin where no stop limits the loss', () => {
    expect(fundingAhead(position(), stops, due('-0.5'))).toBeUndefined();
    expect(
      fundingAhead(position({ side: 'short', qty: qty('0.5') }), [], due('-0.0199')),
    ).toBeUndefined();
    expect(fundingAhead(position({ side: 'short' }), [], due('-0.02'))).toBeDefined();
  });
});

describe('a contract that closes', () => {
  it('is told loudly for an open position, and not while it is open or nobody has said', () => {
    expect(contractClosing(position(), { kind: 'open' }, NOW)).toBeUndefined();
    expect(contractClosing(position(), { kind: 'unknown' }, NOW)).toBeUndefined();
    const told = contractClosing(position(), { kind: 'delisting', at: NOW + HOUR }, NOW);
    expect(told).toMatchObject({ severity: 'critical' });
    expect(told?.title).toContain('when the exchange delists it');
    const stopped = contractClosing(position(), { kind: 'suspended', status: 'stopped' }, NOW);
    expect(stopped?.lines.join(' ')).toContain('its stop may not work');
  });

  it('is told again when it is suspended once more, or otherwise, and a date once', () => {
    const key = (status: 'stopped' | 'cancel-only', at: number) =>
      contractClosing(position(), { kind: 'suspended', status }, at)?.key;
    expect(key('stopped', NOW)).toBe(key('stopped', NOW + 1));
    expect(key('stopped', NOW)).not.toBe(key('stopped', NOW + 24 * HOUR));
    expect(key('stopped', NOW)).not.toBe(key('cancel-only', NOW));
    const date = (at: number) =>
      contractClosing(position(), { kind: 'delisting', at: NOW + 90 * HOUR }, at)?.key;
    expect(date(NOW)).toBe(date(NOW + 48 * HOUR));
  });
});
