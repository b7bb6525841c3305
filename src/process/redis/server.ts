/**
 * Brings a Redis: the one that REDIS_URL names, or a private child process with its own folder and socket.
 * The private one ends with Vigil, also when Vigil is killed, and two of them never open the same folder.
 */
import { mkdir } from 'node:fs/promises';
import { Redis } from 'ioredis';
import { findRedisBinary, type RedisBinary, type RedisLog } from './binary.ts';

import { keepRedis } from './keep.ts';
import { lockFolder } from './lock.ts';

export interface RedisOptions {
  /** REDIS_URL: used as it is. Without it a private Redis is started. */
  readonly url?: string | undefined;
  /** Folder of the private Redis's data; made when missing. */
  readonly dir: string;
  /** Keep the data in an append-only file; false keeps it in memory only. */
  readonly persist: boolean;
  /** Where a Redis is unpacked when the system has none. */
  readonly cacheDir: string;
  readonly log: RedisLog;
  /** Folders to look for redis-server in, joined as in PATH; the system's own when absent. */
  readonly searchPath?: string;
  /** Waits before a private one is started again, milliseconds, and how often; up to 10 s each when absent. */
  readonly waitsMs?: readonly number[];
}

export interface RunningRedis {
  /** For `new Redis(url)`: a redis:// address or the path of a unix socket. Holds the password, if any: never log it. */
  readonly url: string;
  /** For people: the address without user and password. */
  readonly label: string;
  readonly origin: 'url' | RedisBinary['origin'];
  /** Process of a private Redis; another one after it was started again. */
  readonly pid?: number;
  /** Hears, in a sentence for the owner, of each time a private Redis ended by itself and was started again. */
  onRestart(listener: (sentence: string) => void): void;
  /** Resolves, with the reason, when a private Redis goes on ending and is given up: then Vigil cannot go on. */
  readonly lost: Promise<string>;
  /** Ends a private Redis and removes its socket and lock, keeping persisted data. Does nothing to one given by URL. */
  stop(): Promise<void>;
}

/**
 * A Redis that has answered a ping. Throws an Error with a message for the owner when none can be had, and never puts a
 * password in it.
 */
export async function startRedis(options: RedisOptions): Promise<RunningRedis> {
  return options.url === undefined || options.url === ''
    ? startPrivate(options)
    : useGiven(options.url);
}

async function useGiven(url: string): Promise<RunningRedis> {
  const label = labelOf(url);
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 5_000,
    commandTimeout: 5_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let problem: unknown;
  redis.on('error', (error: unknown) => {
    problem = error;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    throw new Error(
      `REDIS_URL names ${label}, which does not answer: ${reasonOf(problem ?? error)}. ` +
        'Start that Redis, correct REDIS_URL, or unset it to let Vigil run its own.',
    );
  } finally {
    redis.disconnect();
  }
  return {
    url,
    label,
    origin: 'url',
    onRestart: () => undefined,
    lost: new Promise(() => undefined),
    stop: async () => {},
  };
}

function labelOf(url: string): string {
  if (url.startsWith('/')) return url.split('?', 1)[0] ?? '';
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^rediss?:$/.test(parsed.protocol)) {
    throw new Error(
      'REDIS_URL is not a Redis address. Allowed: redis://[user:password@]host[:port][/database], ' +
        'rediss:// for TLS, or the path of a unix socket.',
    );
  }
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  if (/WRONGPASS|invalid password/i.test(text)) return 'it refuses the user or password';
  if (/NOAUTH/.test(text)) return 'it wants a password';
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  return code ?? text.split('\n', 1)[0] ?? 'no reason given';
}

async function startPrivate(options: RedisOptions): Promise<RunningRedis> {
  const { dir, log } = options;
  const binary = await findRedisBinary(options);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const lock = await lockFolder(dir, log);
  try {
    const kept = await keepRedis({ ...options, binary, lock });
    return {
      url: kept.socket,
      label: `a private Redis in ${dir}`,
      origin: binary.origin,
      get pid() {
        return kept.pid();
      },
      onRestart: kept.onRestart,
      lost: kept.lost,
      stop: async () => {
        await kept.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** A setting of Redis with which Vigil could lose or refuse state. */
export interface RedisFinding {
  readonly setting: 'appendonly' | 'maxmemory-policy' | 'version';
  readonly actual: string;
  readonly wanted: string;
  readonly message: string;
}

/** The oldest Redis that the queues are tested with by their makers. */
const OLDEST = [6, 2] as const;

/**
 * What is wrong with a Redis for keeping state that must not be lost; empty when nothing is. Reads INFO alone, which a
 * managed Redis allows too.
 */
export async function checkRedisSafety(redis: {
  info(): Promise<string>;
}): Promise<RedisFinding[]> {
  const info = await redis.info();
  const field = (name: string): string =>
    new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? 'unknown';
  const findings: RedisFinding[] = [];
  const aof = field('aof_enabled');
  if (aof !== '1') {
    findings.push({
      setting: 'appendonly',
      actual: aof === '0' ? 'no' : aof,
      wanted: 'yes',
      message: 'Redis keeps no append-only file, so a crash loses state. Set appendonly yes.',
    });
  }
  const policy = field('maxmemory_policy');
  if (policy !== 'noeviction') {
    findings.push({
      setting: 'maxmemory-policy',
      actual: policy,
      wanted: 'noeviction',
      message: `Redis may drop keys when memory is short (maxmemory-policy ${policy}). Set maxmemory-policy noeviction.`,
    });
  }
  const version = field('redis_version');
  if (olderThan(version, OLDEST)) {
    findings.push({
      setting: 'version',
      actual: version,
      wanted: `${OLDEST.join('.')} or later`,
      message: `Redis ${version} is older than the queues need. Use ${OLDEST.join('.')} or later.`,
    });
  }
  return findings;
}

function olderThan(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return !(ownMajor > major || (ownMajor === major && ownMinor >= minor));
}
