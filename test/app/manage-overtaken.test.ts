/** A change that was confirmed and that something overtakes, a close or the owner's later word: each card ends in what the exchange says. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { carryOutChange } from '../../src/app/manage/carry-out-change.ts';
import { endTrail, followTrails } from '../../src/app/manage/follow-trails.ts';
import { offerChange } from '../../src/app/manage/read-change.ts';
import { endScaleOut } from '../../src/app/manage/scale-out.ts';
import { endTimeStop } from '../../src/app/manage/time-stops.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import type { Trading } from '../../src/app/ports/trading.ts';
import type { ManageRequest } from '../../src/app/ports/work.ts';
import { percent, price, qty, ratio, toText } from '../../src/domain/money/money.ts';
import type { Order } from '../../src/domain/order.ts';
import type { ChangeRequest } from '../../src/domain/own-action.ts';
import { stopsOf, type Position } from '../../src/domain/position.ts';
import { MINUTE } from '../../src/domain/time.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { confirmedChange } from './confirmed-change.ts';
import { byHand } from './by-hand.ts';
import { hurried, openVigil, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;
let ports: Ports;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil.close());

async function opened(): Promise<Position> {
  const open = [{ symbol: 'ETHUSDT', side: 'LONG', leverage: 5, notional: '1000' }] as const;
  vigil = await openVigil({ redis, venue: { open } });
  ({ ports } = vigil);
  await refreshAccount(ports);
  const [held] = await ports.account.positions();
  if (held === undefined) throw new Error('nothing is open');
  return held;
}
const confirmed = (
  held: Pick<Position, 'id' | 'symbol'>,
  request: ChangeRequest,
): Promise<ManageRequest> => confirmedChange(ports, held, request);
const over = (trading: Partial<Trading>): Ports => {
  if (ports.trading === undefined) throw new Error('nothing can trade');
  return { ...ports, trading: { ...ports.trading, ...trading } };
};
const told = async (key: string): Promise<readonly string[]> =>
  (await vigil.alerts())
    .filter((each) => each.key.startsWith(key))
    .map(({ title, lines }) => [title, ...lines].join(' '));
const closeByHand = ({ id: positionId }: Position): Promise<unknown> =>
  byHand(vigil, 'trade/flash_close_position', { positionId });
const half: ChangeRequest = { kind: 'close', share: percent('50') };
const all: ChangeRequest = { kind: 'close', share: percent('100') };
const nearStop: ChangeRequest = { kind: 'stop', at: { away: percent('1') } };
const trail: ChangeRequest = { kind: 'trail', distance: { away: percent('2') } };
const plan: ChangeRequest = { kind: 'scale-out', share: percent('50'), at: { away: percent('2') } };

/** The account, with other answers to what became of an order. */
const lookedUp = (orderByClientId: () => Promise<Order | undefined>): Ports['account'] =>
  new Proxy(ports.account, {
    get(target, key) {
      if (key === 'orderByClientId') return orderByClientId;
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });

const HAS_CLOSED = [expect.stringMatching(/^ETHUSDT: the position has closed You asked for /)];

describe('a position that closes before what was asked for could be read back', () => {
  it.each([
    ['a stop', nearStop],
    ['a target', { kind: 'target', at: { away: percent('5') } }],
    ['a stop that follows', trail],
    ['a target for a part', plan],
  ] as const)('%s: the card ends in that', async (_name, request) => {
    const held = await opened();
    const card = await confirmed(held, request);
    const closing = hurried(
      vigil,
      over({
        placeProtection: async (of) => {
          const outcome = await ports.trading?.placeProtection(of);
          await closeByHand(held);
          return outcome ?? { kind: 'accepted' };
        },
        placePartial: async (...of) => {
          const outcome = await ports.trading?.placePartial(...of);
          await closeByHand(held);
          return outcome ?? { kind: 'accepted' };
        },
      }),
      4,
    );
    await carryOutChange(closing, card);
    expect(await told('manage:')).toEqual(HAS_CLOSED);
    expect(await ports.trails.all()).toEqual([]);
    // Taken up again after a crash it ends in the same.
    await carryOutChange(ports, { ...card, id: 'again' });
    expect(await told('manage:again')).toHaveLength(1);
  });

  it.each([
    ['half', half],
    ['all', all],
  ] as const)('%s of it: refused by the exchange, it is no failure', async (_name, request) => {
    const held = await opened();
    const rejected = async (): ReturnType<Trading['closePosition']> => {
      await closeByHand(held);
      return { kind: 'rejected', code: '1', reason: 'no such position' };
    };
    const late = over({ reducePosition: rejected, closePosition: rejected });
    await carryOutChange(late, await confirmed(held, request));
    expect(await told('manage:')).toEqual(HAS_CLOSED);
  });

  it('half of it: an order of which nothing filled is no failure either', async () => {
    const held = await opened();
    const card = await confirmed(held, half);
    const late = over({
      reducePosition: async () => {
        await closeByHand(held);
        return { kind: 'accepted' };
      },
    });
    const unfilled = order({ status: 'cancelled', filledQty: '0' });
    await carryOutChange({ ...late, account: lookedUp(async () => unfilled) }, card);
    expect(await told('manage:')).toEqual(HAS_CLOSED);
  });
});

const order = (over: { readonly status: Order['status']; readonly filledQty: string }): Order => ({
  id: '1',
  symbol: 'ETHUSDT',
  side: 'sell',
  type: 'market',
  qty: qty('0.1'),
  reduceOnly: true,
  createdAt: 0,
  ...over,
  filledQty: qty(over.filledQty),
});

describe('the end of an order that closes a part', () => {
  const ending = (...seen: readonly Order[]): Ports => {
    let at = 0;
    const next = async (): Promise<Order | undefined> => seen[Math.min(at++, seen.length - 1)];
    const sent = over({ reducePosition: async () => ({ kind: 'accepted' }) });
    return hurried(vigil, { ...sent, account: lookedUp(next) }, 4);
  };

  it('is read until the exchange says how much of it filled: filled with no quantity is no end', async () => {
    const held = await opened();
    const early = order({ status: 'filled', filledQty: '0' });
    await carryOutChange(
      ending(early, early, order({ status: 'filled', filledQty: '0.1' })),
      await confirmed(held, half),
    );
    expect(await told('manage:')).toEqual([]);
    await carryOutChange(ending(early), await confirmed(held, half));
    expect(await told('manage:')).toEqual([expect.stringContaining('cannot see whether')]);
  });

  it('is told with what it closed where the exchange cancelled the rest', async () => {
    const held = await opened();
    await carryOutChange(
      ending(order({ status: 'partly-filled-cancelled', filledQty: '0.04' })),
      await confirmed(held, half),
    );
    expect(await told('manage:')).toEqual([
      expect.stringMatching(/done in part, closing .* 0.04 was closed; the exchange cancelled/),
    ]);
  });
});

describe('two cards that close', () => {
  it('confirmed at the same moment: both end, the second one in that it is closed', async () => {
    const held = await opened();
    const [one, other] = [await confirmed(held, all), await confirmed(held, all)];
    await carryOutChange(ports, one);
    await carryOutChange(ports, { ...other, at: one.at });
    await refreshAccount(ports);
    expect(await told(`manage:${one.id}`)).toEqual([]);
    expect(await told('position-closed')).toHaveLength(1);
    expect(await told(`manage:${other.id}`)).toEqual([
      expect.stringContaining('closed already; nothing was sent'),
    ]);
  });
});

describe("the owner's later word", () => {
  it('off: a stop that was to follow and waited for its turn does not begin, a later one does', async () => {
    const held = await opened();
    const card = await confirmed(held, trail);
    expect(await endTrail(ports, held.id)).toContain('does not follow the price');
    await carryOutChange(ports, card);
    expect(await ports.trails.all()).toEqual([]);
    expect(await ports.account.protections()).toEqual([]);
    expect(await told('manage:')).toEqual([expect.stringMatching(/not done.*you took that back/)]);
    await vigil.leap(1_000);
    await carryOutChange(ports, await confirmed(held, trail));
    expect(await ports.trails.all()).toHaveLength(1);
  });

  it('off, said while its first stop is placed: the stop stays, and does not follow', async () => {
    const held = await opened();
    const card = await confirmed(held, trail);
    const slow = over({
      placeProtection: async (of) => {
        const outcome = await ports.trading?.placeProtection(of);
        await endTrail(ports, held.id);
        return outcome ?? { kind: 'accepted' };
      },
    });
    await carryOutChange(slow, card);
    expect(await ports.trails.all()).toEqual([]);
    expect(stopsOf(held, await ports.account.protections()).uncovered).toBe(0n);
    expect(await told('manage:')).toEqual([expect.stringContaining('done, moving its stop to')]);
  });

  it('off, said while a step of it is worked out: the step is not made', async () => {
    const held = await opened();
    await carryOutChange(ports, await confirmed(held, trail));
    const [before] = await ports.account.protections();
    await vigil.control('price', { symbol: 'ETHUSDT', percent: 5 });
    await vigil.leap(16 * MINUTE);
    const market = {
      ...ports.market,
      tickers: async () => {
        await endTrail(ports, held.id);
        return ports.market.tickers();
      },
    };
    await followTrails({ ...ports, market });
    expect((await ports.account.protections())[0]?.stopPrice).toBe(before?.stopPrice);
  });

  it('holds for a target of a part and a time stop alike', async () => {
    const held = await opened();
    const cards = [
      await confirmed(held, plan),
      await confirmed(held, { kind: 'time-stop', hours: ratio('4') }),
    ];
    await endScaleOut(ports, held);
    await endTimeStop(ports, held.id);
    for (const card of cards) await carryOutChange(ports, card);
    expect(await ports.account.protections()).toEqual([]);
    expect(await ports.timeStops.all()).toEqual([]);
    const back = expect.stringMatching(/not done.*you took that back/);
    expect(await told('manage:')).toEqual([back, back]);
  });
});

describe('a target for all of it that was placed by hand with its own size', () => {
  it('is the target of the position: it is moved, not kept beside the new one, and no part to be taken away', async () => {
    const held = await opened();
    const { id: positionId, symbol } = held;
    const tpQty = toText(held.qty);
    const tpPrice = '5400';
    await byHand(vigil, 'tpsl/place_order', { symbol, positionId, tpPrice, tpQty });
    expect(await endScaleOut(ports, held)).toContain('No part of it has a target of its own');
    await vigil.leap(1_000);
    expect(await offerChange(ports, positionId, plan)).toMatchObject({ kind: 'ready' });
    const farther: ChangeRequest = { kind: 'target', at: { price: price('5500') } };
    await carryOutChange(ports, await confirmed(held, farther));
    const targets = (await ports.account.protections()).map(({ targetPrice }) => targetPrice);
    expect(targets).toEqual([price('5500')]);
  });
});

describe('a stop that cannot follow', () => {
  it.each([
    ['no step of its price', /does not say in which steps its price moves/],
    ['no sight of the stop', /taken a nearer stop and does not show it/],
  ] as const)('%s: is told with the reason', async (what, why) => {
    const held = await opened();
    await carryOutChange(ports, await confirmed(held, trail));
    await vigil.control('price', { symbol: 'ETHUSDT', percent: 5 });
    await vigil.leap(16 * MINUTE);
    const market = { ...ports.market, instruments: async () => [] };
    const blind = hurried(vigil, over({ placeProtection: async () => ({ kind: 'accepted' }) }), 4);
    const without = what.startsWith('no step') ? { ...ports, market } : blind;
    await followTrails(without);
    await followTrails(without);
    expect(await told('trail-stuck')).toEqual([expect.stringMatching(why)]);
  });

  it('in watch mode: is told once', async () => {
    const held = await opened();
    await carryOutChange(ports, await confirmed(held, trail));
    const { trading: _none, ...watching } = ports;
    await followTrails(watching);
    await followTrails(watching);
    expect(await told('trail')).toEqual([expect.stringContaining('this is watch mode')]);
  });
});
