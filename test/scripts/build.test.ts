import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { build } from '../../scripts/build.ts';
import { bundle } from '../../scripts/bundle.ts';
import { builtFrom, entry, sourceHash } from '../../scripts/build-state.mjs';

const run = promisify(execFile);
const repository = new URL('../..', import.meta.url).pathname;

const COPIED = [
  'tsconfig.json',
  'package.json',
  'package-lock.json',
  'scripts/tsconfig.build.json',
];

describe('a build', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'build-test-'));
    await mkdir(join(root, 'scripts'));
    await mkdir(join(root, 'src/bot'), { recursive: true });
    await mkdir(join(root, 'src/jobs'));
    await symlink(join(repository, 'node_modules'), join(root, 'node_modules'));
    for (const name of COPIED) {
      await writeFile(join(root, name), await readFile(join(repository, name)));
    }
    await write(
      'src/main.ts',
      "import { greet } from './bot/greet.ts';\nexport const worker = new URL('./jobs/worker.ts', import.meta.url);\nconsole.log(greet);\n",
    );
    await write('src/bot/greet.ts', "export const greet: string = 'up';\n");
    await write('src/bot/page.html', '<p>');
    await write(
      'src/bot/page.ts',
      "import { readFileSync } from 'node:fs';\nexport const page: string = readFileSync(new URL('./page.html', import.meta.url), 'utf8');\n",
    );
    await write(
      'src/jobs/worker.ts',
      "import { page } from '../bot/page.ts';\nconsole.log(page);\n",
    );
    await write('src/bot/README.md', 'note');
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  const write = (name: string, text: string): Promise<void> => writeFile(join(root, name), text);

  it('is plain JavaScript that Node runs, with its assets', async () => {
    await build(root);
    const names = (await readdir(join(root, 'dist'), { recursive: true })).toSorted();
    expect(names.filter((name) => name.includes('.') && !name.endsWith('.map'))).toEqual([
      'bot/page.html',
      'build.json',
      'jobs/worker.js',
      'main.js',
      // Where the code of the two stands.
      'part-jobs-worker.js',
      'part-main.js',
    ]);
    expect((await run(process.execPath, [join(root, 'dist/main.js')])).stdout).toBe('up\n');
    // A part that is started apart; its modules find what lies beside them.
    expect((await run(process.execPath, [join(root, 'dist/jobs/worker.js')])).stdout).toBe('<p>\n');
    expect((await readdir(root)).filter((name) => name.startsWith('dist'))).toEqual(['dist']);
  });

  it('takes other programs with it, each at its place', async () => {
    await mkdir(join(root, 'test'));
    await write(
      'test/say.ts',
      "import { greet } from '../src/bot/greet.ts';\nconsole.log(greet, new URL('./beside.txt', import.meta.url).href);\n",
    );
    await bundle(root, join(root, 'out'), ['test/say.ts']);
    const { stdout } = await run(process.execPath, [join(root, 'out/test/say.js')]);
    expect(stdout).toBe(`up ${pathToFileURL(join(root, 'out/test/beside.txt')).href}\n`);
    expect((await run(process.execPath, [join(root, 'out/main.js')])).stdout).toBe('up\n');
  });

  it('is what starts while the sources are as they were, else the sources are', async () => {
    const sources = ['--import', 'tsx', join(root, 'src/main.ts')];
    expect(entry(root)).toEqual(sources);
    await build(root);
    expect(builtFrom(root)).toBe(sourceHash(root));
    expect(entry(root)).toEqual([join(root, 'dist/main.js')]);
    await write('src/bot/greet.ts', "export const greet = 'changed';\n");
    expect(entry(root)).toEqual(sources);
  });

  it('starts where the sources are absent, as in a container', async () => {
    await build(root);
    await rm(join(root, 'src'), { recursive: true });
    expect(entry(root)).toEqual([join(root, 'dist/main.js')]);
  });

  it('that does not compile says why and leaves the former one', async () => {
    await build(root);
    await write('src/bot/greet.ts', 'export const greet: string = 1;\n');
    await expect(build(root)).rejects.toThrow(/greet\.ts.*TS2322/);
    expect((await run(process.execPath, [join(root, 'dist/main.js')])).stdout).toBe('up\n');
    expect((await readdir(root)).filter((name) => name.startsWith('dist'))).toEqual(['dist']);
  });
});
