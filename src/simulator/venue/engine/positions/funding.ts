import { dec, mulMoney, type Dec } from '../../decimal.ts';
import { gaussian, mixSeed, seededRandom, textSeed } from '../../random.ts';
import type { Instrument } from '../../market/instrument.ts';
import type { Market } from '../../market/market.ts';
import { bookMoney, notional } from '../orders/book.ts';
import { instrumentAt, quoteOf, type EngineContext, type Desk } from '../context.ts';

const HOUR = 3_600_000;
/** Fraction per interval; the exchange prints percent. */
const USUAL_RATE = 0.00005;
export const MAX_RATE = 0.003;

export interface FundingTimes {
  readonly last: number;
  readonly next: number;
}

/** Settlement times around a moment: every `fundingHours` on the hour, UTC. */
export function fundingTimes(instrument: Instrument, time: number): FundingTimes {
  const step = instrument.fundingHours * HOUR;
  const last = Math.floor(time / step) * step;
  return { last, next: last + step };
}

/**
 * The rate (fraction) that the settlement at `settlement` charges: a little noise that depends on the contract and the
 * time, plus a lean towards where the price went in the day before. `known` is the moment up to which prices may be
 * used: before the settlement it gives the rate as it stands.
 */
export function fundingRate(
  market: Market,
  index: number,
  when: { settlement: number; known: number },
): Dec {
  const { settlement } = when;
  const instrument = market.instruments[index];
  if (instrument === undefined) return 0n;
  const given = market.fundingRate?.(index);
  if (given !== undefined) return dec(given.toFixed(8));
  const random = seededRandom(mixSeed(textSeed(instrument.symbol), settlement / HOUR));
  const now = market.last(index, Math.min(settlement, when.known));
  const before = market.last(index, settlement - 24 * HOUR);
  const lean = now === undefined || before === undefined ? 0 : Math.log(now / before) * 0.002;
  const share = instrument.fundingHours / 8;
  const rate = (USUAL_RATE + 0.00004 * gaussian(random) + lean) * share;
  const bounded = Math.max(-MAX_RATE, Math.min(MAX_RATE, rate));
  return dec(bounded.toFixed(8));
}

/** The rate (fraction) that a settlement in the past, or right now, charged. */
export function settledRate(ctx: EngineContext, index: number, settlement: number): Dec {
  const step = instrumentAt(ctx, index).fundingHours * HOUR;
  const known = ctx.quirks.fundingCharged === 'at-start' ? settlement - step : settlement;
  return fundingRate(ctx.market, index, { settlement, known });
}

/** Settles the funding of one contract's positions: with a positive rate longs pay shorts. */
export function settleFunding(desk: Desk, index: number): void {
  const { ctx, account } = desk;
  const rate = settledRate(ctx, index, ctx.time);
  for (const position of account.positions.values()) {
    if (position.index !== index) continue;
    const value = notional(position.qty, quoteOf(ctx, index).mark);
    const paid = mulMoney(value, rate);
    const funding = position.side === 'LONG' ? -paid : paid;
    if (funding === 0n) continue;
    position.funding += funding;
    position.mtime = ctx.time;
    bookMoney(account, { funding });
    ctx.emit(account, { kind: 'balance' });
  }
}

/** Settlement times in (from, to], of one contract. */
export function settlementsIn(
  ctx: EngineContext,
  index: number,
  range: { readonly from: number; readonly to: number },
): number[] {
  const instrument = instrumentAt(ctx, index);
  const times: number[] = [];
  let { next } = fundingTimes(instrument, range.from);
  while (next <= range.to) {
    times.push(next);
    next += instrument.fundingHours * HOUR;
  }
  return times;
}
