import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readMemory, whatIsLost } from '../../src/app/account/cycle/memory.ts';
import { backUp, isNightDue, openSchema, restore } from '../../src/process/backup/backup.ts';
import {
  backupFolder,
  backupName,
  keepNewest,
  readBackup,
} from '../../src/process/backup/backup-file.ts';
import { dumpEntries, loadEntries, type Entry } from '../../src/store/dump.ts';
import { prefixOf, storeKeys } from '../../src/store/keys.ts';
import { SCHEMA } from '../../src/store/schema.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { RELEASED, RELEASED_FOLDER, releasedStore } from '../store/released.ts';

const ACCOUNT = 'test';
const keys = storeKeys(ACCOUNT);

let host: RealRedis;
let redis: Redis;
let dataDir: string;
const logged: string[] = [];
const log = { info: (message: string) => void logged.push(message) };

beforeAll(async () => {
  host = await openRedis();
  redis = host.connect();
});
afterAll(() => host.close());
beforeEach(async () => {
  await redis.flushall();
  logged.length = 0;
  dataDir = await mkdtemp(join(tmpdir(), 'vigil-backup-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

const place = () => ({ dataDir, account: ACCOUNT });
const backups = (): Promise<string[]> => readdir(backupFolder(dataDir));
const stored = async (): Promise<Entry[]> => {
  const entries: Entry[] = [];
  for await (const each of dumpEntries(redis, ACCOUNT)) entries.push(each);
  return entries;
};

describe('a store of an earlier version', () => {
  it('is here for each that was released', async () => {
    expect((await readdir(RELEASED_FOLDER)).toSorted()).toEqual(
      RELEASED.map((each) => `${each.version}.jsonl.gz`).toSorted(),
    );
  });

  it.each(RELEASED.filter(({ schema }) => schema < SCHEMA.version))(
    '$version is copied first, and once',
    async ({ version }) => {
      await loadEntries(redis, ACCOUNT, await releasedStore(version));
      const before = await stored();
      await openSchema(redis, place(), log);
      const [name = ''] = await backups();
      expect(name).toMatch(/^test\.before-upgrade\./);
      const copy = await readBackup(join(backupFolder(dataDir), name));
      expect(copy.entries).toEqual(before);
      await openSchema(redis, place(), log);
      expect(await backups()).toHaveLength(1);
    },
  );

  it.each(RELEASED)('$version is read whole, and trading goes on', async ({ version, open }) => {
    await loadEntries(redis, ACCOUNT, await releasedStore(version));
    await openSchema(redis, place(), log);
    const store = host.store(ACCOUNT);
    const memory = await readMemory(store);
    const mode = await store.mode.read();
    expect(mode?.mode).toBe('normal');
    expect(memory.damaged).toBe(false);
    expect(whatIsLost(memory, mode)).toBeUndefined();
    expect(memory.before?.positions.map(({ symbol }) => symbol)).toContain(open);
    expect(memory.state?.peakEquity).toBeGreaterThan(0n);
    expect(await store.owners.owner()).toBe(1001);
    expect((await store.outbox.recent(100)).length).toBeGreaterThan(0);
    await store.accounts.equity(0);
    await store.proposals.recent(100);
    await store.scans.latest();
  });
});

describe('the version of what is stored', () => {
  it('is written into a store in which nothing is kept, without a copy', async () => {
    // What other processes and queues have begun with.
    for (const each of ['bull:scan:meta', 'lease:bot', 'fence:bot', 'alert:number'])
      await redis.set(prefixOf(ACCOUNT) + each, '1');
    await openSchema(redis, place(), log);
    expect(JSON.parse((await redis.get(keys.schema)) ?? '')).toEqual(SCHEMA);
    await expect(backups()).rejects.toThrow('ENOENT');
  });

  it('that is later is taken where this one can read it, and refused with a sentence where it cannot', async () => {
    const later = (readableFrom: number) =>
      redis.set(keys.schema, JSON.stringify({ version: 99, readableFrom }));
    await later(SCHEMA.version);
    await openSchema(redis, place(), log);
    expect(JSON.parse((await redis.get(keys.schema)) ?? '')).toMatchObject({ version: 99 });
    await later(SCHEMA.version + 1);
    await expect(openSchema(redis, place(), log)).rejects.toThrow(
      /^What is stored was made by a later Vigil .* Start that later Vigil, or restore/,
    );
  });
});

describe('the backup of a night', () => {
  const at = (day: number, hour: number, minute: number): number =>
    new Date(2026, 9, day, hour, minute).getTime();
  const saved = (when: number): Promise<string> =>
    backUp(redis, place(), {
      why: 'nightly',
      file: join(backupFolder(dataDir), backupName(ACCOUNT, 'nightly', when)),
    });

  it('is due once after 03:17, also late, and also where one is dated ahead by a clock that was wrong', async () => {
    const due = (when: number): Promise<boolean> => isNightDue(place(), when);
    expect(await due(at(25, 3, 16))).toBe(true);
    await saved(at(24, 9, 0));
    expect(await due(at(25, 3, 16))).toBe(false);
    expect(await due(at(25, 3, 17))).toBe(true);
    // A machine that slept.
    expect(await due(at(25, 11, 0))).toBe(true);
    await saved(at(25, 3, 17));
    expect(await due(at(25, 3, 18))).toBe(false);
    expect(await due(at(26, 2, 17))).toBe(false);
    await saved(at(29, 3, 17));
    expect(await due(at(26, 3, 30))).toBe(true);
  });
});

describe('a backup', () => {
  it('is for its owner alone and brings everything back, halted, with a copy of what was there', async () => {
    await loadEntries(redis, ACCOUNT, await releasedStore('0.1.0'));
    await openSchema(redis, place(), log);
    const before = await stored();
    const file = await backUp(redis, place(), { why: 'by-hand' });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await redis.flushall();
    await redis.set(`${prefixOf(ACCOUNT)}bull:orders:wait`, 'an order of then');
    await redis.set(keys.fence('bot'), '7');
    const copy = await restore(redis, place(), file);
    const without = (entries: readonly Entry[]) => entries.filter(({ key }) => key !== 'mode');
    expect(without(await stored())).toEqual(without(before));
    const mode = await host.store(ACCOUNT).mode.read();
    expect(mode).toMatchObject({ mode: 'halted', reasons: [{ trigger: 'restored' }] });
    expect(await redis.exists(`${prefixOf(ACCOUNT)}bull:orders:wait`)).toBe(0);
    expect(await redis.get(keys.fence('bot'))).toBe('7');
    expect((await readBackup(copy)).entries).toEqual([]);
    expect(await readFile(join(dataDir, `${ACCOUNT}.known`), 'utf8')).toContain('run');
  });

  it('keeps the reasons of a halt, and marks alerts that waited as perhaps repeated', async () => {
    const store = host.store(ACCOUNT);
    const reason = { trigger: 'drawdown', evidence: 'too deep', at: 1 };
    await store.mode.apply({ kind: 'tighten', to: 'halted', reason });
    await store.outbox.raise({
      key: 'one',
      kind: 'halt',
      severity: 'critical',
      title: 'A',
      lines: [],
      at: 1,
    });
    const file = await backUp(redis, place(), { why: 'by-hand' });
    await restore(redis, place(), file);
    const triggers = (await store.mode.read())?.reasons.map(({ trigger }) => trigger);
    expect(triggers).toContain('drawdown');
    expect(triggers).toContain('restored');
    expect((await store.outbox.pending(5)).map(({ attempts }) => attempts)).toEqual([1]);
  });

  it('is not restored under a running Vigil', async () => {
    const file = await backUp(redis, place(), { why: 'by-hand' });
    await redis.set(keys.lease('bot'), 'another process');
    await redis.set(keys.mode, 'as it is');
    await expect(restore(redis, place(), file)).rejects.toThrow('Vigil still runs');
    expect(await redis.get(keys.mode)).toBe('as it is');
  });

  it('is not restored under a worker or a stream that runs alone, and is once they have been silent for long enough', async () => {
    const { epoch, mode } = host.store(ACCOUNT);
    await mode.initialise({ mode: 'normal', reasons: [], since: 1 });
    const file = await backUp(redis, place(), { why: 'by-hand' });
    await redis.set(keys.lease('stream'), 'another process');
    await expect(restore(redis, place(), file)).rejects.toThrow('Vigil still runs');
    await redis.del(keys.lease('stream'));
    // What every process does each second.
    await epoch.beat();
    await expect(restore(redis, place(), file)).rejects.toThrow('Vigil still runs');
    const [seconds] = await redis.time();
    await redis.hset(keys.epoch, 'at', Number(seconds) * 1_000 - 12_000);
    await restore(redis, place(), file);
    expect((await mode.read())?.mode).toBe('halted');
  });

  it.each([
    ['cut off', (text: string) => text.slice(0, -40)],
    ['without a line', (text: string) => text.replace(/^.*"key":"mode".*\n/m, '')],
    ['of something else', () => 'a letter\n'],
  ])('that is %s is refused, and nothing changes', async (_how, spoil) => {
    await host.store(ACCOUNT).mode.initialise({ mode: 'normal', reasons: [], since: 1 });
    const file = await backUp(redis, place(), { why: 'by-hand' });
    const text = gunzipSync(await readFile(file)).toString('utf8');
    await writeFile(file, gzipSync(spoil(text)));
    const before = await stored();
    await expect(restore(redis, place(), file)).rejects.toThrow('is not a whole backup of Vigil');
    expect(await stored()).toEqual(before);
  });

  it('of a later version is refused with what to do', async () => {
    const schema = { version: 99, readableFrom: 99 };
    await redis.set(keys.schema, JSON.stringify(schema));
    const file = await backUp(redis, place(), { why: 'by-hand' });
    await expect(restore(redis, place(), file)).rejects.toThrow('was made by a later Vigil');
    await expect(restore(redis, place(), `${file}.gone`)).rejects.toThrow('There is no file');
  });

  it('is kept as often as asked, the newest of its own kind', async () => {
    const folder = backupFolder(dataDir);
    for (let day = 1; day <= 5; day += 1) {
      const file = join(folder, `test.nightly.2026-01-0${day}T03-17-00.jsonl.gz`);
      await backUp(redis, place(), { why: 'nightly', file });
    }
    await backUp(redis, place(), { why: 'by-hand' });
    await keepNewest(folder, { account: ACCOUNT, why: 'nightly', kept: 2 });
    const left = (await backups()).filter((name) => name.includes('nightly'));
    expect(left.map((name) => name.slice(13, 23)).toSorted()).toEqual(['2026-01-04', '2026-01-05']);
    expect(await backups()).toHaveLength(3);
  });
});
