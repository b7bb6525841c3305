/** What each released version had stored after some time of a demo with an open position. */
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { entrySchema, type Entry } from '../../src/store/dump.ts';

export const RELEASED_FOLDER = new URL('released/', import.meta.url);
/** `schema`: the version of what it stored; `open`: a contract that was open then. */
export const RELEASED = [
  { version: '0.1.0-first', schema: 0, open: 'BTCUSDT' },
  { version: '0.1.0', schema: 0, open: 'BTCUSDT' },
  { version: '0.2.0', schema: 1, open: 'ETHUSDT' },
] as const;

export async function releasedStore(version: string): Promise<readonly Entry[]> {
  const packed = await readFile(new URL(`${version}.jsonl.gz`, RELEASED_FOLDER));
  const lines = gunzipSync(packed).toString('utf8').trim().split('\n');
  return lines.map((line) => entrySchema.parse(JSON.parse(line)));
}
