import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { recordedFolder } from '../../test/backtest/recorded-data.ts';
import { walk } from '../../test/indicators/market.ts';
import type { Figure } from './figure.ts';
import { quantile } from './quantile.ts';

const ROUNDS = 5;
const CANDLE = 4 * 3_600_000;
/** Says on its way out what all threads of the process took. */
const COUNTED =
  "data:text/javascript,import{writeSync}from'node:fs';process.on('exit',()=>writeSync(3,JSON.stringify(process.cpuUsage())))";

const SCRIPTS = fileURLToPath(new URL('..', import.meta.url));
const nameOf = (file: string): string =>
  relative(SCRIPTS, fileURLToPath(new URL(file, import.meta.url))).replace(/\.ts$/, '');
const BACKTEST = nameOf('../backtest.ts');
const PLAIN = nameOf('./plain-breakdown.ts');

/** CPU seconds of a whole process, start to exit, begun as `npm run backtest` begins. Throws where it fails. */
async function cpuOf(script: string, args: readonly string[]): Promise<number> {
  const child = spawn(
    process.execPath,
    ['--import', COUNTED, join(SCRIPTS, 'bundled.mjs'), script, ...args],
    {
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    },
  );
  let said = '';
  child.stdio[3]?.on('data', (part: Buffer) => {
    said += part.toString();
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${script} ended with ${String(code)}`);
  const { user, system } = JSON.parse(said) as NodeJS.CpuUsage;
  return (user + system) / 1e6;
}

type Row = Readonly<Record<string, string | number>>;
interface Written {
  readonly signals: readonly Row[];
  readonly trades: readonly Row[];
}

const FIGURES = {
  signals: 'symbol entryTime entry stop target exitTime exit reason r'.split(' '),
  trades: 'symbol entryTime entryPrice exitTime exitPrice quantity fees pnl reason'.split(' '),
} as const;

/** What one of them wrote, line by line in the order of entry and symbol; results in R to 9 digits, as sums may be taken in another order. */
function linesOf(file: string, what: keyof Written): readonly string[] {
  const rows = (JSON.parse(readFileSync(file, 'utf8')) as Written)[what];
  return rows
    .map((row) =>
      FIGURES[what]
        .map((name) => (name === 'r' ? Number(row[name]).toPrecision(9) : row[name]))
        .join(','),
    )
    .toSorted();
}

/** How many they are with their checksum. Throws where the two have not written the same. */
function sameIn(what: keyof Written, one: string, other: string): string {
  const [ours, plain] = [linesOf(one, what), linesOf(other, what)];
  const place = ours.findIndex((line, row) => line !== plain[row]);
  if (place >= 0 || ours.length !== plain.length) {
    throw new Error(`${what} differ: ours ${ours[place]}, of the plain loop ${plain[place]}`);
  }
  const sum = createHash('sha256').update(ours.join('\n')).digest('hex');
  return `${ours.length} ${what} ${sum.slice(0, 8)}`;
}

const rounded = (value: number): string => value.toFixed(4);

/** The recorded set where this machine has it; else generated markets of the same length, so many that the start counts for little. */
function dataIn(folder: string): string {
  const found = recordedFolder('perps-4h-2024-2026');
  if (found !== undefined) return found;
  mkdirSync(folder);
  for (let seed = 0; seed < 100; seed += 1) {
    const rows = walk({ seed: 300 + seed, count: 4_500, noise: 0.02 }).map(
      ({ open, high, low, close, volume }, row) =>
        [
          Date.UTC(2024, 0, 1) + row * CANDLE,
          ...[open, high, low, close, volume * 1e6].map(rounded),
        ].join(','),
    );
    const text = ['time,open,high,low,close,volume', ...rows, ''].join('\n');
    writeFileSync(join(folder, `COIN${seed}USDT.csv.gz`), gzipSync(text));
  }
  return folder;
}

/** A whole run of the backtest, account, figures and checks, beside a plain loop that reads the same files and writes the same events and trades. */
export async function wholeBench(): Promise<readonly Figure[]> {
  const own = mkdtempSync(join(tmpdir(), 'vigil-bench-'));
  try {
    const data = dataIn(join(own, 'data'));
    const [ours, plain] = [join(own, 'ours.json'), join(own, 'plain.json')];
    const run = ['--data', data, '--strategy', 'breakdown', '--json', ours];
    // Made before they are measured, as for whoever runs it a second time.
    await cpuOf(BACKTEST, ['--help']);
    await cpuOf(PLAIN, [data, plain]);
    const ratios: number[] = [];
    const seconds: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const took = await cpuOf(BACKTEST, run);
      const bare = await cpuOf(PLAIN, [data, plain]);
      ratios.push(took / bare);
      seconds.push(took);
    }
    const symbols = readdirSync(data).length;
    const same = `${sameIn('signals', ours, plain)}, ${sameIn('trades', ours, plain)}`;
    return [
      {
        what: `breakdown over ${symbols} symbols, whole process, CPU of a plain loop`,
        value: `${quantile(ratios, 0.5).toFixed(2)}x (${quantile(seconds, 0.5).toFixed(1)} s; both wrote ${same})`,
        aim: 'at most 3x',
      },
    ];
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}
