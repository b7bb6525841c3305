/**
 * Measures Vigil on this machine and prints the figures with the machine's name. Absolute figures drift from machine to machine;
 * the ratios come from one run and can be compared. `npm run bench -- NAME` runs one of them.
 */
import { cpus, hostname, totalmem } from 'node:os';
import { oneOf } from '../src/process/option-kinds.ts';
import { createCommand, runCommand, type ValuesOf } from '../src/process/options.ts';
import { accountBench } from './bench/account-bench.ts';
import { alertBench } from './bench/alert-bench.ts';
import { backtestBench } from './bench/backtest-bench.ts';
import { confirmBench } from './bench/confirm-bench.ts';
import { demoBench } from './bench/demo-bench.ts';
import type { Figure } from './bench/figure.ts';
import { gateBench } from './bench/gate-bench.ts';
import { pacingBench } from './bench/pacing-bench.ts';
import { scanBench } from './bench/scan-bench.ts';
import { variantsBench } from './bench/variants-bench.ts';
import { venueBench } from './bench/venue-bench.ts';
import { wholeBench } from './bench/whole-bench.ts';

const BENCHES: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  gate: gateBench,
  scan: scanBench,
  backtest: backtestBench,
  whole: wholeBench,
  variants: variantsBench,
  account: accountBench,
  alert: alertBench,
  confirm: confirmBench,
  demo: demoBench,
  venue: venueBench,
  pacing: pacingBench,
};

const COMMAND = createCommand({
  run: 'npm run bench',
  options: {
    chosen: {
      bare: true,
      takes: 'NAME',
      meaning: 'these measurements alone',
      kind: oneOf(Object.keys(BENCHES)),
      otherwise: 'all',
    },
  },
});

async function main({ chosen }: ValuesOf<typeof COMMAND>): Promise<number> {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  console.log(
    `${hostname()}: ${cpus().length} x ${cpu?.model ?? 'unknown CPU'}, ${memory} GiB, Node ${process.version}\n`,
  );
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    console.log(name);
    for (const { what, value, aim } of await bench()) {
      console.log(`  ${what.padEnd(52)} ${value}${aim === undefined ? '' : `   (aim: ${aim})`}`);
    }
    console.log('');
  }
  return 0;
}

process.exitCode = await runCommand(COMMAND, main);
