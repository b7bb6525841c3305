import { spawnSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHeartbeat } from '../../src/process/pulse/heartbeat.ts';
import { pulseFile, writePulseFile } from '../../src/process/pulse/pulse-file.ts';
import { noteWatchOnFile, watchOnFile } from '../../src/process/pulse/watch-file.ts';
import { eventually } from '../store/real-redis.ts';

let server: Server;
let heard: string[];
let status = 200;
let stop: (() => void | Promise<void>) | undefined;
const logged: string[] = [];
const note = (message: string, fields?: unknown): void =>
  void logged.push(`${message} ${JSON.stringify(fields)}`);
const log = { warn: note, info: note };

beforeEach(async () => {
  heard = [];
  logged.length = 0;
  status = 200;
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      heard.push(`${request.url} ${body}`.trim());
      response.writeHead(status).end('OK');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
});
afterEach(async () => {
  await stop?.();
  stop = undefined;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const address = (): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}/ping/abc/`;

describe('the heartbeat', () => {
  it('says that it starts, success while all is well, a failure with its reason at once, and success again', async () => {
    let trouble: string | undefined;
    const options = { url: address(), trouble: () => trouble, log, everyMs: 40 };
    stop = startHeartbeat(options).stop;
    const successes = () => heard.filter((each) => each === '/ping/abc').length;
    await eventually('two successes', () => successes() >= 2);
    expect(heard[0]).toBe('/ping/abc/start');
    trouble = 'I have not read your account.';
    await eventually('the failure', () => heard.at(-1)?.startsWith('/ping/abc/fail'));
    expect(heard.at(-1)).toBe('/ping/abc/fail I have not read your account.');
    trouble = undefined;
    const before = successes();
    await eventually('the next success', () => successes() > before);
  });

  it('goes on where it is refused, and says so once in the log without its address', async () => {
    status = 500;
    stop = startHeartbeat({ url: address(), trouble: () => undefined, log, everyMs: 20 }).stop;
    await eventually('five tries', () => heard.length >= 5);
    expect(logged).toEqual(['the heartbeat is not heard {"reason":"it answers 500"}']);
    status = 200;
    await eventually('a word of it', () => logged.length === 2);
    expect(logged[1]).toContain('the heartbeat is heard again');
    expect(logged.join()).not.toContain('abc');
  });
});

describe('a heartbeat whose listener is slow', () => {
  it('makes one call at a time, and tells what is so then', async () => {
    let open = 0;
    let most = 0;
    const words: string[] = [];
    let hold: (() => void) | undefined;
    server.removeAllListeners('request');
    server.on('request', (request, response) => {
      open += 1;
      most = Math.max(most, open);
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        words.push(`${request.url} ${body}`.trim());
        hold = () => {
          open -= 1;
          response.end('OK');
        };
      });
    });
    let trouble: string | undefined = 'first';
    stop = startHeartbeat({ url: address(), trouble: () => trouble, log, everyMs: 10 }).stop;
    await eventually('the start', () => words.length === 1);
    hold?.();
    await eventually('the first trouble', () => words.length === 2);
    for (const each of ['second', undefined, 'third', undefined]) {
      trouble = each;
      // Longer than between two looks.
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    hold?.();
    await eventually('the next', () => words.length === 3);
    expect(words).toEqual(['/ping/abc/start', '/ping/abc/fail first', '/ping/abc']);
    expect(most).toBe(1);
    hold?.();
  });
});

describe('the last watch on file', () => {
  it('is of whoever keeps watch, not of one that starts, stands by or works beside it', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'vigil-watch-'));
    const place = { dataDir, account: 'one' };
    try {
      expect(await watchOnFile(place)).toBeUndefined();
      const from = Date.now();
      await noteWatchOnFile(place, () => true).end(false);
      const watched = await watchOnFile(place);
      expect(watched?.planned).toBe(false);
      expect(watched?.at).toBeGreaterThanOrEqual(from);
      await noteWatchOnFile(place, () => false).end(true);
      await writePulseFile(pulseFile(place), () => undefined).stop();
      expect(await watchOnFile(place)).toEqual(watched);
      await noteWatchOnFile(place, () => true).end(true);
      expect(await watchOnFile(place)).toMatchObject({ planned: true });
    } finally {
      await rm(dataDir, { recursive: true });
    }
  });
});

describe('the health check of a container', () => {
  const script = fileURLToPath(new URL('../../scripts/healthy.mjs', import.meta.url));
  const check = (dataDir: string) => {
    const env = { ...process.env, VIGIL_DATA_DIR: dataDir, VIGIL_ACCOUNT: 'one' };
    const { status: code, stdout } = spawnSync(process.execPath, [script], { env });
    return [code, stdout.toString().trim()];
  };

  it('passes while the file is fresh and well, and says what is wrong otherwise', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'vigil-pulse-'));
    const file = pulseFile({ dataDir, account: 'one' });
    try {
      expect(check(dataDir)).toEqual([1, 'Vigil does not run here.']);
      const written = writePulseFile(file, () => undefined);
      await eventually(
        'the file',
        async () => (await readFile(file, 'utf8').catch(() => '')) !== '',
      );
      expect(check(dataDir)).toEqual([0, '']);
      await written.stop();
      expect(check(dataDir)).toEqual([1, 'Vigil was stopped.']);
      await writeFile(file, 'well\n');
      const old = new Date(Date.now() - 61_000);
      await utimes(file, old, old);
      expect(check(dataDir)).toEqual([1, 'Vigil has not written its pulse for a minute.']);
      await writeFile(file, 'I cannot write to my memory (Redis).\n');
      expect(check(dataDir)).toEqual([1, 'I cannot write to my memory (Redis).']);
    } finally {
      await rm(dataDir, { recursive: true });
    }
  });
});
