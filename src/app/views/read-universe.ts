import {
  MIN_LISTED_DAYS,
  MIN_QUOTE_VOLUME_24H,
  universe,
  universeChecks,
  type UniverseCheck,
} from '../../signals/universe.ts';
import { grouped, toFixed } from '../../domain/money/money.ts';
import type { ScanReport, UnscoredCause } from '../../domain/scan-report.ts';
import type { Timestamp } from '../../domain/time.ts';
import type { Ports } from '../ports/ports.ts';
import { reasonOf } from '../reading/reading.ts';
import { resolveSymbol } from '../reading/resolve-symbol.ts';

export type { UniverseCheck } from '../../signals/universe.ts';

/** What /universe answers. */
export type UniverseReading =
  | {
      readonly kind: 'all';
      readonly included: number;
      readonly listed: number;
      /** Largest first. */
      readonly categories: readonly { readonly name: string; readonly count: number }[];
      /** What is scanned, most traded first. */
      readonly inside: readonly string[];
      /** Why the others are out, the commonest reason first. */
      readonly outside: readonly {
        readonly reason: string;
        readonly symbols: readonly string[];
      }[];
      readonly rules: string;
    }
  | {
      readonly kind: 'inside';
      readonly symbol: string;
      readonly category: string;
      /** 1 is the most traded one. */
      readonly rank: number;
      readonly of: number;
      readonly checks: readonly UniverseCheck[];
      /** What the last scan made of it; absent before the first one, or where it cannot be read. */
      readonly scan?: SymbolScan;
    }
  | {
      readonly kind: 'outside';
      readonly symbol: string;
      readonly reason: string;
      readonly checks: readonly UniverseCheck[];
    }
  | { readonly kind: 'not-listed'; readonly asked: string }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** The newest scanned candle, and why the symbol was not checked on it; `new`: it was not in the universe then. */
export interface SymbolScan {
  readonly candleClosedAt: Timestamp;
  readonly unscored?: {
    readonly cause: UnscoredCause | 'new';
    readonly reason?: string | undefined;
  };
  /** Strategies that cannot judge it for lack of candles in a row, and until when at the latest. */
  readonly silent: readonly { readonly strategy: string; readonly until: Timestamp }[];
}

const RULES = `A contract is looked at when it is open, can be traded through the API, is settled in USDT, traded at least ${grouped(toFixed(MIN_QUOTE_VOLUME_24H, 0))} USDT in 24 h and, where the date is known, has been listed for ${MIN_LISTED_DAYS} days.`;

/** Which contracts are scanned, or why one is or is not. `words`: a coin or symbol, or "". Never rejects. */
export async function readUniverse(
  ports: Pick<Ports, 'market' | 'clock' | 'scans'>,
  words: string,
): Promise<UniverseReading> {
  try {
    const [instruments, tickers] = await Promise.all([
      ports.market.instruments(),
      ports.market.tickers(),
    ]);
    const options = { now: ports.clock.now() };
    const found = universe(instruments, tickers, options);
    if (words === '') return summary(found, instruments.length);
    const symbol = resolveSymbol(
      words,
      instruments.map((each) => each.symbol),
    );
    const instrument = instruments.find((each) => each.symbol === symbol);
    if (instrument === undefined) return { kind: 'not-listed', asked: words.slice(0, 30) };
    const ticker = tickers.find((each) => each.symbol === symbol);
    const checks = universeChecks(instrument, ticker, options);
    const rank = found.included.findIndex((each) => each.symbol === symbol);
    const inside = found.included[rank];
    if (inside !== undefined) {
      const scan = scanOf(await ports.scans.latest().catch(() => undefined), inside.symbol);
      const place = { rank: rank + 1, of: found.included.length };
      return {
        kind: 'inside',
        ...inside,
        ...place,
        checks,
        ...(scan === undefined ? {} : { scan }),
      };
    }
    const outside = found.excluded.find((each) => each.symbol === symbol);
    return { kind: 'outside', symbol: instrument.symbol, reason: outside?.reason ?? '', checks };
  } catch (error) {
    return { kind: 'unavailable', reason: reasonOf(error) };
  }
}

function scanOf(report: ScanReport | undefined, symbol: string): SymbolScan | undefined {
  if (report === undefined) return undefined;
  const { candleClosedAt, scored, unscored } = report;
  const silent = (report.silent ?? []).filter(({ names }) => names?.includes(symbol));
  if (scored.includes(symbol)) return { candleClosedAt, silent };
  const found = unscored.find(({ symbols }) => symbols.includes(symbol));
  return { candleClosedAt, unscored: found ?? { cause: 'new' }, silent };
}

function summary(
  { included, excluded }: ReturnType<typeof universe>,
  listed: number,
): Extract<UniverseReading, { kind: 'all' }> {
  const categories = new Map<string, number>();
  for (const { category } of included) {
    categories.set(category, (categories.get(category) ?? 0) + 1);
  }
  const reasons = new Map<string, string[]>();
  for (const { symbol, reason } of excluded) {
    const kind = kindOf(reason);
    reasons.set(kind, [...(reasons.get(kind) ?? []), symbol]);
  }
  return {
    kind: 'all',
    included: included.length,
    listed,
    inside: included.map(({ symbol }) => symbol),
    categories: [...categories]
      .map(([name, count]) => ({ name, count }))
      .toSorted((one, other) => other.count - one.count),
    outside: [...reasons]
      .map(([reason, symbols]) => ({
        reason,
        symbols,
      }))
      .toSorted((one, other) => other.symbols.length - one.symbols.length),
    rules: RULES,
  };
}

/** The reason without the figures of one contract, so that they can be counted together. */
function kindOf(reason: string): string {
  if (reason.startsWith('24 h volume')) return 'too little volume';
  return reason.startsWith('listed ') ? 'listed too recently' : reason;
}
