/** The suggested stop against liquidation, levels that rest and what the exchange says back: in memory. */
import { describe, expect, it } from 'vitest';
import { placeSuggestedStop, suggestStop } from '../../src/app/account/suggest-stop.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import { price, qty, ZERO_USD } from '../../src/domain/money/money.ts';
import type { WriteOutcome } from '../../src/domain/order.ts';
import type { Position, ProtectiveOrder } from '../../src/domain/position.ts';
import { createFakeWorld, portsOf } from '../bot/fakes.ts';
import { ACCOUNT, CLOSED, NOW, POSITION, PROTECTION } from '../bot/samples.ts';
import { failing } from './failing.ts';

/** One long in Ethereum, entered at 4,000, with the mark at 4,004.94. */
function scene(over: Partial<Position> = {}, protections: ProtectiveOrder[] = []) {
  const world = createFakeWorld();
  world.account = { ...ACCOUNT, unrealisedPnl: ZERO_USD };
  world.positions = [{ ...POSITION, ...over }];
  world.protections = protections;
  const pause = async (ms: number): Promise<void> => void (world.now += ms * 600);
  return { world, ports: portsOf(world, { pause }) };
}
const { targetPrice: _t, ...STOP_ALONE } = PROTECTION;
const { stopPrice: _s, ...TARGET_ALONE } = PROTECTION;

describe('a suggestion', () => {
  const of = async (over: Partial<Position> = {}, protections: ProtectiveOrder[] = []) =>
    suggestStop(scene(over, protections).ports, 'p1');

  it('is a stop and a target, and leaves a target that rests', async () => {
    expect(await of()).toMatchObject({ stop: price('3940'), target: price('4120') });
    const { stop, target } = (await of({}, [TARGET_ALONE])) as { stop: bigint; target?: bigint };
    expect([stop, target]).toEqual([price('3940'), undefined]);
  });

  it('is none where liquidation comes first, and one where it comes just behind', async () => {
    const reason = 'Liquidation (3,940) comes before a stop 3,940: reduce or close this position.';
    expect(await of({ liquidationPrice: price('3940') })).toEqual({ kind: 'none', reason });
    expect(await of({ liquidationPrice: price('3939.9') })).toMatchObject({ kind: 'suggested' });
    const { liquidationPrice: _none, ...cross } = POSITION;
    const made = scene();
    made.world.positions = [cross];
    expect(await suggestStop(made.ports, 'p1')).toMatchObject({ kind: 'suggested' });
  });

  it('is one for a stop that covers a part, and none for one that covers all of it', async () => {
    const part = { ...STOP_ALONE, stopQty: qty('1') };
    expect(await of({}, [part])).toMatchObject({ kind: 'suggested' });
    expect(await of({}, [STOP_ALONE])).toMatchObject({ reason: expect.stringContaining('fully') });
  });

  it('is none, each for its reason', async () => {
    const { world, ports } = scene();
    const reasons: string[] = [];
    const none = async (with_: Ports, id = 'p1'): Promise<void> => {
      const found = await suggestStop(with_, id);
      reasons.push(found.kind === 'none' ? found.reason : 'suggested');
    };
    const { trading: _none, ...watching } = ports;
    await none(watching);
    await none({ ...ports, market: { ...ports.market, tickers: async () => [] } });
    await none({ ...ports, market: { ...ports.market, instruments: async () => [] } });
    await none({ ...ports, account: failing(ports.account, 'positions') });
    world.closed = [{ ...CLOSED, id: 'p2' }];
    await none(ports, 'p2');
    await none(ports, 'p3');
    expect(reasons).toEqual([
      expect.stringContaining('watch mode'),
      expect.stringContaining('no price'),
      expect.stringContaining('no price'),
      expect.stringContaining('cannot be worked out now'),
      expect.stringContaining('is closed'),
      expect.stringContaining('does not list this position'),
    ]);
  });
});

describe('placing it', () => {
  const WANTED = {
    id: 'one',
    positionId: 'p1',
    symbol: 'ETHUSDT',
    stop: price('3950'),
    target: price('4200'),
    by: 1,
  };
  async function place(
    made: ReturnType<typeof scene>,
    answer: (rest: () => void) => WriteOutcome = (rest) => (rest(), { kind: 'accepted' }),
  ) {
    const placed: Parameters<NonNullable<Ports['trading']>['placeProtection']>[0][] = [];
    const trading = {
      ...(made.ports.trading as NonNullable<Ports['trading']>),
      placeProtection: async (levels: (typeof placed)[number]) => {
        placed.push(levels);
        return answer(() => (made.world.protections = [PROTECTION]));
      },
    };
    let refreshed = 0;
    const work = { ...made.ports.work, refreshAccount: async () => void (refreshed += 1) };
    await placeSuggestedStop({ ...made.ports, trading, work }, WANTED);
    const [told] = made.world.outbox.rows;
    return { placed, refreshed, title: told?.title, text: told?.lines.join(' ') };
  }

  it('sends both levels once, and tells what rests', async () => {
    const { placed, title, refreshed } = await place(scene());
    const { symbol, positionId, stop, target } = WANTED;
    expect(placed).toEqual([{ symbol, positionId, stop, target }]);
    expect(title).toContain('a stop rests at');
    expect(refreshed).toBe(1);
  });

  it('sends nothing where a run before this one has placed it', async () => {
    const { placed, title } = await place(scene({}, [PROTECTION]));
    expect(placed).toEqual([]);
    expect(title).toContain('a stop rests at');
  });

  it('goes on where the same stop rests for a part, and sends none where another covers all of it', async () => {
    const part = await place(scene({}, [{ ...PROTECTION, stopQty: qty('1') }]));
    expect(part.placed).toHaveLength(1);
    const other = await place(scene({}, [{ ...PROTECTION, stopPrice: price('3900') }]));
    expect(other.placed).toEqual([]);
    expect(other.text).toContain('fully protected');
  });

  it('waits 5 s for it to be listed, then says that it is not', async () => {
    const made = scene();
    const { title, text } = await place(made, () => ({ kind: 'accepted' }));
    expect(title).toContain('no stop was placed');
    expect(text).toContain('the exchange does not show it');
    expect((made.world.now - NOW) / 600).toBeGreaterThanOrEqual(5_000);
  });

  it('does not wait where the exchange refuses, and says its reason', async () => {
    const made = scene();
    const refused = { kind: 'rejected', code: '1', reason: 'not now' } as const;
    const { title, text } = await place(made, () => refused);
    expect(title).toContain('no stop was placed');
    expect(text).toContain('not now');
    expect(made.world.now).toBe(NOW);
  });

  it('believes the exchange where the answer was lost and the stop rests', async () => {
    const { title } = await place(scene(), (rest) => (rest(), { kind: 'unknown', reason: 'lost' }));
    expect(title).toContain('a stop rests at');
  });

  it('tells that it has closed meanwhile where its history says so', async () => {
    const made = scene();
    const { title } = await place(made, () => {
      made.world.positions = [];
      made.world.account = { ...ACCOUNT, margin: ZERO_USD };
      made.world.closed = [{ ...CLOSED, id: 'p1' }];
      return { kind: 'accepted' };
    });
    expect(title).toBe('ETHUSDT: it has closed in the meantime and needs no stop');
  });
});
