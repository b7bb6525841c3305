/** What became of an order that was, or may have been, sent: in memory, with an exchange that answers as each case says. */
import { describe, expect, it } from 'vitest';
import { settle, settleAtOnce } from '../../src/app/approval/settle-order.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import type { Trading } from '../../src/app/ports/trading.ts';
import { qty, ZERO_QTY, ZERO_USD } from '../../src/domain/money/money.ts';
import type { Order } from '../../src/domain/order.ts';
import type { Proposal } from '../../src/domain/proposal.ts';
import { createFakeWorld, portsOf, type FakeWorld } from '../bot/fakes.ts';
import {
  ACCOUNT,
  CLOSED,
  NOW,
  POSITION,
  PROPOSAL,
  PROTECTION,
  signalFinding,
} from '../bot/samples.ts';
import { order } from '../risk/fixtures.ts';
import { fails } from './failing.ts';

const SPEED = 600;
const SENT: Proposal = {
  ...PROPOSAL,
  status: 'executing',
  approvedQty: PROPOSAL.plan.qty,
  createdAt: NOW - 900_000 * SPEED,
  decidedAt: NOW - 800_000 * SPEED,
  sentAt: NOW,
};
const UNKNOWN: Proposal = { ...SENT, status: 'unknown' };
const OURS = { ...POSITION, symbol: 'BTCUSDT', qty: SENT.plan.qty, entryPrice: SENT.plan.entry };
const FILLED = order({
  symbol: 'BTCUSDT',
  status: 'filled',
  qty: SENT.plan.qty,
  filledQty: SENT.plan.qty,
});
const STOP = { ...PROTECTION, symbol: 'BTCUSDT', stopPrice: SENT.signal.stop };

type Answer = Order | undefined;

/** The proposal alone in its store, its card told; `account` is what the exchange answers. */
async function scene(proposal: Proposal, account: Partial<Ports['account']>) {
  const world = createFakeWorld();
  world.account = { ...ACCOUNT, margin: ZERO_USD };
  world.proposals.push(proposal);
  const placed: Parameters<Trading['placeProtection']>[0][] = [];
  const plain = portsOf(world);
  const trading: Trading = {
    ...(plain.trading as NonNullable<typeof plain.trading>),
    placeProtection: async (request) => {
      placed.push(request);
      world.protections = [STOP];
      return { kind: 'accepted' };
    },
  };
  const pause = async (ms: number): Promise<void> => void (world.now += ms * SPEED);
  const ports = portsOf(world, { trading, pause, account: { ...plain.account, ...account } });
  await world.outbox.raise(signalFinding());
  return { world, ports, placed };
}
const finds = (answer: () => Answer): Partial<Ports['account']> => ({
  orderByClientId: async () => answer(),
});
const statusOf = ({ proposals }: FakeWorld): string | undefined => proposals[0]?.status;
const keysOf = ({ outbox }: FakeWorld): string[] => outbox.rows.map(({ key }) => key);

describe('an order that the exchange does not know', () => {
  const after = async (proposal: Proposal, at: number, answered = at): Promise<string> => {
    const { world, ports } = await scene(proposal, {
      orderByClientId: async () => {
        world.now = NOW + answered;
        return undefined;
      },
    });
    world.now = NOW + at;
    await settleAtOnce(ports, proposal);
    return world.proposals[0]?.outcome ?? `still ${statusOf(world)}`;
  };

  it('counts as never sent 2 min of wall time after it was sent, and not a millisecond earlier', async () => {
    expect(await after(UNKNOWN, 120_000 * SPEED)).toBe('still unknown');
    expect(await after(UNKNOWN, 120_000 * SPEED + 1)).toContain('never reached the exchange');
  });

  it('is dated by the question and not by its slow answer', async () => {
    expect(await after(UNKNOWN, 119_000 * SPEED, 180_000 * SPEED)).toBe('still unknown');
  });

  it('counts as sent while nobody has looked for it in vain before', async () => {
    expect(await after(SENT, 900_000 * SPEED)).toBe('still executing');
  });
});

describe('a filled order', () => {
  const found = finds(() => FILLED);
  const settled = async (world: Partial<FakeWorld>, by = found) => {
    const made = await scene(SENT, by);
    Object.assign(made.world, world);
    await settle(made.ports, SENT);
    return made;
  };

  it.each([
    ['of another coin', { ...OURS, symbol: 'ETHUSDT' }],
    ['of the other side', { ...OURS, side: 'short' as const }],
  ])('is not taken for open by a position %s', async (_whose, position) => {
    const { world, placed } = await settled({ positions: [position] });
    expect(statusOf(world)).toBe('unknown');
    expect(placed).toEqual([]);
  });

  it.each([
    ['of another coin', { symbol: 'ETHUSDT', side: 'long' }, 'unknown'],
    ['of the other side', { symbol: 'BTCUSDT', side: 'short' }, 'unknown'],
    ['of its own', { symbol: 'BTCUSDT', side: 'long' }, 'done'],
  ] as const)('is closed again by a close %s: %s', async (_whose, of, status) => {
    const asked: number[] = [];
    const { world } = await settled(
      {},
      {
        ...found,
        closedPositions: async (since) => (asked.push(since), [{ ...CLOSED, ...of }]),
      },
    );
    expect(statusOf(world)).toBe(status);
    expect(asked[0]).toBe(FILLED.createdAt);
  });

  it('gets the stop and the target that were approved where both are missing', async () => {
    const { world, placed } = await settled({ positions: [OURS] });
    expect(placed).toEqual([
      {
        symbol: 'BTCUSDT',
        positionId: OURS.id,
        stop: SENT.signal.stop,
        target: SENT.signal.target,
      },
    ]);
    expect(statusOf(world)).toBe('done');
    expect(world.outbox.rows[0]).toMatchObject({ title: 'Done: BTCUSDT long', good: true });
    // It is all of it: the card alone tells it, and it was not without a stop for long.
    expect(keysOf(world)).toEqual(['signal:sig-btc']);
    expect(world.now - NOW).toBeLessThanOrEqual(3_000 * SPEED);
  });

  it('gets its stop also where a later look fails', async () => {
    let looks = 0;
    const { placed } = await settled(
      { positions: [OURS] },
      { orderByClientId: () => ((looks += 1) === 1 ? Promise.resolve(FILLED) : fails()) },
    );
    expect(placed).toHaveLength(1);
  });

  it('is waited for until the stop that was placed is listed', async () => {
    let since: number | undefined;
    const made = await scene(SENT, {
      ...found,
      protections: async () => {
        if (made.placed.length > 0) since ??= made.world.now;
        return since !== undefined && made.world.now - since >= 1_000 * SPEED ? [STOP] : [];
      },
    });
    made.world.positions = [OURS];
    await settle(made.ports, SENT);
    expect(made.world.outbox.rows[0]?.title).toBe('Done: BTCUSDT long');
  });

  it('is no good news while its stop does not rest', async () => {
    const made = await scene(SENT, found);
    made.world.positions = [OURS];
    const { trading: _none, ...watching } = made.ports;
    await settle(watching, SENT);
    const [card] = made.world.outbox.rows;
    expect(card).toMatchObject({ title: 'Open, NOT FULLY PROTECTED: BTCUSDT long' });
    expect(card).not.toHaveProperty('good');
  });

  it('is told once where two look it up at the same time', async () => {
    const part = { ...FILLED, status: 'partly-filled-cancelled', filledQty: FILLED.qty / 2n };
    const made = await scene(
      SENT,
      finds(() => part as Order),
    );
    made.world.positions = [OURS];
    made.world.protections = [STOP];
    await settle(made.ports, SENT);
    const [{ title } = { title: '' }] = made.world.outbox.rows;
    expect(title).toBe('Done in part: BTCUSDT long');
    expect(keysOf(made.world)).toEqual(['signal:sig-btc', 'part:sig-btc']);
    await made.world.outbox.revise('signal:sig-btc', { title: 'seen', lines: [] });
    await settle(made.ports, SENT);
    expect(made.world.outbox.rows[0]?.title).toBe('seen');
  });
});

describe('an order that was cancelled, or is new', () => {
  const ended = async (over: Partial<Order>) => {
    const made = await scene(
      SENT,
      finds(() => ({ ...FILLED, ...over })),
    );
    made.world.positions = [OURS];
    made.world.protections = [STOP];
    await settle(made.ports, SENT);
    return made.world;
  };

  it('with a part that was filled is told as that part', async () => {
    const world = await ended({ status: 'cancelled', filledQty: qty('0.1') });
    expect(statusOf(world)).toBe('done');
    expect(world.outbox.rows[0]?.title).toBe('Done in part: BTCUSDT long');
  });

  it('is not taken for filled by a position that is there already', async () => {
    expect(statusOf(await ended({ status: 'new', filledQty: ZERO_QTY }))).toBe('unknown');
  });
});

describe('an order of which a part is filled, before everything is closed', () => {
  it.each([
    ['the rest may still come', 'partly-filled', 'executing'],
    ['the rest was cancelled', 'cancelled', 'done'],
  ] as const)('%s: after one look it is %s', async (_what, status, expected) => {
    const part = { ...FILLED, status, filledQty: qty('0.004') };
    const made = await scene(
      SENT,
      finds(() => part),
    );
    Object.assign(made.world, { positions: [{ ...OURS, qty: part.filledQty }], protections: [] });
    await settleAtOnce(made.ports, SENT);
    expect(statusOf(made.world)).toBe(expected);
    // Whoever closes everything needs no stop.
    expect(made.placed).toEqual([]);
  });
});

describe('an order that is still looked for', () => {
  it('is told also where a crash came between its being unknown and the telling', async () => {
    for (const proposal of [SENT, UNKNOWN]) {
      const { world, ports } = await scene(
        proposal,
        finds(() => undefined),
      );
      await settle(ports, proposal);
      expect(statusOf(world)).toBe('unknown');
      expect(keysOf(world)).toContain(`order-unknown:${proposal.clientId}`);
    }
  });

  it('and was decided by another meanwhile is not told as unknown', async () => {
    const { world, ports } = await scene(
      { ...SENT, status: 'done' },
      finds(() => undefined),
    );
    await settle(ports, SENT);
    expect(keysOf(world)).toEqual(['signal:sig-btc']);
  });

  it('and was decided by another meanwhile is not told as refused', async () => {
    const dead = { ...FILLED, status: 'cancelled', filledQty: ZERO_QTY } as const;
    const { world, ports } = await scene(
      { ...SENT, status: 'done' },
      finds(() => dead),
    );
    await settle(ports, SENT);
    expect(keysOf(world)).toEqual(['signal:sig-btc']);
    expect(world.outbox.rows[0]?.title).toBe('Signal: BTCUSDT long');
  });

  it.each(['cancelled', 'expired', 'rejected'] as const)(
    'was not filled where the exchange says %s, and is waited for while it is new',
    async (status) => {
      const dead = await scene(
        SENT,
        finds(() => ({ ...FILLED, status, filledQty: ZERO_QTY })),
      );
      await settle(dead.ports, SENT);
      expect(dead.world.proposals[0]).toMatchObject({
        status: 'refused',
        outcome: `The order was not filled (${status}).`,
      });
      const resting = { ...FILLED, status: 'new', filledQty: ZERO_QTY } as Order;
      const waits = await scene(
        SENT,
        finds(() => resting),
      );
      await settle(waits.ports, SENT);
      expect(statusOf(waits.world)).toBe('unknown');
    },
  );
});
