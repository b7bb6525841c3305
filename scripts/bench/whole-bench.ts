import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recordedFolder } from '../../test/backtest/recorded-data.ts';
import { walk } from '../../test/indicators/market.ts';
import type { Figure } from './figure.ts';
import { quantile } from './quantile.ts';

const ROUNDS = 3;
const CANDLE = 4 * 3_600_000;
/** Says on its way out what all threads of the process took. */
const COUNTED =
  "data:text/javascript,import{writeSync}from'node:fs';process.on('exit',()=>writeSync(3,JSON.stringify(process.cpuUsage())))";

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** CPU seconds of a whole process, start to exit. Throws where it fails. */
async function cpuOf(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, ['--import', COUNTED, '--import', 'tsx', ...args], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  let said = '';
  child.stdio[3]?.on('data', (part: Buffer) => {
    said += part.toString();
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${args[0]} ended with ${String(code)}`);
  const { user, system } = JSON.parse(said) as NodeJS.CpuUsage;
  return (user + system) / 1e6;
}

const signalsIn = (file: string): number =>
  (JSON.parse(readFileSync(file, 'utf8')) as { readonly signals: readonly unknown[] }).signals
    .length;

/** The recorded set where this machine has it; else generated markets of the same length, so many that the start counts for little. */
function dataIn(folder: string): string {
  const found = recordedFolder('perps-4h-2024-2026');
  if (found !== undefined) return found;
  for (let seed = 0; seed < 100; seed += 1) {
    const rows = walk({ seed: 300 + seed, count: 4_500, noise: 0.02 }).map(
      ({ open, high, low, close, volume }, row) =>
        [Date.UTC(2024, 0, 1) + row * CANDLE, open, high, low, close, volume * 1e6].join(','),
    );
    const text = ['time,open,high,low,close,volume', ...rows, ''].join('\n');
    writeFileSync(join(folder, `COIN${seed}USDT.csv`), text);
  }
  return folder;
}

/** A whole run of the backtest, account, figures and checks, beside a plain loop that reads the same files and writes the same events. */
export async function wholeBench(): Promise<readonly Figure[]> {
  const own = mkdtempSync(join(tmpdir(), 'vigil-bench-'));
  try {
    const data = dataIn(own);
    const [ours, plain] = [join(own, 'ours.json'), join(own, 'plain.json')];
    const run = ['--data', data, '--strategy', 'breakdown', '--json', ours];
    const ratios: number[] = [];
    const seconds: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const took = await cpuOf([script('../backtest.ts'), ...run]);
      const bare = await cpuOf([script('./plain-breakdown.ts'), data, plain]);
      ratios.push(took / bare);
      seconds.push(took);
    }
    const symbols = readdirSync(data).length;
    return [
      {
        what: `breakdown over ${symbols} symbols, whole process, CPU of a plain loop`,
        value: `${quantile(ratios, 0.5).toFixed(2)}x (${quantile(seconds, 0.5).toFixed(1)} s; ${signalsIn(ours)} and ${signalsIn(plain)} events)`,
        aim: 'at most 3x',
      },
    ];
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}
