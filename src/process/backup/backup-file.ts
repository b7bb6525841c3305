/** A backup as a file: packed JSON lines, a head, the entries, and an end that counts them; for its owner's eyes alone. */
import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import type { Timestamp } from '../../domain/time.ts';
import { entrySchema, type Entry } from '../../store/dump.ts';
import { isReadable, SCHEMA, type Schema } from '../../store/schema.ts';
import { replaceFile } from '../without-store/replace-file.ts';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

const headSchema = z.object({
  vigil: z.literal('backup'),
  account: z.string(),
  /** Wall time. */
  at: z.number(),
  schema: z.object({ version: z.int(), readableFrom: z.int() }),
});
const endSchema = z.strictObject({ entries: z.int() });

export interface Backup {
  readonly account: string;
  readonly at: Timestamp;
  readonly schema: Schema;
  readonly entries: readonly Entry[];
}

/** Where the backups of an account are kept unless another file is named. */
export const backupFolder = (dataDir: string): string => join(dataDir, 'backups');

/** `why` is part of the name, such as "nightly": each kind is kept by itself. */
export const backupName = (account: string, why: string, at: Timestamp): string =>
  `${account}.${why}.${new Date(at).toISOString().slice(0, 19).replaceAll(':', '-')}.jsonl.gz`;

/** Never half a file under its name, and on the disk when it resolves. */
export async function writeBackup(file: string, { entries, ...head }: Backup): Promise<void> {
  const lines = [{ vigil: 'backup', ...head }, ...entries, { entries: entries.length }];
  const packed = await pack(`${lines.map((each) => JSON.stringify(each)).join('\n')}\n`);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await replaceFile(file, packed);
}

/** Rejects with a sentence for a file that is not a whole backup, or that this version cannot read. */
export async function readBackup(file: string): Promise<Backup> {
  const packed = await readFile(file).catch(() => {
    throw new Error(`There is no file ${file} to restore.`);
  });
  const lines = await unpack(packed)
    .then((text) => text.toString('utf8').trimEnd().split('\n'))
    .catch(() => damaged(file));
  const [first = '', ...rest] = lines;
  const head = parsed(first, headSchema) ?? damaged(file);
  if (!isReadable(head.schema)) throw new Error(tooNew('This backup', head.schema));
  const end = parsed(rest.pop() ?? '', endSchema);
  const entries = rest.map((line) => parsed(line, entrySchema) ?? damaged(file));
  if (end?.entries !== entries.length) damaged(file);
  return { account: head.account, at: head.at, schema: head.schema, entries };
}

/** What is said of a store or backup that a later version made. */
export const tooNew = (what: string, { version, readableFrom }: Schema): string =>
  `${what} was made by a later Vigil (its records have version ${version} and need a Vigil that reads ${readableFrom}; ` +
  `this one reads ${SCHEMA.version}). Start that later Vigil, or restore a backup that is older.`;

function damaged(file: string): never {
  throw new Error(`${file} is not a whole backup of Vigil. Nothing was changed; use another one.`);
}

function parsed<T>(line: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** Removes all but the newest of one kind. */
export async function keepNewest(
  folder: string,
  { account, why, kept }: { readonly account: string; readonly why: string; readonly kept: number },
): Promise<void> {
  const names = (await readdir(folder)).filter(
    (name) => name.startsWith(`${account}.${why}.`) && name.endsWith('.jsonl.gz'),
  );
  for (const name of names.toSorted().slice(0, -kept)) await rm(join(folder, name));
}
