import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readStatus } from '../../src/app/views/read-status.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { ACCOUNT_FEED, PRICE_FEED, watchConnection } from '../../src/app/feeds/watch-connection.ts';
import { reportRequests, reportStream } from '../../src/process/feed-reports.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { openVigil, type Vigil } from './vigil.ts';
import type { Finding } from '../../src/domain/alert.ts';
import { PATIENCE_MS } from '../patience.ts';

let redis: RealRedis;
let vigil: Vigil;
let close: () => Promise<void>;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
let opened = false;
afterEach(async () => {
  if (!opened) return;
  opened = false;
  await close();
  await vigil.close();
});

/** A followed stream, watched; `pause` of the tests is short, so a gap is told almost at once. */
async function watched(options: { position: boolean }) {
  vigil = await openVigil({ redis, venue: { speed: 1 } });
  opened = true;
  if (options.position) {
    const body = { symbol: 'ETHUSDT', side: 'LONG', notional: '1000', stop: '3900' };
    await vigil.control('position', body);
  }
  await refreshAccount(vigil.ports);
  const stream = vigil.wiring.bitunix.openPriceStream();
  close = async () => {
    endReports();
    await stream.close();
  };
  const endReports = reportStream(vigil.wiring, { feed: PRICE_FEED.name, stream });
  watchConnection(vigil.ports, stream, PRICE_FEED);
  stream.follow(['ETHUSDT']);
  await until(() => stream.state() === 'live');
  return stream;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('not in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const feeds = async (): Promise<Record<string, string>> =>
  Object.fromEntries((await vigil.ports.feeds.latest()).map((each) => [each.feed, each.state]));
const kinds = async (): Promise<string[]> => (await vigil.alerts()).map((each) => each.kind);
const reads = async (): Promise<number> => (await vigil.jobs('account')).length;

it('a price stream that is lost while a position is open is told, and told when it is back', async () => {
  const stream = await watched({ position: true });
  await vigil.control('fault', { fault: 'drop-sockets', channel: 'public' });
  await until(async () => (await kinds()).length === 2);
  expect(await kinds()).toEqual(['connection-lost', 'connection-back']);
  expect((await vigil.alerts())[0]?.severity).toBe('critical');
  expect(stream.state()).toBe('live');
  expect(await reads()).toBe(1);
  const lines = (await vigil.alerts())[0]?.lines.join(' ');
  expect(lines).toContain('The reason: the connection closed (code 1006).');
  expect(lines).toContain('Prices are read every few seconds instead');
  expect(lines).not.toContain('New trades are paused');
  await until(async () => (await feeds())['price stream'] === 'live');
  stream.follow([]);
  await until(async () => (await feeds())['price stream'] === 'idle');
});

it('without a position it is not told, and the account is read all the same', async () => {
  await watched({ position: false });
  await vigil.control('fault', { fault: 'drop-sockets', channel: 'public' });
  await until(async () => (await reads()) === 1);
  expect(await kinds()).toEqual([]);
});

it('an account stream that stays lost is told with the reason, shown, and told when it is back', async () => {
  vigil = await openVigil({ redis, venue: { speed: 1, quirks: { receiveWindowMs: 5_000 } } });
  opened = true;
  await refreshAccount(vigil.ports);
  const stream = vigil.wiring.bitunix.openAccountStream?.();
  if (stream === undefined) throw new Error('keys were given');
  watchConnection(vigil.ports, stream, ACCOUNT_FEED);
  const endReports = reportStream(vigil.wiring, { feed: ACCOUNT_FEED.name, stream });
  const endRequests = reportRequests(vigil.wiring);
  close = async () => {
    endReports();
    endRequests();
    await stream.close();
  };
  await until(async () => (await feeds())['account stream'] === 'live');
  // The exchange's clock runs away, so the login is refused until the next answer to a request has told the client.
  await vigil.control('fault', { fault: 'clock-skew', forMs: 60_000, amount: 600_000 });
  await vigil.control('fault', { fault: 'drop-sockets', channel: 'private' });
  await until(async () => (await kinds()).length === 1);
  await until(async () => (await feeds())['account stream'] === 'stale');
  const [lost] = await vigil.alerts();
  expect(lost).toMatchObject({ kind: 'connection-lost', severity: 'warning' });
  expect(lost?.title).toContain('account stream silent for');
  expect(lost?.lines.join(' ')).toContain('The account is read every few seconds instead');
  expect(await readStatus(vigil.ports)).toMatchObject({ account: { kind: 'live' } });

  await vigil.control('fault', { fault: 'clear' });
  await vigil.ports.market.tickers();
  await until(() => stream.state() === 'live');
  await until(async () => (await kinds()).includes('connection-back'));
  expect(await reads()).toBe(1);
  await until(async () => (await feeds())['requests'] === 'live');
});

describe('a stream that comes and goes, by a clock of the test', () => {
  /** Seconds that pass one by one; the store takes what is raised unless it is away. */
  function open() {
    let now = 1_000_000;
    let away = false;
    const waiting: { readonly at: number; readonly go: () => void }[] = [];
    const told: string[] = [];
    let tell: (state: 'live' | 'stale', reason: string) => void = () => undefined;
    const ports = {
      clock: { now: () => now, speed: 1 },
      accounts: { snapshot: async () => (away ? failing() : { positions: [{}], at: 0 }) },
      outbox: {
        raise: async ({ kind, title, lines }: Finding) =>
          away ? failing() : void told.push([kind, title, ...lines].join(' ')),
      },
      work: { refreshAccount: async () => (away ? failing() : undefined) },
      log: { warn: () => undefined },
      pause: (ms: number) => new Promise<void>((go) => waiting.push({ at: now + ms, go })),
    } as unknown as Parameters<typeof watchConnection>[0];
    const stream = { onState: (listener: typeof tell) => (tell = listener), silenceMs: () => 0 };
    watchConnection(ports, stream as never, PRICE_FEED);
    return {
      told,
      away: (is: boolean) => (away = is),
      say: (state: 'live' | 'stale') => tell(state, 'for a test'),
      pass: async (seconds: number) => {
        for (let each = 0; each < seconds; each += 1) {
          now += 1_000;
          for (const due of waiting.filter(({ at }) => at <= now)) {
            waiting.splice(waiting.indexOf(due), 1);
            due.go();
          }
          await setImmediate();
        }
      },
    };
  }
  const failing = (): never => {
    throw new Error('the store is away');
  };
  const kindsOf = (told: readonly string[]) => told.map((each) => each.split(' ')[0]);

  it('makes at most four messages when it goes every 30 s for ten minutes, the last that it is back', async () => {
    const { told, say, pass } = open();
    for (let each = 0; each < 10; each += 1) {
      say('stale');
      await pass(30);
      say('live');
      await pass(30);
    }
    await pass(600);
    expect(kindsOf(told)).toEqual([
      'connection-lost',
      'connection-back',
      'connection-lost',
      'connection-back',
    ]);
    expect(told[2]).toContain('I tell you when it has been well for 5 minutes');
  });

  it('tells of three losses that are each too short to be told, once, and when it is steady again', async () => {
    const { told, say, pass } = open();
    for (let each = 0; each < 9; each += 1) {
      say('stale');
      await pass(2);
      say('live');
      await pass(28);
    }
    await pass(400);
    expect(kindsOf(told)).toEqual(['connection-lost', 'connection-back']);
    expect(told[0]).toContain('price stream had 3 short losses in 10 min');
    await pass(600);
    say('stale');
    await pass(2);
    say('live');
    await pass(600);
    expect(told).toHaveLength(2);
  });

  it('tells of one that lasts although short ones were told before', async () => {
    const { told, say, pass } = open();
    for (let each = 0; each < 3; each += 1) {
      say('stale');
      await pass(2);
      say('live');
      await pass(20);
    }
    expect(kindsOf(told)).toEqual(['connection-lost']);
    say('stale');
    await pass(30);
    expect(told[1]).toContain('No connection to the exchange: price stream silent for');
    say('live');
    await pass(400);
    expect(kindsOf(told)).toEqual(['connection-lost', 'connection-lost', 'connection-back']);
  });

  it('keeps what it could not store until it is stored, also that it is back', async () => {
    const { told, say, pass, away } = open();
    say('stale');
    await pass(10);
    away(true);
    say('live');
    await pass(120);
    expect(kindsOf(told)).toEqual(['connection-lost']);
    away(false);
    await pass(5);
    expect(kindsOf(told)).toEqual(['connection-lost', 'connection-back']);
    away(true);
    say('stale');
    await pass(60);
    away(false);
    await pass(10);
    expect(kindsOf(told)).toHaveLength(3);
  });
});
