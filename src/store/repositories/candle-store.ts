import type { Redis } from 'ioredis';
import type { CandleStore } from '../../app/ports/candle-store.ts';
import { StoreUnreadable } from '../../domain/failure.ts';
import type { Candle, Interval } from '../../domain/candle.ts';
import type { StoreKeys } from '../keys.ts';

/** Candles kept for each symbol and interval: three pages of the exchange's history. */
const KEPT = 600;

/**
 * In one step, since a command for each row costs many times as much. The same open time again replaces the earlier row instead of standing
 * beside it.
 */
const APPEND = `
for at = 3, #ARGV, 2 do
  redis.call('ZREMRANGEBYSCORE', KEYS[1], ARGV[at], ARGV[at])
  redis.call('ZADD', KEYS[1], ARGV[at], ARGV[at + 1])
end
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -ARGV[2] - 1)
local newest = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')[2]
redis.call('HSET', KEYS[2], ARGV[1], newest)
`;

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
    const rows = candles.flatMap((candle) => [candle.openTime, pack(candle)]);
    const places = [keys.candles(symbol, interval), keys.candleTimes(interval)] as const;
    await redis.eval(APPEND, 2, ...places, symbol, KEPT, ...rows);
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
