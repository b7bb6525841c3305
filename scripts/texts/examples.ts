/** One example or more of every text that Vigil says of its own accord, by the file of the rule that makes it. */
import * as closing from '../../src/alerts/rules/closing.ts';
import { levelsMoved } from '../../src/alerts/rules/levels-moved.ts';
import { liquidated } from '../../src/alerts/rules/liquidated.ts';
import { liquidationNear } from '../../src/alerts/rules/liquidation-near.ts';
import { marginHigh } from '../../src/alerts/rules/margin-high.ts';
import * as approved from '../../src/alerts/rules/not-as-approved.ts';
import { notOurs, stopVanished } from '../../src/alerts/rules/not-ours.ts';
import * as orders from '../../src/alerts/rules/order-elsewhere.ts';
import { orderUnknown } from '../../src/alerts/rules/order-unknown.ts';
import { otherCoins } from '../../src/alerts/rules/other-coins.ts';
import { policySigned } from '../../src/alerts/rules/policy-signed.ts';
import { positionClosed } from '../../src/alerts/rules/position-closed.ts';
import { positionGone } from '../../src/alerts/rules/position-gone.ts';
import * as managed from '../../src/alerts/rules/position-managed.ts';
import { positionModeChanged } from '../../src/alerts/rules/position-mode.ts';
import { positionOpened } from '../../src/alerts/rules/position-opened.ts';
import { positionReduced } from '../../src/alerts/rules/position-reduced.ts';
import { positionSettings } from '../../src/alerts/rules/position-settings.ts';
import { signalFound } from '../../src/alerts/rules/signal.ts';
import { stopFailed } from '../../src/alerts/rules/stop-failed.ts';
import { stopHit } from '../../src/alerts/rules/stop-hit.ts';
import * as placed from '../../src/alerts/rules/stop-placed.ts';
import { targetHit } from '../../src/alerts/rules/target-hit.ts';
import * as money from '../../src/alerts/rules/unexplained-money.ts';
import { unprotected } from '../../src/alerts/rules/unprotected.ts';
import { percent, price, qty, usd } from '../../src/domain/money/money.ts';
import type { Finding } from '../../src/domain/alert.ts';
import type { Order } from '../../src/domain/order.ts';
import { MINUTE, SECOND } from '../../src/domain/time.ts';
import { closedPosition, NOW, position, protection } from '../../test/alerts/fixtures.ts';
import { ACCOUNT, PROPOSAL } from '../../test/bot/samples.ts';
import { ofWishes } from './own-examples.ts';
import { ofConnections, ofLimits, ofMemory, ofVigil } from './of-vigil.ts';
import { type Words, type Examples, found, several, never } from './words.ts';

/** Every rule with these words in it. */
export function examplesOf(words: Words): Examples {
  return {
    ...ofPositions(words),
    ...ofStops(words),
    ...ofOrders(words),
    ...ofLimits(words),
    ...ofConnections(words),
    ...ofMemory(words),
    ...ofVigil(words),
    ...ofWishes(words),
  };
}

function samplesOf(symbol: string) {
  const one = position({ symbol });
  const stop = protection({ symbol });
  const closed = closedPosition({ symbol });
  const half = position({ symbol, qty: qty('0.25'), realisedGross: usd('-11.45') });
  const level = { ...one, positionId: one.id, price: price('2955'), kind: 'stop' as const };
  const tick = { symbol, mark: price('2954'), at: NOW };
  const near = { position: one, protections: [], since: NOW };
  const bare = unprotected(one, { since: NOW - 12 * SECOND, uncovered: one.qty }, NOW);
  const known = { stop: price('2955'), stops: [price('2955')], size: one.qty };
  const worse = { ...closed, closePrice: price('2934'), gross: usd('-33'), net: usd('-34.91') };
  const won = { ...closed, closePrice: price('3120'), gross: usd('60'), net: usd('58.09') };
  return { one, stop, closed, half, level, tick, near, bare, known, worse, won };
}

function ofPositions({ symbol }: Words): Examples {
  const { one, stop, closed, half, known, worse, won } = samplesOf(symbol);
  return {
    'position-opened': found(
      positionOpened(undefined, one),
      positionOpened(half, one),
      notOurs(positionOpened(undefined, one) ?? never()),
    ),
    'position-reduced': found(
      positionReduced(one, half, { vigil: false, partialLevel: false }),
      positionReduced(one, half, { vigil: false, partialLevel: true, filled: stop }),
      positionReduced(
        one,
        { ...half, unrealisedPnl: usd('-140') },
        {
          vigil: false,
          partialLevel: false,
        },
      ),
    ),
    'position-settings': found(
      positionSettings(
        one,
        { ...one, leverage: 20, marginMode: 'cross' },
        { byVigil: false, now: NOW },
      ),
    ),
    'position-closed': [
      positionClosed(closed, known),
      positionClosed(worse, known),
      positionClosed(won, { ...known, target: price('3120') }),
      positionClosed({ ...closed, closePrice: price('2990') }, { ...known, by: 'somebody else' }),
      positionClosed({ ...won, closePrice: price('3060') }, { ...known, by: 'somebody else' }),
    ],
  };
}

function ofStops({ symbol, text, many }: Words): Examples {
  const { one, stop, closed, level, tick, near, bare } = samplesOf(symbol);
  return {
    'position-gone': [positionGone(one, NOW)],
    liquidated: [liquidated(closed, undefined), liquidated(closed, price('2955'))],
    'stop-hit': [stopHit(level, tick)],
    'target-hit': [
      targetHit(
        { ...level, kind: 'target', price: price('3120') },
        { ...tick, mark: price('3121') },
      ),
    ],
    'stop-failed': [stopFailed(one, stop, NOW)],
    'stop-placed': [
      placed.stopPlaced({ id: 'p', symbol, stop: price('2955') }, 'stop resting at 2,955', NOW),
      placed.stopNotNeeded({ id: 'p', symbol, stop: price('2955') }, NOW),
      placed.stopNotPlaced({ id: 'p', symbol, stop: price('2955') }, text, NOW),
    ],
    'levels-moved': found(
      levelsMoved(one, { from: { stop: price('2955') }, to: { stop: price('2800') } }, NOW),
      levelsMoved(
        one,
        {
          from: { size: one.qty, stops: [{ price: price('2955') }] },
          to: {
            size: one.qty,
            stops: Array.from({ length: Math.max(2, many) }, (_, index) => ({
              price: price(String(2_900 - index)),
              qty: qty('0.1'),
            })),
          },
        },
        NOW,
      ),
      levelsMoved(one, { from: { target: price('3120') }, to: {} }, NOW),
    ),
    unprotected: found(
      bare,
      unprotected(one, { since: NOW - 12 * SECOND, uncovered: qty('0.2') }, NOW),
      bare && stopVanished(bare, { price: price('2955'), until: NOW - MINUTE, end: 'failed' }),
    ),
    'liquidation-near': [50, 75, 90].map((gone) =>
      liquidationNear({ ...near, gone }, { mark: price(String(3_000 - gone * 5.8)), at: NOW }),
    ),
    'margin-high': [
      marginHigh({ id: one.id, position: one, percent: 60, use: percent('63.2'), since: NOW }, NOW),
      marginHigh(
        { id: 'cross', position: undefined, percent: 80, use: percent('81'), since: NOW },
        NOW,
      ),
    ],
  };
}

const LEVELS = { kind: 'levels' as const, stop: price('2955'), target: price('3200') };

function ofChanges(symbol: string, text: string): readonly Finding[] {
  const change = { id: 'm', positionId: 'p1', symbol };
  const levels = { ...change, change: LEVELS };
  const close = { ...change, change: { kind: 'close', qty: qty('0.2') } } as const;
  return [
    managed.levelsPlaced(levels, 'stop resting at 2,955', NOW),
    managed.changeNotDone(close, text, NOW),
    managed.changeUnknown(levels, text, NOW),
    managed.changeInPart(close, qty('0.1'), NOW),
    managed.closedMeanwhile(levels, NOW),
    managed.trailRests({ ...change, signedAt: NOW }, NOW),
  ];
}

function ofOrders({ symbol, text, many }: Words): Examples {
  const order = {
    id: 'o1',
    symbol,
    side: 'buy',
    qty: qty('0.5'),
    price: price('2900'),
    reduceOnly: false,
  } as unknown as Order;
  const proposal = { ...PROPOSAL, signal: { ...PROPOSAL.signal, symbol } };
  return {
    signal: found(signalFound(proposal, { evidence: several(many, text) })),
    'not-as-approved': [
      approved.doneInPart(proposal, ['Filled 0.2 of 0.5; the rest was cancelled.'], NOW),
      approved.notOpened(proposal, several(many, text), NOW),
    ],
    'order-elsewhere': [
      orders.orderElsewhere(order, NOW),
      orders.orderElsewhere({ ...order, reduceOnly: true }, NOW),
      orders.orderChanged(order, { ...order, price: price('2950') }, NOW),
      orders.orderGone(order, NOW),
      orders.orderNotBelieved(order, 'rejected', NOW),
    ],
    'order-unknown': [
      orderUnknown({
        clientId: 'v-1',
        symbol,
        intent: 'open a long of 0.5',
        reason: text,
        at: NOW,
      }),
    ],
    'unexplained-money': [
      money.moneyCame({ amount: usd('100'), bonus: false }, NOW),
      money.moneyCame({ amount: usd('-5'), bonus: true }, NOW),
      money.moneyLeft({ id: 's', amount: usd('-100'), at: NOW }),
      money.moneyTaken({ id: 's', amount: usd('-100') }, NOW),
    ],
    'other-coins': found(
      otherCoins(
        undefined,
        { ...ACCOUNT, available: usd('-60'), margin: usd('50'), unrealisedPnl: usd('0') },
        NOW,
      ),
    ),
    'policy-signed': [policySigned('signed', several(many, text), NOW)],
    'position-managed': ofChanges(symbol, text),
    'position-mode': [positionModeChanged({ from: 'one-way', to: 'hedge' }, NOW)],
    closing: [
      closing.closing(
        'c',
        { title: 'Closing everything…', lines: several(many, `⏳ ${symbol} long`) },
        NOW,
      ),
      closing.closingLeft('c', { title: 'Not finished: something is left', lines: [text] }, NOW),
      closing.entriesCancelled('c', [], NOW),
      closing.entriesCancelled('c', [text], NOW),
    ],
  };
}
