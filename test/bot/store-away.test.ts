/** The owner's brakes while the store is away in each way that a Redis can be. */
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import { moneyLeft } from '../../src/alerts/rules/wallet-step.ts';
import { usd } from '../../src/domain/money/money.ts';
import { createQueues, type Queues } from '../../src/jobs/queues/queues.ts';
import { encode } from '../../src/store/codec.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { openHouse, type House } from './house.ts';
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

let server: RealRedis;
let pid: number;
let redis: Redis;
let store: Store;
let queues: Queues;
let house: House;

async function open(): Promise<void> {
  server = await openRedis();
  // As the wiring does, with less patience.
  redis = new Redis(server.url, {
    maxRetriesPerRequest: 1,
    commandTimeout: 700,
    retryStrategy: () => 50,
  });
  redis.on('error', () => undefined);
  pid = Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1]);
  store = createStore(redis, 'away');
  queues = createQueues(redis, store.keys.queues);
  const { mode, policies, accounts, proposals } = store;
  const ports = { mode, policies, accounts, proposals, work: queues.work };
  house = await openHouse({ redis, ports });
  await mode.initialise({ mode: 'normal', reasons: [], since: NOW });
  const state = { ...RISK_STATE, lastEquity: usd('9512'), steps: [STEP] };
  await redis.set(store.keys.riskState, encode(state));
  house.world.positions = [POSITION];
}

afterEach(async () => {
  await house.close();
  await queues.close().catch(() => undefined);
  store.close();
  redis.disconnect();
  await server.close();
});

const admin = (): Redis => server.connect();

/** How it goes away, and how it comes back. */
const WAYS: Record<string, { away(): Promise<unknown>; back(): Promise<unknown> }> = {
  killed: {
    away: () => server.stop(),
    back: () => server.restart(),
  },
  'read-only': {
    away: () => admin().replicaof('127.0.0.1', 1),
    back: () => admin().call('REPLICAOF', 'NO', 'ONE'),
  },
  full: {
    away: () => admin().config('SET', 'maxmemory', '1'),
    back: () => admin().config('SET', 'maxmemory', '0'),
  },
  'paused for writes': {
    away: () => admin().call('CLIENT', 'PAUSE', '600000', 'WRITE'),
    back: () => admin().call('CLIENT', 'UNPAUSE'),
  },
  frozen: {
    away: async () => process.kill(pid, 'SIGSTOP'),
    back: async () => process.kill(pid, 'SIGCONT'),
  },
};

const button = (message: UserMessage, label: string): string => {
  const found = (message.keyboard ?? []).flat().find((each) => each.text.includes(label));
  if (found?.callback_data === undefined) throw new Error(`no button "${label}"`);
  return found.callback_data;
};

const storedMode = async () => (await store.mode.read().catch(() => undefined))?.mode;

/** It holds in memory, and in the store as soon as that takes it. */
async function holdsAndIsStored(way: string): Promise<void> {
  const { world, phone } = house;
  expect(await house.permission()).toBe('You have halted trading.');
  await WAYS[way]?.back();
  await eventually(
    async () => (await storedMode()) === 'halted' || undefined,
    () => world.logged.slice(-5).join('\n'),
  );
  await phone.hears('Your halt is stored now');
  expect(await house.permission()).toBe('You have halted trading.');
}

describe.each(Object.keys(WAYS))('while the store is %s', (way) => {
  it('/panic halts, and says that nothing was closed', async () => {
    await open();
    await WAYS[way]?.away();
    await house.phone.send('/panic');
    const answer = textOf(await house.phone.hears('Trading is halted. Nothing was closed'));
    expect(answer).toContain("The halt is not stored yet; I'll keep trying");
    expect(answer).toContain('If something must be closed at once, close it at BitUnix');
    await holdsAndIsStored(way);
  });

  it('a confirmed close halts, and says that it could not be asked for', async () => {
    await open();
    await house.phone.send('/panic');
    const card = await house.phone.hears('Close all positions?');
    await WAYS[way]?.away();
    await house.phone.tap(card.id, button(card, 'Confirm'));
    await house.phone.hears('Trading is halted. Closing could NOT be asked for.');
    await holdsAndIsStored(way);
  });

  it('"Not me" halts', async () => {
    await open();
    await house.world.outbox.raise(moneyLeft(STEP));
    const question = await house.phone.hears('left your account');
    await WAYS[way]?.away();
    await house.phone.tap(question.id, button(question, 'Not me'));
    await house.phone.hears(/Trading is halted\.\n.*\nYour answer could not be written down/);
    await holdsAndIsStored(way);
    expect((await store.mode.read())?.reasons.at(-1)).toMatchObject({ trigger: 'money-taken' });
  });

  it('/halt holds, /resume lifts nothing, and /policy off says that it is not revoked', async () => {
    await open();
    const { phone } = house;
    await store.policies.save(SIGNED, moneyLeft(STEP));
    await WAYS[way]?.away();
    await phone.send('/policy off');
    // A full store still takes what makes room.
    const answer = textOf(await phone.hears(/^(NOT revoked: the store did not save it|Revoked\.)/));
    if (answer.startsWith('Revoked')) expect(await store.policies.read()).toBeUndefined();
    else expect(way).not.toBe('full');
    expect(await house.permission()).toBeUndefined();
    await phone.send('/halt');
    await phone.hears("Trading is halted. It is not stored yet; I'll keep trying.");
    await phone.send('/resume');
    await phone.hears(/Your halt is not stored yet|Something went wrong on my side/);
    await holdsAndIsStored(way);
  });
});
