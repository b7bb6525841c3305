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

/**
 * Reads what `encode` wrote and checks it with a schema. Throws StoreUnreadable, naming `what`, for anything that is not JSON or
 * does not fit: a corrupted value is never used as if it were good.
 */
export function decode<T>(text: string, schema: z.ZodType, what: string): T {
  try {
    const parsed = revived(JSON.parse(text));
    schema.parse(parsed);
    return parsed as T;
  } catch (error) {
    throw new StoreUnreadable(what, error);
  }
}

/** What `encode` took apart, put together from the inside out; by hand, because a reviver makes JSON.parse several times slower. */
function revived(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Record<string, unknown>;
  const keys = Object.keys(fields);
  for (const key of keys) {
    const whole = revived(fields[key]);
    if (whole !== fields[key]) fields[key] = whole;
  }
  const alone = keys.length === 1;
  if (Object.hasOwn(fields, '$fixed')) {
    const { $fixed } = fields;
    if (!alone || typeof $fixed !== 'string') throw new TypeError('an amount is damaged');
    return usd($fixed);
  }
  if (!Object.hasOwn(fields, '$map')) return value;
  if (!alone) throw new TypeError('a table is damaged');
  return new Map(entries.parse(fields['$map']));
}

const entries = z.array(z.tuple([z.unknown(), z.unknown()]));

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
