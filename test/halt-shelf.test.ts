/** A halt that the store does not take outlives the process that heard it. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHaltGuard } from '../src/app/halt/halt-guard.ts';
import { createHaltShelf, storeShelvedHalt } from '../src/process/away/halt-shelf.ts';
import { eventually, openRedis, type RealRedis } from './store/real-redis.ts';

const REASON = { trigger: 'owner', evidence: 'Halted by you (user 7).', at: 1_760_000_000_000 };
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.min(ms, 100)));

let redis: RealRedis;
let dataDir: string;
const account = 'shelf';

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'vigil-shelf-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const place = () => ({ dataDir, account });

function openProcess() {
  const store = redis.store(account);
  const shelf = createHaltShelf(place(), quiet);
  const guard = createHaltGuard({ ...store, pause, log: quiet, shelf });
  const start = (): Promise<void> =>
    storeShelvedHalt(place(), { mode: guard.mode, clock: { now: () => 5, speed: 1 } });
  return { store, guard, start };
}

const writes = (taken: boolean): Promise<unknown> =>
  taken
    ? redis.connect().call('REPLICAOF', 'NO', 'ONE')
    : redis.connect().replicaof('127.0.0.1', 1);

describe('a halt that the store does not take', () => {
  it('is stored by the next process, and once', async () => {
    const first = openProcess();
    await first.store.mode.initialise({ mode: 'normal', reasons: [], since: 1 });
    await writes(false);
    expect(await first.guard.hold(REASON)).toMatchObject({ kind: 'not stored yet' });
    // The process ends before the store is back.
    first.guard.stop();
    const second = openProcess();
    // A start that cannot store it yet fails and loses nothing.
    await expect(second.start()).rejects.toThrow();
    await writes(true);
    await second.start();
    expect(await second.store.mode.read()).toMatchObject({ mode: 'halted', reasons: [REASON] });
    await second.guard.mode.apply({ kind: 'resume', at: 9, by: 7, judged: [REASON] });
    await openProcess().start();
    expect((await second.store.mode.read())?.mode).toBe('normal');
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('is forgotten by the shelf as soon as it is stored', async () => {
    const { store, guard } = openProcess();
    await writes(false);
    await guard.hold(REASON);
    expect(await readdir(dataDir)).toEqual(['shelf.halt']);
    await writes(true);
    await eventually('it is forgotten', async () => (await readdir(dataDir)).length === 0);
    expect((await store.mode.read())?.mode).toBe('halted');
    guard.stop();
  });

  it('leaves nothing behind where a second halt is stored first', async () => {
    const { guard } = openProcess();
    await writes(false);
    await guard.hold(REASON);
    await writes(true);
    expect(await guard.hold({ ...REASON, at: REASON.at + 1 })).toMatchObject({ kind: 'stored' });
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('halts also where the file is damaged, and nothing is read as nothing', async () => {
    const { store, guard, start } = openProcess();
    const judged = (await store.mode.read())?.reasons ?? [];
    await guard.mode.apply({ kind: 'resume', at: 9, by: 7, judged });
    await start();
    expect((await store.mode.read())?.mode).toBe('normal');
    await writeFile(join(dataDir, 'shelf.halt'), '{"trigger":');
    await start();
    expect(await store.mode.read()).toMatchObject({
      mode: 'halted',
      reasons: [{ trigger: 'owner', evidence: 'Halted by you before the last start.', at: 5 }],
    });
  });

  it('still holds in memory where the file cannot be written either', async () => {
    const { guard } = openProcess();
    await rm(dataDir, { recursive: true });
    await writes(false);
    expect(await guard.hold(REASON)).toMatchObject({ kind: 'not stored yet' });
    expect(await guard.permission.refusal()).toBe('You have halted trading.');
    guard.stop();
    await writes(true);
  });
});
