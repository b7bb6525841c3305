/** Several real processes of Vigil over one Redis, the venue simulator and the chat emulator. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { startRedis } from '../../src/process/redis/server.ts';
import { startChat } from '../../src/simulator/chat/chat.ts';
import { startVenue, type VenueOptions } from '../../src/simulator/venue/venue.ts';
import { createStore } from '../../src/store/store.ts';
import { newFolder, startProgram, type Program } from './demo-process.ts';
import { OWNER, phoneAt, textOf, type Phone } from './owner.ts';
import { control } from './venue-truth.ts';
import { until } from './wait.ts';

const KEY = {
  apiKey: 'severalKey000000000000000000001',
  secretKey: 'severalSecret000000000000000001',
};
const quiet = { info: () => undefined, warn: () => undefined };
const TOKEN = `7700000:${createHash('sha256').update('several').digest('hex').slice(0, 35)}`;

export interface Several {
  readonly phone: Phone;
  readonly redis: Redis;
  readonly redisPid: number;
  readonly controlUrl: string;
  /** Settings with which a process finds all of it. */
  readonly env: Readonly<Record<string, string>>;
  /** Starts a process with these roles; it has a data folder of its own. */
  start(roles: string, env?: Readonly<Record<string, string>>): Program;
  /** Opens a position past Vigil, as by hand in the exchange's app. */
  openByHand(symbol: string, levels?: { stop?: string; target?: string }): Promise<void>;
  /** The bot's messages that say this. */
  saying(words: RegExp): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** With an owner who is paired already. `watch` needs no confirmation of anything; nothing in it can order. */
export async function openSeveral(venueOptions: Partial<VenueOptions> = {}): Promise<Several> {
  const folder = newFolder();
  const server = await startRedis({ dir: folder, persist: true, cacheDir: '.cache', log: quiet });
  const redis = new Redis(server.url);
  redis.on('error', () => undefined);
  const venue = await startVenue({
    market: { kind: 'generated', seed: 7, symbols: 3 },
    accounts: [{ ...KEY, balance: '10000' }],
    ...venueOptions,
  });
  const chat = await startChat({ token: TOKEN, users: [{ id: OWNER, first_name: 'Olga' }] });
  const phone = await phoneAt(chat.url);
  await phone.send('hello');
  const store = createStore(redis, 'main');
  await store.owners.pair(OWNER, await store.owners.newCode());
  store.close();
  const programs: Program[] = [];
  const env = {
    VIGIL_MODE: 'watch',
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: chat.apiRoot,
    BITUNIX_API_KEY: KEY.apiKey,
    BITUNIX_SECRET_KEY: KEY.secretKey,
    BITUNIX_URL: venue.url,
    VIGIL_SIM_CONTROL_URL: venue.controlUrl,
    REDIS_URL: server.url,
  };
  return {
    phone,
    redis,
    redisPid: server.pid ?? 0,
    controlUrl: venue.controlUrl,
    env,
    start: (roles, more = {}) => {
      const data = join(folder, `process-${programs.length}`);
      const program = startProgram({ folder: data, env: { ...env, VIGIL_ROLES: roles, ...more } });
      programs.push(program);
      return program;
    },
    openByHand: (symbol, levels = {}) =>
      control(venue.controlUrl, 'position', {
        symbol,
        side: 'LONG',
        notional: '500',
        leverage: 5,
        marginMode: 'ISOLATION',
        ...levels,
      }),
    saying: async (words) => (await phone.heard()).map(textOf).filter((each) => words.test(each)),
    close: async () => {
      for (const each of programs) {
        signal(each.pid, 'SIGCONT');
        each.interrupt();
        await each.ended;
      }
      phone.hangUp();
      redis.disconnect();
      await chat.stop();
      await venue.stop();
      await server.stop();
    },
  };
}

export const ALL_ROLES = 'bot,worker,stream,watchdog';

/** A process that is gone needs no signal. */
export function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}

/** Waits until a process has logged or printed this, since `from` of what it has said. */
export const says = (program: Program, words: string, from = 0): Promise<true> =>
  until(() => program.output().slice(from).includes(words) || undefined, {
    says: () => `"${words}" in:\n${program.output()}`,
  });
