/** A list in a file outside the store: what the owner has ordered must outlive this process also where the store does not take it. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Log } from '../../app/ports/log.ts';
import { messageOf } from '../../app/reading/reading.ts';
import { replaceFile } from './replace-file.ts';

export interface Place {
  readonly dataDir: string;
  readonly account: string;
}

export interface Shelf<Item> {
  /** These, and no other. On the disk when it resolves; where that cannot be, the log says so. Never rejects. */
  keep(items: readonly Item[]): Promise<void>;
}

/** `what` lies on it, for the log. */
export function createShelf<Item>(file: string, what: string, log: Log): Shelf<Item> {
  let line = Promise.resolve();
  const write = async (items: readonly Item[]): Promise<void> => {
    try {
      if (items.length === 0) await rm(file, { force: true });
      else await replaceFile(file, JSON.stringify(items));
    } catch (error) {
      log.error(`${what} not stored cannot be kept in a file either`, { reason: messageOf(error) });
    }
  };
  return { keep: (items) => (line = line.then(() => write(items))) };
}

/**
 * At a start: hands over what an earlier process has left, in its order, and clears the shelf. `damaged`: in place of what cannot be read.
 * Rejects where something is not taken; all of it is still there then.
 */
export async function emptyShelf<Item>(
  file: string,
  about: { readonly schema: z.ZodType<Item>; readonly damaged: () => Promise<unknown> },
  take: (item: Item) => Promise<unknown>,
): Promise<void> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    // There is one that may not be read, as after a start by another user.
    return '';
  });
  if (text === undefined) return;
  const items = parse(text, about.schema);
  if (items === undefined) await about.damaged();
  else for (const each of items) await take(each);
  await rm(file, { force: true, recursive: true });
}

/** One that is not in a list was written by an earlier version. */
function parse<Item>(text: string, schema: z.ZodType<Item>): readonly Item[] | undefined {
  try {
    return z.union([z.array(schema), schema.transform((one) => [one])]).parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export const shelfFile = ({ dataDir, account }: Place, name: string): string =>
  join(dataDir, `${account}.${name}`);
