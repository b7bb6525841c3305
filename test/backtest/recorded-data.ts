import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseCandleCsv, type ParsedCandles } from '../../src/backtest/files/csv.ts';

const root = resolve(process.env['VIGIL_DATA'] ?? '../shared/data');

/** Folder of recorded candles, or undefined where this machine has none. */
export function recordedFolder(name: string): string | undefined {
  const folder = join(root, name);
  return existsSync(folder) ? folder : undefined;
}

export const recorded = (folder: string, symbol: string): ParsedCandles =>
  parseCandleCsv(gunzipSync(readFileSync(join(folder, `${symbol}.csv.gz`))).toString());
