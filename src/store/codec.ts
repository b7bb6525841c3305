import type { Redis } from 'ioredis';
import { z } from 'zod';
import { StoreUnreadable } from '../domain/failure.ts';
import { toText, usd, type Money } from '../domain/money/money.ts';

/** JSON in which a fixed-point bigint stands as {"$fixed":"1.25"} and a Map as {"$map":[[key, value]]}: exact and readable. */
export const encode = (value: unknown): string =>
  JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'bigint'
      ? { $fixed: toText(each as Money) }
      : each instanceof Map
        ? { $map: [...each] }
        : each,
  );

const fixed = z.strictObject({ $fixed: z.string() });
const entries = z.strictObject({ $map: z.array(z.tuple([z.unknown(), z.unknown()])) });

/**
 * Reads what `encode` wrote and checks it with a schema. Throws StoreUnreadable, naming `what`, for anything that is not JSON or
 * does not fit: a corrupted value is never used as if it were good.
 */
export function decode<T>(text: string, schema: z.ZodType, what: string): T {
  try {
    const parsed: unknown = JSON.parse(text, (_key, each: unknown) => {
      if (typeof each !== 'object' || each === null) return each;
      if ('$fixed' in each) return usd(fixed.parse(each).$fixed);
      return '$map' in each ? new Map(entries.parse(each).$map) : each;
    });
    schema.parse(parsed);
    return parsed as T;
  } catch (error) {
    throw new StoreUnreadable(what, error);
  }
}

/** The text of a key, undefined when there is none. Rejects with StoreUnreadable, naming `what`, for a key of another kind. */
export const textAt = async (
  redis: Redis,
  key: string,
  what: string,
): Promise<string | undefined> => {
  try {
    return (await redis.get(key)) ?? undefined;
  } catch (error) {
    throw isOtherKind(error) ? new StoreUnreadable(what, error) : error;
  }
};

/** Redis answered that a key does not hold what it is used for. */
export const isOtherKind = (error: unknown): boolean =>
  error instanceof Error && /^(WRONGTYPE|ERR value is not an integer)/.test(error.message);

/** A fixed-point value inside a stored record. */
export const money = z.bigint();
