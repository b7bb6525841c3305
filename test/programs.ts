/** What tests start as processes of their own, and how. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = new URL('..', import.meta.url).pathname;

/** Those beside Vigil itself, by their paths in the repository. */
export const PROGRAMS = [
  'scripts/backtest.ts',
  'scripts/backtest-worker.ts',
  'scripts/contract.ts',
  'scripts/record.ts',
  'scripts/sim.ts',
  'test/app/permission-asker.ts',
  'test/app/permission-giver.ts',
  'test/charts/draw-to-stdout.ts',
  'test/process/say-once.ts',
  'test/store/redis-host.ts',
] as const;

type Program = (typeof PROGRAMS)[number];

const SOURCE_LOADER = ['--import', import.meta.resolve('tsx')] as const;

/** What Node is started with for the sources of Vigil, as a checkout runs it. */
export const SOURCES: readonly string[] = [...SOURCE_LOADER, join(ROOT, 'src/main.ts')];

/** `npm test` makes Vigil once for the whole run, as the container has it; a file that is run alone starts the sources. */
const built = process.env['VIGIL_TEST_PROGRAM'];

/** What Node is started with for Vigil. */
export const VIGIL: readonly string[] = built === undefined ? SOURCES : [built];

/** What Node is started with for one of the others: what stands beside the made Vigil, else its source. */
export function nodeArgs(program: Program): readonly string[] {
  const made = join(dirname(built ?? ''), program.replace(/ts$/, 'js'));
  return built !== undefined && existsSync(made) ? [made] : [...SOURCE_LOADER, join(ROOT, program)];
}
