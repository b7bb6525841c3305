import type { CandleStore } from '../../src/app/ports/candle-store.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import { askedOf, nextReport } from '../../src/app/scan/scan-report.ts';
import type { ScanEntry, ScanReport } from '../../src/domain/scan-report.ts';
import { createScanner } from '../../src/app/scan/scan-market.ts';
import { intervalMs, type Candle, type Interval } from '../../src/domain/candle.ts';
import type { Instrument, Ticker } from '../../src/domain/instrument.ts';
import { price, usd } from '../../src/domain/money/money.ts';
import type { Signal } from '../../src/domain/signal.ts';
import type { Timestamp } from '../../src/domain/time.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { instrumentOf as anyInstrument } from '../../scripts/bench/scan-data.ts';
import { isDue } from '../../src/jobs/queues/scan-at-closes.ts';
import { isJudged } from '../../src/signals/selection.ts';
import { mixSeed, seededRandom } from '../../src/simulator/venue/random.ts';

const CLOSE = Date.UTC(2025, 5, 1, 12);
const HISTORY = { '1h': 20, '4h': 340 } as const;
/** The client's pacing of a sweep. */
const REQUEST_MS = 125;
/** Cards that there are places for. */
const SLOTS = 3;

/** What one contract did, unlike the others: how it moves and what is traded, and how the candle ended that closed just now. */
interface Contract {
  readonly symbol: string;
  /** Half the range of an ordinary candle, at a price of 100. */
  readonly half: number;
  readonly volume: number;
  readonly last: { readonly close: number; readonly low: number };
  readonly ticker: Pick<Ticker, 'last' | 'quoteVolume24h'>;
  /** The gate has something against its signal. */
  readonly isRefused: boolean;
}

type Fate = 'quiet' | 'near' | 'breaks';

interface Moves {
  readonly seed: number;
  readonly wicks: number | undefined;
}

/** A contract whose lowest price of 55 days is 100 less its half range: it breaks that, ends right above it or stays where it is. */
function contractOf(symbol: string, fate: Fate, { seed, wicks }: Moves): Contract {
  const random = seededRandom(seed);
  const between = (least: number, most: number): number => least + random() * (most - least);
  // A calm one would be clean, if it were not for its wick.
  const half = wicks === undefined ? between(0.8, 3) : between(0.8, 1);
  const edge = 100 - half;
  const share = {
    quiet: 1.1,
    near: 1.002,
    breaks: between(wicks === undefined ? 0.85 : 0.98, 0.999),
  }[fate];
  const close = fate === 'quiet' ? 100 : edge * share;
  const low =
    fate === 'quiet'
      ? edge
      : close *
        (random() < (wicks ?? 0.3) ? between(0.7, wicks === undefined ? 0.99 : 0.8) : 0.999);
  const volume = between(2e4, 1e6);
  const day = (500 + close) * volume * between(0.97, 1.03);
  const last = price((close * between(0.998, 1.002)).toFixed(4));
  return {
    symbol,
    half,
    volume,
    last: { close, low },
    ticker: { last, quoteVolume24h: usd(day.toFixed(2)) },
    isRefused: random() < 0.2,
  };
}

function candleOf(contract: Contract, openTime: Timestamp, interval: Interval): Candle {
  const { half, volume, last } = contract;
  const isLast = openTime + intervalMs(interval) === CLOSE;
  const close = isLast ? last.close : 100;
  const low = isLast ? last.low : 100 - half;
  return { openTime, open: 100, high: 100 + half, low, close, volume };
}

const rowsOf = (contract: Contract, interval: Interval, { count, to }: Rows): Candle[] =>
  Array.from({ length: count }, (_, n) =>
    candleOf(contract, to - (count - n) * intervalMs(interval), interval),
  );

interface Rows {
  readonly count: number;
  readonly to: Timestamp;
}

function memory(): CandleStore {
  const all = new Map<string, readonly Candle[]>();
  const rows = (symbol: string, interval: Interval) => all.get(`${symbol} ${interval}`) ?? [];
  return {
    append: async (symbol, interval, candles) => {
      const known = rows(symbol, interval);
      const last = known.at(-1)?.openTime ?? -Infinity;
      all.set(`${symbol} ${interval}`, [
        ...known,
        ...candles.filter(({ openTime }) => openTime > last),
      ]);
    },
    newest: async (symbols, interval) =>
      new Map(
        symbols.flatMap((symbol) => {
          const last = rows(symbol, interval).at(-1);
          return last === undefined ? [] : [[symbol, last.openTime] as const];
        }),
      ),
    since: async (symbol, interval, after) =>
      rows(symbol, interval).filter(({ openTime }) => openTime > after),
  };
}

const instrumentOf = (symbol: string): Instrument => ({
  ...anyInstrument(0),
  symbol,
  base: symbol.replace('USDT', ''),
});

/** A reading of candles by a clock that only requests move on: the time that the exchange's pacing costs, and nothing of this machine's. */
function marketOf(contracts: readonly Contract[], { silent }: Pick<Close, 'silent'>) {
  let now = CLOSE;
  const spend = (): void => {
    now += REQUEST_MS;
  };
  const bySymbol = new Map(contracts.map((each) => [each.symbol, each]));
  const market: Pick<Ports['market'], 'instruments' | 'tickers' | 'candles'> = {
    instruments: async () => {
      spend();
      return contracts.map(({ symbol }) => instrumentOf(symbol));
    },
    tickers: async () => {
      spend();
      return contracts.map(({ symbol, ticker }): Ticker => {
        const { last } = ticker;
        const day = { open24h: last, high24h: last, low24h: last };
        return { symbol, mark: last, ...day, ...ticker, at: now };
      });
    },
    candles: async ({ symbol, interval, limit }) => {
      spend();
      const contract = bySymbol.get(symbol);
      const how = silent?.(symbol);
      if (contract === undefined || how === 'fails') throw new Error('no answer');
      // Without a trade since, some list no new candle.
      const to = how === 'no-candle' ? CLOSE - intervalMs(interval) : CLOSE;
      return rowsOf(contract, interval, { count: limit, to });
    },
  };
  return {
    market,
    clock: { now: (): number => now, speed: 1 },
    wait: (ms: number) => {
      now += ms;
    },
  };
}

interface Close {
  readonly breaks: number;
  /** Contracts that end right above the edge. */
  readonly nears?: number;
  readonly seed?: number;
  /** Share of those that break that went far beyond where they ended, all of them calm before. */
  readonly wicks?: number;
  /** Milliseconds after the close at which the first look is made. */
  readonly from?: number;
  /** Each look is made by a program that has just started. */
  readonly restarts?: boolean;
  /** Contracts whose new candle cannot be had. */
  readonly silent?: (symbol: string) => 'fails' | 'no-candle' | undefined;
}

interface Card {
  readonly symbol: string;
  /** From the close. */
  readonly seconds: number;
}

interface CloseRun {
  /** In the order in which they came. */
  readonly cards: readonly Card[];
  /** What became of each signal, by its name. */
  readonly fates: Readonly<Record<string, ScanEntry['fate']>>;
  /** Signals that more than one look gave. */
  readonly repeated: number;
  readonly report: ScanReport;
}

/** The gate as far as it decides which signals become cards: with places of which none is given back. */
function gateOf(contracts: readonly Contract[]) {
  const refused = new Set(contracts.filter((each) => each.isRefused).map(({ symbol }) => symbol));
  let waiting = 0;
  return (signals: readonly Signal[], report: ScanReport | undefined): ScanEntry[] => {
    let judged = askedOf(report, CLOSE);
    return signals.map((signal): ScanEntry => {
      if (!isJudged({ judged, waiting, slots: SLOTS })) {
        return { signal, fate: 'not best', refusals: [] };
      }
      judged += 1;
      if (refused.has(signal.symbol)) return { signal, fate: 'refused', refusals: [] };
      waiting += 1;
      return { signal, fate: 'proposed', refusals: [] };
    });
  };
}

async function stored(contracts: readonly Contract[]): Promise<CandleStore> {
  const candles = memory();
  for (const contract of contracts) {
    for (const [interval, count] of Object.entries(HISTORY) as [Interval, number][]) {
      const to = CLOSE - intervalMs(interval);
      await candles.append(contract.symbol, interval, rowsOf(contract, interval, { count, to }));
    }
  }
  return candles;
}

/** Looks after a 4 h close over so many contracts, until all that can be had is read. */
export async function closeToCard(count: number, close: Close): Promise<CloseRun> {
  const { breaks, nears = 0, seed = 1, from = 0, restarts = false, wicks } = close;
  const contracts = Array.from({ length: count }, (_, n) => {
    const fate = n >= count - breaks ? 'breaks' : n < nears ? 'near' : 'quiet';
    return contractOf(`C${n}USDT`, fate, { seed: mixSeed(seed, n), wicks });
  });
  const venue = marketOf(contracts, close);
  const quiet = (): void => undefined;
  let report: ScanReport | undefined;
  const ports = {
    market: venue.market,
    clock: venue.clock,
    candles: await stored(contracts),
    log: { info: quiet, warn: quiet, error: quiet },
    limits: () => DEFAULT_LIMITS,
    places: { read: async () => new Map() },
    venueMode: 'paper',
    scans: { latest: async () => report },
  } as unknown as Ports;
  const known = createScanner(ports);
  const gate = gateOf(contracts);
  const cards: Card[] = [];
  const fates: Record<string, ScanEntry['fate']> = {};
  let repeated = 0;
  venue.wait(from);
  let looked = from;
  // The last one finds nothing that is new.
  for (let whole = 0; whole < 2;) {
    // Beyond the looks after a close the minute's own goes on.
    const since = (): number => venue.clock.now() - CLOSE;
    while (since() < 40_000 && !isDue(looked, since())) venue.wait(100);
    looked = since();
    const scanner = restarts ? createScanner(ports) : known;
    const fetched = await scanner.fetch();
    const { signals, ...counts } = await scanner.signal(fetched);
    if (fetched.isAhead !== true) whole += 1;
    const entries = gate(signals, report);
    for (const { signal, fate } of entries) {
      if (signal.id in fates) repeated += 1;
      fates[signal.id] = fate;
      if (fate === 'proposed') cards.push({ symbol: signal.symbol, seconds: since() / 1_000 });
    }
    report =
      nextReport(report, { ...counts, entries }, { now: venue.clock.now(), speed: 1 }) ?? report;
  }
  if (report === undefined) throw new Error('nothing was reported');
  return { cards, fates, repeated, report };
}
