/**
 * `npm run build`: plain JavaScript in dist/, for the container and for `npm start`. It is built aside and moved in one
 * step, so that dist/ is never half of one build and half of another.
 */
import { spawn } from 'node:child_process';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sourceHash } from './build-state.mjs';
import { bundle } from './bundle.ts';

/** Turns `src/` under `root` into `dist/`, with what is not TypeScript beside it. Throws with the compiler's words. */
export async function build(root: string): Promise<void> {
  const hash = sourceHash(root);
  const aside = join(root, `dist.${process.pid}`);
  try {
    await check(root);
    await bundle(root, aside);
    await writeFile(join(aside, 'build.json'), `${JSON.stringify({ sourceHash: hash })}\n`);
    await rm(join(root, 'dist'), { recursive: true, force: true });
    await rename(aside, join(root, 'dist'));
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** Lets the compiler judge the sources. */
function check(root: string): Promise<void> {
  const tsc = fileURLToPath(new URL('../node_modules/typescript-7/bin/tsc', import.meta.url));
  const args = [tsc, '-p', join(root, 'scripts/tsconfig.build.json')];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(output.trim()))));
  });
}

async function main(): Promise<number> {
  const began = performance.now();
  try {
    await build(fileURLToPath(new URL('..', import.meta.url)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  }
  console.log(`Built dist/ in ${((performance.now() - began) / 1000).toFixed(1)} s.`);
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main();
