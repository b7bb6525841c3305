import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { limitsAtSpeed } from '../../src/app/limits/limits-at-speed.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { createScanner } from '../../src/app/scan/scan-market.ts';
import { watchScan } from '../../src/app/scan/watch-scan.ts';
import { intervalMs, type Candle } from '../../src/domain/candle.ts';
import type { ScanReport } from '../../src/domain/scan-report.ts';
import { HOUR, MINUTE } from '../../src/domain/time.ts';
import { strategyNamed } from '../../src/signals/strategies/list.ts';
import { eventually, openRedis, type RealRedis } from '../store/real-redis.ts';
import { openVigil, START, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;
let ports: Ports;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil.close());

/** Twelve contracts at 12:20; the exchange's own limits are proved elsewhere. */
async function open(
  over: (real: Ports) => Partial<Ports> = () => ({}),
  symbols = 12,
): Promise<void> {
  const market = { kind: 'generated', seed: 7, symbols, from: START } as const;
  vigil = await openVigil({ redis, venue: { speed: 20, market }, over });
  ({ ports } = vigil);
}

/** One sweep, as the queue runs it. */
async function sweep(scanner = createScanner(ports)): Promise<ScanReport> {
  const fetched = await scanner.fetch();
  const { signals, ...counts } = await scanner.signal(fetched);
  await scanner.alert(counts, await scanner.risk(signals));
  const report = await ports.scans.latest();
  if (report === undefined) throw new Error('no report');
  return report;
}

/** Symbols without a score, by cause. */
const unscored = ({ unscored: found }: ScanReport) =>
  Object.fromEntries(found.map(({ cause, symbols }) => [cause, symbols]));

const fault = (body: object): Promise<void> => vigil.control('fault', body);

describe('an exchange that fails in the middle of a sweep', () => {
  it.each([
    ['a burst of refusals for frequency', { fault: 'rate-limited', count: 40 }],
    ['a block page', { fault: 'html-403', count: 1 }],
    ['no answer', { fault: 'lost-request', count: 40 }],
  ])('%s: what was not read is named, and read by a later sweep', async (_name, body) => {
    await open();
    await refreshAccount(ports);
    await ports.market.instruments();
    const scanner = createScanner(ports);
    await fault({ ...body, path: 'kline' });
    const first = await sweep(scanner);
    const unread = unscored(first)['not-read'] ?? [];
    expect(unread.length).toBeGreaterThan(0);
    expect(first.scored.length + unread.length).toBe(first.universe);
    expect(first.unscored[0]?.reason).toMatch(/exchange|frequent/);
    await fault({ fault: 'clear' });
    // While requests are paused a sweep fails as a whole; the next one comes.
    const report = await eventually('all of it', async () => {
      const next = await sweep(scanner).catch(() => first);
      return next.unscored.length === 0 ? next : undefined;
    });
    expect(report.candleClosedAt).toBe(first.candleClosedAt);
    expect(report.scored).toHaveLength(first.universe);
    expect(report.completeTo).toBe(report.candleClosedAt);
  });

  it('never scores what it could not read on the candle before', async () => {
    await open();
    const scanner = createScanner(ports);
    await sweep(scanner);
    await vigil.leap(HOUR);
    await fault({ fault: 'lost-request', forMs: 60_000, path: 'kline' });
    const fetched = await scanner.fetch();
    const found = await scanner.signal(fetched);
    expect(found).toMatchObject({ scored: [], signals: [] });
    expect(found.unscored.map(({ cause }) => cause)).toEqual(['not-read']);
    await fault({ fault: 'clear' });
  });
});

it('what a first sweep leaves to the next one is called that, not missing at the exchange', async () => {
  // 112 pages of the histories are asked for at once, four a symbol.
  await open(undefined, 40);
  const scanner = createScanner(ports);
  const first = await sweep(scanner);
  const left = unscored(first);
  expect(Object.keys(left)).toEqual(['not-asked']);
  expect(left['not-asked']).toHaveLength(first.universe - first.scored.length);
  expect(first.scored.length).toBeGreaterThan(0);
  const report = await sweep(scanner);
  expect(report.scored).toHaveLength(report.universe);
});

describe('a sweep that ends half-way', () => {
  it('is taken up by the next one, and no signal is lost or doubled', async () => {
    let broken = '';
    await open((real) => ({
      candles: {
        ...real.candles,
        since: (symbol, ...rest) =>
          broken === 'signal' && symbol === 'XRPUSDT'
            ? Promise.reject(new Error('Redis went away'))
            : real.candles.since(symbol, ...rest),
      },
      proposals: {
        ...real.proposals,
        create: (...args) =>
          broken === 'risk'
            ? Promise.reject(new Error('Redis went away'))
            : real.proposals.create(...args),
      },
      scans: {
        ...real.scans,
        save: (report) =>
          broken === 'alert'
            ? Promise.reject(new Error('Redis went away'))
            : real.scans.save(report),
      },
    }));
    await refreshAccount(ports);
    const scanner = createScanner(ports);
    for (broken of ['signal', 'risk', 'alert']) {
      await expect(sweep(scanner)).rejects.toThrow('Redis went away');
    }
    broken = '';
    // A worker that has seen all of it in memory, and one that starts cold.
    const report = await sweep(scanner);
    expect(report.scored).toHaveLength(report.universe);
    expect(report.signals).toBeGreaterThan(1);
    const ids = report.found.map(({ signal }) => signal.id);
    expect(new Set(ids).size).toBe(report.signals);
    const cards = (await vigil.alerts()).filter(({ kind }) => kind === 'signal');
    const proposed = report.found.filter(({ fate }) => fate === 'proposed');
    expect(cards).toHaveLength(proposed.length);
    expect(await sweep()).toEqual(report);
    expect((await ports.ledger?.open())?.length).toBe(report.signals);
  });

  it('does not push the next best after a restart, when the first cards are answered', async () => {
    await open();
    await refreshAccount(ports);
    const before = await sweep();
    for (const { id } of await ports.proposals.withStatus('pending')) {
      await ports.proposals.apply(id, { kind: 'reject', by: 1, at: ports.clock.now() });
    }
    expect(await sweep()).toEqual(before);
    expect(await ports.proposals.withStatus('pending')).toEqual([]);
  });
});

describe('the edge of an hour', () => {
  it('scores a candle that came while the one before was swept, in its own turn', async () => {
    await open();
    const scanner = createScanner(ports);
    const { symbols, candleOpenTime } = await scanner.fetch();
    await vigil.leap(HOUR);
    await scanner.fetch();
    // The candle of the next hour is stored already when this sweep comes to its second step.
    const late = { symbols, candleOpenTime, fresh: symbols.length, failed: [] };
    const { scored, signals } = await scanner.signal(late);
    expect(scored).toEqual([]);
    // Those of 4 h have their candle still: none of theirs has closed since.
    expect(signals.filter(({ strategy }) => strategy === 'agreement')).toEqual([]);
    const report = await sweep(scanner);
    expect(report.candleClosedAt).toBe(candleOpenTime + 2 * HOUR);
    expect(report.scored).toHaveLength(report.universe);
  });

  it('keeps the report of the newer candle where the clock has gone back', async () => {
    await open();
    let back = 0;
    const shifted = {
      ...ports,
      clock: {
        get speed() {
          return vigil.ports.clock.speed;
        },
        now: () => vigil.ports.clock.now() - back,
      },
    };
    const scanner = createScanner(shifted);
    const report = await sweep(scanner);
    back = 3 * HOUR;
    expect(await sweep(scanner)).toEqual(report);
    back = 0;
    await vigil.leap(HOUR);
    const next = await sweep(scanner);
    expect(next.candleClosedAt).toBe(report.candleClosedAt + HOUR);
    expect(next.scored).toHaveLength(next.universe);
  });

  it('catches up after a clock that leapt over days', async () => {
    await open();
    const scanner = createScanner(ports);
    await sweep(scanner);
    await vigil.leap(20 * 24 * HOUR);
    const report = await sweep(scanner);
    expect(report.scored).toHaveLength(report.universe);
    expect(ports.clock.now() - report.candleClosedAt).toBeLessThan(HOUR);
  });
});

describe('a symbol that is not like the others', () => {
  /** The exchange's candles of one symbol, changed on the way. */
  const changed = (symbol: string, change: (candles: readonly Candle[]) => readonly Candle[]) =>
    open((real) => ({
      market: {
        ...real.market,
        candles: async (query) => {
          const candles = await real.market.candles(query);
          return query.symbol === symbol ? change(candles) : candles;
        },
      },
    }));
  const newest = Math.floor(START / HOUR) * HOUR - HOUR;

  it.each([
    ['10 candles', 'history', (all: readonly Candle[]) => all.slice(-10)],
    ['no candle', 'no-candle', () => []],
    ['no newest candle', 'no-candle', (all) => all.filter((each) => each.openTime < newest)],
    [
      'a newest candle without volume',
      'unusable',
      // Of either length: a strategy that has its candle looks at it.
      (all) => all.map((each, row) => (row === all.length - 1 ? { ...each, volume: 0 } : each)),
    ],
  ] satisfies readonly (readonly [
    string,
    string,
    (all: readonly Candle[]) => readonly Candle[],
  ])[])('%s: %s, named, and nobody else is kept out', async (_what, cause, change) => {
    await changed('ETHUSDT', change);
    const report = await sweep();
    expect(unscored(report)).toEqual({ [cause]: ['ETHUSDT'] });
    expect(report.scored).toHaveLength(report.universe - 1);
  });

  it('a hole some hours ago silences only the strategy whose candles lack one, and is named', async () => {
    await changed('ETHUSDT', (all) => all.filter((each) => each.openTime !== newest - 5 * HOUR));
    const report = await sweep();
    expect(report.scored).toHaveLength(report.universe);
    // 5 candles follow on the hole: 15 more until its averages speak, and 24 that an event is judged by.
    const until = report.candleClosedAt + (15 + 24) * HOUR;
    const which = { symbols: 1, names: ['ETHUSDT'] };
    expect(report.silent).toEqual([{ strategy: 'agreement', ...which, afterGap: 1, until }]);
  });

  it('a bad tick stays one however often it is looked at', async () => {
    await changed('ETHUSDT', (all) =>
      all.map((each, row) =>
        row === all.length - 1
          ? { ...each, open: each.open * 9, close: each.close * 9, high: each.high * 9 }
          : each,
      ),
    );
    const scanner = createScanner(ports);
    for (let minute = 0; minute < 4; minute += 1) {
      expect(unscored(await sweep(scanner))).toEqual({ unusable: ['ETHUSDT'] });
    }
  });

  it('a damaged row of the store keeps out its own symbol alone', async () => {
    await open();
    const scanner = createScanner(ports);
    await scanner.fetch();
    const key = vigil.wiring.store.keys.candles('ETHUSDT', '1h');
    await vigil.wiring.redis.zadd(key, newest - HOUR + 1, 'rubbish');
    const report = await sweep(scanner);
    expect(unscored(report)).toEqual({ 'not-read': ['ETHUSDT'] });
  });

  it('one that is delisted leaves the scan, and one that is listed joins it', async () => {
    let hidden = 'SOLUSDT';
    await open((real) => ({
      market: {
        ...real.market,
        instruments: async () =>
          (await real.market.instruments()).filter(({ symbol }) => symbol !== hidden),
      },
    }));
    const scanner = createScanner(ports);
    const before = await sweep(scanner);
    expect(before.scored).not.toContain('SOLUSDT');
    hidden = '';
    await fault({ fault: 'delist', symbol: 'ETHUSDT' });
    await vigil.leap(HOUR);
    const after = await sweep(scanner);
    expect(after.scored).toContain('SOLUSDT');
    expect(after.scored).not.toContain('ETHUSDT');
    expect(after.scored).toHaveLength(after.universe);
  });

  it('one whose signal is tracked is read on after it has left the universe', async () => {
    let gone = '';
    await open((real) => ({
      market: {
        ...real.market,
        tickers: async () => (await real.market.tickers()).filter(({ symbol }) => symbol !== gone),
      },
    }));
    await refreshAccount(ports);
    const scanner = createScanner(ports);
    const { found } = await sweep(scanner);
    const signal = found.at(-1)?.signal;
    if (signal === undefined) throw new Error('nothing was found');
    gone = signal.symbol;
    const interval = strategyNamed(signal.strategy)?.interval ?? '1h';
    await vigil.leap(intervalMs(interval));
    const { symbols, candleOpenTime } = await scanner.fetch();
    expect(symbols).not.toContain(gone);
    const closedAt = candleOpenTime + HOUR;
    const newest = (await ports.candles.newest([gone], interval)).get(gone);
    expect(newest).toBe(closedAt - intervalMs(interval));
  });
});

describe('what is told of a scan that is behind', () => {
  const told = async () =>
    (await vigil.alerts())
      .filter(({ key }) => key.startsWith('scan-behind'))
      .map(({ title }) => title);

  it('is told once, with the reason, and corrected when it has caught up', async () => {
    let broken = new Set<string>();
    await open((real) => ({
      market: {
        ...real.market,
        candles: (query) =>
          broken.has(query.symbol)
            ? Promise.reject(new Error('no answer'))
            : real.market.candles(query),
      },
    }));
    await refreshAccount(ports);
    const clock = { now: () => vigil.ports.clock.now(), speed: 1 };
    const limits = () => limitsAtSpeed(ports.limits(), 1);
    const watched = { ...ports, clock, limits, startedAt: ports.clock.now() - HOUR };
    const scanner = createScanner(watched);
    const complete = await sweep(scanner);
    await watchScan(watched);
    expect(await told()).toEqual([]);
    await vigil.leap(complete.candleClosedAt + HOUR + MINUTE - clock.now());
    broken = new Set(complete.scored.slice(0, 3));
    await sweep(scanner);
    // A scan has its time.
    await watchScan(watched);
    expect(await told()).toEqual([]);
    await vigil.leap(20 * MINUTE);
    await watchScan(watched);
    await watchScan(watched);
    expect(await told()).toEqual([
      expect.stringContaining(`3 of ${complete.universe} contracts could not be read`),
    ]);
    broken = new Set();
    await sweep(scanner);
    expect(await told()).toEqual(['The market scan is complete again']);
    await watchScan(watched);
    expect(await told()).toHaveLength(1);
  });

  it('tells once of a pushed strategy that a gap has silenced for a third of it, until it is over', async () => {
    await open();
    await refreshAccount(ports);
    const scanner = createScanner(ports);
    const { candleOpenTime, symbols } = await scanner.fetch();
    const until = candleOpenTime + 1300 * HOUR;
    const after = (afterGap: number, strategy = 'breakdown') => {
      const silent = [{ strategy, symbols: 9, afterGap, until }];
      return { candleOpenTime, universe: 12, scored: symbols, unscored: [], silent };
    };
    let hour = 0;
    const step = async (counts: ReturnType<typeof after>) => {
      hour += 1;
      await scanner.alert({ ...counts, candleOpenTime: candleOpenTime + hour * HOUR }, []);
      await watchScan(ports);
      await watchScan(ports);
      return told();
    };
    const one = 'The market scan is behind: breakdown cannot judge 9 of 12 contracts';
    // Too few; and one that is only watched.
    expect(await step(after(3))).toEqual([]);
    expect(await step(after(12, 'breakout'))).toEqual([]);
    expect(await step(after(4))).toEqual([one]);
    expect(await step(after(12))).toEqual([one]);
    const over = 'breakdown judges most contracts again';
    expect(await step(after(3))).toEqual([over]);
    // The next gap is another one.
    expect(await step(after(4))).toEqual([over, one]);
  });

  it('is told also where no sweep has come to an end', async () => {
    await open();
    await refreshAccount(ports);
    const clock = { now: () => vigil.ports.clock.now(), speed: 1 };
    const watched = { ...ports, clock, startedAt: clock.now() - HOUR };
    await watchScan(watched);
    expect(await told()).toEqual([expect.stringContaining('is not scanned yet')]);
  });
});
