/** The process that hears the owner goes on while its store is away: a real one that is killed, frozen, full or read-only. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import type { Role } from '../../src/domain/process/roles.ts';
import { runVigil, type Running } from '../../src/process/run.ts';
import { startChat, type Chat } from '../../src/simulator/chat/chat.ts';
import { startVenue, type Venue } from '../../src/simulator/venue/venue.ts';
import { KEY, START } from '../app/vigil.ts';
import { OWNER } from '../bot/rig.ts';
import { pickUp, textOf, type Phone, type UserMessage } from '../bot/phone.ts';
import { eventually, openRedis, type RealRedis } from '../store/real-redis.ts';

interface Rig {
  readonly running: Running;
  readonly venue: Venue;
  readonly phone: Phone;
  readonly redis: RealRedis;
  /** Of the Redis itself. */
  readonly pid: number;
  control(call: string, body: object): Promise<void>;
  positions(): Promise<readonly unknown[]>;
  /** How many messages of the bot say this. */
  count(words: string | RegExp): Promise<number>;
}

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const each of ends.splice(0).toReversed()) await each();
});

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

async function open(roles: Role[] = ['bot', 'stream']): Promise<Rig> {
  const dataDir = await mkdtemp(join(tmpdir(), 'vigil-away-'));
  ends.push(() => rm(dataDir, { recursive: true, force: true }));
  const redis = await openRedis();
  ends.push(() => redis.close());
  const venue = await startVenue({
    market: { kind: 'generated', seed: 7, symbols: 12, from: START },
    speed: 10,
    accounts: [{ ...KEY, balance: '10000' }],
    pushMs: 100,
    quirks: { receiveWindowMs: 600_000 },
  });
  ends.push(() => venue.stop());
  const chat: Chat = await startChat({ users: [{ id: OWNER, first_name: 'Olga' }] });
  ends.push(() => chat.stop());
  const phone = await pickUp(chat, OWNER);
  ends.push(() => phone.hangUp());
  const running = await runVigil(
    {
      mode: 'demo',
      exchangeUrl: venue.url,
      redisUrl: redis.url,
      ...KEY,
      roles,
      account: 'away',
      dataDir,
      simControlUrl: venue.controlUrl,
      telegramToken: chat.token,
      telegramApiRoot: chat.apiRoot,
      logLevel: 'silent',
    },
    quiet,
    () => undefined,
  );
  ends.push(() => running.stop());
  await phone.send(`/start ${running.pairingCode}`);
  await phone.hears('Paired');
  const info = await running.wiring.redis.info('server');
  return {
    running,
    venue,
    phone,
    redis,
    pid: Number(/process_id:(\d+)/.exec(info)?.[1]),
    control: async (call, body) => {
      const response = await fetch(`${venue.controlUrl}/sim/${call}`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(`${call}: ${await response.text()}`);
    },
    positions: async () => {
      const state = await (await fetch(`${venue.controlUrl}/sim/state`)).json();
      return (state as { account: { positions: readonly unknown[] } }).account.positions;
    },
    count: async (words) =>
      (await phone.messages()).filter(
        (each) => each.from === 'bot' && new RegExp(words).test(textOf(each)),
      ).length,
  };
}

interface Way {
  away(rig: Rig): Promise<unknown>;
  back(rig: Rig): Promise<unknown>;
  /** What the owner reads of it. */
  readonly seen: string;
}

/** What is set on another connection than Vigil's. */
const admin = (rig: Rig) => rig.redis.connect();

const WAYS: Readonly<Record<string, Way>> = {
  killed: {
    away: ({ redis }) => redis.stop(),
    back: ({ redis }) => redis.restart(),
    seen: 'it cannot be reached',
  },
  frozen: {
    away: async ({ pid }) => process.kill(pid, 'SIGSTOP'),
    back: async ({ pid }) => process.kill(pid, 'SIGCONT'),
    seen: 'it does not answer',
  },
  full: {
    away: (rig) => admin(rig).config('SET', 'maxmemory', '1'),
    back: (rig) => admin(rig).config('SET', 'maxmemory', '0'),
    seen: 'it is full',
  },
  'read-only': {
    away: (rig) => admin(rig).replicaof('127.0.0.1', 1),
    back: (rig) => admin(rig).call('REPLICAOF', 'NO', 'ONE'),
    seen: 'it takes no writes',
  },
};

const confirmOf = (message: UserMessage): string => {
  const button = (message.keyboard ?? []).flat().find(({ text }) => text.startsWith('Confirm'));
  if (button?.callback_data === undefined) throw new Error(`no Confirm under: ${textOf(message)}`);
  return button.callback_data;
};

const marked = (seen: string): string => `My memory (Redis) is away (${seen})`;

describe.each(Object.keys(WAYS))('while the store is %s', (name) => {
  it('commands are answered, alerts go out, /halt holds and /panic closes', async () => {
    const rig = await open();
    const { running, phone, control } = rig;
    const { ports, store } = running.wiring;
    const way = WAYS[name];
    if (way === undefined) throw new Error(name);
    await refreshAccount(ports);
    const btc = { symbol: 'BTCUSDT', side: 'LONG', notional: '2000', leverage: 5 };
    await control('position', { ...btc, stop: '155000' });
    await refreshAccount(ports);
    await phone.hears('BTCUSDT long opened');

    await way.away(rig);
    await eventually('it counts as away', () => running.wiring.watch.away() === way.seen);
    expect(await ports.permission.refusal()).toContain('away');

    // The account is read on, from the exchange.
    await control('position', { symbol: 'ETHUSDT', side: 'LONG', notional: '1000', leverage: 5 });
    const opened = await phone.hears('ETHUSDT long opened');
    expect(textOf(opened)).toContain('told without my memory, which is away');
    await phone.send('/positions');
    expect(textOf(await phone.hears(/^Positions/))).toContain(marked(way.seen));
    await phone.send('/balance');
    const balance = textOf(await phone.hears(/^Balance/));
    expect(balance).toContain(marked(way.seen));
    expect(balance).toContain('Trading: new trades are paused');
    await phone.send('/status');
    expect(textOf(await phone.hears('Health'))).toContain(marked(way.seen));

    // The price stream tells a stop without the store.
    await control('price', { symbol: 'BTCUSDT', price: '154000' });
    await phone.hears(/BTCUSDT.*stop/);

    await phone.send('/halt');
    await phone.hears("Trading is halted. It is not stored yet; I'll keep trying.");
    await phone.send('/resume');
    const refused = textOf(await phone.hears('it opens and loosens nothing'));
    expect(refused).toContain('Trading: HALTED');
    // An approval.
    await phone.tap(opened.id, `a:${'A'.repeat(22)}`);
    await phone.hears('I cannot do this now: my memory (Redis) is away.');

    await phone.send('/panic');
    const card = await phone.hears('Close all positions?');
    await phone.tap(card.id, confirmOf(card));
    await phone.hears('Done: entry orders cancelled, positions closed');
    expect(await rig.positions()).toEqual([]);
    expect(await rig.count('Something went wrong')).toBe(0);

    await way.back(rig);
    await phone.hears('Your halt is stored now');
    await eventually('it is settled', () => !running.wiring.watch.unsettled());
    expect((await store.mode.read())?.mode).toBe('halted');
    await refreshAccount(ports);
    await eventually(
      'the outbox is empty',
      async () => (await store.outbox.pending(10)).length === 0,
    );
    await phone.hears(/ETHUSDT long opened[^]*\n#\d+ · /);
    expect(await rig.count('ETHUSDT long opened')).toBe(1);
    expect(await rig.count('Done: entry orders cancelled')).toBe(1);
  });
});

const STOP_HIT = /BTCUSDT long: stop at 155,000 reached/;

it('prices are followed by the bot itself while the store is away and the streams run elsewhere', async () => {
  const rig = await open(['bot']);
  const { running, phone, control, redis } = rig;
  const { ports, watch, bitunix } = running.wiring;
  const opened = vi.spyOn(bitunix, 'openPriceStream');
  await refreshAccount(ports);
  const btc = { symbol: 'BTCUSDT', side: 'LONG', notional: '2000', leverage: 5 };
  await control('position', { ...btc, stop: '155000' });
  await refreshAccount(ports);
  await phone.hears('BTCUSDT long opened');
  await redis.stop();
  await eventually('it counts as away', () => watch.away() !== undefined);
  const followed = (): boolean => opened.mock.results[0]?.value.state() === 'live';
  await eventually('prices arrive', async () => followed());
  await control('price', { symbol: 'BTCUSDT', price: '154000' });
  // By the price, or by the reading of the account that comes first on a busy machine.
  const hit = await phone.hears(/stop at 155,000 reached|long stop filled/);
  expect(textOf(hit)).toContain('told without my memory, which is away');
  await redis.restart();
  await eventually('it is settled', () => !watch.unsettled());
  // Once the account is read again its message may show how it filled.
  await phone.hears(/(reached|stop filled)[^]*\n#\d+ · /);
  const others = (await phone.messages()).filter(({ id }) => id !== hit.id);
  expect(others.filter((each) => STOP_HIT.test(textOf(each)))).toEqual([]);
  expect(followed()).toBe(false);
});

describe('a store that forgets under a running Vigil', () => {
  it('is noticed, told with what is gone, halts, and has its schedules back', async () => {
    const rig = await open();
    const { running, phone, control } = rig;
    const { ports, store, redis, queues, clock } = running.wiring;
    await refreshAccount(ports);
    const btc = { symbol: 'BTCUSDT', side: 'LONG', notional: '2000', leverage: 5 };
    await control('position', { ...btc, stop: '155000' });
    await refreshAccount(ports);
    await phone.hears('BTCUSDT long opened');
    await eventually('it is known', () => (store.epoch.known()?.alert ?? 0) > 0);
    const before = store.epoch.known();
    await redis.flushall();
    await phone.hears('My memory (Redis) was emptied: all that I had stored is gone.');
    expect((await store.mode.read())?.mode).toBe('halted');
    await eventually('the owner is put back', async () => (await store.owners.owner()) === OWNER);
    await eventually(
      'there are schedules',
      async () => (await redis.keys('vigil:*:bull:*:repeat')).length > 0,
    );
    await eventually('all of them', async () => (await queues.repair(clock.speed)).length === 0);
    expect(store.epoch.known()?.sequence).toBe((before?.sequence ?? 0) + 1);
    // What is told next has a number that nobody has seen.
    await refreshAccount(ports);
    const raised = await store.outbox.raise({
      key: 'next',
      kind: 'notice',
      severity: 'critical',
      title: 'What came next',
      lines: [],
      at: 1,
    });
    expect(raised?.number).toBeGreaterThan(before?.alert ?? 0);
    await phone.hears('What came next');
  });

  it('that comes back older is told with the time and the messages that are gone', async () => {
    const rig = await open();
    const { running, phone } = rig;
    const { store, redis } = running.wiring;
    const say = (key: string) =>
      store.outbox.raise({
        key,
        kind: 'notice',
        severity: 'critical',
        title: key,
        lines: [],
        at: 1,
      });
    await say('first');
    await phone.hears('first');
    const names = await redis.keys('vigil:*');
    const copy = await Promise.all(names.map((each) => redis.dumpBuffer(each)));
    await say('second');
    await phone.hears('second');
    await eventually('it is known', () => (store.epoch.known()?.alert ?? 0) >= 2);
    const putBack = redis.multi().flushall();
    for (const [index, name] of names.entries()) {
      const value = copy[index];
      if (value !== undefined && value !== null) putBack.restore(name, 0, value);
    }
    await putBack.exec();
    for (const key of ['third', 'fourth', 'fifth']) await say(key);
    for (const key of ['third', 'fourth', 'fifth']) await phone.hears(key);
    const told = textOf(await phone.hears('My memory (Redis) came back older than I knew it.'));
    expect(told).toMatch(/What I stored after \d\d:\d\d:\d\d UTC is gone\./);
    expect((await store.mode.read())?.mode).toBe('halted');
  });
});
