/** What a run of the verified close does between its looks, and when a part of the world does not answer: in memory, on its own clock. */
import { describe, expect, it } from 'vitest';
import { flatten } from '../../src/app/halt/flatten.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import type { FlattenRequest } from '../../src/app/ports/work.ts';
import { StoreUnreadable } from '../../src/domain/failure.ts';
import { usd, ZERO_USD } from '../../src/domain/money/money.ts';
import type { Order } from '../../src/domain/order.ts';
import { createFakeWorld, portsOf, type FakeWorld, type PortChanges } from '../bot/fakes.ts';
import { ACCOUNT, NOW, POSITION, PROPOSAL, PROTECTION } from '../bot/samples.ts';
import { order } from '../risk/fixtures.ts';
import { failing, fails } from './failing.ts';

interface Scene {
  readonly world: FakeWorld;
  readonly ports: Ports;
  /** Calls to the exchange and to the store of modes that change something, with the wall milliseconds since the start. */
  readonly done: { readonly call: string; readonly at: number }[];
}

const FREE = { ...ACCOUNT, margin: ZERO_USD, unrealisedPnl: ZERO_USD };

/** An exchange that obeys at once. `pauseMs`: what one pause takes, in wall milliseconds. */
function scene(over: (ports: Ports) => PortChanges = () => ({}), pauseMs?: number): Scene {
  const world = createFakeWorld();
  world.account = FREE;
  world.mode = { mode: 'halted', reasons: [], since: NOW };
  const plain = portsOf(world);
  const { speed } = plain.clock;
  const done: Scene['done'][number][] = [];
  const note = (call: string): void => void done.push({ call, at: (world.now - NOW) / speed });
  const accepted = { kind: 'accepted' } as const;
  const trading: NonNullable<Ports['trading']> = {
    setLeverage: async () => (note('leverage'), accepted),
    placeEntry: async () => (note('entry'), accepted),
    placePartial: async () => ({ kind: 'accepted' as const }),
    placeProtection: async () => (note('protect'), accepted),
    cancelOrders: async (_symbol, ids) => {
      for (const id of ids) note(`cancel ${id}`);
      world.openOrders = world.openOrders.filter((each) => !ids.includes(each.id));
      return accepted;
    },
    closePosition: async ({ positionId }) => {
      note(`close ${positionId}`);
      world.positions = world.positions.filter((each) => each.id !== positionId);
      return accepted;
    },
    reducePosition: async () => (note('reduce'), accepted),
    cancelProtection: async (_symbol, id) => {
      note(`remove ${id}`);
      world.protections = world.protections.filter((each) => each.id !== id);
      return accepted;
    },
  };
  const pause = async (ms: number): Promise<void> => void (world.now += (pauseMs ?? ms) * speed);
  const ports = portsOf(world, { trading, pause, ...over({ ...plain, trading }) });
  return { world, ports, done };
}

const asked = (over: Partial<FlattenRequest> = {}): FlattenRequest => ({
  id: 'one',
  by: 1,
  closePositions: true,
  at: NOW,
  ...over,
});
const checklist = ({ world }: Scene) =>
  world.outbox.rows.find((each) => each.key === 'flatten:one');
const linesOf = (of: Scene): string => (checklist(of)?.lines ?? []).join('\n');
const calls = ({ done }: Scene, word: string) => done.filter(({ call }) => call.startsWith(word));
const resting = (over: Partial<Order> = {}): Order => order({ status: 'new', ...over });

describe('the verified close', () => {
  it('that was cut off after its last close says done, also where nobody knows what it did', async () => {
    const noted = [
      async () => [{ kind: 'close', positionId: 'p1', at: NOW }] as const,
      async () => [{ kind: 'cancel-order', orderId: 'o1', at: NOW }] as const,
      fails,
    ];
    for (const since of noted) {
      const cut = scene(({ actions }) => ({ actions: { ...actions, since } }));
      expect(await flatten(cut.ports, asked())).toBe('done');
      expect(checklist(cut)?.title).toBe('Done: entry orders cancelled, positions closed');
    }
    const idle = scene();
    await flatten(idle.ports, asked());
    expect(checklist(idle)).toMatchObject({ title: 'Nothing is open', good: true });
  });

  it('closes while the mode can be neither read nor stored, and never calls trading halted then', async () => {
    const away = scene(({ mode }) => ({ mode: failing(mode, 'read', 'apply') }));
    away.world.positions = [POSITION];
    expect(await flatten(away.ports, asked())).toBe('left');
    expect(away.world.positions).toEqual([]);
    expect(linesOf(away)).toContain('⏳ Trading is halted');
    expect(away.world.logged.join('\n')).toContain('the halt is not stored');
  });

  it('is not done while nobody can say which entries are on their way', async () => {
    const blind = scene(({ proposals }) => ({ proposals: failing(proposals, 'recent') }));
    blind.world.positions = [POSITION];
    expect(await flatten(blind.ports, asked())).toBe('left');
    expect(blind.world.positions).toEqual([]);
    expect(linesOf(blind)).toContain('❗ Entries on their way cannot be read');
  });

  it.each(['executing', 'unknown'] as const)(
    'is not done while an order is %s that no list shows',
    async (status) => {
      const sent = scene();
      sent.world.proposals.push({ ...PROPOSAL, status, sentAt: NOW });
      expect(await flatten(sent.ports, asked())).toBe('left');
      expect(linesOf(sent)).toContain('⏳ BTCUSDT long was sent and may still arrive');
    },
  );

  it('places no stop for an entry that it finds open without one: it is closed', async () => {
    const filled = order({ symbol: 'BTCUSDT', status: 'filled', filledQty: POSITION.qty });
    const late = scene(({ account }) => ({
      account: { ...account, orderByClientId: async () => filled },
    }));
    late.world.positions = [{ ...POSITION, symbol: 'BTCUSDT' }];
    late.world.proposals.push({ ...PROPOSAL, status: 'executing', sentAt: NOW });
    expect(await flatten(late.ports, asked())).toBe('done');
    expect(late.done.map(({ call }) => call)).toEqual(['close p1']);
    expect(late.world.proposals[0]?.status).toBe('done');
  });

  it('is not done while an entry may still fill further', async () => {
    const half = order({ symbol: 'BTCUSDT', status: 'partly-filled', filledQty: POSITION.qty });
    const filling = scene(({ account }) => ({
      account: { ...account, orderByClientId: async () => half },
    }));
    filling.world.positions = [{ ...POSITION, symbol: 'BTCUSDT' }];
    filling.world.proposals.push({ ...PROPOSAL, status: 'executing', sentAt: NOW });
    expect(await flatten(filling.ports, asked())).toBe('left');
    expect(filling.world.proposals[0]?.status).toBe('executing');
  });

  it('is not confirmed while money is locked by an entry order that no list shows', async () => {
    const locked = scene();
    locked.world.account = { ...FREE, frozen: usd('50') };
    expect(await flatten(locked.ports, asked())).toBe('left');
    expect(linesOf(locked)).toContain('50.00 USDT are still locked');
    expect(checklist(locked)).not.toHaveProperty('good');
  });

  it('closes although nothing can be told', async () => {
    const mute = scene(({ outbox }) => ({ outbox: failing(outbox, 'raise', 'revise') }));
    mute.world.positions = [POSITION];
    expect(await flatten(mute.ports, asked())).toBe('done');
    expect(mute.world.positions).toEqual([]);
  });

  it('edits its message only where something has changed', async () => {
    const texts: string[] = [];
    const told = scene(({ outbox }) => ({
      outbox: {
        ...outbox,
        revise: async (key, text) => {
          texts.push([text.title, ...text.lines].join('\n'));
          await outbox.revise(key, text);
        },
      },
    }));
    told.world.positions = [POSITION];
    await flatten(told.ports, asked());
    expect(texts.length).toBeGreaterThan(1);
    expect(texts.filter((each, index) => each === texts[index - 1])).toEqual([]);
  });

  it('tries to remove a stop that stays every 3 s, not at every look', async () => {
    const stuck = scene(({ trading }) => ({
      trading: {
        ...(trading as NonNullable<typeof trading>),
        cancelProtection: async () => (tries.push(stuck.world.now), { kind: 'accepted' }),
      },
    }));
    const tries: number[] = [];
    stuck.world.protections = [PROTECTION];
    expect(await flatten(stuck.ports, asked())).toBe('left');
    const waits = tries.slice(1).map((at, n) => (at - (tries[n] ?? at)) / 600);
    expect(waits.length).toBeGreaterThan(2);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(3_000);
  });

  it('forgets what the exchange said against a close once it takes it', async () => {
    let asks = 0;
    const slow = scene(({ trading }) => ({
      trading: {
        ...(trading as NonNullable<typeof trading>),
        closePosition: async () => {
          asks += 1;
          return asks === 1
            ? ({ kind: 'rejected', code: '2', reason: 'not now' } as const)
            : ({ kind: 'accepted' } as const);
        },
      },
    }));
    slow.world.positions = [POSITION];
    expect(await flatten(slow.ports, asked())).toBe('left');
    expect(asks).toBeGreaterThan(2);
    expect(linesOf(slow)).not.toContain('not now');
  });

  it('ends its time by the clock where each look takes long', async () => {
    const slow = scene(undefined, 30_000);
    slow.world.mode = { mode: 'normal', reasons: [], since: NOW };
    const looks: number[] = [];
    const account = {
      ...slow.ports.account,
      positions: async () => (looks.push(slow.world.now), [POSITION]),
    };
    expect(await flatten({ ...slow.ports, account }, asked())).toBe('left');
    expect(looks).toHaveLength(3);
  });

  it('goes by its own pauses where the clock stands still', async () => {
    const still = scene(undefined, 0);
    still.world.positions = [POSITION];
    expect(await flatten(still.ports, asked())).toBe('done');
    still.world.openOrders = [resting({ id: 'entry' })];
    await flatten(still.ports, asked({ id: 'two', closePositions: false }));
    expect(still.world.outbox.rows.at(-1)?.title).toBe('Done: entry orders cancelled');
  });

  it('by the policy goes on while the store is away, and ends where what was signed is damaged', async () => {
    const because = ['By the account itself: too much.'];
    const request = asked({ by: 'policy', signedAt: NOW, only: ['p1'], because });
    const gone = new Error('the store does not answer');
    for (const [error, open, title] of [
      [gone, 0, 'Done: entry orders cancelled, positions closed'],
      [new StoreUnreadable('flatten policy', 'nonsense'), 1, 'Stopped: I close nothing more'],
    ] as const) {
      const read = (): Promise<never> => Promise.reject(error);
      const away = scene(({ policies }) => ({ policies: { ...policies, read } }));
      away.world.positions = [POSITION];
      expect(await flatten(away.ports, request)).toBe('done');
      expect(away.world.positions).toHaveLength(open);
      expect(checklist(away)?.title).toBe(title);
      if (open === 0)
        expect(checklist(away)?.lines.slice(0, 2)).toEqual([
          'By the policy you signed, without asking you:',
          ...because,
        ]);
    }
  });

  it('asks for an account read at its end', async () => {
    let asks = 0;
    const end = scene(({ work }) => ({
      work: { ...work, refreshAccount: async () => void (asks += 1) },
    }));
    await flatten(end.ports, asked());
    await flatten(end.ports, asked({ closePositions: false }));
    expect(asks).toBe(2);
  });
});

describe('cancelling entry orders alone', () => {
  const alone = (over: Partial<FlattenRequest> = {}) => asked({ closePositions: false, ...over });

  it('leaves orders that reduce, and tells what the emergency stop found', async () => {
    const both = scene();
    both.world.openOrders = [resting({ id: 'entry' }), resting({ id: 'exit', reduceOnly: true })];
    await flatten(both.ports, alone({ by: 'emergency-stop' }));
    expect(calls(both, 'cancel').map(({ call }) => call)).toEqual(['cancel entry']);
    expect(checklist(both)?.title).toBe('Done: entry orders cancelled');
  });

  it('is not called done by one look', async () => {
    const once = scene(undefined, 25_000);
    await flatten(once.ports, alone());
    expect(linesOf(once)).toContain('it was not seen twice');
  });

  it('names the exchange where it refuses, and cancels the others', async () => {
    const stubborn = scene(({ trading }) => ({
      trading: {
        ...(trading as NonNullable<typeof trading>),
        cancelOrders: async (symbol, ids) => {
          if (symbol === 'AUSDT') throw new Error('stuck');
          if (symbol === 'BUSDT') return { kind: 'rejected', code: '2', reason: 'not now' };
          return (trading as NonNullable<typeof trading>).cancelOrders(symbol, ids);
        },
      },
    }));
    stubborn.world.openOrders = ['AUSDT', 'BUSDT', 'CUSDT'].map((symbol) =>
      resting({ id: symbol, symbol }),
    );
    await flatten(stubborn.ports, alone());
    expect(stubborn.world.openOrders.map(({ symbol }) => symbol)).toEqual(['AUSDT', 'BUSDT']);
    expect(linesOf(stubborn)).toContain('BUSDT: not now');
    expect(linesOf(stubborn)).toContain('AUSDT: ');
    expect(linesOf(stubborn)).not.toContain('CUSDT');
  });

  it('in watch mode by the emergency stop is told only where something may have to be cancelled', async () => {
    const watched = async (orders: Order[], blind = false): Promise<number> => {
      const watch = scene(({ account }) => ({
        account: blind ? failing(account, 'openOrders') : account,
      }));
      watch.world.openOrders = orders;
      const { trading: _none, ...watching } = watch.ports;
      await flatten(watching, alone({ by: 'emergency-stop' }));
      return watch.world.outbox.rows.length;
    };
    expect(await watched([])).toBe(0);
    expect(await watched([resting({ reduceOnly: true })])).toBe(0);
    expect(await watched([resting()])).toBe(1);
    expect(await watched([], true)).toBe(1);
  });
});
