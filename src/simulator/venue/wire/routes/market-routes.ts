import { formatDec } from '../../decimal.ts';
import { instrumentOf, type EngineContext } from '../../engine/context.ts';
import {
  fundingRate,
  fundingTimes,
  MAX_RATE,
  settledRate,
} from '../../engine/positions/funding.ts';
import { MAX_SELL_OFFSET, MIN_BUY_OFFSET } from '../../engine/orders/order-checks.ts';
import { markTicks, statusAt, type Instrument } from '../../market/instrument.ts';
import { REST_INTERVALS, restInterval } from '../../market/interval.ts';
import type { Candle } from '../../market/market.ts';
import { refusal } from '../../venue-error.ts';
import { bookAround } from '../depth.ts';
import { publicGet, type PublicRoute, type RestContext } from './handler.ts';
import { choice, text, whole, type Params } from './params.ts';
import { candleRow, percentText, ticksText, type Row } from './rows.ts';
import { dayTicker } from '../ticker.ts';

const HOUR = 3_600_000;
const DEPTH_LIMITS = ['1', '5', '15', '50', 'MAX'] as const;

/** The contract that a market call names: code 1 without a symbol, 20015 for one that does not trade. */
function wanted(
  ctx: EngineContext,
  params: Params,
): { readonly instrument: Instrument; readonly index: number } {
  const symbol = text(params, 'symbol');
  if (symbol === undefined) throw refusal(1);
  const found = instrumentOf(ctx, symbol);
  if (statusAt(found.instrument, ctx.time) === 'STOP') throw refusal(20015);
  return found;
}

function listed(
  ctx: EngineContext,
  params: Params,
): Array<{ instrument: Instrument; index: number }> {
  const symbols = text(params, 'symbols');
  if (symbols !== undefined)
    return symbols.split(',').map((symbol) => instrumentOf(ctx, symbol.trim()));
  return ctx.market.instruments
    .map((instrument, index) => ({ instrument, index }))
    .filter(({ instrument }) => statusAt(instrument, ctx.time) !== 'STOP');
}

function pairRow(instrument: Instrument, time: number): Row {
  const bound = MAX_RATE * 100;
  return {
    symbol: instrument.symbol,
    base: instrument.base,
    quote: 'USDT',
    minTradeVolume: formatDec(instrument.minQty),
    minBuyPriceOffset: formatDec(MIN_BUY_OFFSET),
    maxSellPriceOffset: formatDec(MAX_SELL_OFFSET),
    maxLimitOrderVolume: formatDec(instrument.maxLimitQty),
    maxMarketOrderVolume: formatDec(instrument.maxMarketQty),
    basePrecision: instrument.basePrecision,
    quotePrecision: instrument.quotePrecision,
    maxLeverage: instrument.maxLeverage,
    minLeverage: 1,
    defaultLeverage: instrument.defaultLeverage,
    defaultMarginMode: '2',
    priceProtectScope: formatDec(instrument.priceProtect),
    symbolStatus: statusAt(instrument, time),
    isApiSupported: instrument.isApiSupported,
    maxFundingRate: String(bound),
    minFundingRate: String(-bound),
    launchTime: instrument.launchTime,
    ...(instrument.delistTime === undefined ? {} : { delistTime: instrument.delistTime }),
  };
}

function tradingPairs(rest: RestContext, params: Params): Row[] {
  const { ctx } = rest.engine;
  return listed(ctx, params).map(({ instrument }) => pairRow(instrument, ctx.time));
}

function tickers(rest: RestContext, params: Params): Row[] {
  const { ctx } = rest.engine;
  return listed(ctx, params).flatMap(({ index }) => {
    const ticker = dayTicker(ctx, index);
    if (ticker === undefined) return [];
    const { symbol, mark, last, open, high, low, quoteVolume, baseVolume } = ticker;
    return [
      {
        symbol,
        markPrice: mark,
        lastPrice: last,
        open,
        last,
        quoteVol: quoteVolume,
        baseVol: baseVolume,
        high,
        low,
      },
    ];
  });
}

async function kline(rest: RestContext, params: Params): Promise<Row[]> {
  const { ctx } = rest.engine;
  const { instrument, index } = wanted(ctx, params);
  const name = text(params, 'interval');
  const interval = name === undefined ? undefined : restInterval(name);
  if (interval === undefined)
    throw refusal(10008, `interval must be one of [${REST_INTERVALS.join(', ')}]`);
  const type = choice(params, 'type', ['LAST_PRICE', 'MARK_PRICE']) ?? 'LAST_PRICE';
  const from = whole(params, 'startTime');
  const to = whole(params, 'endTime');
  const limit = Math.min(200, Math.max(1, whole(params, 'limit') ?? 100));
  const range = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  const rows = await ctx.market.candles(index, { interval, limit, now: ctx.time, ...range });
  const open = interval.floor(ctx.time);
  const inRange = (from ?? -Infinity) <= open && open <= (to ?? Infinity);
  const forming =
    ctx.quirks.formingCandle && inRange ? ctx.market.span(index, open, ctx.time) : undefined;
  const all = forming === undefined ? rows : [...rows, { ...forming, time: open }].slice(-limit);
  const how = { type, swapped: ctx.quirks.swappedVolumes };
  return all
    .toReversed()
    .map((candle) =>
      candleRow(instrument, type === 'MARK_PRICE' ? markCandle(instrument, candle) : candle, how),
    );
}

export function markCandle(instrument: Instrument, candle: Candle): Candle {
  const mark = (ticks: number): number => markTicks(instrument, ticks);
  const { open, high, low, close } = candle;
  return { ...candle, open: mark(open), high: mark(high), low: mark(low), close: mark(close) };
}

function depth(rest: RestContext, params: Params): Row {
  const { ctx } = rest.engine;
  const { index } = wanted(ctx, params);
  const limit = choice(params, 'limit', DEPTH_LIMITS);
  const levels = limit === undefined || limit === 'MAX' ? 200 : Number(limit);
  const { asks, bids } = bookAround(ctx, index, levels);
  if (ctx.quirks.depthNumbers === 'strings') return { asks, bids };
  return {
    asks: asks.map((level) => level.map(Number)),
    bids: bids.map((level) => level.map(Number)),
  };
}

function fundingRow(ctx: EngineContext, index: number, instrument: Instrument): Row {
  const last = ctx.market.last(index, ctx.time);
  const { next } = fundingTimes(instrument, ctx.time);
  const price = last === undefined ? '0' : ticksText(instrument, last);
  const bound = String(MAX_RATE * 100);
  return {
    symbol: instrument.symbol,
    markPrice: last === undefined ? '0' : ticksText(instrument, markTicks(instrument, last)),
    lastPrice: price,
    indexPrice: price,
    fundingRate: percentText(fundingRate(ctx.market, index, { settlement: next, known: ctx.time })),
    nextFundingTime: String(next),
    fundingInterval: instrument.fundingHours,
    maxFundingRate: bound,
    minFundingRate: `-${bound}`,
  };
}

function funding(rest: RestContext, params: Params): Row | Row[] {
  const { ctx } = rest.engine;
  const { instrument, index } = wanted(ctx, params);
  const row = fundingRow(ctx, index, instrument);
  return ctx.quirks.fundingShape === 'array' ? [row] : row;
}

/** Everything at once, delisted contracts included: with rate 0 and a next settlement of now. */
function fundingBatch(rest: RestContext): Row[] {
  const { ctx } = rest.engine;
  return ctx.market.instruments.map((instrument, index) => {
    const row = fundingRow(ctx, index, instrument);
    return statusAt(instrument, ctx.time) === 'STOP'
      ? { ...row, fundingRate: '0', nextFundingTime: String(ctx.time) }
      : row;
  });
}

function fundingHistory(rest: RestContext, params: Params): Row[] {
  const { ctx } = rest.engine;
  const { instrument, index } = wanted(ctx, params);
  const from = whole(params, 'starTime') ?? -Infinity;
  const to = whole(params, 'endTime') ?? Infinity;
  const limit = Math.min(200, whole(params, 'limit') ?? 100);
  const step = instrument.fundingHours * HOUR;
  const rows: Row[] = [];
  for (
    let time = fundingTimes(instrument, Math.min(to, ctx.time)).last;
    time >= from && rows.length < limit;
    time -= step
  ) {
    const last = ctx.market.last(index, time);
    if (last === undefined) break;
    const markPrice = ticksText(instrument, markTicks(instrument, last));
    const rate = formatDec(settledRate(ctx, index, time));
    rows.push({
      symbol: instrument.symbol,
      markPrice,
      fundingRate: rate,
      fundingTime: String(time),
    });
  }
  return rows;
}

function tiers(rest: RestContext, params: Params): Row[] {
  const { instrument } = wanted(rest.engine.ctx, params);
  return instrument.tiers.map((tier, at) => ({
    symbol: instrument.symbol,
    level: at + 1,
    startValue: formatDec(tier.start),
    endValue: formatDec(tier.end),
    leverage: tier.leverage,
    maintenanceMarginRate: formatDec(tier.maintenance),
  }));
}

export const MARKET_ROUTES: Readonly<Record<string, PublicRoute>> = {
  'market/trading_pairs': publicGet(tradingPairs),
  'market/tickers': publicGet(tickers),
  'market/kline': publicGet(kline),
  'market/depth': publicGet(depth),
  'market/funding_rate': publicGet(funding),
  'market/funding_rate/batch': publicGet(fundingBatch),
  'market/get_funding_rate_history': publicGet(fundingHistory),
  'position/get_position_tiers': publicGet(tiers),
};
