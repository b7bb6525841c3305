import type { OwnerStore } from '../../src/app/ports/owner-store.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { createVigilBot, type VigilBot, type VigilBotOptions } from '../../src/bot/bot.ts';
import { startChat, type Chat, type ChatOptions } from '../../src/simulator/chat/chat.ts';
import { startRedis } from '../../src/process/redis/server.ts';
import {
  createFakeOwners,
  createFakeRenderer,
  createFakeWorld,
  portsOf,
  type FakeWorld,
  type PortChanges,
} from './fakes.ts';
import { pickUp, type Phone } from './phone.ts';

export const OWNER = 1001;
export const STRANGER = 2002;
export const GROUP = -500;

/** A real Redis for one test file. */
export interface RedisRig {
  readonly redis: Redis;
  close(): Promise<void>;
}

export async function openRedis(): Promise<RedisRig> {
  const dir = await mkdtemp(join(tmpdir(), 'vigil-bot-'));
  const quiet = { info: () => undefined, warn: () => undefined };
  const running = await startRedis({
    dir,
    persist: false,
    cacheDir: join(tmpdir(), 'vigil-cache'),
    log: quiet,
  });
  const redis = new Redis(running.url);
  return {
    redis,
    close: async () => {
      redis.disconnect();
      await running.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** The real bot over real HTTP against the chat emulator, with the world behind it in memory. */
export interface Rig {
  readonly world: FakeWorld;
  readonly phone: Phone;
  readonly chat: Chat;
  readonly bot: VigilBot;
  readonly owners: OwnerStore;
  /** Pairing codes that were put on the console since the start. */
  readonly shownCodes: readonly string[];
  /** Ends this bot and starts another one on the same stores. */
  restart(over?: Partial<VigilBotOptions>): Promise<VigilBot>;
  /** Why nothing may be opened now, as the process that hears the owner says it. */
  permission(): Promise<string | undefined>;
  close(): Promise<void>;
}

export interface RigOptions {
  readonly redis: Redis;
  readonly paired?: boolean;
  readonly ports?: PortChanges;
  /** Without anything that can order. */
  readonly watch?: boolean;
  readonly bot?: Partial<VigilBotOptions>;
  readonly chat?: Pick<ChatOptions, 'callbackTimeoutMs'>;
  /** Changes the world before the bot starts. */
  readonly before?: (world: FakeWorld, phone: Phone) => Promise<void> | void;
}

/** Rigs for the tests of one file, over one Redis; each is closed after its test. */
export function rigsOfFile() {
  let redisRig: RedisRig;
  let opened: Rig[] = [];
  beforeAll(async () => {
    redisRig = await openRedis();
  });
  afterAll(() => redisRig.close());
  afterEach(async () => {
    for (const each of opened.toReversed()) await each.close();
    opened = [];
  });
  return {
    redis: (): Redis => redisRig.redis,
    open: async (options: Partial<RigOptions> = {}): Promise<Rig> => {
      const rig = await openRig({ redis: redisRig.redis, ...options });
      opened.push(rig);
      return rig;
    },
  };
}

export async function openRig(options: RigOptions): Promise<Rig> {
  await options.redis.flushall();
  const chat = await startChat({
    users: [
      { id: OWNER, first_name: 'Olga' },
      { id: STRANGER, first_name: 'Sam', username: 'sam' },
    ],
    ...options.chat,
  });
  const phone = await pickUp(chat, OWNER);
  await phone.post('/user/group', { id: GROUP, title: 'Friends' });
  const world = createFakeWorld();
  const made = portsOf(world, options.ports);
  const { trading: _none, ...readOnly } = made;
  const ports = options.watch === true ? { ...readOnly, venueMode: 'watch' as const } : made;
  const owners = createFakeOwners(options.paired === false ? undefined : OWNER);
  const shownCodes: string[] = [];
  const make = (over: Partial<VigilBotOptions>): VigilBot =>
    createVigilBot({
      token: chat.token,
      apiRoot: chat.apiRoot,
      ports,
      owners,
      showCode: (code) => void shownCodes.push(code),
      outbox: world.outbox,
      charts: createFakeRenderer(),
      redis: options.redis,
      log: ports.log,
      retryMs: 50,
      ...options.bot,
      ...over,
    });
  await options.before?.(world, phone);
  let bot = make({});
  await bot.start();
  return {
    world,
    phone,
    chat,
    owners,
    shownCodes,
    get bot() {
      return bot;
    },
    permission: () => ports.permission.refusal(),
    restart: async (over = {}) => {
      await bot.stop();
      bot = make(over);
      await bot.start();
      return bot;
    },
    close: async () => {
      await bot.stop();
      await phone.hangUp();
      await chat.stop();
    },
  };
}
