/** Which version of Vigil's records a store holds, and what makes an older store one of today. */
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { isKept, namesOf } from './dump.ts';
import { prefixOf, type StoreKeys } from './keys.ts';

/**
 * `version` is raised with each change of what is stored, `readableFrom` only where the version before could not read it: that one
 * must be able to, so a field is first written beside the old one, and the old one goes a version later.
 */
export interface Schema {
  readonly version: number;
  /** The oldest version that can read it. */
  readonly readableFrom: number;
}

export const SCHEMA: Schema = { version: 1, readableFrom: 1 };
/** Of the releases before there was a number. */
export const UNNUMBERED: Schema = { version: 0, readableFrom: 0 };

const schemaSchema = z.object({ version: z.int().min(0), readableFrom: z.int().min(0) });

/** One step: what it does may be done twice. */
interface Migration {
  readonly to: number;
  readonly run: (redis: Redis, keys: StoreKeys) => Promise<void>;
}

/** From each version to the next, oldest first. */
const MIGRATIONS: readonly Migration[] = [
  // Readers take what the releases before wrote as it is.
  { to: 1, run: () => Promise.resolve() },
];

/** Undefined for a store in which nothing is kept yet; `UNNUMBERED` where a number is missing or damaged. */
export async function schemaOf(
  redis: Redis,
  keys: StoreKeys,
  account: string,
): Promise<Schema | undefined> {
  const text = await redis.get(keys.schema).catch(() => null);
  if (text !== null) return parsed(text);
  // What a process writes before it looks here.
  const passing = new Set(
    [keys.epoch, keys.permission, keys.alertNumber].map((each) =>
      each.slice(prefixOf(account).length),
    ),
  );
  const kept = (await namesOf(redis, account)).filter((name) => isKept(name) && !passing.has(name));
  return kept.length === 0 ? undefined : UNNUMBERED;
}

/** Whether this version may use such a store. */
export const isReadable = (found: Schema): boolean => found.readableFrom <= SCHEMA.version;

/** Makes an older store one of today and notes it; one of a later version that is readable keeps its number. */
export async function migrate(
  redis: Redis,
  keys: StoreKeys,
  from: Schema | undefined,
): Promise<void> {
  if (from !== undefined && from.version >= SCHEMA.version) return;
  const steps = from === undefined ? [] : MIGRATIONS.filter(({ to }) => to > from.version);
  for (const { run } of steps) await run(redis, keys);
  await redis.set(keys.schema, JSON.stringify(SCHEMA));
}

function parsed(text: string): Schema {
  try {
    return schemaSchema.parse(JSON.parse(text));
  } catch {
    return UNNUMBERED;
  }
}
