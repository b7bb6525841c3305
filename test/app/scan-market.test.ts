import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CandleStore } from '../../src/app/ports/candle-store.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import type { ScanEntry } from '../../src/domain/scan-report.ts';
import { SCAN_INTERVAL } from '../../src/app/scan/fetch-candles.ts';
import { createScanner, type Fetched } from '../../src/app/scan/scan-market.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { intervalMs, lastClosedOpenTime, type Interval } from '../../src/domain/candle.ts';
import { ExchangeFailure } from '../../src/domain/failure.ts';
import { price, toNumber } from '../../src/domain/money/money.ts';
import { HOUR } from '../../src/domain/time.ts';
import { SCANNED } from '../../src/signals/strategies/list.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { answering } from './failing.ts';
import { aSignal } from './signals.ts';
import { openVigil, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;
let ports: Ports;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil.close());

/** Which candles the strategies of the live scan want, and how many pages of 200 they are of a symbol that is new. */
const INTERVALS: readonly Interval[] = [
  ...new Set([SCAN_INTERVAL, ...SCANNED.map(({ interval }) => interval)]),
];
const PAGES = INTERVALS.reduce((pages, interval) => {
  const own = SCANNED.filter((each) => each.interval === interval);
  const most = Math.max(0, ...own.map(({ minHistory }) => minHistory));
  // Where one page does not hold it, one more than needed.
  return pages + (most < 200 ? 1 : 1 + Math.ceil(most / 200));
}, 0);

interface Asked {
  readonly symbol: string;
  readonly interval: Interval;
  readonly limit: number;
}
/** Which candles were asked for. */
let allPatient = true;
let asked: Asked[] = [];
let broken: ReadonlySet<string> = new Set();

async function open(symbols: number): Promise<void> {
  asked = [];
  broken = new Set();
  allPatient = true;
  vigil = await openVigil({
    redis,
    venue: {
      // As fast as the exchange allows at this speed: the pacing is proved elsewhere.
      speed: 20,
      market: { kind: 'generated', seed: 7, symbols, from: Date.UTC(2025, 9, 6, 12, 20) },
    },
    over: (real) => ({
      market: {
        ...real.market,
        candles: (query) => {
          const { symbol, interval, limit } = query;
          asked.push({ symbol, interval, limit });
          allPatient &&= query.patient === true;
          return broken.has(symbol)
            ? Promise.reject(new ExchangeFailure('no answer', { kind: 'network', retriable: true }))
            : real.market.candles(query);
        },
      },
    }),
  });
  ({ ports } = vigil);
}
const newestOpenTimes = () =>
  INTERVALS.map((interval) => ({
    interval,
    openTime: lastClosedOpenTime(interval, ports.clock.now()),
  }));
const bySymbol = (a: Asked, b: Asked): number =>
  a.interval.localeCompare(b.interval) || a.symbol.localeCompare(b.symbol);

const whole = async (scanner: ReturnType<typeof createScanner>): Promise<Fetched> => {
  const fetched = await scanner.fetch();
  const { signals, ...counts } = await scanner.signal(fetched);
  await scanner.alert(counts, await scanner.risk(signals));
  return fetched;
};

describe('fetching candles', () => {
  it('asks for whole pages at first, then for nothing until a candle has closed, then for that one', async () => {
    await open(12);
    const scanner = createScanner(ports);
    const newest = newestOpenTimes();
    const first = await scanner.fetch();
    expect(first.fresh).toBe(first.symbols.length * INTERVALS.length);
    expect(asked).toHaveLength(first.symbols.length * PAGES);
    expect(asked.every((each) => each.limit === 200)).toBe(true);
    expect(allPatient, 'others wait behind the sweep').toBe(true);
    asked = [];
    const before = await vigil.served();
    expect((await scanner.fetch()).fresh).toBe(0);
    expect((await createScanner(ports).fetch()).fresh).toBe(0);
    expect(asked).toEqual([]);
    // Rules and tickers are kept for a moment; no candle is asked for.
    expect((await vigil.served()) - before).toBeLessThanOrEqual(4);
    await vigil.leap(HOUR);
    const next = await scanner.fetch();
    expect(next.candleOpenTime).toBe(first.candleOpenTime + HOUR);
    // One more than has closed: the exchange may still count the newest as forming.
    const due = newestOpenTimes().flatMap(({ interval, openTime }, index) => {
      const closed = (openTime - (newest[index]?.openTime ?? 0)) / intervalMs(interval);
      return closed === 0
        ? []
        : next.symbols.map((symbol) => ({ symbol, interval, limit: closed + 1 }));
    });
    expect(due.filter(({ interval }) => interval === SCAN_INTERVAL)).toHaveLength(
      next.symbols.length,
    );
    expect(asked.toSorted(bySymbol)).toEqual(due.toSorted(bySymbol));
  });

  it('goes on without a symbol that fails, and asks for it again', async () => {
    await open(12);
    broken = new Set(['ETHUSDT']);
    const scanner = createScanner(ports);
    const first = await scanner.fetch();
    expect(first.failed).toEqual(INTERVALS.map(() => ({ symbol: 'ETHUSDT', reason: 'no answer' })));
    expect(first.fresh).toBe((first.symbols.length - 1) * INTERVALS.length);
    broken = new Set();
    asked = [];
    expect((await scanner.fetch()).failed).toEqual([]);
    expect(asked).toHaveLength(PAGES);
    expect(new Set(asked.map((each) => each.interval))).toEqual(new Set(INTERVALS));
    expect(asked.every((each) => each.symbol === 'ETHUSDT' && each.limit === 200)).toBe(true);
  });

  it('looks at 200 symbols and more', async () => {
    await open(1_000);
    await ports.market.instruments();
    const seen = new Map<Interval, readonly string[]>();
    const candles: CandleStore = {
      ...ports.candles,
      newest: async (symbols, interval) => {
        seen.set(interval, symbols);
        // Everything is there: this is about which symbols are looked at.
        return new Map(symbols.map((each) => [each, ports.clock.now()]));
      },
    };
    const fetched = await createScanner({ ...ports, candles }).fetch();
    expect(fetched.symbols.length).toBeGreaterThanOrEqual(200);
    expect(seen).toEqual(new Map(INTERVALS.map((interval) => [interval, fetched.symbols])));
    expect(asked).toEqual([]);
  });
});

describe('a scan', () => {
  it('reports how many symbols it looked at, also when a second worker looks at the same candle', async () => {
    await open(12);
    await refreshAccount(ports);
    const fetched = await whole(createScanner(ports));
    const first = await ports.scans.latest();
    expect(first).toMatchObject({
      candleClosedAt: fetched.candleOpenTime + HOUR,
      universe: fetched.symbols.length,
    });
    expect(first?.unscored).toEqual([]);
    expect(first?.scored).toEqual(fetched.symbols.toSorted());
    await whole(createScanner(ports));
    const { at: _first, ...before } = first ?? { at: 0 };
    const { at: _second, ...after } = (await ports.scans.latest()) ?? { at: 0 };
    expect(after).toEqual(before);
  });

  it('that sees no new candle leaves the report alone', async () => {
    await open(12);
    await refreshAccount(ports);
    const scanner = createScanner(ports);
    await whole(scanner);
    const report = await ports.scans.latest();
    await whole(scanner);
    expect(await ports.scans.latest()).toEqual(report);
  });

  it('lists a signal once however many workers found it', async () => {
    await open(12);
    const signal = await aSignal(ports);
    const entry: ScanEntry = { signal, fate: 'proposed', refusals: [] };
    const read = { universe: 1, scored: ['ETHUSDT'], unscored: [], silent: [] };
    const counts = { candleOpenTime: 12 * HOUR, ...read };
    const scanner = createScanner(ports);
    await scanner.alert(counts, [entry]);
    await scanner.alert(counts, [entry]);
    expect(await ports.scans.latest()).toMatchObject({ scored: ['ETHUSDT'], signals: 1 });
    expect((await ports.scans.latest())?.found).toHaveLength(1);
  });
});

describe('what the gate does with signals', () => {
  it('proposes as many as there are free positions, once, with a card and a deadline', async () => {
    await open(12);
    await refreshAccount(ports);
    const requests = ['ETHUSDT', 'SOLUSDT', 'XRPUSDT', 'DOGEUSDT', 'ADAUSDT'];
    const signals = await Promise.all(requests.map((symbol) => aSignal(ports, { symbol })));
    const scanner = createScanner(ports);
    const entries = await scanner.risk(signals);
    const proposed = entries.filter((each) => each.fate === 'proposed');
    expect(proposed.length).toBeGreaterThan(0);
    expect(proposed.length).toBeLessThanOrEqual(3);
    expect(await ports.proposals.withStatus('pending')).toHaveLength(proposed.length);
    expect(await vigil.alerts()).toHaveLength(proposed.length);
    expect(await vigil.jobs('upkeep')).toHaveLength(proposed.length);
    const again = await scanner.risk(signals);
    expect(again).toEqual(entries);
    expect(await vigil.alerts()).toHaveLength(proposed.length);
  });

  it('offers nothing to approve in watch mode', async () => {
    await open(12);
    await refreshAccount(ports);
    const { trading: _none, ...watching } = ports;
    await createScanner(watching).risk([await aSignal(ports)]);
    const [card] = await vigil.alerts();
    expect(card?.buttons?.flat().map(({ label }) => label)).toEqual(['Details']);
    expect(card?.lines.join(' ')).toContain('Watch mode: no orders.');
    expect(card?.lines.join(' ')).not.toContain('approve');
  });

  it('says that every place is taken, and pushes nothing', async () => {
    await open(12);
    for (const symbol of ['BTCUSDT', 'BNBUSDT', 'LTCUSDT']) {
      await vigil.control('position', { symbol, side: 'LONG', notional: '500', leverage: 2 });
    }
    await refreshAccount(ports);
    const entries = await createScanner(ports).risk([await aSignal(ports)]);
    expect(entries.map(({ fate }) => fate)).toEqual(['refused']);
    expect(entries[0]?.refusals.map(({ code }) => code)).toContain('too-many-positions');
    expect(await ports.proposals.recent(5)).toEqual([]);
  });

  it.each([
    ['trades of the day', { maxTradesPerDay: 1 }],
    ['positions', { maxPositions: 1 }],
  ])('pushes no more than the %s leave room for', async (_what, less) => {
    await open(12);
    await refreshAccount(ports);
    const signals = await Promise.all(
      ['ETHUSDT', 'SOLUSDT', 'XRPUSDT'].map((symbol) => aSignal(ports, { symbol })),
    );
    const tight = { ...ports, limits: () => ({ ...ports.limits(), ...less }) };
    const entries = await createScanner(tight).risk(signals);
    expect(entries.map(({ fate }) => fate)).toEqual(['proposed', 'not best', 'not best']);
    expect(await vigil.alerts()).toHaveLength(1);
  });

  it('asks about twenty of a candle at most, however many looks find them', async () => {
    await open(12);
    await refreshAccount(ports);
    const one = await aSignal(ports);
    const signals = Array.from({ length: 24 }, (_, n) => ({ ...one, id: `ETHUSDT-${n}` }));
    const none = { ...ports, limits: () => ({ ...ports.limits(), maxPositions: 0 }) };
    const scanner = createScanner(none);
    const candleOpenTime = one.candleClosedAt - HOUR;
    const counts = { candleOpenTime, universe: 1, scored: [], unscored: [], silent: [] };
    const fates = [];
    for (const look of [signals.slice(0, 16), signals.slice(16)]) {
      const entries = await scanner.risk(look);
      await scanner.alert(counts, entries);
      fates.push(...entries.map(({ fate }) => fate));
    }
    expect(fates.filter((fate) => fate === 'refused')).toHaveLength(20);
    expect(fates.slice(20)).toEqual(Array.from({ length: 4 }, () => 'not best'));
  });

  it('counts a position that one reading lacks as one that takes a place', async () => {
    await open(12);
    const marks = new Map((await ports.market.tickers()).map((each) => [each.symbol, each.mark]));
    // So little beside the other that the margin of the account does not show that it is missing.
    for (const [symbol, notional] of Object.entries({ BNBUSDT: '1000', LTCUSDT: '60' })) {
      const stop = (toNumber(marks.get(symbol) ?? price('0')) * 1.02).toFixed(1);
      await vigil.control('position', { symbol, side: 'SHORT', notional, leverage: 2, stop });
    }
    await refreshAccount(ports);
    const positions = async () =>
      (await vigil.wiring.ports.account.positions()).filter(({ symbol }) => symbol !== 'LTCUSDT');
    const over = { account: answering(ports.account, { positions }) };
    const lacking = {
      ...ports,
      ...over,
      limits: () => ({ ...ports.limits(), maxPositions: 3, maxTradesPerDay: 9 }),
    };
    const signals = await Promise.all(
      ['ETHUSDT', 'SOLUSDT'].map((symbol) => aSignal(ports, { symbol })),
    );
    const entries = await createScanner(lacking).risk(signals);
    expect(entries.map(({ fate, refusals }) => [fate, ...refusals])).toEqual([
      ['proposed'],
      ['not best'],
    ]);
  });

  it('pushes no second card for a symbol while one waits, of neither side', async () => {
    await open(12);
    await refreshAccount(ports);
    const first = await aSignal(ports, { symbol: 'ETHUSDT' });
    await createScanner(ports).risk([first]);
    const later = [
      await aSignal(ports, { symbol: 'ETHUSDT', id: 'ETHUSDT-long-later' }),
      await aSignal(ports, { symbol: 'ETHUSDT', side: 'short', id: 'ETHUSDT-short-later' }),
    ];
    const entries = await createScanner(ports).risk(later);
    expect(entries.map(({ refusals }) => refusals[0]?.code)).toEqual([
      'card-waiting',
      'card-waiting',
    ]);
    expect(await vigil.alerts()).toHaveLength(1);
    await ports.proposals.apply(first.id, { kind: 'reject', by: 1, at: ports.clock.now() });
    expect((await createScanner(ports).risk(later)).map(({ fate }) => fate)).toEqual([
      'proposed',
      'refused',
    ]);
  });

  it('pushes nothing for a symbol with an open position', async () => {
    await open(12);
    await vigil.control('position', {
      symbol: 'ETHUSDT',
      side: 'LONG',
      notional: '500',
      leverage: 2,
    });
    await refreshAccount(ports);
    const [entry] = await createScanner(ports).risk([await aSignal(ports)]);
    expect(entry?.refusals.map(({ code }) => code)).toContain('symbol-occupied');
    expect(await ports.proposals.recent(5)).toEqual([]);
  });

  it.each(['reduceOnly', 'halted'] as const)('refuses all with reasons while %s', async (to) => {
    await open(12);
    await refreshAccount(ports);
    const reason = { trigger: 'owner', evidence: 'halted by you', at: ports.clock.now() };
    await ports.mode.apply({ kind: 'tighten', to, reason });
    const [entry] = await createScanner(ports).risk([await aSignal(ports)]);
    expect(entry?.fate).toBe('refused');
    expect(entry?.refusals.map(({ sentence }) => sentence).join(' ')).toContain('halted by you');
    expect(await ports.proposals.recent(5)).toEqual([]);
  });
});
