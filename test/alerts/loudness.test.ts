import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isQuiet, LOUDNESS, loudnessOf, WISHES } from '../../src/alerts/loudness.ts';
import { notOurs } from '../../src/alerts/rules/not-ours.ts';
import { positionClosed } from '../../src/alerts/rules/position-closed.ts';
import { positionOpened } from '../../src/alerts/rules/position-opened.ts';
import { positionReduced } from '../../src/alerts/rules/position-reduced.ts';
import { stopHit } from '../../src/alerts/rules/stop-hit.ts';
import { targetHit } from '../../src/alerts/rules/target-hit.ts';
import { unprotected } from '../../src/alerts/rules/unprotected.ts';
import { orderUnknown } from '../../src/alerts/rules/order-unknown.ts';
import { byImportance } from '../../src/alerts/importance.ts';
import { ALERT_KINDS, isUrgent, STAKES, stakesOf, type Finding } from '../../src/domain/alert.ts';
import { price, qty, usd } from '../../src/domain/money/money.ts';
import { MINUTE } from '../../src/domain/time.ts';
import { closedPosition, finding, NOW, position } from './fixtures.ts';

const PLAIN = { kinds: {}, zone: 'UTC' };
const NIGHT = { ...PLAIN, quiet: { from: 22 * 60, to: 7 * 60 } };
const day = { minute: 12 * 60, awake: false };
const night = { minute: 3 * 60, awake: false };

const there = <T>(found: T | undefined): T => {
  if (found === undefined) throw new Error('nothing was found');
  return found;
};
const level = (over: object = {}) => ({
  positionId: 'p1',
  symbol: 'ETHUSDT',
  side: 'long' as const,
  kind: 'stop' as const,
  price: price('2955'),
  qty: qty('0.5'),
  entryPrice: price('3000'),
  ...over,
});
const tick = { symbol: 'ETHUSDT', mark: price('2950'), at: NOW };
const loss = positionClosed(closedPosition(), { stop: price('2955') });
const gain = positionClosed(
  closedPosition({ net: usd('20'), gross: usd('22'), closePrice: price('3120') }),
  { target: price('3120') },
);
const naked = there(unprotected(position(), { since: NOW - MINUTE, uncovered: qty('0.5') }, NOW));
const lostOrder = orderUnknown({
  clientId: 'c',
  symbol: 'ETHUSDT',
  intent: 'open a long',
  reason: 'no answer',
  at: NOW,
});

describe('what rings', () => {
  it.each<[string, Finding, string, string]>([
    ['a stop filled at a loss', loss, 'rings', 'rings'],
    ['a stop reached at a loss', stopHit(level(), tick), 'rings', 'rings'],
    [
      'a part closed at a loss',
      there(
        positionReduced(position(), position({ qty: qty('0.2'), realisedGross: usd('-9') }), {
          vigil: true,
          partialLevel: false,
        }),
      ),
      'rings',
      'rings',
    ],
    ['no stop', naked, 'rings', 'rings'],
    ['an order that nobody knows of', lostOrder, 'rings', 'rings'],
    [
      'a position that somebody else opened',
      notOurs(there(positionOpened(undefined, position()))),
      'rings',
      'rings',
    ],
    ['what needs a look', finding({ severity: 'warning' }), 'rings', 'held'],
    ['what the owner asked for', finding({ kind: 'own-alert', stakes: 'asked' }), 'rings', 'rings'],
    ['a trade idea', finding({ kind: 'signal' }), 'silent', 'held'],
    ['news', finding(), 'silent', 'held'],
    ['a gain', gain, 'silent', 'held'],
    ['a target reached', targetHit(level({ kind: 'target' }), tick), 'silent', 'held'],
    ['a stop that keeps a gain', stopHit(level({ price: price('3050') }), tick), 'silent', 'held'],
  ])('%s', (_name, found, byDay, byNight) => {
    expect(loudnessOf(found, NIGHT, day)).toBe(byDay);
    expect(loudnessOf(found, NIGHT, night)).toBe(byNight);
    expect(loudnessOf(found, PLAIN, night)).toBe(byDay);
  });

  it('is nothing that the owner can silence where money is lost or in danger', () => {
    const kinds = Object.fromEntries(ALERT_KINDS.map((kind) => [kind, 'off']));
    for (const stakes of STAKES)
      for (const kind of ALERT_KINDS) {
        const how = loudnessOf(finding({ kind, stakes }), { ...NIGHT, kinds }, night);
        expect(how).toBe(LOUDNESS[stakes].settable ? 'off' : 'rings');
      }
    expect(STAKES.filter((each) => !LOUDNESS[each].settable)).toEqual(['danger', 'cost']);
  });

  it('follows what the owner set for a kind', () => {
    const found = finding({ kind: 'limit-warning', severity: 'warning' });
    const how = WISHES.map((wish) =>
      loudnessOf(found, { ...PLAIN, kinds: { 'limit-warning': wish } }, day),
    );
    expect(how).toEqual(['rings', 'silent', 'off']);
  });

  it('is not held back from somebody who is awake', () => {
    expect(loudnessOf(finding(), NIGHT, { ...night, awake: true })).toBe('silent');
  });

  it('goes out first', () => {
    const all = [finding({ key: 'n' }), { ...gain }, { ...loss }, { ...naked }];
    expect(byImportance(all).slice(0, 2)).toEqual([naked, loss]);
    expect(all.filter(isUrgent)).toEqual([loss, naked]);
  });

  it('has good ends in green and a loss never', () => {
    expect(gain.good).toBe(true);
    expect(loss.good).toBeUndefined();
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), (net) => {
        const found = positionClosed(closedPosition({ net: net as never }));
        expect(stakesOf(found) === 'cost').toBe(net < 0n);
      }),
    );
  });
});

describe('quiet hours', () => {
  it('cover each minute from their beginning to their end once', () => {
    const minute = fc.integer({ min: 0, max: 1439 });
    fc.assert(
      fc.property(minute, minute, (from, to) => {
        fc.pre(from !== to);
        const quiet = { from, to };
        const all = Array.from({ length: 1440 }, (_, each) => each);
        const found = all.filter((each) => isQuiet({ ...PLAIN, quiet }, each));
        expect(found).toHaveLength((to - from + 1440) % 1440);
        expect(found).toContain(from);
        expect(found).not.toContain(to);
      }),
      { numRuns: 30 },
    );
    expect(isQuiet(PLAIN, 0)).toBe(false);
  });
});
