import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findRedisBinary, redisEnvironment } from '../../src/process/redis/binary.ts';
import { checkRedisSafety, startRedis, type RunningRedis } from '../../src/process/redis/server.ts';
import { PATIENCE_MS } from '../patience.ts';
import { nodeArgs } from '../programs.ts';

const cacheDir = new URL('../../.cache', import.meta.url).pathname;

let dir: string;
const lines: string[] = [];
const log = { info: (text: string) => lines.push(text), warn: (text: string) => lines.push(text) };
const cleanUps: (() => unknown)[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'redis-test-'));
  lines.length = 0;
});

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
  await rm(dir, { recursive: true, force: true });
});

async function start(persist: boolean, at = dir): Promise<RunningRedis> {
  const redis = await startRedis({ dir: at, persist, cacheDir, log });
  cleanUps.push(() => redis.stop());
  return redis;
}

function clientOf(url: string): Redis {
  const client = new Redis(url, { retryStrategy: () => null });
  client.on('error', () => {});
  cleanUps.push(() => client.disconnect());
  return client;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** A process that has ended but that nobody has asked about yet does not count. */
async function runs(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return /^State:\s*[^ZX]/m.test(status);
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`Not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

interface Host {
  readonly child: ChildProcess;
  readonly redis: { pid: number; url: string };
}

/** Another Vigil-like process that holds a Redis. */
async function host(): Promise<Host> {
  const child = spawn(process.execPath, [...nodeArgs('test/store/redis-host.ts'), dir, cacheDir], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  cleanUps.push(() => child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, redis: JSON.parse(line.toString()) as Host['redis'] };
}

describe('a private Redis', () => {
  it('answers, keeps an append-only file and evicts nothing', async () => {
    const redis = await start(true);
    const client = clientOf(redis.url);
    expect(await client.ping()).toBe('PONG');
    expect(await checkRedisSafety(client)).toEqual([]);
  });

  it('leaves no process, socket or lock after stop, and keeps what it was told', async () => {
    const first = await start(true);
    await clientOf(first.url).set('mode', 'halted');
    await first.stop();
    expect(await runs(first.pid ?? 0)).toBe(false);
    expect(await exists(dirname(first.url))).toBe(false);
    expect(await readdir(dir)).toEqual(['appendonlydir']);
    const second = await start(true);
    expect(await clientOf(second.url).get('mode')).toBe('halted');
  });

  it('writes no file when it need not persist', async () => {
    const redis = await start(false);
    await clientOf(redis.url).set('a', '1');
    await redis.stop();
    expect(await readdir(dir)).toEqual([]);
  });

  it('sees none of the environment of Vigil', async () => {
    process.env['VIGIL_TEST_SECRET'] = 'hush';
    cleanUps.push(() => delete process.env['VIGIL_TEST_SECRET']);
    const redis = await start(false);
    expect(await readFile(`/proc/${redis.pid}/environ`, 'utf8')).not.toContain('hush');
  });

  it('runs beside another one in another folder', async () => {
    await mkdir(join(dir, 'a'));
    const [a, b] = await Promise.all([start(true, join(dir, 'a')), start(true, join(dir, 'b'))]);
    await clientOf(a.url).set('which', 'a');
    expect(await clientOf(b.url).get('which')).toBe(null);
  });

  it('starts under a temporary folder whose path is too long for a socket', async () => {
    const before = process.env['TMPDIR'];
    cleanUps.push(() => {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    });
    process.env['TMPDIR'] = join(dir, 'x'.repeat(120));
    await mkdir(process.env['TMPDIR']);
    expect(await clientOf((await start(false)).url).ping()).toBe('PONG');
  });

  it('waits for the former Redis of the same folder to end', async () => {
    const first = await start(true);
    await clientOf(first.url).set('count', '1');
    let secondIsUp = false;
    const second = start(true).then((redis) => {
      secondIsUp = true;
      return redis;
    });
    await until('the second waits', () => lines.some((line) => line.includes('Waiting')));
    expect(secondIsUp).toBe(false);
    await first.stop();
    expect(await clientOf((await second).url).get('count')).toBe('1');
  });

  it('that is killed is started again at the same address with its data, and says so', async () => {
    const redis = await start(true);
    const told: string[] = [];
    redis.onRestart((sentence) => told.push(sentence));
    const first = redis.pid ?? 0;
    await clientOf(redis.url).set('mode', 'halted');
    process.kill(first, 'SIGKILL');
    await until('a sentence for the owner', () => told.length > 0);
    expect(told).toEqual([expect.stringContaining('ended by itself. I started it again')]);
    expect(redis.pid).not.toBe(first);
    expect(await clientOf(redis.url).get('mode')).toBe('halted');
    expect(lines.filter((line) => line.includes('has ended by itself'))).toHaveLength(1);
  });

  it('that goes on ending is given up after as many starts as it has', async () => {
    const redis = await startRedis({ dir, persist: true, cacheDir, log, waitsMs: [0, 5] });
    cleanUps.push(() => redis.stop());
    let starts = 0;
    redis.onRestart(() => {
      starts += 1;
      process.kill(redis.pid ?? 0, 'SIGKILL');
    });
    process.kill(redis.pid ?? 0, 'SIGKILL');
    expect(await redis.lost).toContain('goes on ending by itself');
    expect(starts).toBe(2);
  });

  it('that was stopped on purpose is not started again', async () => {
    const redis = await start(true);
    await redis.stop();
    expect(lines.join()).not.toContain('ended by itself');
    expect(await readdir(dir)).toEqual(['appendonlydir']);
  });
});

describe('a private Redis whose Vigil ends', () => {
  it('ends by itself when Vigil is killed, with all that was acknowledged', async () => {
    const { child, redis } = await host();
    await clientOf(redis.url).set('orders', '3');
    child.kill('SIGKILL');
    await until('Redis ended', async () => !(await runs(redis.pid)));
    await until('its socket folder is gone', async () => !(await exists(dirname(redis.url))));
    expect(await clientOf((await start(true)).url).get('orders')).toBe('3');
  });

  it('does not get the Ctrl-C that the terminal sends to Vigil’s process group', async () => {
    const { child, redis } = await host();
    process.kill(-(child.pid ?? 0), 'SIGINT');
    await once(child.stdout ?? child, 'data');
    expect(await clientOf(redis.url).ping()).toBe('PONG');
  });

  it('is waited for by a Vigil that is restarted at once', async () => {
    const { child, redis } = await host();
    child.kill('SIGKILL');
    const next = await start(true);
    expect(await runs(redis.pid)).toBe(false);
    expect(await clientOf(next.url).ping()).toBe('PONG');
  });

  it('is ended by the next Vigil when its keeper was killed too', async () => {
    const { child, redis } = await host();
    const keeper = await parentOf(redis.pid);
    const family = await readFile(`/proc/${keeper}/task/${keeper}/children`, 'utf8');
    const watch = family
      .trim()
      .split(' ')
      .map(Number)
      .filter((pid) => pid !== redis.pid);
    for (const pid of [keeper, ...watch]) process.kill(pid, 'SIGKILL');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await runs(redis.pid)).toBe(true);
    const next = await start(true);
    expect(await clientOf(next.url).ping()).toBe('PONG');
    await until('the orphan ended', async () => !(await runs(redis.pid)));
    await rm(dirname(redis.url), { recursive: true, force: true });
  });
});

async function parentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number.parseInt(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? '', 10);
}

describe('REDIS_URL', () => {
  it('is used as it is, and stop leaves that Redis running', async () => {
    const given = await start(false);
    const redis = await startRedis({ url: given.url, dir, persist: true, cacheDir, log });
    expect(redis).toMatchObject({ origin: 'url', url: given.url });
    expect(redis.pid).toBe(undefined);
    await redis.stop();
    expect(await clientOf(given.url).ping()).toBe('PONG');
  });

  it('with a wrong password is refused without showing it', async () => {
    const port = await protectedRedis('the-right-one');
    const attempt = (password: string): Promise<RunningRedis> =>
      startRedis({
        url: `redis://:${password}@127.0.0.1:${port}/2`,
        dir,
        persist: true,
        cacheDir,
        log,
      });
    const right = await attempt('the-right-one');
    expect(right.label).toBe(`redis://127.0.0.1:${port}/2`);
    const refusal = await attempt('a-wrong-one').catch((error: Error) => error.message);
    expect(refusal).toContain(`redis://127.0.0.1:${port}/2`);
    expect(refusal).toContain('refuses the user or password');
    expect(refusal).not.toContain('a-wrong-one');
  });

  it('that nobody answers is refused at once with what to do', async () => {
    const url = `redis://:hush@127.0.0.1:${await freePort()}`;
    const refusal = await startRedis({ url, dir, persist: true, cacheDir, log }).catch(
      (error: Error) => error.message,
    );
    expect(refusal).toMatch(/does not answer: ECONNREFUSED.*or unset it/);
    expect(refusal).not.toContain('hush');
  });

  it.each(['localhost:6379', 'http://localhost:6379', 'redis//x'])(
    '%j is refused with the forms that are allowed',
    async (url) => {
      await expect(startRedis({ url, dir, persist: true, cacheDir, log })).rejects.toThrow(
        /not a Redis address\. Allowed: redis:\/\//,
      );
    },
  );
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function protectedRedis(password: string): Promise<number> {
  const { file, libraries } = await findRedisBinary({ cacheDir, log });
  const port = await freePort();
  const child = spawn(file, ['--port', `${port}`, '--requirepass', password, '--save', ''], {
    cwd: dir,
    stdio: 'ignore',
    env: redisEnvironment(libraries),
  });
  cleanUps.push(() => child.kill());
  const client = new Redis({
    port,
    password,
    retryStrategy: () => 10,
    maxRetriesPerRequest: null,
  });
  client.on('error', () => {});
  await client.ping();
  client.disconnect();
  return port;
}

describe('a system without Redis', () => {
  it('and without Debian packages names the three ways to get one', async () => {
    const searchPath = join(dir, 'nothing-here');
    const attempt = startRedis({ dir, persist: true, cacheDir: dir, log, searchPath });
    await expect(attempt).rejects.toThrow(
      /No redis-server on the PATH.*\(1\) install it.*\(2\) set REDIS_URL.*\(3\).*docker compose up/,
    );
  });

  it('gets one from the distribution’s packages without root', async (context) => {
    if (process.env['VIGIL_TEST_REDIS_PACKAGE'] !== '1') {
      context.skip('set VIGIL_TEST_REDIS_PACKAGE=1 to download the distribution’s Redis package');
    }
    const searchPath = await pathWithoutRedis();
    // Relative, as a script that runs in the project's folder names it.
    const cacheDir = relative('.', join(dir, 'cache'));
    const options = { dir, persist: true, cacheDir, log, searchPath };
    const first = await startRedis(options);
    expect(first.origin).toBe('cache');
    expect(await clientOf(first.url).ping()).toBe('PONG');
    await first.stop();
    lines.length = 0;
    const again = await startRedis(options);
    cleanUps.push(() => again.stop());
    expect(again.origin).toBe('cache');
    expect(lines).toEqual([]);
    expect(await readdir(options.cacheDir)).toEqual(['redis']);
  });
});

async function pathWithoutRedis(): Promise<string> {
  const bin = join(dir, 'bin');
  await mkdir(bin);
  for (const tool of ['apt-get', 'apt-cache', 'dpkg-deb']) {
    await symlink(`/usr/bin/${tool}`, join(bin, tool));
  }
  return bin;
}

describe('the safety check', () => {
  it('finds a Redis that keeps nothing and may drop keys', async () => {
    const client = clientOf((await start(false)).url);
    await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const findings = await checkRedisSafety(client);
    expect(findings).toMatchObject([
      { setting: 'appendonly', actual: 'no', wanted: 'yes' },
      { setting: 'maxmemory-policy', actual: 'allkeys-lru', wanted: 'noeviction' },
    ]);
  });

  it.each([
    ['5.0.14', true],
    ['6.0.16', true],
    ['6.2.0', false],
    ['7.0.15', false],
    ['10.0.0', false],
  ])('of version %s finds it too old: %s', async (version, tooOld) => {
    const info = `redis_version:${version}\r\naof_enabled:1\r\nmaxmemory_policy:noeviction\r\n`;
    const findings = await checkRedisSafety({ info: async () => info });
    expect(findings.some((finding) => finding.setting === 'version')).toBe(tooOld);
  });

  it('counts what Redis does not tell as a finding', async () => {
    const findings = await checkRedisSafety({ info: async () => '# Server\r\n' });
    expect(findings.map((finding) => finding.actual)).toContain('unknown');
  });
});
