import type { EngineContext } from '../engine/context.ts';
import { markTicks } from '../market/instrument.ts';
import { ticksText, volumeText } from './routes/rows.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The last 24 hours of a contract, as wire texts. */
export interface DayTicker {
  readonly symbol: string;
  readonly mark: string;
  readonly last: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly quoteVolume: string;
  readonly baseVolume: string;
  /** Change over the day, percent. */
  readonly change: string;
}

/** Rolled by whole hours: from the first full hour of the last 24 h until now. Undefined before the first trade. */
export function dayTicker(ctx: EngineContext, index: number): DayTicker | undefined {
  const instrument = ctx.market.instruments[index];
  const last = ctx.market.last(index, ctx.time);
  if (instrument === undefined || last === undefined) return undefined;
  const from = Math.ceil((ctx.time - DAY) / HOUR) * HOUR;
  const day = ctx.market.day?.(index) ?? ctx.market.span(index, from, ctx.time);
  const open = day?.open ?? last;
  return {
    symbol: instrument.symbol,
    mark: ticksText(instrument, markTicks(instrument, last)),
    last: ticksText(instrument, last),
    open: ticksText(instrument, open),
    high: ticksText(instrument, Math.max(day?.high ?? last, last)),
    low: ticksText(instrument, Math.min(day?.low ?? last, last)),
    quoteVolume: volumeText(day?.quoteVolume ?? 0),
    baseVolume: volumeText(day?.baseVolume ?? 0),
    change: String(Math.round((last / open - 1) * 1e5) / 1e3),
  };
}
