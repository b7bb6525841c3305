/** What an entry leans on that only the store knows: what is gone or damaged is missing, and what is damaged halts before it is repaired. */
import { describe, expect, it } from 'vitest';
import { presentMemory } from '../../src/app/approval/present-memory.ts';
import { repairEntryMemory } from '../../src/app/account/cycle/repair-memory.ts';
import { readEntryMemory } from '../../src/app/approval/entry-memory.ts';
import { NO_ENTRIES } from '../../src/app/limits/limits-in-force.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import { StoreUnreadable } from '../../src/domain/failure.ts';
import { createFakeWorld, portsOf, type FakeWorld, type PortChanges } from '../bot/fakes.ts';
import { ACCOUNT, NOW, PROPOSAL, RISK_STATE } from '../bot/samples.ts';
import { failing } from './failing.ts';

function scene(over: (ports: Ports, world: FakeWorld) => PortChanges = () => ({})) {
  const world = createFakeWorld();
  const listed = { positions: [], protections: [], openOrders: [] };
  world.snapshot = { account: ACCOUNT, at: NOW, ...listed };
  return { world, ports: portsOf(world, over(portsOf(world), world)) };
}
const damaged = (what: string) => (): Promise<never> =>
  Promise.reject(new StoreUnreadable(what, 'nonsense'));

describe('the memory of the store', () => {
  it('has state and account together or not at all', async () => {
    const whole = await readEntryMemory(scene().ports, undefined);
    expect(whole).toMatchObject({ state: { accountAt: NOW }, before: { at: NOW } });
    for (const lost of [
      scene(({ accounts }) => ({ accounts: { ...accounts, snapshot: async () => undefined } })),
      scene(({ accounts }) => ({ accounts: { ...accounts, riskState: async () => undefined } })),
      scene(({ accounts }) => ({ accounts: failing(accounts, 'riskState') })),
      scene(({ accounts }) => ({ accounts: { ...accounts, failedReads: async () => Number.NaN } })),
    ]) {
      const { state, before } = await readEntryMemory(lost.ports, undefined);
      expect([state, before]).toEqual([undefined, undefined]);
    }
  });

  it.each([
    [0, 3],
    [3, 0],
  ])('counts the failed readings that are more: %i or %i', async (counted, stored) => {
    const { ports } = scene(({ accounts }) => ({
      accounts: {
        ...accounts,
        failedReads: async () => counted,
        riskState: async () => ({ ...RISK_STATE, failedReads: stored }),
      },
    }));
    expect((await readEntryMemory(ports, undefined)).state?.failedReads).toBe(3);
  });

  it('allows no entry while the limits of the store cannot be read or taken over', async () => {
    for (const lost of [
      scene(({ limitsStore }) => ({ limitsStore: failing(limitsStore, 'read') })),
      scene(() => ({ refreshLimits: () => Promise.reject(new Error('away')) })),
    ])
      expect((await readEntryMemory(lost.ports, undefined)).limits).toBe(NO_ENTRIES);
  });

  it('knows every entry on its way but the one that is judged', async () => {
    const { world, ports } = scene();
    world.proposals.push(
      { ...PROPOSAL, status: 'approved' },
      {
        ...PROPOSAL,
        id: 'other',
        status: 'executing',
        signal: { ...PROPOSAL.signal, side: 'short' },
      },
    );
    const { inFlight } = await readEntryMemory(ports, 'other');
    expect(inFlight).toEqual([
      {
        symbol: 'BTCUSDT',
        side: 'long',
        category: 'majors',
        entry: PROPOSAL.plan.entry,
        qty: PROPOSAL.plan.qty,
        risk: PROPOSAL.plan.risk,
        margin: PROPOSAL.plan.margin,
      },
    ]);
  });

  it('has the halt that was stored while the rest of it was read', async () => {
    const { ports } = scene(({ accounts }, world) => ({
      accounts: {
        ...accounts,
        failedReads: async () => {
          await new Promise((resolve) => setImmediate(resolve));
          world.mode = { mode: 'halted', reasons: [], since: NOW };
          return 0;
        },
      },
    }));
    const stored = await readEntryMemory(ports, undefined);
    expect((await presentMemory(ports, stored, undefined)).mode?.mode).toBe('halted');
  });
});

describe('what is stored and damaged', () => {
  const both = (ports: Ports, steps: string[]): PortChanges => ({
    proposals: {
      ...ports.proposals,
      withStatus: damaged('proposals'),
      recent: damaged('proposals'),
      repair: async () => void steps.push('proposals'),
    },
    limitsStore: {
      ...ports.limitsStore,
      read: damaged('limits'),
      repair: async () => steps.push('limits') > 0,
    },
  });

  it('halts and says what it was, and only then is repaired', async () => {
    const steps: string[] = [];
    const { world, ports } = scene((plain) => ({
      ...both(plain, steps),
      mode: {
        ...plain.mode,
        apply: async (...event) => {
          steps.push('halt');
          return plain.mode.apply(...event);
        },
      },
    }));
    await repairEntryMemory(ports);
    expect(steps).toEqual(['halt', 'proposals', 'limits']);
    expect(world.mode?.mode).toBe('halted');
    const said = world.mode?.reasons[0]?.evidence ?? '';
    expect(said).toContain('signals and approvals');
    expect(said).toContain('the limits that you have changed');
  });

  it('is left as it is where the halt cannot be stored', async () => {
    const steps: string[] = [];
    const { ports } = scene((plain) => ({
      ...both(plain, steps),
      mode: failing(plain.mode, 'apply'),
    }));
    await expect(repairEntryMemory(ports)).rejects.toThrow();
    expect(steps).toEqual([]);
  });

  it('is another matter than a store that does not answer: that halts nothing and repairs nothing', async () => {
    const { world, ports } = scene(({ limitsStore }) => ({
      limitsStore: failing(limitsStore, 'read', 'repair'),
    }));
    await expect(repairEntryMemory(ports)).rejects.toThrow('no answer');
    expect(world.mode?.mode).toBe('normal');
  });

  it('is nothing where all of it can be read', async () => {
    const { world, ports } = scene();
    await repairEntryMemory(ports);
    expect([world.mode?.mode, world.flattened]).toEqual(['normal', []]);
  });
});
