/** A halt that the store does not take outlives the process that heard it. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHaltGuard } from '../../src/app/halt/halt-guard.ts';
import type { Store } from '../../src/store/store.ts';
import { createClosingShelf, goOnClosing } from '../../src/process/without-store/closing-shelf.ts';
import type { FlattenRequest } from '../../src/app/ports/work.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import { createHaltShelf, storeShelvedHalts } from '../../src/process/without-store/halt-shelf.ts';
import { eventually, openRedis, type RealRedis } from '../store/real-redis.ts';

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
    storeShelvedHalts(place(), { mode: guard.mode, clock: { now: () => 5, speed: 1 } });
  return { store, guard, start };
}

const writes = (taken: boolean): Promise<unknown> =>
  taken
    ? redis.connect().call('REPLICAOF', 'NO', 'ONE')
    : redis.connect().replicaof('127.0.0.1', 1);

const reasonsOf = async ({ mode }: Pick<Store, 'mode'>) => (await mode.read())?.reasons ?? [];

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

  it('is stored with every other one of the same outage, in their order, also by the next process', async () => {
    const { store, guard } = openProcess();
    await store.mode.initialise({ mode: 'normal', reasons: [], since: 1 });
    await guard.mode.apply({ kind: 'resume', at: 9, by: 7, judged: await reasonsOf(store) });
    await writes(false);
    const taken = { trigger: 'money-taken', evidence: 'It was not you.', at: REASON.at + 1 };
    const again = { ...REASON, evidence: 'Halted by you again.', at: REASON.at + 2 };
    for (const each of [REASON, taken, again])
      expect(await guard.hold(each)).toMatchObject({ kind: 'not stored yet' });
    expect(guard.unstored()).toEqual([REASON, taken, again]);
    // The process ends before the store is back.
    guard.stop();
    await writes(true);
    const next = openProcess();
    await next.start();
    // The same condition is listed once, as it was given last; the journal has each.
    expect(await reasonsOf(store)).toEqual([again, taken]);
    const told = JSON.stringify(await store.redis.xrange(store.keys.modeJournal, '-', '+'));
    for (const { evidence } of [REASON, taken, again]) expect(told).toContain(evidence);
    await next.guard.mode.apply({ kind: 'resume', at: 9, by: 7, judged: [again, taken] });
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('tells once that all of them are stored', async () => {
    const { store, guard } = openProcess();
    await guard.mode.apply({ kind: 'resume', at: 9, by: 7, judged: await reasonsOf(store) });
    await writes(false);
    const last = { ...REASON, trigger: 'money-taken', at: REASON.at + 50 };
    for (const each of [{ ...REASON, at: REASON.at + 40 }, last]) await guard.hold(each);
    await writes(true);
    const key = `halt-stored:${last.at}`;
    await eventually('it is told', async () =>
      (await store.outbox.pending(50)).some((each) => each.key === key),
    );
    const told = (await store.outbox.pending(50)).filter((each) =>
      each.key.startsWith('halt-stored'),
    );
    expect(told.filter(({ at }) => at > REASON.at + 30)).toHaveLength(1);
    expect(await reasonsOf(store)).toHaveLength(2);
    guard.stop();
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

  it('halts also where the file is there and cannot be read', async () => {
    const { store, guard, start } = openProcess();
    const judged = (await store.mode.read())?.reasons ?? [];
    await guard.mode.apply({ kind: 'resume', at: 9, by: 7, judged });
    // As a file of another user, which even this process may read when it is root.
    await mkdir(join(dataDir, 'shelf.halt'));
    await start();
    expect((await store.mode.read())?.mode).toBe('halted');
    expect(await readdir(dataDir)).toEqual([]);
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

describe('a closing that was confirmed while the store takes nothing', () => {
  const request: FlattenRequest = { id: 'c1', by: 7, closePositions: true, at: REASON.at };
  const works = (taken: FlattenRequest[]) => ({
    mode: openProcess().store.mode,
    clock: { now: () => 5, speed: 1 },
    work: { flatten: async (each: FlattenRequest) => void taken.push(each) } as Ports['work'],
  });

  it('is asked for again by the next process, unless it is closed, and once', async () => {
    const shelf = createClosingShelf(place(), quiet);
    const other = { ...request, id: 'c2', only: ['p1'] };
    await shelf.put(request);
    await shelf.put(other);
    await shelf.clear(other);
    const refused = { ...works([]), work: { flatten: () => Promise.reject(new Error('away')) } };
    await expect(goOnClosing(place(), refused as unknown as Ports)).rejects.toThrow('away');
    const taken: FlattenRequest[] = [];
    await goOnClosing(place(), works(taken));
    await goOnClosing(place(), works(taken));
    expect(taken).toEqual([request]);
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('halts where it cannot be read any more, and says what to do', async () => {
    const ports = works([]);
    await ports.mode.apply({ kind: 'resume', at: 9, by: 7, judged: await reasonsOf(ports) });
    await writeFile(join(dataDir, 'shelf.closing'), '[{"id":');
    await goOnClosing(place(), ports);
    const state = await ports.mode.read();
    expect(state?.mode).toBe('halted');
    expect(state?.reasons[0]?.evidence).toContain('/panic closes what is open');
  });
});
