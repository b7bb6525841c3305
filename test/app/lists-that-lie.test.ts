/** Every list of the exchange lags, is empty once or for good, or fails: each job of several steps ends, and with the truth. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootMode } from '../../src/app/halt/boot-mode.ts';
import { executeProposal } from '../../src/app/approval/execute-proposal.ts';
import { flatten } from '../../src/app/halt/flatten.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import { readAccount } from '../../src/app/reading/read-account.ts';
import { LISTS_LAG_MS } from '../../src/app/account/unlisted.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { placeSuggestedStop, suggestStop } from '../../src/app/account/suggest-stop.ts';
import type { FlattenRequest } from '../../src/app/ports/work.ts';
import type { Alert } from '../../src/domain/alert.ts';
import { previewFlatten } from '../../src/app/halt/halt.ts';
import { flattenView } from '../../src/bot/views/halt.ts';
import { checkEntry } from '../../src/risk/gate/gate.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { byHand } from './by-hand.ts';
import { answering, fails } from './failing.ts';
import { approved, aSignal, gateInputFor } from './signals.ts';
import { hurried, openVigil, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;
let ports: Ports;
/** Every title and line that the checklist has shown. */
let shown: string[] = [];

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil.close());

const LISTS = {
  positions: 'position/get_pending_positions',
  orders: 'trade/get_pending_orders',
  stops: 'tpsl/get_pending_orders',
  account: 'futures/account',
  history: 'position/get_history_positions',
  ends: 'tpsl/get_history_orders',
} as const;
type List = keyof typeof LISTS;
const OF_PANIC = ['positions', 'orders', 'stops', 'account'] as const;
const LONG_MS = 24 * 60 * 60_000;
const SPEED = 40;
/** By which the exchange's lists lag, in its own milliseconds: so many of the wall, in which Vigil waits. */
const lag = (wallMs: number): number => wallMs * SPEED;
/** Vigil where a pause takes seconds: what waits for a list that never comes right is at its end soon. */
const impatient = (): Ports => hurried(vigil, ports, 3);

async function open(positions = true, speed = SPEED): Promise<void> {
  const both = { leverage: 5, notional: '1000' } as const;
  vigil = await openVigil({
    redis,
    venue: {
      speed,
      ...(positions
        ? {
            open: [
              { ...both, symbol: 'ETHUSDT', side: 'LONG', stop: '4500' },
              { ...both, symbol: 'SOLUSDT', side: 'SHORT' },
            ],
          }
        : {}),
    },
  });
  shown = [];
  const { outbox } = vigil.ports;
  const noted: Ports['outbox'] = {
    raise: (finding) => outbox.raise(finding),
    revise: async (key, text) => {
      shown.push(text.title, ...text.lines);
      await outbox.revise(key, text);
    },
  };
  ports = { ...vigil.ports, outbox: noted, limits: vigil.ports.limits };
}

const fault = (kind: string, list: List, over: object = {}): Promise<void> =>
  vigil.control('fault', { fault: kind, path: LISTS[list], ...over });
const lasting = (kind: string, list: List, amount?: number): Promise<void> =>
  fault(kind, list, { forMs: LONG_MS, ...(amount === undefined ? {} : { amount }) });
const heal = (): Promise<void> => vigil.control('fault', { fault: 'clear' });

/** An entry order far from the market. */
const resting = async (): Promise<void> => {
  const mark = (await ports.market.tickers()).find((each) => each.symbol === 'BTCUSDT')?.mark ?? 0n;
  await byHand(vigil, 'trade/place_order', {
    symbol: 'BTCUSDT',
    qty: '0.01',
    side: 'BUY',
    tradeSide: 'OPEN',
    orderType: 'LIMIT',
    effect: 'GTC',
    price: String(Math.floor((Number(mark) / 1e18) * 0.9)),
  });
};
const asked = (over: Partial<FlattenRequest> = {}): FlattenRequest => ({
  id: 'one',
  by: 1,
  closePositions: true,
  at: ports.clock.now(),
  ...over,
});
const left = async (): Promise<{ positions: number; orders: number; stops: number }> => {
  const { positions, orders, tpsl } = await vigil.truth();
  return { positions: positions.length, orders: orders.length, stops: tpsl.length };
};
const FLAT = { positions: 0, orders: 0, stops: 0 };
const report = async (key = 'flatten:one'): Promise<Alert | undefined> =>
  (await vigil.alerts()).find((each) => each.key === key);

describe('closing everything', () => {
  it.each(OF_PANIC)(
    'is done, and right, where %s lag by two seconds all the time',
    async (list) => {
      await open();
      await resting();
      await lasting('lagging-list', list, lag(200));
      expect(await flatten(ports, asked())).toBe('done');
      expect(await left()).toEqual(FLAT);
      expect((await report())?.title).toBe('Done: entry orders cancelled, positions closed');
    },
  );

  it.each(OF_PANIC)('is done, and right, where the first answers of %s are empty', async (list) => {
    await open();
    await resting();
    await fault('empty-list', list, { count: 2 });
    expect(await flatten(ports, asked())).toBe('done');
    expect(await left()).toEqual(FLAT);
  });

  it.each(OF_PANIC)('is done, and right, where every other answer of %s fails', async (list) => {
    await open();
    await resting();
    const names = { positions: 'positions', orders: 'openOrders', stops: 'protections' } as const;
    const name = list === 'account' ? 'account' : names[list];
    const { account } = ports;
    let asks = 0;
    const flaky = new Proxy(account, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key);
        if (typeof value !== 'function') return value;
        asks += key === name ? 1 : 0;
        return key === name && asks % 2 === 1 ? fails : (value.bind(target) as unknown);
      },
    });
    expect(await flatten({ ...ports, account: flaky }, asked())).toBe('done');
    expect(await left()).toEqual(FLAT);
  });

  it('keeps and names the stop of a position that the exchange lists no more, and goes on later', async () => {
    await open();
    await lasting('empty-list', 'positions');
    expect(await flatten(impatient(), asked())).toBe('left');
    expect(await left()).toEqual({ positions: 2, orders: 0, stops: 1 });
    expect(shown.filter((each) => /^✅ (No position|The exchange)/.test(each))).toEqual([]);
    expect(await report()).toMatchObject({
      title: 'Not confirmed: something may still be open',
      lines: expect.arrayContaining([
        '❗ Kept: ETHUSDT stop 4,500',
        expect.stringMatching(/^❗ .* are still locked as margin/),
      ]) as string[],
    });
    expect((await report('flatten:one:left'))?.severity).toBe('critical');
    await heal();
    expect(await flatten(ports, asked())).toBe('done');
    expect(await left()).toEqual(FLAT);
    expect((await report())?.title).toBe('Done: entry orders cancelled, positions closed');
  });

  it.each([
    ['orders', { ...FLAT, orders: 1 }, 'are still locked as margin'],
    ['account', FLAT, 'Margin in use cannot be read'],
  ] as const)(
    'closes what it sees and is not confirmed while %s stay empty',
    async (list, rest, said) => {
      await open();
      await resting();
      await lasting('empty-list', list);
      expect(await flatten(impatient(), asked())).toBe('left');
      expect(await left()).toMatchObject({ positions: 0, orders: rest.orders });
      expect((await report())?.lines.join(' ')).toContain(said);
      await heal();
      expect(await flatten(ports, asked())).toBe('done');
      expect(await left()).toEqual(FLAT);
    },
  );

  it('is done where nothing rests any more and the list of stops stays empty', async () => {
    await open();
    await lasting('empty-list', 'stops');
    expect(await flatten(ports, asked())).toBe('done');
    expect(await left()).toEqual(FLAT);
  });

  it('of one position by the policy keeps its stop while only the list has lost it', async () => {
    await open();
    const one = (await vigil.truth()).positions.find((each) => each.symbol === 'ETHUSDT');
    await lasting('empty-list', 'positions');
    expect(await flatten(impatient(), asked({ only: [one?.positionId ?? ''] }))).toBe('left');
    expect(await left()).toMatchObject({ positions: 2, stops: 1 });
    await heal();
    expect(await flatten(ports, asked({ only: [one?.positionId ?? ''] }))).toBe('done');
    expect(await left()).toMatchObject({ positions: 1, stops: 0 });
  });

  it('with nothing open says just that, before it is confirmed and after two looks', async () => {
    await open(false);
    expect(await previewFlatten(ports)).toEqual({ entryOrders: 0, positions: [], nothing: true });
    const scene = { now: ports.clock.now(), venueMode: 'demo', speed: 10 } as const;
    const card = flattenView(await previewFlatten(ports), true, scene).text;
    expect(card.split('\n')[1]).toMatch(/^Nothing is open: /);
    await fault('empty-list', 'account');
    expect((await previewFlatten(ports)).nothing).toBe(false);
    expect(await flatten(ports, asked())).toBe('done');
    expect((await report())?.title).toBe('Nothing is open');
    expect(shown.filter((each) => each.startsWith('Closing'))).toEqual([]);
  });
});

describe('cancelling entry orders', () => {
  it.each(['lagging-list', 'empty-list'])(
    'is right where the first answers are of a %s',
    async (kind) => {
      await open();
      await resting();
      await fault(kind, 'orders', { count: 2 });
      await flatten(ports, asked({ closePositions: false }));
      expect(await left()).toEqual({ positions: 2, orders: 0, stops: 1 });
      expect((await report())?.title).toBe('Done: entry orders cancelled');
    },
  );

  it('by the emergency stop is not silent about orders that the list does not show', async () => {
    await open();
    await resting();
    await fault('empty-list', 'orders', { count: 2 });
    const request = asked({ by: 'emergency-stop', closePositions: false });
    await flatten(ports, request);
    expect((await left()).orders).toBe(0);
    expect((await report())?.title).toBe('Done: entry orders cancelled');
  });

  it.each([
    [
      'empty-list',
      'orders',
      /[\d.]+ USDT are locked by entry orders that the exchange does not list/,
    ],
    ['network-error', 'orders', /does not list the orders/],
    ['empty-list', 'account', /the balance cannot be read/],
  ] as const)('is not called done while there is a lasting %s of %s', async (kind, list, said) => {
    await open();
    if (list === 'orders') await resting();
    await lasting(kind, list);
    await flatten(impatient(), asked({ closePositions: false }));
    expect(await report()).toMatchObject({ title: 'Not finished: something is left' });
    expect((await report())?.lines.join(' ')).toMatch(said);
  });
});

describe('an approved entry', () => {
  it.each(['positions', 'stops', 'history'] as const)(
    'is read back as it is where %s lag',
    async (list) => {
      await open(false);
      await bootMode(ports, false);
      const { id } = await approved(ports);
      await lasting('lagging-list', list, lag(200));
      await executeProposal(ports, id);
      const { status, outcome } = (await ports.proposals.byId(id)) ?? {};
      expect([status, outcome]).toEqual(['done', expect.stringMatching(/^open, .*stop/)]);
    },
  );

  it('is opened and told as open, or refused and not there, where the whole account lags', async () => {
    await open(false);
    await bootMode(ports, false);
    const { id } = await approved(ports);
    await lasting('lagging-list', 'account', lag(200));
    await executeProposal(ports, id);
    const { status } = (await ports.proposals.byId(id)) ?? {};
    expect(status).toBe((await left()).positions === 1 ? 'done' : 'refused');
  });

  it('is not called closed again because its position is not listed', async () => {
    await open(false);
    await bootMode(ports, false);
    const { id } = await approved(ports);
    await lasting('empty-list', 'positions');
    await executeProposal(impatient(), id);
    expect((await ports.proposals.byId(id))?.status).toBe('unknown');
    await heal();
    await executeProposal(ports, id);
    expect(await ports.proposals.byId(id)).toMatchObject({
      status: 'done',
      outcome: expect.stringMatching(/^open, /) as string,
    });
  });
});

describe('a stop for a position', () => {
  it('is neither called needless nor placed because the position is not listed', async () => {
    await open();
    const { positionId = '' } =
      (await vigil.truth()).positions.find((each) => each.symbol === 'SOLUSDT') ?? {};
    const found = await suggestStop(ports, positionId);
    if (found.kind === 'none') return expect.fail(found.reason);
    const request = { id: 'p', positionId, symbol: 'SOLUSDT', stop: found.stop, by: 1 };
    await lasting('empty-list', 'positions');
    expect(await suggestStop(ports, positionId)).toMatchObject({
      reason: expect.stringContaining('cannot be worked out now') as string,
    });
    await placeSuggestedStop(impatient(), request);
    expect((await report('protect:p'))?.title).toBe('SOLUSDT: no stop was placed');
    await heal();
    await lasting('lagging-list', 'stops', lag(150));
    await placeSuggestedStop(ports, { ...request, id: 'q' });
    expect((await report('protect:q'))?.title).toMatch(/^SOLUSDT: a stop rests at /);
    expect((await left()).stops).toBe(2);
  });
});

describe('the account cycle', () => {
  it.each([1, 4])('forgets and tells nothing at %i empty answers of positions', async (count) => {
    await open();
    await refreshAccount(ports);
    const before = await ports.accounts.snapshot();
    // One of them has no stop, which is told in its time.
    const kinds = async (): Promise<string[]> =>
      (await vigil.alerts()).map(({ kind }) => kind).filter((each) => each !== 'unprotected');
    const told = await kinds();
    await fault('empty-list', 'positions', { count });
    await refreshAccount(ports);
    await refreshAccount(ports);
    const after = await ports.accounts.snapshot();
    expect(after?.positions.map(({ id }) => id)).toEqual(before?.positions.map(({ id }) => id));
    expect(after?.unprotectedSince).toEqual(before?.unprotectedSince);
    expect(after?.ledger).toEqual(before?.ledger);
    expect([...(after?.levels ?? [])]).toEqual([...(before?.levels ?? [])]);
    expect(after?.excursions?.size).toBe(before?.excursions?.size);
    expect(await kinds()).toEqual(told);
    await refreshAccount(ports);
    expect((await ports.accounts.snapshot())?.positions).toHaveLength(2);
    expect(await kinds()).toEqual(told);
  });

  it('counts a list that stays empty as an account that cannot be read, shows the last one, and frees no place', async () => {
    await open();
    await refreshAccount(ports);
    const signal = await aSignal(ports, { symbol: 'BNBUSDT' });
    await lasting('empty-list', 'positions');
    for (let reads = 0; reads < ports.limits().maxFailedReads; reads += 1)
      await refreshAccount(ports);
    expect((await ports.accounts.snapshot())?.positions).toHaveLength(2);
    const why = /USDT of margin is in use for a position that the exchange does not list/;
    const alert = (await vigil.alerts()).find((each) => each.kind === 'connection-lost');
    expect(alert?.lines.join(' ')).toMatch(why);
    expect(await readAccount(ports)).toMatchObject({
      kind: 'stale',
      reason: expect.stringMatching(why) as string,
    });
    const verdict = checkEntry(await gateInputFor(ports, signal, undefined));
    expect(verdict.kind).toBe('refused');
  });

  it('allows no entry while an entry order locks money and the list of orders stays empty', async () => {
    await open(false);
    await bootMode(ports, false);
    await refreshAccount(ports);
    const signal = await aSignal(ports, { symbol: 'SOLUSDT' });
    await resting();
    const refusals = async (): Promise<readonly string[]> => {
      const verdict = checkEntry(await gateInputFor(ports, signal, undefined));
      return verdict.kind === 'refused' ? verdict.refusals.map(({ sentence }) => sentence) : [];
    };
    await lasting('empty-list', 'orders');
    expect((await refusals()).join(' ')).toMatch(/orders/);
    await heal();
    expect((await refusals()).join(' ')).not.toMatch(/orders (?:are|is|could|cannot)/i);
  });

  /** The ports of an exchange that leaves one position out of its list. */
  const without = (symbol: string): Ports =>
    Object.defineProperties(
      {},
      {
        ...Object.getOwnPropertyDescriptors(ports),
        account: {
          value: answering(ports.account, {
            positions: async () =>
              (await ports.account.positions()).filter((each) => each.symbol !== symbol),
          }),
        },
      },
    ) as Ports;

  it('keeps a position that is missing once, however small, and counts it at the gate', async () => {
    await open();
    const small = { symbol: 'BNBUSDT', side: 'LONG', notional: '100', leverage: 5 };
    await vigil.control('position', small);
    await refreshAccount(ports);
    const held = async () => (await ports.accounts.snapshot())?.positions.length;
    const gone = async () =>
      (await vigil.alerts()).filter(({ key }) => /^position-(?:gone|closed)/.test(key));
    const signal = await aSignal(ports, { symbol: 'ADAUSDT' });
    const { positions } = await gateInputFor(without('BNBUSDT'), signal, undefined);
    expect(positions).toHaveLength(3);
    await refreshAccount(without('BNBUSDT'));
    expect([await held(), await gone()]).toEqual([3, []]);
    await refreshAccount(ports);
    await refreshAccount(without('BNBUSDT'));
    expect([await held(), await gone()]).toEqual([3, []]);
    await vigil.leap(lag(LISTS_LAG_MS));
    await refreshAccount(without('BNBUSDT'));
    expect(await held()).toBe(2);
    expect(await gone()).toHaveLength(1);
  });

  it('tells a close once, and no money that came or left, where the history lags', async () => {
    await open();
    await refreshAccount(ports);
    await lasting('lagging-list', 'history', 3_000);
    const { positionId = '' } =
      (await vigil.truth()).positions.find((each) => each.symbol === 'ETHUSDT') ?? {};
    await byHand(vigil, 'trade/flash_close_position', { positionId });
    await refreshAccount(ports);
    await vigil.leap(3_000);
    await refreshAccount(ports);
    await refreshAccount(ports);
    const keys = (await vigil.alerts()).map(({ key }) => key.split(':')[0]);
    expect(keys.filter((each) => each?.startsWith('position-'))).toEqual(['position-closed']);
    expect((await ports.accounts.riskState())?.steps).toEqual([]);
  });

  it.each(['stops', 'orders'] as const)(
    'forgets and tells nothing at one empty list of %s',
    async (list) => {
      await open();
      await resting();
      await refreshAccount(ports);
      const before = await ports.accounts.snapshot();
      const others = async () =>
        (await vigil.alerts())
          .map(({ key }) => key)
          .filter((each) => !each.startsWith('unprotected'));
      const told = await others();
      await fault('empty-list', list);
      await refreshAccount(ports);
      const after = await ports.accounts.snapshot();
      expect([after?.protections, after?.openOrders]).toEqual([
        before?.protections,
        before?.openOrders,
      ]);
      expect(after?.unprotectedSince).toEqual(before?.unprotectedSince);
      await refreshAccount(ports);
      expect(await others()).toEqual(told);
    },
  );

  it('tells a list of stops that stays empty, with the stop that was there, 10 s after its first absence', async () => {
    // At this speed the lists lag by less than that.
    await open(true, 3);
    await refreshAccount(ports);
    const told = async () =>
      (await vigil.alerts()).find(({ title }) => /ETHUSDT.*no stop/.test(title));
    await lasting('empty-list', 'stops');
    await lasting('empty-list', 'ends');
    await refreshAccount(ports);
    await refreshAccount(ports);
    expect(await told()).toBeUndefined();
    await vigil.leap(10_001);
    await refreshAccount(ports);
    expect((await told())?.lines[0]).toContain('Its stop at 4,500 ');
  });
});
