/**
 * `npm test`: runs the tests (arguments go to vitest: `npm test -- test/risk`), tells what was skipped and why, and ends
 * with the line `N passed, N failed`. With VIGIL_REQUIRE_BROWSER=1 a missing Chromium is a failure instead of a skip.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium, NO_CHROMIUM } from '../test/chromium.ts';
import { PROGRAMS } from '../test/programs.ts';
import { bundle } from './bundle.ts';
import type { TestSummary } from './test-summary.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const root = here('..');

const CRASHED: TestSummary = { passed: 0, failed: 1, skipped: [] };

/** The line that a reader or a script looks for, last and alone. */
export function lastLine({ passed, failed, skipped }: TestSummary): string {
  return `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`;
}

/** Skips for want of a browser become failures where a browser is required. */
export function requireBrowser(summary: TestSummary): TestSummary {
  const missing = summary.skipped.filter(({ reason }) => /chromium|browser/i.test(reason));
  return {
    passed: summary.passed,
    failed: summary.failed + missing.length,
    skipped: summary.skipped.filter((skip) => !missing.includes(skip)),
  };
}

/** Of a whole run, Vigil's own processes and the scripts' start many times: as the container's do, from a bundle that is made once. */
async function bundled(dir: string): Promise<NodeJS.ProcessEnv> {
  await bundle(root, dir, PROGRAMS);
  return { VIGIL_TEST_PROGRAM: join(dir, 'main.js') };
}

async function runTests(args: readonly string[]): Promise<{ code: number; summary: TestSummary }> {
  const dir = await mkdtemp(join(tmpdir(), 'vigil-tests-'));
  // Beside the packages that it needs.
  const program = join(root, '.cache', `tests-${process.pid}`);
  const env = args.length === 0 ? await bundled(program) : {};
  const file = join(dir, 'summary.json');
  const reporters = ['--reporter=default', `--reporter=${here('test-summary.ts')}`];
  const vitest = here('../node_modules/vitest/vitest.mjs');
  const child = spawn(
    process.execPath,
    [vitest, 'run', '--config', 'test/vitest.config.ts', ...reporters, ...args],
    { cwd: root, stdio: 'inherit', env: { ...process.env, ...env, VIGIL_TEST_SUMMARY: file } },
  );
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  try {
    const code = await new Promise<number>((resolve) => {
      child.on('error', () => resolve(1));
      child.on('close', (status) => resolve(status ?? 1));
    });
    const text = await readFile(file, 'utf8').catch(() => undefined);
    return { code, summary: text === undefined ? CRASHED : (JSON.parse(text) as TestSummary) };
  } finally {
    await rm(dir, { recursive: true, force: true });
    await rm(program, { recursive: true, force: true });
  }
}

async function main(): Promise<number> {
  const browserRequired = process.env['VIGIL_REQUIRE_BROWSER'] === '1';
  const { code, summary: counted } = await runTests(process.argv.slice(2));
  const summary = browserRequired ? requireBrowser(counted) : counted;
  if (findChromium() === undefined) {
    console.log(
      browserRequired
        ? `A browser is required (VIGIL_REQUIRE_BROWSER=1), but ${NO_CHROMIUM}.`
        : `The browser tests were skipped: ${NO_CHROMIUM}.`,
    );
  }
  for (const { name, reason } of summary.skipped) console.log(`skipped: ${name} (${reason})`);
  const nothing = summary.passed + summary.failed === 0;
  if (nothing) console.log('No test ran.');
  console.log(lastLine(summary));
  return code !== 0 || summary.failed > 0 || nothing ? code || 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main();
