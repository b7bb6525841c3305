/** The owner's brakes while the store is away in each way that a Redis can be. */
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { moneyLeft } from '../../src/alerts/rules/unexplained-money.ts';
import { usd } from '../../src/domain/money/money.ts';
import { createQueues } from '../../src/jobs/queues/queues.ts';
import { encode } from '../../src/store/codec.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { openRig, type Rig } from './rig.ts';
import { eventually, textOf, type UserMessage } from './phone.ts';
import { NOW, POSITION, RISK_STATE } from './samples.ts';

const STEP = {
  id: '1760098800000',
  amount: usd('-500'),
  at: NOW - 60_000,
  equity: usd('9512'),
  highSince: usd('9512'),
};
const SIGNED = { signedBy: 1001, signedAt: NOW, triggers: ['daily-loss'], reach: 'all' } as const;

/** A rig over a store of its own, which can go away. */
interface Away {
  readonly rig: Rig;
  readonly store: Store;
  leave(way: Way): Promise<unknown>;
  comeBack(way: Way): Promise<unknown>;
}

/** How long a command waits for a store that is away, and for one that may only be slow. */
const AWAY_MS = 700;
const THERE_MS = 5_000;

type Close = (close: () => Promise<void>) => void;

async function open(onTestFinished: Close): Promise<Away> {
  const server = await openRedis();
  const redis = new Redis(server.url, {
    maxRetriesPerRequest: 1,
    commandTimeout: THERE_MS,
    retryStrategy: () => 50,
  });
  redis.on('error', () => undefined);
  const pid = Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1]);
  const store = createStore(redis, 'away');
  const queues = createQueues(redis, store.keys.queues);
  const { mode, policies, accounts, proposals } = store;
  const ports = { mode, policies, accounts, proposals, work: queues.work };
  const rig = await openRig({ redis, ports });
  onTestFinished(async () => {
    await rig.close();
    await queues.close().catch(() => undefined);
    store.close();
    redis.disconnect();
    await server.close();
  });
  await mode.initialise({ mode: 'normal', reasons: [], since: NOW });
  const state = { ...RISK_STATE, lastEquity: usd('9512'), steps: [STEP] };
  await redis.set(store.keys.riskState, encode(state));
  rig.world.positions = [POSITION];
  return {
    rig,
    store,
    leave: (way) => {
      // As the wiring does, with less patience, and only for what is lost: a busy machine may be slow.
      redis.options.commandTimeout = AWAY_MS;
      return WAYS[way].away(server, pid);
    },
    comeBack: (way) => {
      redis.options.commandTimeout = THERE_MS;
      return WAYS[way].back(server, pid);
    },
  };
}

interface ThereAndBack {
  away(server: RealRedis, pid: number): Promise<unknown>;
  back(server: RealRedis, pid: number): Promise<unknown>;
}

/** How it goes away, and how it comes back. */
const WAYS = {
  killed: {
    away: (server) => server.stop(),
    back: (server) => server.restart(),
  },
  'read-only': {
    away: (server) => server.connect().replicaof('127.0.0.1', 1),
    back: (server) => server.connect().call('REPLICAOF', 'NO', 'ONE'),
  },
  full: {
    away: (server) => server.connect().config('SET', 'maxmemory', '1'),
    back: (server) => server.connect().config('SET', 'maxmemory', '0'),
  },
  'paused for writes': {
    away: (server) => server.connect().call('CLIENT', 'PAUSE', '600000', 'WRITE'),
    back: (server) => server.connect().call('CLIENT', 'UNPAUSE'),
  },
  frozen: {
    away: async (_server, pid) => process.kill(pid, 'SIGSTOP'),
    back: async (_server, pid) => process.kill(pid, 'SIGCONT'),
  },
} satisfies Record<string, ThereAndBack>;
type Way = keyof typeof WAYS;

const button = (message: UserMessage, label: string): string => {
  const found = (message.keyboard ?? []).flat().find((each) => each.text.includes(label));
  if (found?.callback_data === undefined) throw new Error(`no button "${label}"`);
  return found.callback_data;
};

const storedMode = async (store: Store) => (await store.mode.read().catch(() => undefined))?.mode;

/** It holds in memory, and in the store as soon as that takes it. */
async function holdsAndIsStored({ rig, store, comeBack }: Away, way: Way): Promise<void> {
  const { world, phone } = rig;
  expect(await rig.permission()).toBe('You have halted trading.');
  await comeBack(way);
  await eventually(
    async () => (await storedMode(store)) === 'halted' || undefined,
    () => world.logged.slice(-5).join('\n'),
  );
  await phone.hears('Your halt is stored now');
  expect(await rig.permission()).toBe('You have halted trading.');
}

const ALL: readonly Way[] = ['killed', 'read-only', 'full', 'paused for writes', 'frozen'];

// Each with a store of its own, and most of it is waiting until a command counts as lost.
describe.each(ALL)('while the store is %s', (way) => {
  it.concurrent('/panic asks as always, and a Confirm that nobody takes halts and says so', async ({
    onTestFinished,
  }) => {
    const away = await open(onTestFinished);
    const { rig } = away;
    await away.leave(way);
    await rig.phone.send('/panic');
    const card = await rig.phone.hears('Close all positions?');
    await rig.phone.tap(card.id, button(card, 'Confirm'));
    const answer = textOf(
      await rig.phone.hears('Trading is halted. Closing could NOT be asked for.'),
    );
    expect(answer).toContain("The halt is not stored yet; I'll keep trying");
    expect(answer).toContain('If something must be closed at once, close it at BitUnix');
    await holdsAndIsStored(away, way);
  });

  it.concurrent('a confirmed close halts, and says that it could not be asked for', async ({
    onTestFinished,
  }) => {
    const away = await open(onTestFinished);
    const { rig } = away;
    await rig.phone.send('/panic');
    const card = await rig.phone.hears('Close all positions?');
    await away.leave(way);
    await rig.phone.tap(card.id, button(card, 'Confirm'));
    await rig.phone.hears('Trading is halted. Closing could NOT be asked for.');
    await holdsAndIsStored(away, way);
  });

  it.concurrent('"Not me" halts', async ({ onTestFinished }) => {
    const away = await open(onTestFinished);
    const { rig, store } = away;
    await rig.world.outbox.raise(moneyLeft(STEP));
    const question = await rig.phone.hears('left your account');
    await away.leave(way);
    await rig.phone.tap(question.id, button(question, 'Not me'));
    await rig.phone.hears(/Trading is halted\.\n.*\nYour answer could not be written down/);
    await holdsAndIsStored(away, way);
    expect((await store.mode.read())?.reasons.at(-1)).toMatchObject({ trigger: 'money-taken' });
  });

  it.concurrent('/halt holds, /resume lifts nothing, and /policy off says that it is not revoked', async ({
    onTestFinished,
  }) => {
    const away = await open(onTestFinished);
    const { rig, store } = away;
    const { phone } = rig;
    await store.policies.save(SIGNED, moneyLeft(STEP));
    await away.leave(way);
    await phone.send('/policy off');
    // A full store still takes what makes room.
    const answer = textOf(await phone.hears(/^(NOT revoked: the store did not save it|Revoked\.)/));
    if (answer.startsWith('Revoked')) expect(await store.policies.read()).toBeUndefined();
    else expect(way).not.toBe('full');
    expect(await rig.permission()).toBeUndefined();
    await phone.send('/halt');
    await phone.hears("Trading is halted. It is not stored yet; I'll keep trying.");
    await phone.send('/resume');
    await phone.hears('Your halt is not stored yet');
    await holdsAndIsStored(away, way);
  });
});
