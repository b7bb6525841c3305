/**
 * The gate: everything that a machine can say about the code without running Vigil. Every step runs, so that all findings are
 * seen at once; `npm run check -- types lint` runs those alone. `npm test` runs the tests.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { oneOf } from '../src/process/option-kinds.ts';
import { createCommand, runCommand, type ValuesOf } from '../src/process/options.ts';
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

/**
 * By the native compiler, ten times as fast as TypeScript 6, whose programming interface the house rules use. It remembers what it has
 * seen between runs, under node_modules/.cache.
 */
const types = (project: string): Check =>
  node(
    bin('typescript-7/bin/tsc'),
    '-p',
    project,
    '--noEmit',
    '--incremental',
    '--tsBuildInfoFile',
    `node_modules/.cache/${project.replaceAll('/', '-')}.tsbuildinfo`,
  );

/** By the name that runs it alone. `core`: the pure folders compile without Node; `page`: the scripts of the chat page; `planted`: the import rules see a violation. */
const steps: readonly (readonly [name: string, check: Check])[] = [
  ['format', node(bin('oxfmt/bin/oxfmt'), '--check', '.')],
  [
    'lint',
    node(bin('oxlint/bin/oxlint'), '--type-aware', '--deny-warnings', 'src', 'scripts', 'test'),
  ],
  ['core', types('src/.tsconfig.core.json')],
  ['types', types('tsconfig.json')],
  ['page', types('src/simulator/chat/page/.tsconfig.json')],
  ['planted', plantedLayerViolation],
  ['imports', () => checkLayers(root)],
  ['dead-code', node(bin('knip/bin/knip.js'), '--no-progress')],
  [
    'house-rules',
    node(bin('vitest/vitest.mjs'), 'run', '--config', 'test/vitest.config.ts', 'test/tidy.test.ts'),
  ],
];

const COMMAND = createCommand({
  run: 'npm run check',
  options: {
    wanted: {
      bare: true,
      takes: 'STEP',
      meaning: 'these steps alone',
      kind: oneOf(steps.map(([name]) => name)),
      otherwise: 'all',
    },
  },
});

async function main({ wanted }: ValuesOf<typeof COMMAND>): Promise<number> {
  const began = performance.now();
  const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;
  const red: string[] = [];
  for (const [name, check] of steps) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const since = performance.now();
    const finding = await check();
    if (finding === '') console.log(`✓ ${name} (${seconds(since)})`);
    else {
      red.push(name);
      console.log(`\n${finding}\n\n✗ ${name} (${seconds(since)})`);
    }
  }
  if (red.length === 0) console.log(`The gate is green (${seconds(began)}).`);
  else console.log(`Red: ${red.join(', ')} (${seconds(began)}).`);
  return red.length === 0 ? 0 : 1;
}

process.exitCode = await runCommand(COMMAND, main);
