import { closeOf } from '../risk/fixtures.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { executeProposal } from '../../src/app/approval/execute-proposal.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import type { Trading } from '../../src/app/ports/trading.ts';
import { divideBy, grouped, qty, toText } from '../../src/domain/money/money.ts';
import type { Proposal } from '../../src/domain/proposal.ts';
import { MINUTE } from '../../src/domain/time.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { approved, confirm, propose } from './signals.ts';
import { answering, failing, fails, first } from './failing.ts';
import { openVigil, type Truth, type Vigil, type VigilOptions } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil.close());

const open = async (options: Omit<VigilOptions, 'redis'> = {}): Promise<Ports> => {
  vigil = await openVigil({ redis, venue: { speed: 50 }, ...options });
  return vigil.ports;
};
const stored = async (of: Proposal): Promise<Proposal | undefined> =>
  vigil.ports.proposals.byId(of.id);
const ordersOf = (truth: Truth, of: Proposal): number =>
  [...truth.orders, ...truth.orderHistory].filter((each) => each.clientId === of.clientId).length;

/** Trading of which some calls are replaced. */
const trading = (change: (real: Trading) => Partial<Trading>) => (ports: Ports) => {
  const real = ports.trading;
  if (real === undefined) throw new Error('nothing can trade');
  return { trading: { ...real, ...change(real) } };
};

/** The exchange opens the position and drops its stop and target. */
const dropsStops = trading((real) => ({
  placeEntry: async (entry, clientId) => {
    const outcome = await real.placeEntry(entry, clientId);
    await vigil.control('fault', { fault: 'tpsl-system-cancel' });
    return outcome;
  },
}));

describe('an approved proposal', () => {
  it.each(['long', 'short'] as const)(
    'opens a %s with stop and target at the exchange',
    async (side) => {
      const ports = await open();
      const proposal = await approved(ports, { side });
      await executeProposal(ports, proposal.id);
      const truth = await vigil.truth();
      expect(truth.positions).toMatchObject([{ symbol: 'ETHUSDT', direction: side.toUpperCase() }]);
      const { stop, target } = proposal.signal;
      const legs = truth.tpsl.flatMap((each) => [each.slPrice, each.tpPrice]).filter(Boolean);
      expect(new Set(legs.map(Number))).toEqual(
        new Set([stop, target].map((each) => Number(toText(each)))),
      );
      const done = await stored(proposal);
      expect(done).toMatchObject({ status: 'done' });
      expect(done?.outcome).toContain(`open, ${grouped(truth.positions[0]?.qty ?? '')} at`);
      expect(done?.outcome).toContain(`stop resting at ${grouped(toText(stop))}`);
      const [card] = await vigil.alerts();
      expect(card).toMatchObject({ key: `signal:${proposal.id}`, title: `Done: ETHUSDT ${side}` });
      expect(card?.buttons).toBeUndefined();
    },
  );

  it('orders no more than was shown, even where the limits would allow it', async () => {
    const ports = await open();
    const proposal = await propose(ports);
    const half = divideBy(proposal.plan.qty, 2, 'down');
    const shown = { ...proposal.plan, qty: half };
    await confirm(ports, proposal, shown);
    await executeProposal(ports, proposal.id);
    const [position] = (await vigil.truth()).positions;
    expect(qty(position?.qty ?? '0') > 0n && qty(position?.qty ?? '0') <= half).toBe(true);
    expect((await stored(proposal))?.plan.boundBy).toBe('the size on your card');
  });

  it('becomes one order however often its job runs', async () => {
    const ports = await open();
    const proposal = await approved(ports);
    await Promise.all([executeProposal(ports, proposal.id), executeProposal(ports, proposal.id)]);
    await executeProposal(ports, proposal.id);
    const truth = await vigil.truth();
    expect(ordersOf(truth, proposal)).toBe(1);
    expect(truth.positions).toHaveLength(1);
    expect((await stored(proposal))?.status).toBe('done');
  });

  it('is found by its client id when the reply to its order is lost, and counted once', async () => {
    const ports = await open();
    const proposal = await approved(ports);
    await vigil.control('fault', { fault: 'lost-reply', path: 'place_order' });
    await executeProposal(ports, proposal.id);
    expect((await stored(proposal))?.status).toBe('done');
    const truth = await vigil.truth();
    expect(ordersOf(truth, proposal)).toBe(1);
    expect(truth.positions).toHaveLength(1);
  });

  it('that was cut off before its order is unknown at first, then never sent, and is not sent again', async () => {
    const ports = await open({
      over: trading(() => ({ placeEntry: () => Promise.reject(new Error('killed')) })),
    });
    const proposal = await approved(ports);
    await expect(executeProposal(ports, proposal.id)).rejects.toThrow('killed');
    expect((await stored(proposal))?.status).toBe('executing');
    const revived = {
      ...ports,
      ...(vigil.wiring.ports.trading && { trading: vigil.wiring.ports.trading }),
    };
    await executeProposal(revived, proposal.id);
    expect((await stored(proposal))?.status).toBe('unknown');
    expect((await vigil.alerts()).at(-1)).toMatchObject({
      kind: 'order-unknown',
      severity: 'critical',
    });
    await vigil.leap(101 * MINUTE);
    await executeProposal(revived, proposal.id);
    expect(await stored(proposal)).toMatchObject({
      status: 'refused',
      outcome: expect.stringContaining('never reached the exchange') as string,
    });
    const truth = await vigil.truth();
    expect(ordersOf(truth, proposal)).toBe(0);
    expect(truth.positions).toEqual([]);
  });

  it('that was cut off behind its order is found and not sent again', async () => {
    const ports = await open({
      over: trading((real) => ({
        placeEntry: async (entry, clientId) => {
          await real.placeEntry(entry, clientId);
          throw new Error('killed');
        },
      })),
    });
    const proposal = await approved(ports);
    await expect(executeProposal(ports, proposal.id)).rejects.toThrow('killed');
    await executeProposal(ports, proposal.id);
    expect((await stored(proposal))?.status).toBe('done');
    expect(ordersOf(await vigil.truth(), proposal)).toBe(1);
  });

  it('is not sent when trading is halted between the gate and the order', async () => {
    const ports = await open({
      over: trading((real) => ({
        setLeverage: async (symbol, leverage) => {
          const at = vigil.ports.clock.now();
          const reason = { trigger: 'owner', evidence: 'halted by you', at };
          await vigil.ports.mode.apply({ kind: 'tighten', to: 'halted', reason });
          return real.setLeverage(symbol, leverage);
        },
      })),
    });
    const proposal = await approved(ports);
    await executeProposal(ports, proposal.id);
    expect(await stored(proposal)).toMatchObject({ status: 'refused' });
    expect(ordersOf(await vigil.truth(), proposal)).toBe(0);
    expect((await vigil.alerts()).at(-1)).toMatchObject({ key: `refused:${proposal.id}` });
  });

  it('is not sent when a limit became tighter between the gate and the order, heard of or not', async () => {
    const request = { id: 'minScore', to: 76 } as const;
    const ports = await open({
      over: trading((real) => ({
        setLeverage: async (symbol, leverage) => {
          // Stored as another process does it, and the news of it is lost.
          const before = await vigil.ports.limitsStore.read();
          const after = { ...before, values: { [request.id]: request.to } };
          const { redis: raw, store } = vigil.wiring;
          await raw.set(store.keys.limits, JSON.stringify(after));
          return real.setLeverage(symbol, leverage);
        },
      })),
    });
    const proposal = await approved(ports);
    await executeProposal(ports, proposal.id);
    expect(await stored(proposal)).toMatchObject({
      status: 'refused',
      outcome: 'A limit was changed a moment ago.',
    });
    expect(ordersOf(await vigil.truth(), proposal)).toBe(0);
  });

  it('is not sent when trading was halted after the approval, and says why', async () => {
    const ports = await open();
    const proposal = await approved(ports);
    const reason = { trigger: 'owner', evidence: 'halted by you', at: ports.clock.now() };
    await ports.mode.apply({ kind: 'tighten', to: 'halted', reason });
    await executeProposal(ports, proposal.id);
    const refused = await stored(proposal);
    expect(refused?.status).toBe('refused');
    expect(refused?.outcome).toMatch(/halted/i);
    expect(ordersOf(await vigil.truth(), proposal)).toBe(0);
  });

  it('is not sent when the exchange refuses its leverage', async () => {
    const ports = await open({
      over: trading(() => ({
        setLeverage: async () => ({ kind: 'rejected', code: '20003', reason: 'no' }),
      })),
    });
    const proposal = await approved(ports);
    await executeProposal(ports, proposal.id);
    expect((await stored(proposal))?.outcome).toContain('refused leverage');
    expect(ordersOf(await vigil.truth(), proposal)).toBe(0);
  });

  it('is not sent when another leverage is read back than was asked for', async () => {
    const ports = await open({
      over: trading(() => ({ setLeverage: async () => ({ kind: 'accepted' }) })),
    });
    await vigil.wiring.ports.trading?.setLeverage('ETHUSDT', 20);
    const proposal = await approved(ports);
    await executeProposal(ports, proposal.id);
    expect((await stored(proposal))?.outcome).toContain('The exchange says 20x');
    expect(ordersOf(await vigil.truth(), proposal)).toBe(0);
  });

  it('is not sent where the leverage that is set cannot be read back, or is none, or not isolated', async () => {
    const ports = await open();
    const as = (leverage: Ports['account']['leverage']): Ports => ({
      ...ports,
      account: answering(ports.account, { leverage }),
    });
    const real = ports.account;
    const wrong: readonly (readonly [string, Ports['account']['leverage'], string])[] = [
      ['unread', fails, 'The leverage could not be read back'],
      ['none', async () => ({ leverage: 0, marginMode: 'isolated' }), 'The exchange says 0x'],
      [
        'cross',
        async (symbol) => ({ ...(await real.leverage(symbol)), marginMode: 'cross' }),
        'x cross where',
      ],
    ];
    for (const [id, leverage, said] of wrong) {
      const proposal = await approved(ports, { id });
      await executeProposal(as(leverage), proposal.id);
      expect(await stored(proposal)).toMatchObject({
        status: 'refused',
        outcome: expect.stringContaining(said),
      });
      expect(ordersOf(await vigil.truth(), proposal)).toBe(0);
    }
  });

  it('is sent once where its job is delivered again just before its order', async () => {
    const sent: string[] = [];
    let delivered = 1;
    const again = async (): Promise<void> => {
      delivered += 1;
      if (delivered === 2) await executeProposal(ports, proposal.id);
    };
    const ports = await open({
      over: trading((real) => ({
        setLeverage: first(real, 'setLeverage', again).setLeverage,
        placeEntry: async (...order) => {
          sent.push(order[1]);
          return real.placeEntry(...order);
        },
      })),
    });
    const proposal = await approved(ports);
    await executeProposal(ports, proposal.id);
    expect(sent).toEqual([proposal.clientId]);
    expect((await stored(proposal))?.status).toBe('done');
  });

  it('that never left this machine is told so, without a code', async () => {
    const ports = await open({
      over: trading(() => ({
        placeEntry: async () => ({ kind: 'rejected', code: '', reason: 'it came too late' }),
      })),
    });
    const proposal = await approved(ports);
    await executeProposal(ports, proposal.id);
    expect((await stored(proposal))?.outcome).toBe('The order was not sent: it came too late.');
  });

  it('that the exchange rejects is refused with its words', async () => {
    const ports = await open();
    const proposal = await approved(ports);
    await vigil.control('fault', { fault: 'bad-sign', path: 'place_order', count: 9 });
    await executeProposal(ports, proposal.id);
    expect(await stored(proposal)).toMatchObject({
      status: 'refused',
      outcome: expect.stringContaining('The exchange refused the order') as string,
    });
    expect((await vigil.truth()).positions).toEqual([]);
  });

  it('gets its stop placed when the exchange opened it without one', async () => {
    const ports = await open({ over: dropsStops });
    const proposal = await approved(ports);
    await executeProposal(ports, proposal.id);
    expect((await stored(proposal))?.outcome).toContain('stop resting at');
    const truth = await vigil.truth();
    const stop = Number(toText(proposal.signal.stop));
    expect(truth.tpsl.map((each) => Number(each.slPrice))).toEqual([stop]);
    expect(ordersOf(truth, proposal)).toBe(1);
  });

  it('is without a stop for some pauses at most, not for the whole time of reading back', async () => {
    const ports = await open({ over: dropsStops });
    const proposal = await approved(ports);
    let waited = 0;
    const pause = async (ms: number): Promise<void> => void (waited += ms);
    await executeProposal({ ...ports, pause }, proposal.id);
    expect((await stored(proposal))?.outcome).toContain('stop resting at');
    expect(waited).toBeLessThanOrEqual(3_000);
  });

  /** The exchange attaches no stop, or one of a part, and takes none afterwards. */
  const without =
    (part?: string) =>
    (real: Ports): Partial<Ports> => {
      const { trading } = part === undefined ? dropsStops(real) : real;
      if (trading === undefined) throw new Error('nothing can trade');
      const refused = { kind: 'rejected', code: '1', reason: 'no' } as const;
      const ofAPart = async () =>
        (await real.account.protections()).map((each) => ({ ...each, stopQty: qty(part ?? '0') }));
      const protections = part === undefined ? () => real.account.protections() : ofAPart;
      return {
        account: answering(real.account, { protections }),
        trading: { ...trading, placeProtection: async () => refused },
      };
    };

  it('is reported without a full stop where the one that rests is for a part', async () => {
    const ports = await open({ over: without('0.2') });
    const proposal = await approved(ports);
    await executeProposal(ports, proposal.id);
    expect((await stored(proposal))?.outcome).toMatch(
      /stop resting at [\d.,]+, NO STOP for 0\.\d+ of it/,
    );
    expect((await vigil.alerts())[0]?.title).toMatch(/^Open, NOT FULLY PROTECTED/);
  });

  it('is reported without a stop, loudly, when none can be placed', async () => {
    const ports = await open({ over: without() });
    const proposal = await approved(ports);
    await executeProposal(ports, proposal.id);
    expect((await stored(proposal))?.outcome).toContain('NO STOP is resting');
    expect((await vigil.alerts())[0]?.lines.join(' ')).toContain('NO STOP is resting');
  });
});

describe('a proposal that is not approved', () => {
  it('is never sent', async () => {
    const set: string[] = [];
    const ports = await open({
      over: trading((real) => ({
        setLeverage: async (symbol, leverage) => {
          set.push(symbol);
          return real.setLeverage(symbol, leverage);
        },
      })),
    });
    const proposal = await approved(ports);
    await ports.proposals.apply(proposal.id, { kind: 'refuse', outcome: 'no' });
    await executeProposal(ports, proposal.id);
    await executeProposal(ports, 'nobody');
    await executeProposal(ports, (await propose(ports, { symbol: 'BTCUSDT' })).id);
    expect(ordersOf(await vigil.truth(), proposal)).toBe(0);
    // Not even its leverage is touched.
    expect(set).toEqual([]);
  });

  it('is refused in watch mode, where nothing can order', async () => {
    const ports = await open();
    const proposal = await approved(ports);
    const { trading: _none, ...watching } = ports;
    await executeProposal(watching, proposal.id);
    expect((await stored(proposal))?.outcome).toContain('watch mode');
    expect(ordersOf(await vigil.truth(), proposal)).toBe(0);
  });
});

describe('what was filled', () => {
  it('is told beside what was approved, also when it is all of it', async () => {
    const ports = await open({ venue: { speed: 20 } });
    const proposal = await approved(ports);
    await executeProposal(ports, proposal.id);
    const filled = grouped((await vigil.truth()).positions[0]?.qty ?? '');
    const [card, ...more] = await vigil.alerts();
    expect(card?.lines.join(' ')).toContain(
      `Filled ${filled} of the ${grouped(toText(proposal.plan.qty))} you approved`,
    );
    expect(more.filter(({ key }) => key.startsWith('part:'))).toEqual([]);
  });

  it.each(['at once', 'after a restart'])(
    'where it is a part has a message of its own, %s',
    async (when) => {
      const cutOff = when !== 'at once';
      const ports = await open({
        over: trading((real) => ({
          placeEntry: async (...order) => {
            const outcome = await real.placeEntry(...order);
            if (cutOff) throw new Error('killed');
            return outcome;
          },
        })),
      });
      const proposal = await approved(ports);
      await vigil.control('fault', { fault: 'partial-then-cancel', amount: 0.4 });
      if (cutOff) await expect(executeProposal(ports, proposal.id)).rejects.toThrow('killed');
      await executeProposal(ports, proposal.id);
      const filled = grouped((await vigil.truth()).positions[0]?.qty ?? '');
      const shown = grouped(toText(proposal.plan.qty));
      const alerts = await vigil.alerts();
      expect(alerts[0]?.title).toBe('Done in part: ETHUSDT long');
      const told = alerts.find(({ key }) => key === `part:${proposal.id}`);
      expect(told).toMatchObject({ severity: 'warning' });
      for (const text of [alerts[0]?.lines.join(' '), told?.lines.join(' ')]) {
        expect(text).toContain(`Filled ${filled} of the ${shown} you approved`);
        expect(text).toContain('the exchange cancelled the rest');
      }
      expect((await stored(proposal))?.outcome).toContain('the exchange cancelled the rest');
    },
  );

  it('is looked for while no list shows its position, and not called closed', async () => {
    const ports = await open({
      over: (real) => ({ account: answering(real.account, { positions: async () => [] }) }),
    });
    const proposal = await approved(ports);
    await executeProposal(ports, proposal.id);
    expect((await stored(proposal))?.status).toBe('unknown');
    await executeProposal({ ...ports, account: vigil.wiring.ports.account }, proposal.id);
    expect((await stored(proposal))?.outcome).toContain('stop resting at');
  });

  it('is told as closed again when the history of the exchange has it', async () => {
    const ports = await open({
      over: trading((real) => ({
        placeEntry: async (...order) => {
          const outcome = await real.placeEntry(...order);
          const [position] = (await vigil.truth()).positions;
          await real.closePosition(closeOf(position?.positionId ?? ''));
          return outcome;
        },
      })),
    });
    const proposal = await approved(ports);
    await executeProposal(ports, proposal.id);
    expect((await stored(proposal))?.outcome).toContain('it opened and has closed again already');
  });
});

describe('a restart between tap and order', () => {
  const blind = (ports: Ports, startedAt: number): Ports =>
    Object.create(
      ports,
      Object.getOwnPropertyDescriptors({ account: failing(ports.account, 'account'), startedAt }),
    ) as Ports;

  it('waits for the first reading instead of refusing, and the reading is then acted on', async () => {
    const ports = await open();
    const proposal = await approved(ports);
    const restarted = blind(ports, (proposal.decidedAt ?? 0) + 1);
    expect(await executeProposal(restarted, proposal.id)).toBe('waits');
    expect((await stored(proposal))?.status).toBe('approved');
    expect(await executeProposal(ports, proposal.id)).toBe('settled');
    expect((await stored(proposal))?.status).toBe('done');
  });

  it('refuses where the process was there at the tap', async () => {
    const ports = await open();
    const proposal = await approved(ports);
    const same = blind(ports, proposal.decidedAt ?? 0);
    expect(await executeProposal(same, proposal.id)).toBe('settled');
    expect((await stored(proposal))?.outcome).toContain('the account could not be read');
  });

  it('waits also while the reads have failed again and again', async () => {
    const ports = await open();
    const proposal = await approved(ports);
    const after = (proposal.decidedAt ?? 0) + 1;
    const readings = answering(ports.accounts, { failedReads: async () => 5 });
    const over = Object.getOwnPropertyDescriptors({ accounts: readings, startedAt: after });
    const restarted = Object.create(ports, over) as Ports;
    expect(await executeProposal(restarted, proposal.id)).toBe('waits');
    expect((await stored(proposal))?.status).toBe('approved');
  });

  it('refuses what another reading does not change', async () => {
    const ports = await open();
    const proposal = await approved(ports);
    const reason = { trigger: 'owner', evidence: 'halted by you', at: ports.clock.now() };
    await ports.mode.apply({ kind: 'tighten', to: 'halted', reason });
    const restarted = blind(ports, (proposal.decidedAt ?? 0) + 1);
    expect(await executeProposal(restarted, proposal.id)).toBe('settled');
    expect((await stored(proposal))?.outcome).toMatch(/halted/i);
  });

  it('that takes longer than the approval counts is told as too late, by the reconciler too', async () => {
    const ports = await open();
    const proposal = await approved(ports);
    await vigil.leap(51 * MINUTE);
    await executeProposal(blind(ports, ports.clock.now()), proposal.id);
    expect((await stored(proposal))?.outcome).toBe(
      'Too late: an approval counts for 60 s after your tap.',
    );
    expect((await vigil.alerts()).at(-1)).toMatchObject({ key: `refused:${proposal.id}` });
    expect(ordersOf(await vigil.truth(), proposal)).toBe(0);
  });
});
