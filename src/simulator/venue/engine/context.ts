import { fromTicks, type Dec } from '../decimal.ts';
import { markTicks, type Instrument } from '../market/instrument.ts';
import type { Market } from '../market/market.ts';
import type { Quirks } from '../quirks.ts';
import { refusal } from '../venue-error.ts';
import type { Account, AccountEvent } from './account.ts';

/** Counters behind the ids: they only grow, and are saved. */
export interface IdCounters {
  order: number;
  position: number;
  tpsl: number;
  trade: number;
}

/** Faults that reach into the matching itself. Each consumes one use and says whether it applies now. */
export interface EngineFaults {
  /** The share (0 to 1) of the next order that fills before the rest is cancelled; undefined normally. */
  partialThenCancel(symbol: string): number | undefined;
  /** Whether the next trigger of this symbol fails instead of placing its order. */
  tpslFails(symbol: string): boolean;
  /** Whether the system takes away what has just been armed or set to rest, or delists the contract of an arriving order. */
  happens(kind: 'order-system-cancel' | 'tpsl-system-cancel' | 'delist'): boolean;
}

/** What every step of the engine works on. `time` is the moment being processed, Unix ms of venue time. */
export interface EngineContext {
  readonly market: Market;
  readonly quirks: Quirks;
  readonly faults: EngineFaults;
  readonly ids: IdCounters;
  /** Last price in ticks of the contracts that are being walked, by index. */
  readonly cursors: Map<number, number>;
  time: number;
  /** While what a gap has passed is served. */
  behindGap: boolean;
  emit(account: Account, event: AccountEvent): void;
}

/** An account at its engine: what every action on an account needs. */
export interface Desk {
  readonly ctx: EngineContext;
  readonly account: Account;
}

const ID_BASES: Readonly<Record<keyof IdCounters, bigint>> = {
  order: 6_819_000_000_000_000_000n,
  position: 6_812_000_000_000_000_000n,
  tpsl: 7_100_000_000_000_000_000n,
  trade: 7_300_000_000_000_000_000n,
};

/** The next id of a kind: a big integer as text, spread so that neighbours differ in more than the last digit. */
export function nextId(ctx: EngineContext, kind: keyof IdCounters): string {
  ctx.ids[kind] += 1;
  return String(ID_BASES[kind] + BigInt(ctx.ids[kind]) * 1_048_583n);
}

export function instrumentAt(ctx: EngineContext, index: number): Instrument {
  const instrument = ctx.market.instruments[index];
  if (instrument === undefined) throw refusal(20015);
  return instrument;
}

/** The contract of a symbol, or the refusal that the exchange gives for every unknown one. */
export function instrumentOf(
  ctx: EngineContext,
  symbol: string,
): { readonly instrument: Instrument; readonly index: number } {
  const index = ctx.market.indexOf(symbol.toUpperCase());
  if (index === undefined) throw refusal(ctx.quirks.unknownSymbolCode);
  return { instrument: instrumentAt(ctx, index), index };
}

/** Last price in ticks at the moment being processed; undefined when the contract has none yet. */
export function lastTicksOf(ctx: EngineContext, index: number): number | undefined {
  return ctx.cursors.get(index) ?? ctx.market.last(index, ctx.time);
}

export interface Quote {
  readonly lastTicks: number;
  readonly last: Dec;
  readonly mark: Dec;
}

/** Last and mark price of a contract; refuses a contract that has no price. */
export function quoteOf(ctx: EngineContext, index: number): Quote {
  const instrument = instrumentAt(ctx, index);
  const lastTicks = lastTicksOf(ctx, index);
  if (lastTicks === undefined) throw refusal(20012);
  return {
    lastTicks,
    last: fromTicks(lastTicks, instrument.quotePrecision),
    mark: fromTicks(markTicks(instrument, lastTicks), instrument.quotePrecision),
  };
}
