import { createServer, type AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startHeartbeat } from '../../src/process/pulse/heartbeat.ts';
import { startSentinel, type SentinelConfig } from '../../src/process/sentinel/sentinel.ts';
import { startChat, type Chat } from '../../src/simulator/chat/chat.ts';
import { startVenue, type Venue } from '../../src/simulator/venue/venue.ts';
import { OWNER, phoneAt, textOf, type Phone } from '../acceptance/owner.ts';
import { control } from '../acceptance/venue-truth.ts';
import { KEY } from '../app/vigil.ts';
import { eventually } from '../store/real-redis.ts';

/** Wall milliseconds, scaled from 75 s and 30 s. */
const SILENCE_MS = 5_000;
const EVERY_MS = 500;
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const logged: unknown[] = [];
const noted = { ...quiet, warn: (...line: unknown[]) => void logged.push(line) };

let config: SentinelConfig;
let venue: Venue;
let chat: Chat;
let phone: Phone;
let heartbeatUrl: string;
let folder: string;
let sentinel: { stop(): Promise<void> };
let stops: (() => Promise<void>)[];

beforeEach(async () => {
  stops = [];
  folder = await mkdtemp(join(tmpdir(), 'vigil-sentinel-'));
  venue = await startVenue({
    market: { kind: 'generated', seed: 7, symbols: 3 },
    accounts: [{ ...KEY, balance: '10000' }],
  });
  chat = await startChat({ users: [{ id: OWNER, first_name: 'Olga' }] });
  phone = await phoneAt(chat.url);
  await phone.send('hello');
  heartbeatUrl = `http://127.0.0.1:${await freePort()}/a-long-word`;
  logged.length = 0;
  config = {
    mode: 'watch',
    roles: ['sentinel'],
    exchangeUrl: venue.url,
    simControlUrl: venue.controlUrl,
    ...KEY,
    telegramToken: chat.token,
    telegramApiRoot: chat.apiRoot,
    account: 'one',
    dataDir: folder,
    heartbeatUrl,
    owner: OWNER,
    logLevel: 'silent',
  };
  sentinel = await startSentinel(config, { log: noted, silenceMs: SILENCE_MS });
});
afterEach(async () => {
  for (const each of stops) await each();
  await sentinel.stop();
  phone.hangUp();
  await chat.stop();
  await venue.stop();
  await rm(folder, { recursive: true });
});

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });

/** Vigil as a sentinel hears it, until it is stopped. */
function beat(): ReturnType<typeof startHeartbeat>['stop'] {
  const trouble = (): undefined => undefined;
  const { stop } = startHeartbeat({ url: heartbeatUrl, trouble, log: quiet, everyMs: EVERY_MS });
  stops.push(stop);
  return stop;
}
/** A call of a Vigil that dies right after it. */
const lastWord = (url = heartbeatUrl): Promise<Response> => fetch(url, { method: 'POST' });

/** One that is set up in another way, with an address of its own. */
async function anotherSentinel(about: Partial<SentinelConfig>): Promise<string> {
  const url = `http://127.0.0.1:${await freePort()}/another-long-word`;
  const other = await startSentinel({ ...config, ...about, heartbeatUrl: url }, { log: quiet });
  stops.push(other.stop);
  return url;
}

it('tells the owner that Vigil is silent, which positions are open and what has no stop, and that it is back', async () => {
  await lastWord();
  await phone.hears('I hear Vigil');
  await control(venue.controlUrl, 'position', {
    symbol: 'BTCUSDT',
    side: 'LONG',
    notional: '500',
    leverage: 5,
    marginMode: 'ISOLATION',
  });
  const silent = textOf(await phone.hears('Vigil has been silent'));
  expect(silent).toMatch(/Open now:\n• BTCUSDT long: NO STOP is resting/);
  expect(silent).toContain('no command works');
  beat();
  await phone.hears('Vigil is back');
});

it('says nothing of a restart, and of an end on purpose that it was one', async () => {
  await lastWord();
  const stop = beat();
  await phone.hears('I hear Vigil');
  await stop({ reason: undefined });
  stops = [];
  const text = textOf(await phone.hears('Vigil has been silent'));
  expect(text).toContain('It was stopped on purpose.');
  expect(text).toContain('No position is open.');
  const all = (await phone.heard()).map(textOf).filter((each) => each.includes('silent for'));
  expect(all).toHaveLength(1);
});

it('hears nobody who does not know the word', async () => {
  const strange = new URL(heartbeatUrl);
  strange.pathname = '/another-word';
  expect((await fetch(strange, { method: 'POST' })).status).toBe(404);
  expect((await fetch(`${heartbeatUrl}/more`, { method: 'POST' })).status).toBe(404);
  await phone.hears('I have not heard Vigil since I began');
});

it('tells a silence before its end, also where the exchange takes its time', async () => {
  await lastWord();
  await phone.hears('I hear Vigil');
  await control(venue.controlUrl, 'fault', { fault: 'slow', amount: 4_000, count: 100 });
  await eventually('the silence is seen', () => JSON.stringify(logged).includes('"silent"'));
  await lastWord();
  await phone.hears('Vigil is back');
  const texts = (await phone.heard()).map(textOf);
  const [silent, back] = ['Vigil has been silent', 'Vigil is back'].map((words) =>
    texts.findIndex((each) => each.includes(words)),
  );
  expect(silent).toBeGreaterThan(-1);
  expect(silent).toBeLessThan(back ?? -1);
});

it('refuses what it hears where it may not write to the owner, so that Vigil tells', async () => {
  const url = await anotherSentinel({ telegramToken: '1:of-another-bot' });
  await eventually('Vigil is refused', async () => (await lastWord(url)).status === 503);
  expect(await (await lastWord(url)).text()).toMatch(/^40\d /);
  expect((await lastWord()).status).toBe(200);
});

it('says at once that its key does not read the exchange', async () => {
  await lastWord(await anotherSentinel({ apiKey: 'another' }));
  expect(textOf(await phone.hears('I cannot read the exchange'))).toContain('I hear Vigil');
});
