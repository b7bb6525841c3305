import type { Redis } from 'ioredis';
import type { CandleStore } from '../../app/ports/candle-store.ts';
import { StoreUnreadable } from '../../domain/failure.ts';
import type { Candle, Interval } from '../../domain/candle.ts';
import type { StoreKeys } from '../keys.ts';

/** Candles kept for each symbol and interval: three pages of the exchange's history. */
const KEPT = 600;

const pack = (candle: Candle): string =>
  [candle.openTime, candle.open, candle.high, candle.low, candle.close, candle.volume].join(',');

function unpack(text: string): Candle {
  const [openTime, open, high, low, close, volume, ...rest] = text
    .split(',')
    .map(Number.parseFloat);
  if (
    openTime === undefined ||
    open === undefined ||
    high === undefined ||
    low === undefined ||
    close === undefined ||
    volume === undefined ||
    rest.length > 0 ||
    ![openTime, open, high, low, close, volume].every(Number.isFinite)
  ) {
    throw new StoreUnreadable('candle');
  }
  return { openTime, open, high, low, close, volume };
}

/** Closed candles in Redis, one sorted set a symbol, scored by open time. */
export function createCandleStore(redis: Redis, keys: StoreKeys): CandleStore {
  async function append(
    symbol: string,
    interval: Interval,
    candles: readonly Candle[],
  ): Promise<void> {
    if (candles.length === 0) return;
    const key = keys.candles(symbol, interval);
    const pipeline = redis.multi();
    for (const candle of candles) {
      // The same open time again replaces the earlier row instead of standing beside it.
      pipeline.zremrangebyscore(key, candle.openTime, candle.openTime);
      pipeline.zadd(key, candle.openTime, pack(candle));
    }
    pipeline.zremrangebyrank(key, 0, -KEPT - 1);
    await pipeline.exec();
    // Noted last: where this is cut off, the candles are asked for again and replace themselves.
    const [, newest] = await redis.zrange(key, '-1', '-1', 'WITHSCORES');
    if (newest !== undefined) await redis.hset(keys.candleTimes(interval), symbol, newest);
  }

  return {
    append,
    newest: async (symbols, interval) => {
      if (symbols.length === 0) return new Map();
      const times = await redis.hmget(keys.candleTimes(interval), ...symbols);
      const known = new Map<string, number>();
      for (const [index, symbol] of symbols.entries()) {
        const time = times[index];
        if (typeof time === 'string') known.set(symbol, Number.parseInt(time, 10));
      }
      return known;
    },
    since: async (symbol, interval, after) =>
      (await redis.zrangebyscore(keys.candles(symbol, interval), `(${after}`, '+inf')).map(unpack),
  };
}
