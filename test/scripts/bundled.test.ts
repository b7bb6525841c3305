import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundled } from '../../scripts/bundled.mjs';

const run = promisify(execFile);
const repository = new URL('../..', import.meta.url).pathname;

describe('a script started from one file', () => {
  let root: string;
  const write = (name: string, text: string): Promise<void> => writeFile(join(root, name), text);
  const say = async (...args: string[]): Promise<string> =>
    (await run(process.execPath, [join(root, 'scripts/bundled.mjs'), 'tell', ...args])).stdout;
  const made = async (): Promise<readonly string[]> =>
    (await readdir(join(root, '.cache/scripts'))).filter((name) => name !== 'tell.json');

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'bundled-test-'));
    await mkdir(join(root, 'scripts'));
    await mkdir(join(root, 'src'));
    await symlink(join(repository, 'node_modules'), join(root, 'node_modules'));
    for (const name of ['package.json', 'package-lock.json', 'tsconfig.json']) {
      await cp(join(repository, name), join(root, name));
    }
    await cp(join(repository, 'scripts/bundled.mjs'), join(root, 'scripts/bundled.mjs'));
    await write('src/word.ts', "export const word: string = 'one';\n");
    await write(
      'scripts/tell.ts',
      "import { word } from '../src/word.ts';\nconsole.log(word, process.argv.slice(2).join(), new URL('./beside.txt', import.meta.url).pathname, process.argv[1]);\n",
    );
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  it('says what its sources say, knows its arguments and its place, and is made once', async () => {
    const wanted = `one a,b ${join(root, 'scripts/beside.txt')} ${join(root, 'scripts/tell.ts')}\n`;
    expect(await say('a', 'b')).toBe(wanted);
    const file = await bundled(root, 'tell');
    const { mtimeMs } = await stat(file);
    expect(await say('a', 'b')).toBe(wanted);
    expect(await made()).toEqual([basename(dirname(file))]);
    expect((await stat(file)).mtimeMs).toBe(mtimeMs);
  });

  it.each([
    ['a source', 'src/word.ts', "export const word: string = 'two';\n", 'two'],
    ['a package', 'package-lock.json', '{}', 'one'],
  ])('is made anew when %s has changed, and the old one goes', async (_, name, text, word) => {
    const before = await bundled(root, 'tell');
    await write(name, text);
    const after = await bundled(root, 'tell');
    expect(after).not.toBe(before);
    expect(await made()).toEqual([basename(dirname(after))]);
    expect(await say()).toMatch(new RegExp(`^${word} `));
  });

  it('runs from its sources where nothing can be kept', async () => {
    await write('.cache', 'no folder');
    expect(await say()).toMatch(/^one /);
    await rm(join(root, '.cache'));
    await write('src/word.ts', "export const word: string = 'unclosed;\n");
    await expect(say()).rejects.toThrow('Unterminated string');
  });
});
