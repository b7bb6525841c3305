import { closeOf } from '../risk/fixtures.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lostStops } from '../../src/app/account/foreign-changes.ts';
import { executeProposal } from '../../src/app/approval/execute-proposal.ts';
import { flatten } from '../../src/app/halt/flatten.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import type { Alert } from '../../src/domain/alert.ts';
import { price, toNumber } from '../../src/domain/money/money.ts';
import { SECOND } from '../../src/domain/time.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { byHand, restingByHand } from './by-hand.ts';
import { approved } from './signals.ts';
import { KEY, openVigil, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil.close());

const look = (): Promise<void> => refreshAccount(vigil.ports);
const keys = async (): Promise<string[]> =>
  (await vigil.alerts()).map((each) => each.key.replaceAll(/:.*/g, ''));
const alertOf = async (key: string): Promise<Alert | undefined> =>
  (await vigil.alerts()).find((each) => each.key.startsWith(key));

describe('an order', () => {
  it('that the owner places by hand is told once, and once more when it is gone', async () => {
    vigil = await openVigil({ redis });
    await look();
    const orderId = await restingByHand(vigil, 'phone1');
    await look();
    await look();
    expect(await keys()).toEqual(['order-elsewhere']);
    expect((await alertOf('order-elsewhere'))?.severity).toBe('warning');
    await byHand(vigil, 'trade/modify_order', { orderId, qty: '0.2', price: '3950' });
    await look();
    const changed = await alertOf('order-changed');
    expect(changed?.title).toContain('ETHUSDT: buy 0.2 at 3,950');
    expect(changed?.lines).toEqual(['Before it was: ETHUSDT: buy 0.1 at 3,900.']);
    await byHand(vigil, 'trade/cancel_orders', { symbol: 'ETHUSDT', orderList: [{ orderId }] });
    await look();
    await vigil.leap(3 * SECOND * vigil.ports.clock.speed);
    await look();
    expect(await keys()).toEqual(['order-elsewhere', 'order-changed', 'order-gone']);
  });

  it('that is changed back and again is told each time', async () => {
    vigil = await openVigil({ redis });
    const orderId = await restingByHand(vigil, 'phone3');
    await look();
    for (const size of ['0.2', '0.1', '0.2']) {
      await byHand(vigil, 'trade/modify_order', { orderId, qty: size, price: '3950' });
      await vigil.leap(3 * SECOND * vigil.ports.clock.speed);
      await look();
    }
    expect((await keys()).filter((each) => each === 'order-changed')).toHaveLength(3);
  });

  it('that Vigil itself cancels at a halt is not told as gone', async () => {
    vigil = await openVigil({ redis });
    await look();
    await restingByHand(vigil, 'phone2');
    await look();
    const request = { id: 'h1', by: 1, closePositions: false, at: vigil.ports.clock.now() };
    expect(await flatten(vigil.ports, request)).toBe('done');
    await look();
    expect(await keys()).toEqual(['order-elsewhere', 'flatten']);
  });

  it('that carries the id of a rejected signal is critical', async () => {
    vigil = await openVigil({ redis });
    const { ports } = vigil;
    const proposal = await approved(ports);
    await ports.proposals.apply(proposal.id, { kind: 'refuse', outcome: 'a test' });
    await restingByHand(vigil, proposal.clientId);
    await look();
    expect((await alertOf('order-not-believed'))?.severity).toBe('critical');
    expect(await keys()).not.toContain('order-elsewhere');
  });
});

describe('a position', () => {
  it('that was opened by hand says so, also when it happened while Vigil was away', async () => {
    vigil = await openVigil({ redis });
    await look();
    await vigil.control('position', { symbol: 'ETHUSDT', side: 'LONG', notional: '1000' });
    await look();
    const alert = await alertOf('position-opened');
    expect(alert?.severity).toBe('warning');
    expect(alert?.lines.join(' ')).toContain('Vigil did not do this');
  });

  it('that Vigil opened itself is plain news', async () => {
    vigil = await openVigil({ redis });
    const proposal = await approved(vigil.ports);
    await executeProposal(vigil.ports, proposal.id);
    await look();
    const alert = await alertOf('position-opened');
    expect(alert?.severity).toBe('info');
    expect(alert?.lines.join(' ')).not.toContain('Vigil did not');
  });

  it('whose stop vanishes is alarmed once, with the stop that it had', async () => {
    vigil = await openVigil({ redis });
    await vigil.control('position', {
      symbol: 'ETHUSDT',
      side: 'LONG',
      notional: '1000',
      stop: '3900',
    });
    await look();
    await vigil.control('fault', { fault: 'tpsl-system-cancel', symbol: 'ETHUSDT' });
    await look();
    await vigil.leap(11 * SECOND);
    await look();
    await look();
    // Without a stop it can cost the account, which uses up the limit for portfolio heat.
    expect(await keys()).toEqual(['limit-warning', 'unprotected']);
    expect((await alertOf('unprotected'))?.lines[0]).toContain(
      'Its stop at 3,900 was cancelled by the exchange.',
    );
  });
});

describe('what is done to an open position past Vigil', () => {
  const long = { symbol: 'ETHUSDT', side: 'LONG', notional: '1000', leverage: 5 };

  async function opened(over: object = {}): Promise<string> {
    vigil = await openVigil({ redis });
    await vigil.control('position', { ...long, ...over });
    await look();
    return (await vigil.truth()).positions[0]?.positionId ?? '';
  }
  const told = async (): Promise<string[]> =>
    (await vigil.alerts()).map((each) => `${each.severity}: ${each.title}`);

  it('a stop that is moved away is a warning, a second look later', async () => {
    const positionId = await opened({ stop: '4200', target: '5200' });
    const [resting] = await vigil.ports.account.protections();
    const request = { orderId: resting?.id, slPrice: '3900', slStopType: 'MARK_PRICE' };
    const qty = (await vigil.truth()).positions[0]?.qty;
    // All of it: a part without a stop is another alert, in time.
    const quantities = { slQty: qty, tpQty: qty, tpPrice: '5200', tpStopType: 'MARK_PRICE' };
    await byHand(vigil, 'tpsl/modify_order', { ...request, ...quantities });
    await look();
    expect(await told()).toEqual([]);
    await look();
    await look();
    expect(await told()).toEqual(['warning: ETHUSDT long: its stop was moved from 4,200 to 3,900']);
    expect((await alertOf(`levels-moved:${positionId}`))?.lines.at(-1)).toContain('Vigil did not');
  });

  it('a stop that Vigil moves is not told as moved', async () => {
    const positionId = await opened({ stop: '4200' });
    const { trading } = vigil.ports;
    await trading?.placeProtection({ symbol: 'ETHUSDT', positionId, stop: price('4100') });
    await look();
    await look();
    await look();
    expect(await told()).toEqual([]);
  });

  it("another leverage is told, Vigil's own as plain news", async () => {
    await opened({ stop: '4200', marginMode: 'ISOLATION' });
    const coin = { symbol: 'ETHUSDT', marginCoin: 'USDT' };
    await byHand(vigil, 'account/change_leverage', { ...coin, leverage: 10 });
    await look();
    await look();
    // A slow machine is told first that the stop lies behind the liquidation price with that leverage.
    expect((await told()).filter((each) => !each.includes('no stop'))).toEqual([
      expect.stringMatching(/^warning: ETHUSDT long is 10x \w+ now; it was 5x \w+$/),
    ]);
    await vigil.ports.trading?.setLeverage('ETHUSDT', 20);
    await look();
    expect(await told()).toContainEqual(expect.stringMatching(/^info: ETHUSDT long is 20x /));
  });

  it('a close by hand says so, and a close by Vigil does not', async () => {
    const positionId = await opened({ stop: '4000' });
    await byHand(vigil, 'trade/flash_close_position', { positionId });
    await look();
    expect(await told()).toEqual([expect.stringMatching(/^warning: ETHUSDT long closed: /)]);
    expect((await alertOf('position-closed'))?.lines.at(-1)).toContain('Neither stop nor target');

    await vigil.control('position', { ...long, stop: '4000' });
    await look();
    const [second] = (await vigil.truth()).positions;
    await vigil.ports.trading?.closePosition(closeOf(second?.positionId ?? ''));
    await look();
    expect((await told()).at(-1)).toMatch(/ETHUSDT long closed: /);
    const own = (await vigil.alerts()).findLast((each) => each.kind === 'position-closed');
    expect(own?.lines.join(' ')).not.toContain('Vigil did not do this');
  });

  it('a part that is closed by hand says so', async () => {
    const positionId = await opened({ stop: '4000' });
    await byHand(vigil, 'trade/place_order', {
      symbol: 'ETHUSDT',
      qty: '0.1',
      side: 'BUY',
      tradeSide: 'CLOSE',
      positionId,
      orderType: 'MARKET',
    });
    await look();
    expect(await told()).toEqual([expect.stringMatching(/^warning: ETHUSDT long partly closed/)]);
  });

  it('a liquidation is critical, in words of its own', async () => {
    await opened({ leverage: 50, marginMode: 'ISOLATION' });
    await vigil.control('price', { symbol: 'ETHUSDT', percent: -4 });
    await look();
    const alert = await alertOf('position-closed');
    expect(alert?.severity).toBe('critical');
    expect(alert?.title).toMatch(/^LIQUIDATED: ETHUSDT long was closed by force: -/);
    expect(alert?.lines.join(' ')).toContain('Vigil knows of no stop');
  });

  it('a position that the exchange takes step by step is critical at each step', async () => {
    vigil = await openVigil({
      redis,
      venue: { accounts: [{ ...KEY, balance: '200000' }] },
    });
    const size = { symbol: 'BTCUSDT', notional: '400000', leverage: 50, marginMode: 'ISOLATION' };
    await vigil.control('position', { ...long, ...size });
    await look();
    const [before] = await vigil.ports.account.positions();
    const liquidation = before?.liquidationPrice;
    if (liquidation === undefined) throw new Error('no liquidation price');
    // The price that is shown is rounded: beyond it, liquidation has surely begun.
    const through = toNumber(liquidation) * 0.9995;
    await vigil.control('price', { symbol: 'BTCUSDT', price: through.toFixed(1) });
    await look();
    const alert = await alertOf('position-reduced');
    expect(alert?.severity).toBe('critical');
    expect(alert?.title).toMatch(/^BTCUSDT long partly closed/);
    expect(alert?.lines.join(' ')).toContain('probably reducing it by force');
  });

  it('a stop that the exchange cannot carry out is alarmed at once', async () => {
    await opened({ stop: '4400' });
    await vigil.control('fault', { fault: 'tpsl-fails', symbol: 'ETHUSDT' });
    await vigil.control('price', { symbol: 'ETHUSDT', price: '4390' });
    await look();
    const alert = await alertOf('stop-failed');
    expect(alert?.severity).toBe('critical');
    expect(alert?.title).toBe('ETHUSDT long: its stop at 4,400 FAILED, the position is still open');
    await look();
    expect((await keys()).filter((each) => each === 'stop-failed')).toHaveLength(1);
  });
});

it('another position mode of the account is told', async () => {
  vigil = await openVigil({ redis });
  await look();
  await byHand(vigil, 'account/change_position_mode', { positionMode: 'ONE_WAY' });
  await look();
  await look();
  expect((await vigil.alerts()).map((each) => each.title)).toEqual([
    'The account is in one-way mode now; it was in hedge mode',
  ]);
});

it('a stop that was never there is not one that is lost', () => {
  expect(lostStops(undefined, new Map([['p1', 5]])).size).toBe(0);
});
