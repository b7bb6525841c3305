/**
 * `npm run sim -- --seed N [--runs M]`: approved signals carried out through faults by chance: replies lost, requests
 * delayed, doubled and refused, the client killed in the middle. Prints the seed of every run in which a promise is broken.
 */
import { parseArgs } from 'node:util';
import { messageOf } from '../src/app/reading/reading.ts';
import { PAIRS, runPairs } from './sim/fault-matrix.ts';
import { failedRun, runWithFaults, type RunReport } from './sim/fault-run.ts';
import { openRig, type Rig } from './sim/rig.ts';

const USAGE = `npm run sim -- [options]
  --seed N   the first seed, or the one to look at again (1)
  --runs M   how many seeds from there on (1,000; 1 with --seed alone)
  --jobs K   runs at the same time (12)
  --matrix   instead, every fault against every write`;
const REPORT_EVERY = 500;

interface Options {
  readonly seed: number;
  readonly runs: number;
  readonly jobs: number;
  readonly matrix: boolean;
}

function optionsOf(args: readonly string[]): Options {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { seed: text, runs: text, jobs: text, matrix: { type: 'boolean' } },
  });
  const whole = (name: 'seed' | 'runs' | 'jobs', fallback: number): number => {
    const given = Number(values[name] ?? fallback);
    if (Number.isSafeInteger(given) && given > 0) return given;
    throw new Error(`--${name} must be a whole number above 0, not "${values[name]}".\n${USAGE}`);
  };
  const runs = whole('runs', values.seed === undefined ? 1_000 : 1);
  const matrix = values.matrix === true;
  return { seed: whole('seed', 1), runs, jobs: whole('jobs', 12), matrix };
}

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  const options = optionsOf(args);
  const rig = await openRig();
  try {
    return options.matrix ? await runMatrix(options, rig) : await runAll(options, rig);
  } finally {
    await rig.close();
  }
}

async function runAll({ seed, runs, jobs }: Options, rig: Rig): Promise<number> {
  const began = performance.now();
  const counts = new Map<string, number>();
  let next = seed;
  let finished = 0;
  let restarts = 0;
  let broken = 0;
  const note = (of: number, report: RunReport): void => {
    finished += 1;
    restarts += report.restarts;
    counts.set(report.status, (counts.get(report.status) ?? 0) + 1);
    if (report.broken.length > 0) {
      broken += 1;
      console.log(`seed ${of}: ${report.broken.join('; ')}. Again: npm run sim -- --seed ${of}`);
    }
    if (finished % REPORT_EVERY === 0) console.log(`${finished} runs, ${broken} broken`);
  };
  const worker = async (): Promise<void> => {
    while (next < seed + runs) {
      const mine = next;
      next += 1;
      note(mine, await runWithFaults(mine, rig).catch(failedRun));
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  const seconds = (performance.now() - began) / 1_000;
  const ends = [...counts].map(([status, count]) => `${count} ${status}`).join(', ');
  console.log(
    `${finished} runs from seed ${seed} in ${seconds.toFixed(1)} s (${(finished / seconds).toFixed(1)}/s), ${restarts} restarts: ${ends}; ${broken} broken.`,
  );
  return broken === 0 ? 0 : 1;
}

async function runMatrix({ jobs }: Options, rig: Rig): Promise<number> {
  const reports = await runPairs(PAIRS, rig, jobs);
  const broken = reports.filter((each) => each.broken !== undefined);
  for (const { pair, broken: why } of broken) console.log(`${pair}: ${why}`);
  const done = reports.filter(({ end }) => end === 'done').length;
  console.log(
    `${reports.length} pairs of a fault and a write: ${done} done, ${reports.length - done} told; ${broken.length} broken.`,
  );
  return broken.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
process.exit();
