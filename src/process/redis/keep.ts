/** A private Redis that ends by itself, as when memory is short, is started again at the same socket with its data. */
import { setTimeout as delay } from 'node:timers/promises';
import type { RedisBinary, RedisLog } from './binary.ts';
import { launchRedis, newSocket, type RedisChild } from './child.ts';
import type { FolderLock } from './lock.ts';

interface Options {
  readonly binary: RedisBinary;
  readonly dir: string;
  readonly persist: boolean;
  readonly lock: Pick<FolderLock, 'record'>;
  readonly log: RedisLog;
  /** Waits before each new start in a row, milliseconds, and how many there are; up to 10 s each when absent. */
  readonly waitsMs?: readonly number[];
}

export interface KeptRedis {
  /** Path of its socket, whichever process listens there. */
  readonly socket: string;
  pid(): number;
  onRestart(listener: (sentence: string) => void): void;
  /** Resolves with the reason when it is not started again. */
  readonly lost: Promise<string>;
  stop(): Promise<void>;
}

const WAITS_MS = [0, 1_000, 2_000, 5_000, 10_000];
/** One that has run so long begins a new row. */
const CALM_MS = 10 * 60_000;

const RESTARTED =
  'My memory (Redis) had ended by itself. I started it again with its data; what was written in the last second may be lost. ' +
  'If this comes again, look whether the machine has memory left.';

/** Resolves once it answers. Rejects when the first start fails. */
export async function keepRedis(options: Options): Promise<KeptRedis> {
  const { lock, log, waitsMs = WAITS_MS } = options;
  const socket = await newSocket();
  const listeners = new Set<(sentence: string) => void>();
  let stopping = false;
  let child = await start();
  const over = new AbortController();
  const following = follow();
  let give = (_reason: string): void => undefined;
  const lost = new Promise<string>((resolve) => (give = resolve));

  async function start(): Promise<RedisChild> {
    const { binary, dir, persist } = options;
    const fresh = await launchRedis({ binary, dir, persist, socket });
    await lock.record({ redis: fresh.pid, socket });
    return fresh;
  }

  /** Until it is stopped or ends too often. */
  async function follow(): Promise<void> {
    for (let ends = 0; ; ends += 1) {
      const began = performance.now();
      const words = await child.ended;
      if (stopping) return;
      log.warn(`The private Redis has ended by itself: ${words}`);
      if (performance.now() - began > CALM_MS) ends = 0;
      if (!(await startAgain(ends))) return;
    }
  }

  /** False when it is given up or no longer wanted. */
  async function startAgain(ends: number): Promise<boolean> {
    for (const wait of waitsMs.slice(ends)) {
      await delay(wait, undefined, { signal: over.signal }).catch(() => undefined);
      if (stopping) return false;
      try {
        child = await start();
        if (stopping) return false;
        log.warn('The private Redis was started again.');
        for (const tell of listeners) tell(RESTARTED);
        return true;
      } catch (error) {
        log.warn(`The private Redis could not be started again: ${String(error)}`);
      }
    }
    give('My memory (Redis) goes on ending by itself and could not be kept running.');
    return false;
  }

  return {
    socket,
    pid: () => child.pid,
    onRestart: (listener) => void listeners.add(listener),
    lost,
    stop: async () => {
      stopping = true;
      over.abort();
      // First, lest it waits for its end; and again where another was just starting.
      await child.stop();
      await following;
      await child.stop();
    },
  };
}
