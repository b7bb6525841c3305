import type { Clock } from '../../../src/app/ports/clock.ts';
import type { Log } from '../../../src/app/ports/log.ts';
import {
  createBitunix,
  type Bitunix,
  type BitunixOptions,
} from '../../../src/exchange/bitunix/bitunix.ts';

export const API_KEY = 'demoApiKey0000000000000000000001';
export const SECRET_KEY = 'demoSecret000000000000000000000A';

export interface MemoryLog extends Log {
  readonly lines: string[];
}

export function memoryLog(): MemoryLog {
  const lines: string[] = [];
  const add = (message: string, fields?: Readonly<Record<string, unknown>>): void => {
    lines.push(`${message} ${JSON.stringify(fields ?? {})}`);
  };
  return { lines, info: add, warn: add, error: add };
}

/** The wall clock, `speed` times as fast from its start. */
export function clockAt(speed = 1, shiftMs = 0): Clock {
  const start = Date.now();
  return { speed, now: () => Math.trunc(start + shiftMs + (Date.now() - start) * speed) };
}

/** A client with keys; fast waits unless the test says otherwise, and patience with a venue on a busy machine. */
export function client(url: string, options: Partial<BitunixOptions> = {}): Bitunix {
  return createBitunix({
    url,
    apiKey: API_KEY,
    secretKey: SECRET_KEY,
    clock: clockAt(20),
    log: memoryLog(),
    trading: true,
    random: () => 0,
    deadlineMs: 20_000,
    ...options,
  });
}

/** The value, or a failed test. */
export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a value was expected');
  return value;
}
