/**
 * `npm run sim -- --seed N [--runs M]`: approved signals carried out through faults by chance: replies lost, requests
 * delayed, doubled and refused, the client killed in the middle. Prints the seed of every run in which a promise is broken.
 */
import { messageOf } from '../src/app/reading/reading.ts';
import { oneOf, whole } from '../src/process/option-kinds.ts';
import { createCommand, runCommand, type ValuesOf } from '../src/process/options.ts';
import { openProgram } from './sim/alerts/stage.ts';
import { FULL, runTrial } from './sim/alerts/trial.ts';
import { PAIRS, runPairs } from './sim/fault-matrix.ts';
import { failedRun, runWithFaults, type RunReport } from './sim/fault-run.ts';
import { openRig, type Rig } from './sim/rig.ts';
import { openStage } from './sim/taps/stage.ts';
import { runTaps } from './sim/taps/trial.ts';
import { countText } from '../src/domain/words/words.ts';

const REPORT_EVERY = 500;
const MANY_RUNS = 1_000;

const COMMAND = createCommand({
  run: 'npm run sim',
  options: {
    seed: {
      takes: 'N',
      meaning: 'the first seed, or the one to look at again',
      kind: whole(1),
      otherwise: '1',
    },
    runs: {
      takes: 'M',
      meaning: 'how many seeds from there on',
      kind: whole(1),
      otherwise: `${MANY_RUNS}; 1 with --seed alone`,
    },
    jobs: { takes: 'K', meaning: 'runs at the same time', kind: whole(1), usual: '12' },
    matrix: { meaning: 'instead, every fault against every write' },
    what: {
      takes: 'alerts|taps',
      meaning:
        'instead, the delivery of 1,000 alerts while Telegram, the store and the process are hurt, or taps and words over all that can be done to money',
      kind: oneOf(['alerts', 'taps']),
      bare: true,
    },
    count: {
      takes: 'N',
      meaning: 'with taps: how many moves',
      kind: whole(1),
      usual: '2000',
    },
  },
});

interface Seeds {
  readonly seed: number;
  readonly runs: number;
  readonly jobs: number;
}

async function main({
  seed,
  runs,
  jobs,
  matrix,
  what,
  count,
}: ValuesOf<typeof COMMAND>): Promise<number> {
  if (what.includes('alerts')) return runAlerts(seed ?? 1);
  if (what.includes('taps')) return runAllTaps(seed ?? 1, count);
  const seeds = { seed: seed ?? 1, runs: runs ?? (seed === undefined ? MANY_RUNS : 1), jobs };
  const rig = await openRig();
  try {
    return matrix ? await runMatrix(jobs, rig) : await runAll(seeds, rig);
  } finally {
    await rig.close();
  }
}

async function runAll({ seed, runs, jobs }: Seeds, rig: Rig): Promise<number> {
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
    if (finished % REPORT_EVERY === 0)
      console.log(`${countText(finished, 'run')}, ${broken} broken`);
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
    `${countText(finished, 'run')} from seed ${seed} in ${seconds.toFixed(1)} s (${(finished / seconds).toFixed(1)}/s), ${countText(restarts, 'restart')}: ${ends}; ${broken} broken.`,
  );
  return broken === 0 ? 0 : 1;
}

async function runAlerts(seed: number): Promise<number> {
  const stage = await openProgram();
  try {
    const report = await runTrial(stage, { ...FULL, seed, note: console.log });
    for (const { command, ms } of report.asked) {
      const answered = ms === undefined ? 'no answer' : `${(ms / 1_000).toFixed(1)} s`;
      console.log(`${command.padEnd(14)} ${answered}`);
    }
    for (const each of report.broken) console.log(each);
    console.log(
      `${countText(report.raised, 'alert')} in ${countText(report.messages, 'message')} in ${report.seconds.toFixed(0)} s, ${report.marked} marked as a possible repeat; ${report.broken.length} broken. Again: npm run sim -- alerts --seed ${seed}`,
    );
    return report.broken.length === 0 ? 0 : 1;
  } finally {
    await stage.close();
  }
}

async function runAllTaps(seed: number, count: number): Promise<number> {
  const began = performance.now();
  const stage = await openStage(seed);
  try {
    const report = await runTaps(stage, { seed, count, note: console.log });
    for (const each of report.broken) console.log(each);
    const seconds = ((performance.now() - began) / 1_000).toFixed(0);
    const written = Object.entries(report.written).map(([name, times]) => `${name} ${times}`);
    console.log(
      `${report.done} taps and words in ${seconds} s, ${report.confirmed} that confirm, ${report.ended} cards and signals whose end was compared; to the exchange: ${written.join(', ')}; ${countText(report.restarts, 'restart')}, slowest answer ${secondsOf(report.slowestMs)} (${secondsOf(report.slowestOwnMs)} without waits for a processor); ${report.broken.length} broken. Again: npm run sim -- taps --seed ${seed} --count ${count}`,
    );
    return report.broken.length === 0 ? 0 : 1;
  } finally {
    await stage.close();
  }
}

const secondsOf = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;

async function runMatrix(jobs: number, rig: Rig): Promise<number> {
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
  process.exitCode = await runCommand(COMMAND, main);
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
process.exit();
