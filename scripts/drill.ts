/**
 * `npm run drill [-- NAME ...]`: hurts a running Vigil that holds a position, in every way on the list, and tells when its owner
 * knew, what was lost, what came twice and what still worked.
 */
import { messageOf } from '../src/app/reading/reading.ts';
import { oneOf } from '../src/process/option-kinds.ts';
import { createCommand, runCommand, type ValuesOf } from '../src/process/options.ts';
import { DRILLS, type Drill } from './drill/drills.ts';
import type { DrillReport } from './drill/report.ts';
import { runDrill } from './drill/run-drill.ts';
import { runStorm, STORM, type Storm } from './drill/storm.ts';
import { MODES, type Mode } from './drill/rig.ts';
import { runSweep, SWEEPS, type Sweep } from './drill/sweep.ts';
import { countText } from '../src/domain/words/words.ts';

const ALL: readonly (Drill | Storm | Sweep)[] = [...DRILLS, STORM, ...SWEEPS];

const COMMAND = createCommand({
  run: 'npm run drill',
  options: {
    drills: {
      takes: 'NAME',
      meaning: 'these alone',
      kind: oneOf(ALL.map(({ name }) => name)),
      bare: true,
    },
    mode: {
      takes: 'MODE',
      meaning:
        'in this spread of processes alone: all in one, roles apart, leader and stand-by, with a sentinel',
      kind: oneOf(Object.keys(MODES) as Mode[]),
      many: true,
    },
    list: { meaning: 'names the drills and does nothing else' },
  },
});

async function main({ drills, mode, list }: ValuesOf<typeof COMMAND>): Promise<number> {
  const chosen = ALL.filter(({ name }) => drills.length === 0 || drills.includes(name));
  if (list) {
    for (const { name, meaning, modes } of ALL) {
      console.log(`${name.padEnd(22)} ${meaning} (${modes.join(', ')})`);
    }
    return 0;
  }
  let broken = 0;
  let made = 0;
  for (const drill of chosen) {
    for (const each of drill.modes) {
      if (mode.length > 0 && !mode.includes(each)) continue;
      made += 1;
      const report = await make(drill, each).catch((error: unknown) => failed(error));
      if (report.broken.length > 0) broken += 1;
      tell(`${drill.name} (${each})`, report);
    }
  }
  console.log(`${countText(made, 'drill')}, ${made - broken} well, ${broken} broken.`);
  return broken === 0 ? 0 : 1;
}

function make(drill: Drill | Storm | Sweep, mode: Mode): Promise<DrillReport> {
  if ('rounds' in drill) return runSweep(mode, drill);
  return 'seed' in drill ? runStorm(mode, drill) : runDrill(drill, mode);
}

const failed = (error: unknown): DrillReport => ({
  raised: [],
  knewS: undefined,
  lost: [],
  doubled: [],
  worked: [],
  logged: 0,
  broken: [`it could not be made: ${messageOf(error)}`],
});

function tell(name: string, report: DrillReport): void {
  const { raised, knewS, lost, doubled, worked, logged, broken } = report;
  const knew = knewS === undefined ? 'never knew' : `knew after ${knewS.toFixed(1)} s`;
  console.log(`${broken.length === 0 ? 'well  ' : 'BROKEN'} ${name}: ${knew}`);
  const figures = [
    `lost ${lost.length}`,
    `doubled ${doubled.length}`,
    `answered ${worked.join(' ') || '-'}`,
    `log ${logged.toFixed(1)} lines/s`,
  ];
  console.log(`       ${figures.join(', ')}`);
  for (const each of raised) console.log(`       ${each}`);
  for (const each of broken) console.log(`    !! ${each}`);
}

try {
  process.exitCode = await runCommand(COMMAND, main);
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
process.exit();
