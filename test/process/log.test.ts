import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../src/process/log.ts';
import { openLogFile } from '../../src/process/log-file.ts';
import { eventually } from '../store/real-redis.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigil-log-'));
  file = join(folder, 'logs', 'vigil.log');
});
afterEach(() => rm(folder, { recursive: true }));

const mode = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe('the log', () => {
  it('is JSON lines without secrets, for its owner alone', async () => {
    const log = createLog({ level: 'info', file });
    log.warn('a call failed', { reason: 'at /bot7000000001:abcdefghijklmnopqrst/x', apiKey: 'k' });
    log.info('two\nlines');
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    expect(lines.map((each) => JSON.parse(each) as unknown)).toEqual([
      expect.objectContaining({
        msg: 'a call failed',
        reason: 'at /bot[secret]/x',
        apiKey: '[secret]',
      }),
      expect.objectContaining({ msg: 'two\nlines' }),
    ]);
    expect(await mode(file)).toBe(0o600);
  });

  it('closes a file to others that an earlier version left open', async () => {
    const old = join(folder, 'old.log');
    await writeFile(old, '{}\n', { mode: 0o644 });
    openLogFile({ file: old, rotates: true });
    expect(await mode(old)).toBe(0o600);
    expect(await readFile(old, 'utf8')).toBe('{}\n');
  });

  it('is moved aside when it is full, by one process alone, and the other follows; the oldest go', async () => {
    const main = openLogFile({ file, rotates: true, maxBytes: 100 });
    const worker = openLogFile({ file, rotates: false, maxBytes: 100 });
    let turns = 0;
    await eventually(
      'seven files were full',
      async () => {
        const before = (await stat(file)).ino;
        worker.write(`worker ${'x'.repeat(20)}\n`);
        main.write(`main ${'x'.repeat(20)}\n`);
        if ((await stat(file)).ino !== before) turns += 1;
        return turns >= 7;
      },
      60_000,
    );
    const kept = await readdir(join(folder, 'logs'));
    expect(kept.toSorted()).toEqual([
      'vigil.log',
      'vigil.log.1',
      'vigil.log.2',
      'vigil.log.3',
      'vigil.log.4',
    ]);
    const newest = await readFile(`${file}.1`, 'utf8');
    expect(newest).toMatch(/^worker x/m);
    expect(newest).toMatch(/^main x/m);
  });
});
