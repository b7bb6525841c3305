/** Every rule's text with generated inputs, against the one list of what no text may hold. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as clockOff from '../../src/alerts/rules/clock-off.ts';
import { connectionBack } from '../../src/alerts/rules/connection-back.ts';
import { connectionLost } from '../../src/alerts/rules/connection-lost.ts';
import { levelsMoved } from '../../src/alerts/rules/levels-moved.ts';
import { loneReading } from '../../src/alerts/rules/lone-reading.ts';
import * as orders from '../../src/alerts/rules/order-elsewhere.ts';
import { positionClosed } from '../../src/alerts/rules/position-closed.ts';
import { positionGone } from '../../src/alerts/rules/position-gone.ts';
import { positionOpened } from '../../src/alerts/rules/position-opened.ts';
import { positionReduced } from '../../src/alerts/rules/position-reduced.ts';
import { positionSettings } from '../../src/alerts/rules/position-settings.ts';
import { scanBehind } from '../../src/alerts/rules/scan-behind.ts';
import { stopFailed } from '../../src/alerts/rules/stop-failed.ts';
import { stopHit } from '../../src/alerts/rules/stop-hit.ts';
import { targetHit } from '../../src/alerts/rules/target-hit.ts';
import { unprotected } from '../../src/alerts/rules/unprotected.ts';
import * as step from '../../src/alerts/rules/unexplained-money.ts';
import type { Finding } from '../../src/domain/alert.ts';
import type { Order } from '../../src/domain/order.ts';
import type { Price, Qty, Usd } from '../../src/domain/money/money.ts';
import { faultsOf } from '../plain-words.ts';
import { closedPosition, NOW, position, protection } from './fixtures.ts';

/** From one part in 10^18 to 10^13, and 1 and 0. */
const above = fc.oneof(
  fc.constantFrom(1n, 10n ** 18n, 10n ** 31n),
  fc.bigInt({ min: 1n, max: 10n ** 31n }),
  fc.bigInt({ min: 1n, max: 10n ** 9n }),
);
const signed = fc.oneof(
  fc.constant(0n),
  above,
  above.map((each) => -each),
);
const age = fc.constantFrom(
  0,
  1,
  999,
  1_000,
  59_999,
  60_000,
  3_600_000,
  86_400_000,
  86_400_000_000,
);
const count = fc.constantFrom(0, 1, 2, 1_000);
const inputs = fc.record({ a: above, b: above, c: signed, ms: age, n: count, has: fc.boolean() });

interface Inputs {
  readonly a: bigint;
  readonly b: bigint;
  readonly c: bigint;
  readonly ms: number;
  readonly n: number;
  readonly has: boolean;
}

function aboutPositions({ a, b, c, ms, has }: Inputs): readonly (Finding | undefined)[] {
  const one = position({
    qty: a as Qty,
    entryPrice: b as Price,
    margin: a as Usd,
    realisedGross: c as Usd,
    side: has ? 'long' : 'short',
    ...(has ? { liquidationPrice: a as Price } : {}),
  });
  const other = position({ ...one, qty: b as Qty, leverage: 1, marginMode: 'cross' });
  const closed = closedPosition({
    closePrice: a as Price,
    gross: c as Usd,
    net: c as Usd,
    openedAt: NOW - ms,
  });
  const level = { ...one, positionId: 'p1', price: a as Price, kind: 'stop' as const };
  const tick = { symbol: one.symbol, mark: b as Price, at: NOW };
  return [
    positionOpened(undefined, one),
    positionOpened(one, other),
    positionReduced(one, other, { vigil: false, partialLevel: has }),
    positionSettings(one, other, { byVigil: has, now: NOW }),
    positionClosed(closed, { stop: a as Price, by: 'somebody else' }),
    positionClosed({ ...closed, liquidated: true }),
    positionGone(one, NOW),
    levelsMoved(one, { from: { stop: a as Price }, to: { stop: b as Price } }, NOW),
    stopHit(level, tick),
    targetHit({ ...level, kind: 'target' }, tick),
    stopFailed(one, protection({ stopPrice: b as Price }), NOW),
    unprotected(one, { since: NOW - ms, uncovered: b as Qty }, NOW),
  ];
}

function aboutTheRest({ a, b, c, ms, n, has }: Inputs): readonly (Finding | undefined)[] {
  const order = { id: 'o', symbol: 'ETHUSDT', side: 'buy', qty: a, price: has ? b : undefined };
  const resting = { ...order, reduceOnly: has } as unknown as Order;
  return [
    clockOff.clockOff(has ? ms : -ms, NOW),
    clockOff.clockRight(NOW - ms, NOW),
    connectionBack({ feed: 'account', lostAt: NOW - ms, openPositions: n }, NOW),
    connectionLost({ feed: 'account', lastAt: NOW - ms, openPositions: n }, NOW),
    loneReading(
      { at: NOW - ms, equity: c as Usd, limits: ['daily loss'] },
      { at: NOW, equity: a as Usd },
    ),
    orders.orderElsewhere(resting, NOW),
    orders.orderChanged(resting, resting, NOW),
    orders.orderGone(resting, NOW),
    orders.orderNotBelieved(resting, 'rejected', NOW),
    scanBehind(
      { candleClosedAt: NOW - ms, scan: { unread: n, universe: n, reason: undefined } },
      NOW,
    ),
    scanBehind({ strategy: 's', symbols: n, universe: n, until: NOW + ms, since: NOW }, NOW),
    step.moneyCame({ amount: c as Usd, bonus: has }, NOW),
    step.moneyLeft({ id: 's', amount: c as Usd, at: NOW }),
    step.moneyTaken({ id: 's', amount: c as Usd }, NOW),
  ];
}

const faults = (findings: readonly (Finding | undefined)[]): readonly string[] =>
  findings.flatMap((each) =>
    each === undefined ? [] : [each.title, ...each.lines].flatMap(faultsOf),
  );

describe('every alert', () => {
  it('about a position is in plain words, whatever the figures', () => {
    fc.assert(
      fc.property(inputs, (given) => {
        expect(faults(aboutPositions(given))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('about orders, money, time and connections is too', () => {
    fc.assert(
      fc.property(inputs, (given) => {
        expect(faults(aboutTheRest(given))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
