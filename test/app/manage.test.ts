/** Changes of an open position at the simulated exchange: done, read back, told once, and found again after a crash. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { carryOutChange } from '../../src/app/manage/carry-out-change.ts';
import { endTrail, followTrails } from '../../src/app/manage/follow-trails.ts';
import { offerChange } from '../../src/app/manage/read-change.ts';
import { endScaleOut } from '../../src/app/manage/scale-out.ts';
import { askWhenDue, endTimeStop } from '../../src/app/manage/time-stops.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { executeProposal } from '../../src/app/approval/execute-proposal.ts';
import { tighten } from '../../src/app/halt/tighten.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import type { Trading } from '../../src/app/ports/trading.ts';
import type { ManageRequest } from '../../src/app/ports/work.ts';
import { ExchangeFailure } from '../../src/domain/failure.ts';
import { percent, price, ratio, toNumber } from '../../src/domain/money/money.ts';
import type { ChangeRequest } from '../../src/domain/own-action.ts';
import { stopsOf, type Position } from '../../src/domain/position.ts';
import { HOUR, MINUTE } from '../../src/domain/time.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { confirmedChange } from './confirmed-change.ts';
import { approved } from './signals.ts';
import { hurried, KEY, openVigil, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;
let ports: Ports;
const ZERO_PRICE = price('0');

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil.close());

interface Held {
  readonly symbol?: string;
  readonly side?: 'LONG' | 'SHORT';
  readonly positionMode?: 'HEDGE' | 'ONE_WAY';
}
/** Positions opened by hand; the first one, watched from then on. */
async function opened(...positions: readonly Held[]): Promise<Position> {
  await open(...positions);
  const held = await now();
  if (held === undefined) throw new Error('nothing is open');
  return held;
}
async function open(...positions: readonly Held[]): Promise<void> {
  const [{ positionMode = 'HEDGE' } = {}] = positions;
  vigil = await openVigil({
    redis,
    venue: {
      accounts: [{ ...KEY, balance: '10000', positionMode }],
      open: positions.map(({ positionMode: _mode, ...over }) => ({
        symbol: 'ETHUSDT',
        side: 'LONG' as const,
        leverage: 5,
        notional: '1000',
        ...over,
      })),
    },
  });
  ({ ports } = vigil);
  await refreshAccount(ports);
}
/** What a Confirm under the card of this request sends. */
const confirmed = (
  held: Pick<Position, 'id' | 'symbol'>,
  request: ChangeRequest,
): Promise<ManageRequest> => confirmedChange(ports, held, request);
const never = Promise.reject(
  new ExchangeFailure('no answer', { kind: 'network', retriable: true }),
);
never.catch(() => undefined);
const half: ChangeRequest = { kind: 'close', share: percent('50') };
const all: ChangeRequest = { kind: 'close', share: percent('100') };
const stopAway = (share: string): ChangeRequest => ({ kind: 'stop', at: { away: percent(share) } });
const now = async (): Promise<Position | undefined> =>
  (await ports.account.positions()).find((each) => each.symbol === 'ETHUSDT');
const told = async (key: string) =>
  (await vigil.alerts()).filter((each) => each.key.startsWith(key)).map(({ title }) => title);
const over = (trading: Partial<Trading>): Ports => {
  if (ports.trading === undefined) throw new Error('nothing can trade');
  return { ...ports, trading: { ...ports.trading, ...trading } };
};

describe('closing half', () => {
  it.each(['LONG', 'SHORT'] as const)(
    'of a %s leaves the other half, its stop, and every other position',
    async (side) => {
      const held = await opened({ side }, { symbol: 'BTCUSDT' });
      await carryOutChange(ports, await confirmed(held, stopAway('2')));
      await carryOutChange(ports, await confirmed(held, half));
      await refreshAccount(ports);
      const left = await now();
      expect(toNumber(left?.qty ?? held.qty) / toNumber(held.qty)).toBeCloseTo(0.5, 2);
      expect(left?.side).toBe(held.side);
      expect(stopsOf(left ?? held, await ports.account.protections()).uncovered).toBe(0n);
      expect(await ports.account.positions()).toHaveLength(2);
      expect(await told('position-reduced')).toEqual([expect.stringContaining('partly closed')]);
      const [alert] = (await vigil.alerts()).filter((each) =>
        each.key.startsWith('position-reduced'),
      );
      expect(alert?.lines.join(' ')).not.toContain('Vigil did not');
      expect((await ports.mode.read())?.mode).toBe('normal');
    },
  );

  it.each([
    ['half', 'cut to that half by hand', half, -1],
    ['half', 'enlarged by hand', half, 1],
    ['all', 'enlarged by hand', all, 1],
  ] as const)(
    '%s of one that was %s since the card is not sent, and can be asked anew',
    async (...row) => {
      const [, , request, grows] = row;
      const held = await opened({});
      const shown = await confirmed(held, request);
      await (grows > 0
        ? vigil.control('position', {
            symbol: 'ETHUSDT',
            side: 'LONG',
            notional: '1000',
            leverage: 5,
          })
        : carryOutChange(ports, await confirmed(held, half)));
      const since = await now();
      await carryOutChange(ports, shown);
      expect((await now())?.qty).toBe(since?.qty);
      const [notice] = (await vigil.alerts()).filter(({ key }) => key.startsWith('manage:'));
      expect(notice?.lines[0]).toMatch(/The position has changed: [\d.]+ is open now, and it was/);
      expect(notice?.buttons?.flat().map(({ label }) => label)).toContain('Close all');
    },
  );

  it('all of one that became smaller since the card is sent', async () => {
    const held = await opened({});
    const shown = await confirmed(held, all);
    await carryOutChange(ports, await confirmed(held, half));
    await carryOutChange(ports, shown);
    expect(await now()).toBeUndefined();
  });

  it('is sent once, however often it runs, whenever it was cut off', async () => {
    const held = await opened({});
    const request = await confirmed(held, half);
    for (const cut of ['before', 'after'] as const) {
      const dying = over({
        reducePosition: async (order) => {
          if (cut === 'after') await ports.trading?.reducePosition(order);
          throw new Error('killed');
        },
      });
      const one = cut === 'before' ? request : await confirmed(held, half);
      await expect(carryOutChange(dying, one)).rejects.toThrow('killed');
      const quick = hurried(vigil, ports, 4);
      await carryOutChange(quick, one);
      await carryOutChange(quick, one);
    }
    // The first was cut off before it was sent: it is told as unknown and not sent after all.
    expect(toNumber((await now())?.qty ?? held.qty) / toNumber(held.qty)).toBeCloseTo(0.5, 2);
    expect(await told('manage:')).toEqual([expect.stringContaining('cannot see whether')]);
  });

  it('is told of a position that no look had seen yet, or not as large as it is', async () => {
    await open();
    const grow = { symbol: 'ETHUSDT', side: 'LONG', notional: '1000', leverage: 5 };
    for (const time of [1, 2]) {
      await vigil.control('position', grow);
      const held = await now();
      if (held === undefined) throw new Error('nothing is open');
      await carryOutChange(ports, await confirmed(held, half));
      await refreshAccount(ports);
      expect(await told('position-reduced')).toHaveLength(time);
    }
  });

  it('is looked up where the answer is lost', async () => {
    const held = await opened({});
    const lost = over({
      reducePosition: async (order) => {
        await ports.trading?.reducePosition(order);
        return { kind: 'unknown', reason: 'no answer' };
      },
    });
    await carryOutChange(lost, await confirmed(held, half));
    expect(await told('manage:')).toEqual([]);
    expect(toNumber((await now())?.qty ?? held.qty) / toNumber(held.qty)).toBeCloseTo(0.5, 2);
  });

  it('is not done, and that is told, where the exchange does not answer or its turn came too late', async () => {
    const held = await opened({});
    const silent = { ...ports, account: { ...ports.account, positions: () => never } };
    await carryOutChange(silent, await confirmed(held, half));
    const late = await confirmed(held, half);
    await vigil.leap(6 * MINUTE * vigil.venue.speed);
    await carryOutChange(ports, late);
    expect(await told('manage:')).toEqual([
      expect.stringContaining('not done'),
      expect.stringContaining('not done'),
    ]);
    expect((await now())?.qty).toBe(held.qty);
  });

  it('is told where the exchange refuses', async () => {
    const held = await opened({});
    const refusing = over({
      reducePosition: async () => ({ kind: 'rejected', code: '1', reason: 'not now' }),
    });
    await carryOutChange(refusing, await confirmed(held, half));
    expect(await told('manage:')).toEqual([expect.stringContaining('not done, closing')]);
    expect((await now())?.qty).toBe(held.qty);
  });
});

describe('closing all', () => {
  it('closes that position alone, pauses nothing, and finds it closed when it runs again', async () => {
    const held = await opened({}, { symbol: 'BTCUSDT' });
    const request = await confirmed(held, all);
    await carryOutChange(ports, request);
    await carryOutChange(ports, request);
    await refreshAccount(ports);
    expect((await ports.account.positions()).map(({ symbol }) => symbol)).toEqual(['BTCUSDT']);
    expect((await ports.mode.read())?.mode).toBe('normal');
    expect(await told('position-closed')).toHaveLength(1);
    expect(await told('manage:')).toEqual([]);
  });

  it('works while trading is halted', async () => {
    const held = await opened({});
    const reason = { trigger: 'owner', evidence: 'halted', at: ports.clock.now() };
    await tighten(ports, { kind: 'tighten', to: 'halted', reason });
    await carryOutChange(ports, await confirmed(held, all));
    expect(await now()).toBeUndefined();
  });
});

describe('a stop that is moved', () => {
  it('rests at the exchange as it was shown, covers all, and leaves the target', async () => {
    const held = await opened({});
    await carryOutChange(
      ports,
      await confirmed(held, { kind: 'target', at: { away: percent('5') } }),
    );
    const request = await confirmed(held, stopAway('1.5'));
    await carryOutChange(ports, request);
    const { largest, target, uncovered } = stopsOf(held, await ports.account.protections());
    if (request.change.kind !== 'levels') throw new Error('no levels');
    expect(largest?.price).toBe(request.change.stop);
    expect([uncovered, target === undefined]).toEqual([0n, false]);
    // As after a crash between placing and telling: nothing is refused, nothing told twice.
    await carryOutChange(ports, request);
    expect(await told('manage:')).toEqual([
      expect.stringContaining('done, moving its target'),
      expect.stringContaining('done, moving its stop'),
    ]);
  });

  it('replaces what the entry brought along, of its own size: one stop and one target rest, wherever they are moved', async () => {
    await open();
    const sent = await approved(ports, { symbol: 'ETHUSDT' });
    await executeProposal(ports, sent.id);
    await refreshAccount(ports);
    const held = await now();
    if (held === undefined) throw new Error('nothing is open');
    const before = await ports.account.protections();
    const { target } = stopsOf(held, before);
    expect(before.some((each) => each.stopQty !== undefined)).toBe(true);
    const steps: readonly ChangeRequest[] = [
      stopAway('2.3'),
      stopAway('1.5'),
      half,
      stopAway('1.2'),
      { kind: 'target', at: { away: percent('9') } },
    ];
    for (const step of steps) {
      await carryOutChange(ports, await confirmed(held, step));
      const resting = await ports.account.protections();
      expect(resting.map(({ stopPrice }) => stopPrice === undefined)).toEqual([false]);
      const moved = step.kind === 'target';
      expect(resting[0]?.targetPrice === target).toBe(!moved);
      await refreshAccount(ports);
      await refreshAccount(ports);
    }
    const titles = (await vigil.alerts()).map(({ title }) => title);
    expect(titles.filter((each) => /were changed|was moved|cannot see/.test(each))).toEqual([]);
    expect(titles.filter((each) => each.includes('has no stop'))).toEqual([]);
  });

  it('is not placed where the price has passed it since, or where trading was halted and it is looser', async () => {
    const held = await opened({});
    await carryOutChange(ports, await confirmed(held, stopAway('1')));
    const looser = await confirmed(held, stopAway('1.4'));
    const reason = { trigger: 'owner', evidence: 'halted', at: ports.clock.now() };
    await tighten(ports, { kind: 'tighten', to: 'halted', reason });
    await carryOutChange(ports, looser);
    const tighter = await confirmed(held, stopAway('0.6'));
    await vigil.control('price', { symbol: 'ETHUSDT', percent: -0.8 });
    await carryOutChange(ports, tighter);
    expect(await told('manage:')).toEqual([
      expect.stringContaining('done'),
      expect.stringContaining('not done'),
      expect.stringContaining('not done'),
    ]);
  });
});

describe('a stop that follows the price', () => {
  const trail: ChangeRequest = { kind: 'trail', distance: { away: percent('2') } };
  const stopNow = async (held: Position): Promise<number> =>
    toNumber(stopsOf(held, await ports.account.protections()).largest?.price ?? ZERO_PRICE);
  /** The price moves, and a candle closes there. */
  const moveTo = async (percentOfNow: number): Promise<void> => {
    await vigil.control('price', { symbol: 'ETHUSDT', percent: percentOfNow });
    await vigil.leap(16 * MINUTE);
    await vigil.control('speed', { speed: 0 });
    await followTrails(ports);
  };

  it('begins where it was shown, goes with the price, never back, while halted too, and ends with its position', async () => {
    const held = await opened({});
    const request = await confirmed(held, trail);
    await carryOutChange(ports, request);
    if (request.change.kind !== 'trail') throw new Error('it does not follow');
    const began = await stopNow(held);
    expect(began).toBe(toNumber(request.change.stop ?? ZERO_PRICE));
    const reason = { trigger: 'owner', evidence: 'halted', at: ports.clock.now() };
    await tighten(ports, { kind: 'tighten', to: 'halted', reason });
    await moveTo(5);
    const higher = await stopNow(held);
    expect(higher / began).toBeGreaterThan(1.02);
    await moveTo(-1.2);
    expect(await stopNow(held)).toBe(higher);
    const { uncovered } = stopsOf(held, await ports.account.protections());
    expect(uncovered).toBe(0n);
    expect(await told('trail')).toEqual([expect.stringContaining('its stop follows, now at')]);
    await refreshAccount(ports);
    expect(
      (await vigil.alerts()).filter((each) => each.title.includes('its stop was moved')),
    ).toEqual([]);
    await vigil.control('speed', { speed: 10 });
    await carryOutChange(ports, await confirmed(held, all));
    await followTrails(ports);
    expect(await ports.trails.all()).toEqual([]);
  });

  it('does not follow where the exchange refused its first stop, and says what holds where it cannot be seen', async () => {
    const held = await opened({});
    const refuse = async (amount: number): Promise<void> => {
      for (const call of ['place_order', 'modify_order']) {
        const path = `/api/v1/futures/tpsl/position/${call}`;
        await vigil.control('fault', { fault: 'refused', count: 1, amount, path });
      }
    };
    await refuse(30_013);
    await carryOutChange(ports, await confirmed(held, trail));
    expect(await ports.trails.all()).toEqual([]);
    await vigil.control('fault', { fault: 'clear' });
    await refuse(10_001);
    const quick = hurried(vigil, ports, 4);
    await carryOutChange(quick, await confirmed(held, trail));
    expect(await ports.trails.all()).toEqual([]);
    await vigil.control('fault', { fault: 'clear' });
    await carryOutChange(ports, await confirmed(held, trail));
    await vigil.control('price', { symbol: 'ETHUSDT', percent: 2 });
    const other: ChangeRequest = { kind: 'trail', distance: { away: percent('1') } };
    await refuse(10_001);
    await carryOutChange(quick, await confirmed(held, other));
    const said = (await vigil.alerts()).filter(({ key }) => key.startsWith('manage:'));
    expect(said.map(({ title, lines }) => `${title} ${lines.join(' ')}`)).toEqual([
      expect.stringMatching(/not done.*I have changed nothing/),
      expect.stringMatching(/cannot see whether.*does not follow the price\./),
      expect.stringMatching(/done, letting its stop follow the price 2 % away/),
      expect.stringMatching(/cannot see whether.*follows the price 2 % away, as before\./),
    ]);
    expect((await ports.trails.all()).map(({ share }) => share)).toEqual([percent('2')]);
  });

  it('never begins with a looser stop than the one that has come to rest since the card', async () => {
    const held = await opened({});
    const request = await confirmed(held, trail);
    await carryOutChange(ports, await confirmed(held, stopAway('1')));
    const nearer = await stopNow(held);
    await carryOutChange(ports, request);
    expect(await stopNow(held)).toBe(nearer);
    expect(await ports.trails.all()).toHaveLength(1);
  });

  it('that was cut off once its stop rested is found so when it runs again, however late', async () => {
    const held = await opened({});
    const request = await confirmed(held, trail);
    const { trails } = ports;
    const dying = {
      ...ports,
      trails: { ...trails, save: () => Promise.reject(new Error('killed')) },
    };
    await expect(carryOutChange(dying, request)).rejects.toThrow('killed');
    await vigil.leap(6 * MINUTE * vigil.venue.speed);
    await carryOutChange(ports, request);
    expect(await ports.trails.all()).toHaveLength(1);
    expect(await told('manage:')).toEqual([expect.stringContaining('done, letting')]);
  });

  it('in average ranges of an hour, from 0.5 % to 20 % away, and no other', async () => {
    const held = await opened({});
    const inRanges = await confirmed(held, { kind: 'trail', distance: { atr: ratio('3') } });
    if (inRanges.change.kind !== 'trail') throw new Error('it does not follow');
    expect(toNumber(inRanges.change.share)).toBeGreaterThan(0.005);
    for (const share of ['0.4', '21']) {
      const distance = { away: percent(share) };
      expect(await offerChange(ports, held.id, { kind: 'trail', distance })).toMatchObject({
        reason: expect.stringContaining('0.5 % to 20 % away'),
      });
    }
  });

  it('in average ranges, to which a bad tick adds nothing', async () => {
    const held = await opened({});
    const asked: ChangeRequest = { kind: 'trail', distance: { atr: ratio('3') } };
    const shareWith = async (market: Ports['market']): Promise<number> => {
      const offer = await offerChange({ ...ports, market }, held.id, asked);
      if (offer.kind === 'refused' || offer.change.kind !== 'trail') throw new Error('refused');
      return toNumber(offer.change.share);
    };
    const honest = await shareWith(ports.market);
    const odd = await shareWith({
      ...ports.market,
      candles: async (query) =>
        (await ports.market.candles(query)).map((each, row) =>
          row === 50
            ? { ...each, open: each.open / 10, low: each.low / 10, close: each.close / 10 }
            : each,
        ),
    });
    expect(odd / honest).toBeGreaterThan(0.8);
    expect(odd / honest).toBeLessThan(1.2);
  });

  it('goes by longer candles where there are none of 15 minutes, and says so where there are none at all', async () => {
    const held = await opened({});
    await carryOutChange(ports, await confirmed(held, trail));
    const began = await stopNow(held);
    await vigil.control('price', { symbol: 'ETHUSDT', percent: 5 });
    await vigil.leap(2 * HOUR);
    const without = (...missing: readonly string[]): Ports => ({
      ...ports,
      market: {
        ...ports.market,
        candles: (query) =>
          missing.includes(query.interval) ? Promise.resolve([]) : ports.market.candles(query),
      },
    });
    await followTrails(without('15m', '1h'));
    expect(await stopNow(held)).toBe(began);
    expect(await told('trail-stuck')).toHaveLength(1);
    await followTrails(without('15m'));
    expect((await stopNow(held)) / began).toBeGreaterThan(1.02);
  });

  it('that cannot be moved stays, and is told once an hour', async () => {
    const held = await opened({});
    await carryOutChange(ports, await confirmed(held, trail));
    const began = await stopNow(held);
    await vigil.control('price', { symbol: 'ETHUSDT', percent: 5 });
    await vigil.leap(16 * MINUTE);
    const refusing = over({
      placeProtection: async () => ({ kind: 'rejected', code: '1', reason: 'not now' }),
    });
    await followTrails(refusing);
    await followTrails(refusing);
    expect(await stopNow(held)).toBe(began);
    expect(await told('trail-stuck')).toHaveLength(1);
    expect(await endTrail(ports, held.id)).toContain('no longer follows');
    await followTrails(ports);
    expect(await stopNow(held)).toBe(began);
  });
});

describe('a part that closes further on', () => {
  const plan: ChangeRequest = {
    kind: 'scale-out',
    share: percent('50'),
    at: { away: percent('2') },
  };

  it.each([
    ['LONG', 'HEDGE'],
    ['SHORT', 'ONE_WAY'],
  ] as const)(
    'of a %s (%s): rests at the exchange, fills alone, the rest keeps its stop',
    async (side, positionMode) => {
      const held = await opened({ side, positionMode });
      await carryOutChange(ports, await confirmed(held, stopAway('2')));
      const request = await confirmed(held, plan);
      await carryOutChange(ports, request);
      await carryOutChange(ports, request);
      const placed = await ports.account.protections();
      expect(placed.filter((each) => each.targetPrice !== undefined)).toHaveLength(1);
      expect(stopsOf(held, placed).uncovered).toBe(0n);
      expect(await told('manage:')).toEqual([
        expect.stringContaining('done, moving its stop'),
        expect.stringContaining('done, a target for'),
      ]);
      await refreshAccount(ports);
      await vigil.control('price', { symbol: 'ETHUSDT', percent: side === 'LONG' ? 2.5 : -2.5 });
      await vigil.leap(2_000);
      await refreshAccount(ports);
      await refreshAccount(ports);
      const left = await now();
      expect(toNumber(left?.qty ?? held.qty) / toNumber(held.qty)).toBeCloseTo(0.5, 2);
      expect(stopsOf(left ?? held, await ports.account.protections()).uncovered).toBe(0n);
      const titles = (await vigil.alerts()).map(({ title }) => title);
      expect(
        titles.filter((each) => /were changed|was moved|not by Vigil|has no stop/.test(each)),
      ).toEqual([]);
    },
  );

  it('stays a part where the position has become no larger: shown, ended and told as what it is', async () => {
    const held = await opened({});
    await carryOutChange(ports, await confirmed(held, plan));
    await carryOutChange(ports, await confirmed(held, { kind: 'close', share: percent('60') }));
    const left = (await now()) ?? held;
    expect(await offerChange(ports, held.id, plan)).toMatchObject({
      reason: expect.stringContaining('A part has a target already'),
    });
    const farther: ChangeRequest = { kind: 'target', at: { away: percent('5') } };
    await carryOutChange(ports, await confirmed(left, farther));
    const resting = stopsOf(left, await ports.account.protections());
    expect(resting.target).toBeDefined();
    expect(resting.partTargets).toHaveLength(1);
    const [done] = (await vigil.alerts()).filter(({ title }) => title.includes('its target'));
    expect(done?.lines.join(' ')).toMatch(
      /target at [\d,.]+, target for [\d.]+, which is all of it/,
    );
    expect(await endScaleOut(ports, left)).toContain('no target of its own any more');
    expect(stopsOf(left, await ports.account.protections())).toMatchObject({ partTargets: [] });
  });

  it('that closes all is told as its target', async () => {
    const held = await opened({});
    const farther: ChangeRequest = { kind: 'target', at: { away: percent('9') } };
    await carryOutChange(ports, await confirmed(held, farther));
    await carryOutChange(ports, await confirmed(held, plan));
    await carryOutChange(ports, await confirmed(held, { kind: 'close', share: percent('60') }));
    await refreshAccount(ports);
    await vigil.control('price', { symbol: 'ETHUSDT', percent: 2.5 });
    await vigil.leap(2_000);
    await refreshAccount(ports);
    expect(await now()).toBeUndefined();
    expect(await told('position-closed')).toEqual([expect.stringContaining('target filled')]);
  });

  it('is refused beside another one, behind the target of all, and where 1R cannot be said', async () => {
    const held = await opened({});
    const refusal = async (request: ChangeRequest): Promise<unknown> =>
      offerChange(ports, held.id, request);
    expect(await refusal({ kind: 'scale-out', share: percent('50') })).toMatchObject({
      reason: expect.stringContaining('it has no stop'),
    });
    await carryOutChange(ports, await confirmed(held, plan));
    expect(await refusal(plan)).toMatchObject({
      reason: expect.stringContaining('A part has a target already'),
    });
    expect(await endScaleOut(ports, held)).toContain('no target of its own any more');
    const target: ChangeRequest = { kind: 'target', at: { away: percent('1.5') } };
    await carryOutChange(ports, await confirmed(held, target));
    expect(await refusal(plan)).toMatchObject({
      reason: expect.stringContaining('All of it closes at its target'),
    });
  });
});

describe('what is taken away', () => {
  const plan: ChangeRequest = {
    kind: 'scale-out',
    share: percent('50'),
    at: { away: percent('2') },
  };
  const answering = (cancelProtection: Trading['cancelProtection']): Ports =>
    hurried(vigil, over({ cancelProtection }), 4);
  const parts = async () =>
    (await ports.account.protections()).filter(({ targetQty }) => targetQty !== undefined);

  it('is told as gone or resting as the exchange shows it, whatever it answered', async () => {
    const held = await opened({});
    await carryOutChange(ports, await confirmed(held, plan));
    const ignored = answering(async () => ({ kind: 'accepted' }));
    expect(await endScaleOut(ignored, held)).toContain('still rests: the exchange has accepted');
    const refused = answering(async () => ({ kind: 'rejected', code: '1', reason: 'not now' }));
    expect(await endScaleOut(refused, held)).toContain('still rests: not now.');
    expect(await parts()).toHaveLength(1);
    await vigil.control('fault', {
      fault: 'lost-reply',
      count: 1,
      path: '/api/v1/futures/tpsl/cancel_order',
    });
    expect(await endScaleOut(ports, held)).toContain('no target of its own any more');
    expect(await parts()).toEqual([]);
  });

  it('is not said to be gone where it is only not listed', async () => {
    const held = await opened({});
    await carryOutChange(ports, await confirmed(held, plan));
    let asked = false;
    const blind = answering(async () => {
      asked = true;
      return { kind: 'unknown', reason: 'no answer' };
    });
    const account = {
      ...ports.account,
      protections: async () => (asked ? [] : ports.account.protections()),
      protectionEnd: (of: { readonly id: string; readonly symbol: string }) =>
        ports.account.protectionEnd(of),
    };
    expect(await endScaleOut({ ...blind, account }, held)).toContain('cannot see whether');
  });

  it('is not called done while a stop that had to give way still rests', async () => {
    await open();
    const sent = await approved(ports, { symbol: 'ETHUSDT' });
    await executeProposal(ports, sent.id);
    await refreshAccount(ports);
    const held = await now();
    if (held === undefined) throw new Error('nothing is open');
    const request = await confirmed(held, stopAway('1.2'));
    await carryOutChange(
      answering(async () => ({ kind: 'accepted' })),
      request,
    );
    expect(await told('manage:')).toEqual([expect.stringContaining('cannot see whether')]);
  });
});

describe('a card whose position has closed since', () => {
  const CHANGES: readonly ChangeRequest[] = [
    half,
    all,
    { kind: 'stop', at: { away: percent('0.6') } },
    { kind: 'target', at: { away: percent('5') } },
    { kind: 'trail', distance: { away: percent('0.7') } },
    { kind: 'scale-out', share: percent('50'), at: { away: percent('2') } },
    { kind: 'time-stop', hours: ratio('8') },
  ];

  it('ends in that, whatever it asked for and whoever closed it, in watch mode too, and begins no plan', async () => {
    const held = await opened({});
    await carryOutChange(ports, await confirmed(held, stopAway('1')));
    const cards: ManageRequest[] = [];
    for (const change of CHANGES) cards.push(await confirmed(held, change));
    await vigil.control('price', { symbol: 'ETHUSDT', percent: -2 });
    await vigil.leap(2_000);
    expect(await now()).toBeUndefined();
    const { trading: _none, ...watching } = ports;
    for (const card of cards) await carryOutChange(ports, { ...card, at: ports.clock.now() });
    const watched = { ...cards.at(-1), id: 'watched' } as ManageRequest;
    await carryOutChange(watching, { ...watched, at: ports.clock.now() });
    const said = (await vigil.alerts()).filter(({ key }) => key.startsWith('manage:')).slice(1);
    expect(said).toHaveLength(CHANGES.length + 1);
    for (const { title, lines, buttons } of said) {
      expect(buttons).toBeUndefined();
      expect(`${title} ${lines.join(' ')}`).toMatch(/not done.*closed already; nothing was sent/);
    }
    expect([await ports.trails.all(), await ports.timeStops.all()]).toEqual([[], []]);
  });

  it('ends in that where another card closed it', async () => {
    const held = await opened({});
    const [one, other] = [await confirmed(held, all), await confirmed(held, all)];
    await carryOutChange(ports, one);
    await carryOutChange(ports, { ...other, at: ports.clock.now() + 1 });
    expect(await told('manage:')).toEqual([expect.stringContaining('not done, closing')]);
  });
});

describe('a time stop', () => {
  const after: ChangeRequest = { kind: 'time-stop', hours: ratio('4') };

  it('asks once when its hours are over, in watch mode too, and closes nothing', async () => {
    const held = await opened({});
    const { trading: _none, ...rest } = ports;
    const watching: Ports = rest;
    await carryOutChange(watching, await confirmed(held, after));
    await askWhenDue(watching);
    expect(await told('time-stop')).toEqual([]);
    await vigil.leap(4 * HOUR);
    await askWhenDue(watching);
    await askWhenDue(watching);
    expect(await told('time-stop')).toEqual([expect.stringContaining('your 4 hours are over')]);
    expect((await now())?.qty).toBe(held.qty);
    expect(await ports.timeStops.all()).toEqual([]);
  });

  it('is forgotten with its position, and by a word', async () => {
    const held = await opened({});
    await carryOutChange(ports, await confirmed(held, after));
    expect(await endTimeStop(ports, held.id)).toContain('do not ask');
    await carryOutChange(ports, await confirmed(held, after));
    await carryOutChange(ports, await confirmed(held, all));
    await vigil.leap(4 * HOUR);
    await askWhenDue(ports);
    expect(await told('time-stop')).toEqual([]);
    expect(await ports.timeStops.all()).toEqual([]);
  });
});
