/**
 * The gate: everything that a machine can say about the code without running Vigil, in the order of what is quick to
 * learn. Stops at the first failure. `npm test` runs the tests.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { checkLayers, plantedLayerViolation } from './layers.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (path: string): string =>
  fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url));

/** Resolves to what is wrong, or to an empty text. */
type Check = () => Promise<string>;

/** Runs a Node program and takes a non-zero exit, with whatever it printed, as the finding. */
function node(...args: string[]): Check {
  return () =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk: Buffer) => {
          output += chunk.toString();
        });
      }
      child.on('error', (error) => resolve(error.message));
      child.on('close', (code, signal) => {
        resolve(code === 0 ? '' : output.trim() || `ended with ${code ?? signal}`);
      });
    });
}

const tsc = bin('typescript/bin/tsc');

const steps: readonly (readonly [name: string, check: Check])[] = [
  ['format', node(bin('oxfmt/bin/oxfmt'), '--check', '.')],
  [
    'lint',
    node(bin('oxlint/bin/oxlint'), '--type-aware', '--deny-warnings', 'src', 'scripts', 'test'),
  ],
  ['types of the pure folders', node(tsc, '-p', 'src/.tsconfig.core.json', '--noEmit')],
  ['types', node(tsc, '-p', 'tsconfig.json', '--noEmit')],
  ['import rules see a planted violation', plantedLayerViolation],
  ['imports', () => checkLayers(root)],
  ['dead code and dependencies', node(bin('knip/bin/knip.js'), '--no-progress')],
  [
    'house rules',
    node(bin('vitest/vitest.mjs'), 'run', '--config', 'test/vitest.config.ts', 'test/tidy.test.ts'),
  ],
];

async function main(): Promise<number> {
  const began = performance.now();
  const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;
  for (const [name, check] of steps) {
    const since = performance.now();
    const finding = await check();
    if (finding !== '') {
      console.log(`\n${finding}\n\n✗ ${name} (${seconds(since)})`);
      return 1;
    }
    console.log(`✓ ${name} (${seconds(since)})`);
  }
  console.log(`The gate is green (${seconds(began)}).`);
  return 0;
}

process.exitCode = await main();
