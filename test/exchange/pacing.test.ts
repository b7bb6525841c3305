import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ENDPOINTS } from '../../src/exchange/bitunix/rest/endpoints.ts';
import type { Endpoint, Priority } from '../../src/exchange/http/endpoint.ts';
import { createPacer, type Pacer } from '../../src/exchange/http/pacing.ts';
import { clockAt } from './support/client.ts';

let pacer: Pacer | undefined;
// The clock of these tests stands and is moved on: what they measure is the pacing, not the machine.
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  pacer?.close();
  vi.useRealTimers();
});

/** Lets time pass until that is settled. */
async function passing<T>(awaited: Promise<T>): Promise<T> {
  let settled = false;
  const end = awaited.finally(() => (settled = true));
  while (!settled) await vi.advanceTimersByTimeAsync(1);
  return end;
}

/** Sends `count` at once and answers when each left, in milliseconds of the venue. */
async function sendAll(speed: number, calls: readonly [Endpoint, Priority][]): Promise<number[]> {
  const used = (pacer = createPacer(clockAt(speed)));
  const start = performance.now();
  return passing(
    Promise.all(
      calls.map(async ([endpoint, priority]) => {
        const sent = await used.turn(endpoint, priority);
        const at = (performance.now() - start) * speed;
        sent.answered();
        return at;
      }),
    ),
  );
}

const most = (times: readonly number[], windowMs: number): number =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + windowMs).length));

it('lets 10 public requests go in a venue second, in a fast demo too', async () => {
  const times = await sendAll(
    10,
    Array.from({ length: 40 }, () => [ENDPOINTS.kline, 'market']),
  );
  expect(most(times, 1_000)).toBeLessThanOrEqual(10);
  expect(Math.max(...times)).toBeLessThan(5_000);
});

it('leaves two of the public requests of each second to others while candles are swept', async () => {
  const times = await sendAll(
    10,
    Array.from({ length: 40 }, () => [ENDPOINTS.kline, 'scan']),
  );
  expect(most(times, 1_000)).toBe(8);
});

it('keeps to the slow limit of one endpoint without holding up the others', async () => {
  const slow: Endpoint = { ...ENDPOINTS.cancelOrders, perSecond: 1 };
  const three: [Endpoint, Priority][] = Array.from({ length: 3 }, () => [slow, 'protect']);
  const times = await sendAll(10, [...three, [ENDPOINTS.flashClose, 'protect']]);
  expect(most(times.slice(0, 3), 1_000)).toBe(1);
  expect(times[3]).toBeLessThan(500);
});

it('sends protective calls before reads that waited longer', async () => {
  const reads: [Endpoint, Priority][] = Array.from({ length: 20 }, () => [
    ENDPOINTS.positions,
    'account',
  ]);
  const times = await sendAll(10, [...reads, [ENDPOINTS.cancelOrders, 'protect']]);
  expect(times.at(-1)).toBeLessThan(300);
  expect(most(times.slice(0, 20), 1_000)).toBeLessThanOrEqual(5);
});

it.each([
  'kline',
  'tickers',
  'tradingPairs',
  'positionTiers',
  'fundingRates',
  'fundingHistory',
] as const)(
  'sends %s, which a reading of the account or the owner waits for, before candles of a sweep that waited longer',
  async (name) => {
    const candles: [Endpoint, Priority][] = Array.from({ length: 60 }, () => [
      ENDPOINTS.kline,
      'scan',
    ]);
    const asked = ENDPOINTS[name];
    const times = await sendAll(10, [...candles, [asked, asked.priority]]);
    const before = times.slice(0, 60).filter((at) => at < (times.at(-1) ?? 0));
    expect(before.length).toBeLessThanOrEqual(10);
  },
);

it.each([40, 200, 900])(
  'reads the account within 4 s while the looks at a close take every turn they get, answered after %i ms',
  async (wayMs) => {
    const used = (pacer = createPacer(clockAt(1)));
    const ask = async (endpoint: Endpoint, priority: Priority): Promise<void> => {
      const sent = await used.turn(endpoint, priority);
      await new Promise((resolve) => setTimeout(resolve, wayMs));
      sent.answered();
    };
    const { account, positions, pendingProtections, pendingOrders, positionHistory } = ENDPOINTS;
    const all = [account, positions, pendingProtections, pendingOrders];
    let over = false;
    const looks = async (): Promise<void> => {
      while (!over) {
        await Promise.all(all.map((each) => ask(each, 'trade')));
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    };
    const looking = looks();
    const read = async (): Promise<void> => {
      await Promise.all(all.map((each) => ask(each, 'account')));
      await ask(positionHistory, 'account');
    };
    for (let reads = 0; reads < 5; reads += 1) {
      const began = performance.now();
      await passing(read());
      expect(performance.now() - began).toBeLessThan(4_000 + 2 * wayMs);
    }
    over = true;
    await passing(looking);
  },
);

it('sends a protective call before entries that waited longer', async () => {
  const entries: [Endpoint, Priority][] = Array.from({ length: 24 }, () => [
    ENDPOINTS.placeOrder,
    'trade',
  ]);
  const times = await sendAll(10, [...entries, [ENDPOINTS.flashClose, 'protect']]);
  const before = times.slice(0, 24).filter((at) => at < (times.at(-1) ?? 0));
  expect(before.length).toBeLessThanOrEqual(8);
});

it('keeps room for two protective calls in each second, however many orders there were', async () => {
  const used = (pacer = createPacer(clockAt(0.01)));
  const left: string[] = [];
  const ask = (endpoint: Endpoint, priority: Priority): void =>
    void used.turn(endpoint, priority).then(
      () => left.push(priority),
      () => undefined,
    );
  for (let index = 0; index < 10; index += 1) ask(ENDPOINTS.placeOrder, 'trade');
  for (let index = 0; index < 4; index += 1) ask(ENDPOINTS.flashClose, 'protect');
  await vi.advanceTimersByTimeAsync(0);
  // A second of this venue is a hundred here: what leaves now leaves within one.
  expect(left).toEqual([...Array.from({ length: 8 }, () => 'trade'), 'protect', 'protect']);
  expect(used.waiting()).toBe(4);
});

it('leaves more room after a refusal, once for all refusals of a moment', async () => {
  const used = (pacer = createPacer(clockAt(10)));
  for (let index = 0; index < 9; index += 1) used.pause('public', 0);
  const start = performance.now();
  const ask = async (): Promise<void> => (await used.turn(ENDPOINTS.kline, 'market')).answered();
  await passing(Promise.all(Array.from({ length: 11 }, ask)));
  const took = performance.now() - start;
  expect(took).toBeGreaterThanOrEqual(134);
  expect(took).toBeLessThan(100 + 5 + 240);
});

it('sends nothing of a scope while it is paused', async () => {
  const used = (pacer = createPacer(clockAt(1)));
  used.pause('private', 120);
  const start = performance.now();
  await passing(used.turn(ENDPOINTS.tickers, 'scan'));
  expect(performance.now() - start).toBeLessThan(60);
  await passing(used.turn(ENDPOINTS.positions, 'account'));
  expect(performance.now() - start).toBeGreaterThanOrEqual(119);
});

it('counts a request from its answer, because the way there may have taken as long', async () => {
  const used = (pacer = createPacer(clockAt(10)));
  const start = performance.now();
  const first = await passing(
    Promise.all(Array.from({ length: 10 }, () => used.turn(ENDPOINTS.kline, 'market'))),
  );
  const next = used.turn(ENDPOINTS.kline, 'market');
  await vi.advanceTimersByTimeAsync(80);
  for (const each of first) each.answered();
  await passing(next);
  const waited = performance.now() - start;
  // A venue second is 100 ms here: after the answers, not after the sends.
  expect(waited).toBeGreaterThanOrEqual(180);
  expect(waited).toBeLessThan(350);
});

it('waits at most 300 ms longer for answers that do not come', async () => {
  const used = (pacer = createPacer(clockAt(10)));
  const start = performance.now();
  await passing(
    Promise.all(Array.from({ length: 11 }, () => used.turn(ENDPOINTS.kline, 'protect'))),
  );
  const waited = performance.now() - start;
  expect(waited).toBeGreaterThanOrEqual(400);
  expect(waited).toBeLessThan(700);
});
