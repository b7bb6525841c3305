import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bootMode } from '../../src/app/boot-mode.ts';
import { executeProposal } from '../../src/app/execute-proposal.ts';
import type { Ports } from '../../src/app/ports.ts';
import { judgeAndPropose } from '../../src/app/propose.ts';
import { refreshAccount } from '../../src/app/refresh-account.ts';
import { resume } from '../../src/app/resume.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { approved, aSignal } from './signals.ts';
import { openVigil, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;
let ports: Ports;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil.close());

async function open(): Promise<void> {
  vigil = await openVigil({ redis, venue: { speed: 10 } });
  ({ ports } = vigil);
  await refreshAccount(ports);
}
const orders = async (): Promise<number> => (await vigil.truth()).orderHistory.length;

/** Steps of a run at which the store may be lost, each with what was done before. */
const STEPS: readonly (readonly [string, () => Promise<string>])[] = [
  ['before any signal', async () => 'none'],
  [
    'with a signal waiting',
    async () => {
      const signal = await aSignal(ports);
      await judgeAndPropose(ports, [signal]);
      return signal.id;
    },
  ],
  ['with an approval waiting for its job', async () => (await approved(ports)).id],
];

const LOSSES: readonly (readonly [
  string,
  (keys: Vigil['wiring']['store']['keys']) => Promise<void>,
])[] = [
  ['everything is flushed', async () => void (await vigil.wiring.redis.flushall())],
  ['the mode is deleted', async (keys) => void (await vigil.wiring.redis.del(keys.mode))],
  [
    'the mode is damaged',
    async (keys) => void (await vigil.wiring.redis.set(keys.mode, '{"mode":"norm')),
  ],
  [
    'the risk state is deleted',
    async (keys) => void (await vigil.wiring.redis.del(keys.riskState)),
  ],
  [
    'the risk state is damaged',
    async (keys) => void (await vigil.wiring.redis.set(keys.riskState, 'x')),
  ],
];

describe.each(STEPS)('a store that is lost %s', (_step, prepare) => {
  it.each(LOSSES)('sends no entry order when %s', async (_loss, lose) => {
    await open();
    const id = await prepare();
    await lose(vigil.wiring.store.keys);
    await executeProposal(ports, id).catch(() => undefined);
    const fresh = await aSignal(ports, { id: 'fresh' });
    await judgeAndPropose(ports, [fresh]).catch(() => []);
    await executeProposal(ports, 'fresh').catch(() => undefined);
    expect(await orders()).toBe(0);
  });
});

describe('after a flushed store', () => {
  it('a start is halted with the reason, and only a person opens again', async () => {
    await open();
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
    expect(await orders()).toBe(1);
  });
});
