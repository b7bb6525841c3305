import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isInstalled, nodeProblem } from '../../scripts/setup.mjs';

const SETUP = new URL('../../scripts/setup.mjs', import.meta.url).pathname;

describe('the Node version', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '24.21.0', '100.0.0'])('%s will do', (version) => {
    expect(nodeProblem(version, '>=20.19')).toBe(undefined);
  });

  it.each(['20.18.9', '18.20.0', '9.99.0'])('%s is refused with what to do', (version) => {
    expect(nodeProblem(version, '>=20.19')).toMatch(
      `Vigil needs Node 20.19 or later; this is Node ${version}. Install a newer one`,
    );
  });
});

describe('what is installed', () => {
  const lockfile = {
    packages: {
      '': { name: 'vigil' },
      'node_modules/a': { version: '1.0.0' },
      'node_modules/mac-only': { version: '1.0.0', optional: true },
      'node_modules/tool': { version: '1.0.0', dev: true },
    },
  };
  const a = { 'node_modules/a': { version: '1.0.0' } };
  const tool = { 'node_modules/tool': { version: '1.0.0' } };

  it.each([
    ['all but another platform’s package', { ...a, ...tool }, false, true],
    [
      'a package in another version',
      { ...tool, 'node_modules/a': { version: '0.9.0' } },
      false,
      false,
    ],
    ['without the development packages', a, false, false],
    ['without the development packages in production', a, true, true],
    ['nothing', {}, true, false],
  ])('%s', (_what, packages, production, enough) => {
    expect(isInstalled(lockfile, { packages }, { production })).toBe(enough);
  });
});

describe('setting up', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'setup-test-'));
    await mkdir(join(root, 'scripts'));
    await mkdir(join(root, 'local'));
    await cp(SETUP, join(root, 'scripts/setup.mjs'));
    const base = { name: 'x', version: '1.0.0' };
    const dependencies = { local: 'file:local' };
    await writeJson('package.json', { ...base, engines: { node: '>=20.19' }, dependencies });
    await writeJson('local/package.json', { name: 'local', version: '1.0.0' });
    await writeJson('package-lock.json', {
      ...base,
      lockfileVersion: 3,
      requires: true,
      packages: {
        '': { ...base, dependencies },
        local: { version: '1.0.0' },
        'node_modules/local': { resolved: 'local', link: true },
      },
    });
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  const writeJson = (name: string, value: unknown): Promise<void> =>
    writeFile(join(root, name), JSON.stringify(value));

  async function editLockfile(version: string): Promise<void> {
    const text = await readFile(join(root, 'package-lock.json'), 'utf8');
    await writeFile(join(root, 'package-lock.json'), text.replace(/"1\.0\.0"/, `"${version}"`));
    const manifest = await readFile(join(root, 'package.json'), 'utf8');
    await writeFile(join(root, 'package.json'), manifest.replace(/"1\.0\.0"/, `"${version}"`));
  }

  function setup(): Promise<{ code: number | null; said: string }> {
    const child = spawn(process.execPath, [join(root, 'scripts/setup.mjs')], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, npm_config_fetch_retries: '0' },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString();
      });
    }
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, said })));
  }

  it('installs once, says so, and then has nothing to say or do', async () => {
    const first = await setup();
    expect(first).toMatchObject({ code: 0 });
    expect(first.said).toMatch(
      /^Installing dependencies, once…\n(?:…still installing \(\d+ s\)\n)*Dependencies installed in \d+ s\.\n$/,
    );
    expect(await setup()).toEqual({ code: 0, said: '' });
    expect(await readdir(join(root, '.cache'))).toEqual([]);
  });

  it('looks again when the lockfile has changed', async () => {
    await setup();
    const stamp = (): Promise<string> => readFile(join(root, 'node_modules/.vigil-setup'), 'utf8');
    const before = await stamp();
    await editLockfile('1.0.1');
    expect((await setup()).code).toBe(0);
    expect(await stamp()).not.toBe(before);
  });

  it('installs once when two begin at the same time', async () => {
    const both = await Promise.all([setup(), setup()]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(both.filter(({ said }) => said.includes('Installing'))).toHaveLength(1);
  });

  it('takes over from a set-up that was killed', async () => {
    await mkdir(join(root, '.cache'));
    const gone = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => gone.on('close', resolve));
    await writeFile(join(root, '.cache/setup.lock'), String(gone.pid));
    expect((await setup()).code).toBe(0);
  });

  it('says what npm said when it fails', async () => {
    const base = { name: 'x', version: '1.0.0' };
    const dependencies = { far: 'http://127.0.0.1:1/far-1.0.0.tgz' };
    await writeJson('package.json', { ...base, engines: { node: '>=20.19' }, dependencies });
    const far = { version: '1.0.0', resolved: dependencies.far };
    const packages = { '': { ...base, dependencies }, 'node_modules/far': far };
    await writeJson('package-lock.json', { ...base, lockfileVersion: 3, requires: true, packages });
    const { code, said } = await setup();
    expect(code).toBe(1);
    expect(said).toMatch(/could not be installed:\n.*npm error[\s\S]*run the same command again/);
    expect(said).not.toMatch(/^\s+at /m);
  });

  it('refuses an old Node before anything else', async () => {
    await writeJson('package.json', { engines: { node: '>=99.0' } });
    expect(await setup()).toMatchObject({
      code: 1,
      said: expect.stringMatching(/^Vigil needs Node 99/),
    });
  });
});
