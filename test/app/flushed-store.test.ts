/**
 * The store is flushed, or one of its keys is deleted, damaged or of another kind, at every step between a signal and the read-back of its
 * order. Until a person says so nothing is ordered any more.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bootMode } from '../../src/app/boot-mode.ts';
import { changeLimit } from '../../src/app/change-limit.ts';
import { approve, offerApproval } from '../../src/app/decide-proposal.ts';
import { executeProposal } from '../../src/app/execute-proposal.ts';
import type { Ports, Trading } from '../../src/app/ports.ts';
import { judgeAndPropose } from '../../src/app/propose.ts';
import { reconcile } from '../../src/app/reconcile.ts';
import { refreshAccount } from '../../src/app/refresh-account.ts';
import { resume } from '../../src/app/resume.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { approved, aSignal } from './signals.ts';
import { openVigil, type Vigil } from './vigil.ts';

let redis: RealRedis;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());

/**
 * What no entry leans on: it is read anew from the exchange, or only told, drawn or counted; limits are in every process's memory and
 * are judged in test/store; a proposal that is gone cannot be approved or sent.
 */
const WITHOUT_A_SAY =
  /:(alert:|account:(snapshot|equity|price-times|failed-reads)|candles:|scan|ledger:|acts|bull|chat|owner|policy|mode:journal|limits|proposal)/;

const LOSSES = ['deleted', 'damaged', 'of another kind'] as const;
type Loss = (typeof LOSSES)[number];

/** A run that counts its calls, loses something before one of them, and keeps what was ordered after that. */
interface Run {
  readonly ports: Ports;
  /** Names of the calls so far. */
  readonly calls: string[];
  /** Entry orders that were begun after the loss. */
  readonly ordered: string[];
}

const PARTS = [
  'accounts',
  'mode',
  'proposals',
  'limitsStore',
  'account',
  'market',
  'trading',
] as const;

function runOver(honest: Ports, lose: { at: number; what: () => Promise<void> } | undefined): Run {
  const calls: string[] = [];
  const ordered: string[] = [];
  let lost = false;
  const before = async (name: string): Promise<void> => {
    calls.push(name);
    if (lost || lose?.at !== calls.length) return;
    lost = true;
    await lose.what();
  };
  const placeEntry: Trading['placeEntry'] = async (entry) => {
    const after = lost;
    await before('trading.placeEntry');
    if (after) ordered.push(entry.symbol);
    return { kind: 'rejected', code: 'test', reason: 'it is only written down' };
  };
  const watched = <Part extends object>(name: string, part: Part): Part =>
    new Proxy(part, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        if (typeof value !== 'function') return value;
        if (key === 'placeEntry') return placeEntry;
        return async (...args: unknown[]): Promise<unknown> => {
          await before(`${name}.${String(key)}`);
          return (value as (...all: unknown[]) => unknown).apply(target, args);
        };
      },
    });
  const parts = Object.fromEntries(
    PARTS.map((name) => [name, watched(name, honest[name] ?? {})]),
  ) as Pick<Ports, (typeof PARTS)[number]>;
  const quick = { ...parts, pause: () => Promise.resolve() };
  const ports = Object.create(honest, Object.getOwnPropertyDescriptors(quick)) as Ports;
  return { ports, calls, ordered };
}

const never = (): undefined => undefined;

/** A signal on its way to the order, with an owner who taps and confirms whatever can be tapped. */
async function oneSignal(ports: Ports, honest: Ports, id: string): Promise<void> {
  const signal = await aSignal(honest, { id, symbol: id === 'first' ? 'ETHUSDT' : 'SOLUSDT' });
  await judgeAndPropose(ports, [signal]).catch(never);
  const proposal = await honest.proposals.byId(id).catch(never);
  const nonce = proposal?.nonce ?? 'A'.repeat(22);
  await offerApproval(ports, nonce).catch(never);
  await approve(ports, { nonce, by: 1 }).catch(never);
  await executeProposal(ports, id).catch(never);
}

/** The run, and what goes on by itself afterwards; nobody sends /resume. */
async function live({ ports }: Run, honest: Ports): Promise<void> {
  await oneSignal(ports, honest, 'first');
  await reconcile(ports).catch(never);
  await refreshAccount(ports).catch(never);
  await refreshAccount(ports).catch(never);
  await executeProposal(ports, 'first').catch(never);
  await oneSignal(ports, honest, 'second');
}

describe('a store that is lost at any step of a run', () => {
  let vigil: Vigil;
  let saved: readonly (readonly [string, Buffer])[];

  beforeEach(async () => {
    vigil = await openVigil({ redis, venue: { speed: 100 } });
    await refreshAccount(vigil.ports);
    // Something that the owner has changed, so that it can be lost.
    const wish = { id: 'maxPositions', to: 2 } as const;
    await changeLimit(vigil.ports, { wish, by: 1, shown: 'applied' });
    saved = await dump();
  });
  afterEach(() => vigil.close());

  const keys = async (): Promise<string[]> =>
    (await vigil.wiring.redis.keys(`${vigil.wiring.store.keys.mode.replace(/:mode$/, '')}:*`))
      .filter((key) => !key.includes(':bull:'))
      .toSorted();
  const dump = async () =>
    Promise.all(
      (await keys()).map(async (key) => [key, await vigil.wiring.redis.dumpBuffer(key)] as const),
    ) as Promise<[string, Buffer][]>;
  const restore = async (): Promise<void> => {
    await vigil.wiring.redis.flushall();
    for (const [key, value] of saved) await vigil.wiring.redis.restore(key, 0, value);
  };
  const loseKey = (key: string, loss: Loss) => async (): Promise<void> => {
    await vigil.wiring.redis.del(key);
    if (loss === 'damaged') await vigil.wiring.redis.set(key, '{"mode":"normal"');
    if (loss === 'of another kind') await vigil.wiring.redis.rpush(key, 'x');
  };

  it('orders nothing when everything is flushed before any call of the run', async () => {
    const honest = vigil.ports;
    const dry = runOver(honest, undefined);
    await oneSignal(dry.ports, honest, 'first');
    // The run does order, so that a loss has something to prevent; from there on the order is on its way.
    const last = dry.calls.indexOf('trading.placeEntry');
    expect(last).toBeGreaterThan(20);
    const broken: string[] = [];
    for (let at = 1; at <= last; at += 1) {
      await restore();
      const run = runOver(honest, {
        at,
        what: async () => void (await vigil.wiring.redis.flushall()),
      });
      await live(run, honest);
      if (run.ordered.length > 0) broken.push(`${at}: ${dry.calls[at - 1]}`);
    }
    expect(broken).toEqual([]);
  }, 120_000);

  it('orders nothing when one key that an entry leans on is deleted, damaged or of another kind', async () => {
    const honest = vigil.ports;
    const dry = runOver(honest, undefined);
    await oneSignal(dry.ports, honest, 'first');
    const present = await keys();
    const meant = present.filter((key) => !WITHOUT_A_SAY.test(key));
    const { mode, riskState } = vigil.wiring.store.keys;
    expect(meant).toEqual(expect.arrayContaining([mode, riskState]));
    const last = dry.calls.indexOf('trading.placeEntry');
    const broken: string[] = [];
    const lose = async (key: string, loss: Loss, at: number): Promise<readonly string[]> => {
      await restore();
      const run = runOver(honest, { at, what: loseKey(key, loss) });
      await live(run, honest);
      return run.ordered;
    };
    for (const key of meant) {
      for (const [n, loss] of LOSSES.entries()) {
        for (let at = 1 + n; at < last; at += 10) {
          const ordered = await lose(key, loss, at);
          if (ordered.length > 0) broken.push(`${key} ${loss} at ${at}: ${dry.calls[at - 1]}`);
        }
      }
    }
    // Of what was approved nothing is left to send: the other signal may go on, this one may not.
    const record = vigil.wiring.store.keys.proposal('first');
    for (let at = dry.calls.lastIndexOf('proposals.byId'); at < last; at += 5) {
      for (const loss of LOSSES)
        if ((await lose(record, loss, at)).includes('ETHUSDT')) broken.push(`${loss} at ${at}`);
    }
    expect(broken).toEqual([]);
  }, 120_000);
});

describe('after a flushed store', () => {
  it('a start is halted with the reason, and only a person opens again', async () => {
    const vigil = await openVigil({ redis, venue: { speed: 10 } });
    const { ports } = vigil;
    await refreshAccount(ports);
    await vigil.wiring.redis.flushall();
    const state = await bootMode(ports, true);
    expect(state).toMatchObject({ mode: 'halted', reasons: [{ trigger: 'memory-lost' }] });
    await refreshAccount(ports);
    await refreshAccount(ports);
    const [entry] = await judgeAndPropose(ports, [await aSignal(ports)]);
    expect(entry?.fate).toBe('refused');
    expect(await resume(ports, { by: 1, rebase: false })).toMatchObject({ kind: 'resumed' });
    const after = await approved(ports, { id: 'after' });
    await executeProposal(ports, after.id);
    expect((await vigil.truth()).orderHistory).toHaveLength(1);
    await vigil.close();
  });
});
