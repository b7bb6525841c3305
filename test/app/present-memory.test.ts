/** Money that came counts for an entry only once it is agreed, however the readings of cycle and entry overlap. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextRiskState } from '../../src/app/account/next-risk-state.ts';
import { readEntryMemory, type StoredMemory } from '../../src/app/approval/entry-memory.ts';
import type { AccountSnapshot } from '../../src/app/ports/account-store.ts';
import { presentMemory } from '../../src/app/approval/present-memory.ts';
import { toNumber, usd, ZERO_USD } from '../../src/domain/money/money.ts';
import type { ModeState } from '../../src/domain/trading-mode.ts';
import type { ClosedPosition } from '../../src/domain/position.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { createFakeWorld, portsOf } from '../bot/fakes.ts';
import { ACCOUNT, CLOSED, NOW, POSITION, RISK_STATE } from '../bot/samples.ts';

const SECOND = 1_000;

/** The account with nothing open, its data answered at `at`. */
const snapshotOf = (wallet: string, at: number, over: Partial<AccountSnapshot> = {}) =>
  ({
    account: {
      ...ACCOUNT,
      available: usd(wallet),
      margin: ZERO_USD,
      unrealisedPnl: ZERO_USD,
      at,
    },
    positions: [],
    protections: [],
    openOrders: [],
    at,
    ...over,
  }) satisfies AccountSnapshot;

const LEDGER = { closedNet: ZERO_USD, base: usd('10000'), bonus: ZERO_USD };
const STATE = { ...RISK_STATE, dayStartEquity: usd('10000'), accountAt: NOW };

const memoryOf = (before: AccountSnapshot, state = STATE): StoredMemory => ({
  state,
  before,
  limits: DEFAULT_LIMITS,
  inFlight: [],
});

const MODE: ModeState = { mode: 'normal', reasons: [], since: NOW };
const asked: number[] = [];
const closing = (closed: () => Promise<readonly ClosedPosition[]>) =>
  ({
    clock: { now: () => NOW, speed: 1 },
    mode: { read: async () => MODE },
    account: {
      closedPositions: (since: number) => {
        asked.push(since);
        return closed();
      },
    },
  }) as unknown as Parameters<typeof presentMemory>[0];
const none = closing(async () => []);

const BEFORE = snapshotOf('10000', NOW, { ledger: LEDGER });

describe('the memory for one entry', () => {
  it('is in doubt where an older answer shows money that the newer cycle does not', async () => {
    for (const at of [NOW, NOW - 1, NOW - 5 * SECOND]) {
      const seen = snapshotOf('15000', at);
      expect((await presentMemory(none, memoryOf(BEFORE), seen)).moneyInDoubt).toBe(true);
    }
  });

  it('is judged by the age of the account and not of the slowest list', async () => {
    // The cycle's lists were slow: its account is older than the one that is judged.
    const before = { ...BEFORE, at: NOW + 9 * SECOND };
    const seen = snapshotOf('10000', NOW + SECOND);
    const { state, moneyInDoubt } = await presentMemory(none, memoryOf(before), seen);
    expect(moneyInDoubt).toBe(false);
    expect(state?.accountAt).toBe(NOW + SECOND);
    const more = snapshotOf('15000', NOW + SECOND);
    expect((await presentMemory(none, memoryOf(before), more)).moneyInDoubt).toBe(true);
  });

  it('is not in doubt for rounding, for a fee, or for money that the newer cycle has', async () => {
    for (const at of [NOW, NOW - 1]) {
      for (const wallet of ['10004.9', '10000', '9000']) {
        const seen = snapshotOf(wallet, at);
        expect([wallet, (await presentMemory(none, memoryOf(BEFORE), seen)).moneyInDoubt]).toEqual([
          wallet,
          false,
        ]);
      }
    }
  });

  it('counts a position that the cycle had and this answer lacks, whichever of them is older', async () => {
    const before = { ...BEFORE, positions: [POSITION] };
    for (const at of [NOW - 1, NOW, NOW + 1]) {
      const { unlisted } = await presentMemory(none, memoryOf(before), snapshotOf('10000', at));
      expect(unlisted).toEqual([POSITION]);
      const both = snapshotOf('10000', at, { positions: [POSITION] });
      expect((await presentMemory(none, memoryOf(before), both)).unlisted).toEqual([]);
    }
  });

  it('is in doubt where a position is gone and its close cannot be read, and asks an hour back', async () => {
    const before = { ...BEFORE, positions: [POSITION] };
    const fails = closing(() => Promise.reject(new Error('away')));
    const seen = snapshotOf('10000', NOW + SECOND);
    asked.length = 0;
    expect((await presentMemory(fails, memoryOf(before), seen)).moneyInDoubt).toBe(true);
    expect(asked).toEqual([NOW - 3_600_000]);
    expect((await presentMemory(none, memoryOf(BEFORE), seen)).moneyInDoubt).toBe(false);
  });

  it('is in doubt where money that came hides a loss that was closed', async () => {
    const lost = { ...CLOSED, id: 'c1', net: usd('-45'), closedAt: NOW + 1 };
    const seen = snapshotOf('10005', NOW + SECOND);
    expect((await presentMemory(none, memoryOf(BEFORE), seen)).moneyInDoubt).toBe(false);
    const ports = closing(async () => [lost]);
    expect((await presentMemory(ports, memoryOf(BEFORE), seen)).moneyInDoubt).toBe(true);
  });

  it('has the halt that was stored while the exchange was asked what closed', async () => {
    const halted: ModeState = { mode: 'halted', reasons: [], since: NOW };
    for (const answer of [async () => [], () => Promise.reject(new Error('away'))]) {
      let mode = MODE;
      const ports = {
        ...closing(() => {
          mode = halted;
          return answer();
        }),
        mode: { read: async () => mode },
      } as Parameters<typeof presentMemory>[0];
      const moved = snapshotOf('9000', NOW + SECOND);
      expect((await presentMemory(ports, memoryOf(BEFORE), moved)).mode).toEqual(halted);
    }
  });

  it('has the mode of this moment also where nothing else is known, and none where it cannot be read', async () => {
    const { state: _, ...empty } = memoryOf(BEFORE);
    const nothing = { ...empty, state: undefined };
    const seen = snapshotOf('10000', NOW + SECOND);
    for (const [memory, snapshot] of [
      [memoryOf(BEFORE), seen],
      [memoryOf(BEFORE), snapshotOf('10000', NOW)],
      [memoryOf(BEFORE), undefined],
      [nothing, seen],
    ] as const) {
      expect((await presentMemory(none, memory, snapshot)).mode).toEqual(MODE);
      const read = (): Promise<never> => Promise.reject(new Error('away'));
      const away = { ...none, mode: { ...none.mode, read } };
      const unread = await presentMemory(away, memory, snapshot);
      expect(unread.mode).toBeUndefined();
    }
  });

  it('stays in doubt as long as the last cycle was, also where the reading seems to settle it', async () => {
    const ledger = { ...LEDGER, doubted: usd('15000') };
    for (const [wallet, at] of [
      ['15000', NOW + 1],
      ['10000', NOW + 1],
      ['10000', NOW],
    ] as const) {
      const memory = memoryOf({ ...BEFORE, ledger });
      expect((await presentMemory(none, memory, snapshotOf(wallet, at))).moneyInDoubt).toBe(true);
    }
  });

  it('ends no row of failed readings, and says nothing where nothing is known', async () => {
    const memory = memoryOf(BEFORE, { ...STATE, failedReads: 2 });
    const seen = snapshotOf('10000', NOW + 1);
    expect((await presentMemory(none, memory, seen)).state?.failedReads).toBe(2);
    expect(await presentMemory(none, memory, undefined)).toEqual({ ...memory, mode: MODE });
    const { state: _, ...empty } = memory;
    const nothing = { ...empty, state: undefined };
    expect(await presentMemory(none, nothing, seen)).toEqual({ ...nothing, mode: MODE });
  });
});

describe('state and account of the store', () => {
  it('are read once more where a cycle stored both anew between the two answers', async () => {
    const world = createFakeWorld();
    const agreed = { ...STATE, dayStartEquity: usd('15000'), accountAt: NOW + SECOND };
    const states = [STATE, agreed];
    const { accounts } = portsOf(world);
    const ports = portsOf(world, {
      accounts: {
        ...accounts,
        snapshot: async () => snapshotOf('15000', NOW + SECOND, { ledger: LEDGER }),
        riskState: async () => states.shift() ?? agreed,
      },
    });
    const { state, before } = await readEntryMemory(ports, undefined);
    expect(state?.dayStartEquity).toBe(usd('15000'));
    expect(before?.account.at).toBe(state?.accountAt);
  });
});

/** What happens in a second: money comes, a trade ends, the cycle reads, an entry is judged. `lag`: seconds its answer is old. */
const event = fc.oneof(
  fc.record({ kind: fc.constant('deposit' as const), amount: fc.integer({ min: 50, max: 9_000 }) }),
  fc.record({ kind: fc.constant('close' as const), net: fc.integer({ min: -900, max: 300 }) }),
  fc.record({
    kind: fc.constantFrom('cycle' as const, 'entry' as const),
    data: fc.integer({ min: 0, max: 3 }),
    stamp: fc.integer({ min: 0, max: 3 }),
  }),
);

describe('whatever comes between card and order', () => {
  it('no money raises what an entry may risk before it is agreed', async () => {
    let judged = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 40 }), async (events) => {
        const deposits = [0];
        const nets = [0];
        const closed: ClosedPosition[] = [];
        let before: AccountSnapshot = BEFORE;
        let state = STATE;
        let sum = 0;
        let net = 0;
        for (const [index, each] of events.entries()) {
          const second = index + 1;
          const at = NOW + second * SECOND;
          if (each.kind === 'deposit') sum += each.amount;
          if (each.kind === 'close') {
            net += each.net;
            closed.push({ ...CLOSED, id: `c${second}`, net: usd(`${each.net}`), closedAt: at });
          }
          deposits[second] = sum;
          nets[second] = net;
          if (each.kind === 'deposit' || each.kind === 'close') continue;
          const data = Math.max(0, second - each.data);
          const stamp = NOW + Math.max(data, second - each.stamp) * SECOND;
          const wallet = 10_000 + (deposits[data] ?? 0) + (nets[data] ?? 0);
          if (wallet <= 1_000) return;
          const seen = snapshotOf(`${wallet}`, stamp);
          if (each.kind === 'cycle') {
            // One reads after the other, so its answer is not older than the last.
            if (stamp < before.account.at) continue;
            const next = nextRiskState(state, { before, snapshot: seen, closed }, DEFAULT_LIMITS);
            state = next.state;
            before = { ...seen, ledger: next.ledger };
            continue;
          }
          const ports = closing(async () => closed);
          const memory = await presentMemory(ports, memoryOf(before, state), seen);
          if (memory.moneyInDoubt === true) continue;
          judged += 1;
          const agreed = toNumber(memory.state?.dayCashFlow ?? ZERO_USD);
          // A profit that was closed by now is no money from outside, also where the answer is too old to hold it.
          const earned = Math.max(nets[data] ?? 0, net);
          expect(wallet - 10_000 - agreed).toBeLessThanOrEqual(earned + wallet / 1_000);
        }
      }),
      { numRuns: 1_000 },
    );
    expect(judged).toBeGreaterThan(200);
  });
});
