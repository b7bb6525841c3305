/** Where a drill takes place: the real program in its processes, a simulated exchange, an emulated chat, a Redis that can be hurt. */
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { pulseFile } from '../../src/process/pulse/pulse-file.ts';
import { startChat, type Chat } from '../../src/simulator/chat/chat.ts';
import { storeKeys } from '../../src/store/keys.ts';
import { generatedSeeds } from '../../src/simulator/venue/market/generated-symbols.ts';
import type { Quirks } from '../../src/simulator/venue/quirks.ts';
import { startVenue, type Venue } from '../../src/simulator/venue/venue.ts';
import {
  cleanUp,
  freePort,
  newFolder,
  processesOf,
  startProgram,
  WORKER,
  type Program,
} from '../../test/acceptance/demo-process.ts';
import { OWNER, phoneAt, type Phone } from '../../test/acceptance/owner.ts';
import { control } from '../../test/acceptance/venue-truth.ts';
import { until } from '../../test/acceptance/wait.ts';
import { follow, type Chatter } from './chatter.ts';
import { openSecond } from './second.ts';
import { openStore, type DrillStore } from './store.ts';

/** How Vigil's roles are spread over processes. */
export const MODES = {
  one: ['bot,worker,stream,watchdog'],
  split: ['bot,watchdog', 'worker', 'stream'],
  standby: ['bot,worker,stream,watchdog', 'bot,worker,stream,watchdog'],
  watched: ['bot,worker,stream,watchdog', 'sentinel'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type Mode = keyof typeof MODES;

/** One of Vigil's main processes, with the folder that its children are known by. */
export interface Vigil {
  readonly roles: string;
  readonly folder: string;
  /** Changes when it is started again. */
  program(): Program;
  start(): void;
  running(): boolean;
}

export interface DrillRig {
  readonly mode: Mode;
  readonly store: DrillStore;
  readonly phone: Phone;
  readonly chatter: Chatter;
  /** What is traded at the exchange; the first is held and protected. */
  readonly symbols: readonly string[];
  /** What the second channel was given, in order. */
  readonly second: readonly string[];
  /** The first one leads and speaks. */
  readonly vigils: readonly Vigil[];
  /** The one in which the account is read. */
  readonly worker: Vigil;
  /** Address of the exchange. */
  readonly exchange: string;
  control(path: string, body: object): Promise<void>;
  /** A call of the chat's own side, such as `fault`. */
  chat(path: string, body: object): Promise<void>;
  /** Does this at once and again every so many ms, until `endAgain`. */
  again(everyMs: number, work: () => void): void;
  endAgain(): void;
  /** Says how far the clock of all Vigil's processes is off from now on, in seconds. */
  shiftClock(seconds: number): Promise<void>;
  /** Process of the private Redis of the first one. */
  privateRedis(): Promise<number>;
  close(): Promise<void>;
}

export const ACCOUNT = 'drill';
/** Word of the main process's command, started from the sources or from a bundle. */
export const MAIN = '/main.';
export const KEY = { apiKey: 'drillKey', secretKey: 'drillSecret' };
/** So long every process has been up before it is hurt: longer than between two notes of who keeps watch. */
const SETTLED_MS = 3_000;
const APPLIES = '"role":"bot","msg":"this process stands by"';
const SHIFTED_CLOCK = fileURLToPath(new URL('shifted-clock.mjs', import.meta.url));
const SYMBOLS = 3;
const HELD = { symbol: 'BTCUSDT', side: 'LONG', notional: '1000', leverage: 2 } as const;

/** Starts everything and waits until the owner is paired and the account with its protected position was read. */
export async function openRig(...about: Parameters<typeof startAll>): Promise<DrillRig> {
  try {
    return await startAll(...about);
  } catch (error) {
    // Nobody else knows what runs already.
    await cleanUp();
    throw error;
  }
}

export interface RigOptions {
  readonly privateRedis: boolean;
  readonly symbols?: number;
  /** Of the chat. */
  readonly rateLimits?: true;
  /** Nothing is held. */
  readonly flat?: true;
  /** Of the exchange. */
  readonly quirks?: Partial<Quirks>;
}

const openVenue = ({ symbols = SYMBOLS, quirks = {}, flat }: RigOptions): Promise<Venue> =>
  startVenue({
    market: { kind: 'generated', seed: 1, symbols, from: Date.now() },
    accounts: [{ ...KEY, balance: '10000' }],
    open: flat === true ? [] : [{ ...HELD, stop: '1' }],
    quirks,
  });

async function startAll(mode: Mode, about: RigOptions): Promise<DrillRig> {
  const folder = newFolder();
  const venue = await openVenue(about);
  const chat = await startChat(about.rateLimits === true ? {} : { rateLimits: false });
  const store = await openStore(folder);
  const second = await openSecond();
  const shift = join(folder, 'shift');
  await writeFile(shift, '0');
  const env = {
    ...settingsOf(chat, venue.url),
    VIGIL_SECOND_CHANNEL: `webhook+${second.url}`,
    DRILL_CLOCK_FILE: shift,
    ...(about.privateRedis ? {} : { REDIS_URL: store.url }),
    ...(mode === 'watched' ? await watchedBy() : {}),
  };
  const vigils: Vigil[] = [];
  for (const [index, roles] of MODES[mode].entries()) {
    const at = join(folder, `vigil-${index + 1}`);
    await mkdir(at);
    vigils.push(startVigil({ roles, folder: at, env }));
    if (index === 0) await says(vigils, 'To become the owner');
  }
  const [first] = vigils;
  if (first === undefined) throw new Error('a mode without a process');
  const phone = await phoneAt(chat.url);
  const code = /\/start ([A-Z0-9]+)/.exec(first.program().output())?.[1] ?? '';
  await phone.ask(`/start ${code}`, 'Paired');
  let timer: NodeJS.Timeout | undefined;
  const rig: DrillRig = {
    mode,
    store,
    phone,
    chatter: follow(phone),
    second: second.heard,
    symbols: generatedSeeds(about.symbols ?? SYMBOLS).map((each) => each.symbol),
    vigils,
    worker: vigils.find(({ roles }) => roles.includes('worker')) ?? first,
    exchange: venue.url,
    control: (path, body) => control(venue.controlUrl, path, body),
    chat: (path, body) => post(`${chat.url}/user/${path}`, body),
    again: (everyMs, work) => {
      work();
      timer = setInterval(work, everyMs);
    },
    endAgain: () => clearInterval(timer),
    shiftClock: (seconds) => writeFile(shift, String(seconds)),
    privateRedis: async () => (await lockOf(first)).redis,
    close: async () => {
      rig.endAgain();
      rig.chatter.stop();
      phone.hangUp();
      store.thaw();
      for (const each of vigils) signalAll(each, 'SIGCONT');
      await cleanUp();
      await store.close();
      second.close();
      await chat.stop();
      await venue.stop();
    },
  };
  await untilSettled(rig, about);
  return rig;
}

/** Every process is up, the account was read, and all is well. */
async function untilSettled(
  { mode, vigils, store, phone }: DrillRig,
  about: { readonly privateRedis: boolean },
): Promise<void> {
  const [first] = vigils;
  if (first === undefined) return;
  await until(() => hasBeenRead(about.privateRedis ? first : store), {
    says: () => `the first read of the account:\n${first.program().output()}`,
  });
  await until(() => vigils.every(isUp), { says: () => 'the workers of all processes run' });
  // A slow start may have been told: its end is no news of the drill.
  const up = Date.now() + SETTLED_MS;
  await until(() => isWell(first, up), { says: () => 'all is well' });
  if (mode === 'watched') await phone.hears('Sentinel: I hear Vigil');
}

/** Its worker runs, and whoever may lead the bot has begun to apply for it: before that a stand-by takes over like a fresh start. */
const isUp = ({ roles, folder, program }: Vigil): boolean =>
  (!roles.includes('worker') || processesOf(folder, WORKER).length > 0) &&
  (!roles.includes('bot') || program().output().includes(APPLIES));

const settingsOf = (chat: Pick<Chat, 'token' | 'apiRoot'>, exchange: string) => ({
  VIGIL_MODE: 'live',
  VIGIL_ACCOUNT: ACCOUNT,
  TELEGRAM_BOT_TOKEN: chat.token,
  TELEGRAM_API_ROOT: chat.apiRoot,
  BITUNIX_URL: exchange,
  BITUNIX_API_KEY: KEY.apiKey,
  BITUNIX_SECRET_KEY: KEY.secretKey,
  NODE_OPTIONS: `--import ${SHIFTED_CLOCK}`,
});

async function watchedBy(): Promise<Record<string, string>> {
  const url = `http://127.0.0.1:${await freePort()}/drill-word-of-its-own`;
  return { VIGIL_HEARTBEAT_URL: url, VIGIL_OWNER: String(OWNER) };
}

async function post(url: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url}: ${await answer.text()}`);
  await answer.body?.cancel();
}

async function says(vigils: readonly Vigil[], words: string): Promise<void> {
  const last = vigils.at(-1);
  await until(() => last?.program().output().includes(words) || last?.running() === false, {
    says: () => `"${words}" in:\n${last?.program().output()}`,
  });
  if (last?.running() === false) throw new Error(`Vigil ended:\n${last.program().output()}`);
}

function startVigil(about: {
  readonly roles: string;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}): Vigil {
  const { roles, folder } = about;
  let program: Program;
  let running = true;
  const start = (): void => {
    const redis = roles === 'sentinel' ? { REDIS_URL: '' } : {};
    const fresh = startProgram({ folder, env: { ...about.env, VIGIL_ROLES: roles, ...redis } });
    running = true;
    program = fresh;
    void fresh.ended.then(() => {
      if (program === fresh) running = false;
    });
  };
  start();
  return { roles, folder, program: () => program, start, running: () => running };
}

/** Sends a signal to all processes of one Vigil, or to those alone whose command holds `name`. */
export function signalAll({ folder }: Vigil, signal: NodeJS.Signals, name = 'node'): void {
  for (const pid of processesOf(folder, name)) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** It has begun to apply for what another one holds. */
export const applies = (vigil: Vigil): Promise<boolean> =>
  until(() => vigil.program().output().includes(APPLIES), {
    says: () => `it applies:\n${vigil.program().output()}`,
  });

/** What is opened from then on is news. */
async function hasBeenRead(where: Vigil | DrillStore): Promise<boolean> {
  const redis = new Redis('url' in where ? where.url : (await lockOf(where)).socket);
  try {
    return (await redis.exists(storeKeys(ACCOUNT).snapshot)) === 1;
  } finally {
    redis.disconnect();
  }
}

/** By what it has said of itself since then. */
async function isWell({ folder }: Vigil, since: number): Promise<boolean> {
  const file = pulseFile({ dataDir: folder, account: ACCOUNT });
  const [said, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
  return said.trim() === 'well' && mtimeMs > since;
}

const lockSchema = z.looseObject({ redis: z.int(), socket: z.string() });

const lockOf = async ({ folder }: Vigil): Promise<z.infer<typeof lockSchema>> =>
  lockSchema.parse(JSON.parse(await readFile(join(folder, 'redis', 'redis.lock'), 'utf8')));

/** Opens a position without a stop in the exchange's app, past Vigil. */
export const openUnprotected = (
  { control: tell }: Pick<DrillRig, 'control'>,
  symbol: string,
): Promise<void> => tell('position', { ...HELD, symbol });

/** The same with a stop far away. */
export const openProtected = (
  { control: tell }: Pick<DrillRig, 'control'>,
  symbol: string,
): Promise<void> => tell('position', { ...HELD, symbol, stop: '1' });
