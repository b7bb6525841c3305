import type { CandleStore } from '../../src/app/ports/candle-store.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import { nextReport } from '../../src/app/scan/scan-report.ts';
import type { ScanReport } from '../../src/domain/scan-report.ts';
import { createScanner } from '../../src/app/scan/scan-market.ts';
import { intervalMs, type Candle, type Interval } from '../../src/domain/candle.ts';
import type { Instrument, Ticker } from '../../src/domain/instrument.ts';
import { price, usd } from '../../src/domain/money/money.ts';
import { HOUR, type Timestamp } from '../../src/domain/time.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { instrumentOf as anyInstrument } from '../../scripts/bench/scan-data.ts';
import { isDue } from '../../src/jobs/queues/scan-at-closes.ts';

const CLOSE = Date.UTC(2025, 5, 1, 12);
const HISTORY = { '1h': 20, '4h': 340 } as const;
/** The client's pacing of a sweep, and what an answer takes on its way. */
const REQUEST_MS = 125;

const instrumentOf = (symbol: string): Instrument => ({
  ...anyInstrument(0),
  symbol,
  base: symbol.replace('USDT', ''),
});

/** A candle that ends at 100, but the one that ends at the close: there the contract falls to 80 where it breaks down. */
function candleAt(openTime: Timestamp, interval: Interval, breaks: boolean): Candle {
  const isLast = openTime + intervalMs(interval) === CLOSE;
  const close = isLast && breaks ? 80 : 100 + ((openTime / HOUR) % 3) / 10;
  const open = 100;
  const [high, low] = [Math.max(open, close) + 0.5, Math.min(open, close) - 0.5];
  return { openTime, open, high, low, close, volume: 1e6 };
}

const rowsOf = (interval: Interval, count: number, to: Timestamp, breaks: boolean): Candle[] =>
  Array.from({ length: count }, (_, n) =>
    candleAt(to - (count - n) * intervalMs(interval), interval, breaks),
  );

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

/** A reading of candles by a clock that only requests move on: the time that the exchange's pacing costs, and nothing of this machine's. */
function marketOf(symbols: readonly string[], breaking: ReadonlySet<string>) {
  let now = CLOSE;
  const spend = (): void => {
    now += REQUEST_MS;
  };
  const market = {
    instruments: async () => {
      spend();
      return symbols.map(instrumentOf);
    },
    tickers: async (): Promise<readonly Ticker[]> => {
      spend();
      return symbols.map((symbol) => {
        const last = price(breaking.has(symbol) ? '80.1' : '100');
        const rest = { open24h: last, high24h: last, low24h: last };
        return { symbol, mark: last, last, ...rest, quoteVolume24h: usd('90000000'), at: now };
      });
    },
    candles: async ({
      symbol,
      interval,
      limit,
    }: {
      symbol: string;
      interval: Interval;
      limit: number;
    }) => {
      spend();
      return rowsOf(interval, limit, CLOSE, breaking.has(symbol));
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

interface CloseRun {
  /** From the close to each signal. */
  readonly seconds: readonly number[];
  /** Signals that more than one look gave. */
  readonly repeated: number;
  /** Contracts that the report names as scored in the end. */
  readonly scored: number;
}

/** Looks after a 4 h close over so many contracts of which some break down. `isMinuteOnly`: scans start with the minute alone. */
export async function closeToSignal(
  count: number,
  { breaks, isMinuteOnly = false }: { readonly breaks: number; readonly isMinuteOnly?: boolean },
): Promise<CloseRun> {
  const symbols = Array.from({ length: count }, (_, n) => `C${n}USDT`);
  const breaking = new Set(symbols.slice(-breaks));
  const venue = marketOf(symbols, breaking);
  const candles = memory();
  for (const symbol of symbols) {
    for (const [interval, rows] of Object.entries(HISTORY) as [Interval, number][]) {
      const before = CLOSE - intervalMs(interval);
      await candles.append(symbol, interval, rowsOf(interval, rows, before, false));
    }
  }
  const silent = (): void => undefined;
  let report: ScanReport | undefined;
  const scanner = createScanner({
    market: venue.market,
    clock: venue.clock,
    candles,
    log: { info: silent, warn: silent, error: silent },
    limits: () => DEFAULT_LIMITS,
    places: { read: async () => new Map() },
    venueMode: 'paper',
    scans: { latest: async () => report },
  } as unknown as Ports);
  // Before the close, as any program that has run for a while: what is stored is known to the trackers.
  const before = { candleOpenTime: CLOSE - 2 * HOUR, fresh: 0, failed: [] };
  await scanner.signal({ symbols, ...before });
  const found = new Map<string, number>();
  let repeated = 0;
  let looked = isMinuteOnly ? 60_000 : 0;
  if (isMinuteOnly) venue.wait(60_000);
  for (let sweep = 0; sweep < 4; sweep += 1) {
    // Beyond the looks after a close the minute's own goes on.
    const isSoon = (): boolean => venue.clock.now() - CLOSE < 40_000;
    while (!isMinuteOnly && isSoon() && !isDue(looked, venue.clock.now() - CLOSE)) venue.wait(100);
    looked = venue.clock.now() - CLOSE;
    const { signals, ...counts } = await scanner.signal(await scanner.fetch());
    for (const { id } of signals) {
      if (found.has(id)) repeated += 1;
      else found.set(id, (venue.clock.now() - CLOSE) / 1_000);
    }
    const entries = signals.map((signal) => ({ signal, fate: 'watched' as const, refusals: [] }));
    report =
      nextReport(report, { ...counts, entries }, { now: venue.clock.now(), speed: 1 }) ?? report;
  }
  return { seconds: [...found.values()], repeated, scored: report?.scored.length ?? 0 };
}
