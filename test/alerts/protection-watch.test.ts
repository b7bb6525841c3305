import { describe, expect, it } from 'vitest';
import { price, qty, toText, usd } from '../../src/domain/money/money.ts';
import { watchProtection } from '../../src/alerts/watch/protection-watch.ts';
import { uncoveredQty } from '../../src/domain/position.ts';
import { NOW, position, protection } from './fixtures.ts';

const uncovered = (...protections: ReturnType<typeof protection>[]): string =>
  toText(uncoveredQty(position(), protections));

describe('uncoveredQty of a long of 0.5 at 3000, liquidation 2420', () => {
  it('is nothing with a full stop', () => {
    expect(uncovered(protection())).toBe('0');
  });

  it('is everything without a stop, with a target alone, and with the stop of another position', () => {
    expect(uncovered()).toBe('0.5');
    const { stopPrice: _none, ...targetOnly } = protection();
    expect(uncovered(targetOnly)).toBe('0.5');
    expect(uncovered(protection({ positionId: 'p9' }))).toBe('0.5');
  });

  it('is the rest with a stop for a part, and nothing when parts add up', () => {
    const part = protection({ stopQty: qty('0.2') });
    expect(uncovered(part)).toBe('0.3');
    expect(uncovered(part, protection({ id: 't2', stopQty: qty('0.3') }))).toBe('0');
  });

  it('does not count a stop at or behind liquidation', () => {
    expect(uncovered(protection({ stopPrice: price('2420.01') }))).toBe('0');
    expect(uncovered(protection({ stopPrice: price('2420') }))).toBe('0.5');
    expect(uncovered(protection({ stopPrice: price('2419.99') }))).toBe('0.5');
  });

  it('does not count a stop that the price has passed', () => {
    const under = position({ unrealisedPnl: usd('-30') }); // mark 2940
    expect(toText(uncoveredQty(under, [protection()]))).toBe('0.5');
  });

  it('mirrors for a short', () => {
    const short = position({ side: 'short', liquidationPrice: price('3580') });
    expect(toText(uncoveredQty(short, [protection({ stopPrice: price('3045') })]))).toBe('0');
    expect(toText(uncoveredQty(short, [protection({ stopPrice: price('2955') })]))).toBe('0.5');
    expect(toText(uncoveredQty(short, [protection({ stopPrice: price('3580') })]))).toBe('0.5');
  });
});

describe('watchProtection', () => {
  const look = (now: number, previous: ReadonlyMap<string, number> = new Map()) =>
    watchProtection({ positions: [position()], protections: [], previous, now });

  it('stays silent for exactly 10 s and speaks a millisecond later', () => {
    const first = look(NOW);
    expect(look(NOW + 10_000, first.since).findings).toEqual([]);
    expect(look(NOW + 10_001, first.since).findings[0]).toMatchObject({
      severity: 'critical',
      title: 'ETHUSDT long has no stop',
    });
  });

  it('counts from the opening where it was opened between two looks, and speaks at the second that sees no stop', () => {
    const late = position({ openedAt: NOW - 75_000 });
    const at = (now: number, previous: ReadonlyMap<string, number>) =>
      watchProtection({
        positions: [late],
        protections: [],
        previous,
        before: new Set(previous.keys()),
        now,
      });
    const first = at(NOW, new Map());
    expect(first.findings).toEqual([]);
    const second = at(NOW + 5_000, first.since);
    expect(second.findings[0]?.lines[0]).toMatch(
      /^It was opened 80 s ago, and no stop of it has been seen\./,
    );
  });

  it('counts from the look at which a stop was missing where the position was there before', () => {
    const old = position({ openedAt: NOW - 75_000 });
    const looked = { positions: [old], protections: [], now: NOW };
    const known = { ...looked, previous: new Map(), before: new Set([old.id]) };
    expect(watchProtection(known).since.get(old.id)).toBe(NOW);
    expect(watchProtection({ ...looked, previous: new Map() }).since.get(old.id)).toBe(NOW);
  });

  it('keeps one key as long as it lasts and starts a new one after a stop was there', () => {
    const first = look(NOW);
    const keyAt = (now: number, since: ReadonlyMap<string, number>) =>
      look(now, since).findings[0]?.key;
    const second = look(NOW + 11_000, first.since);
    expect(keyAt(NOW + 60_000, second.since)).toBe(second.findings[0]?.key);
    const healed = watchProtection({
      positions: [position()],
      protections: [protection()],
      previous: second.since,
      now: NOW + 70_000,
    });
    expect(healed.since.size).toBe(0);
    const again = look(NOW + 80_000, healed.since);
    expect(keyAt(NOW + 91_000, again.since)).not.toBe(second.findings[0]?.key);
  });
});
