/**
 * Finds a `redis-server` to run: on the PATH, or unpacked from the distribution's packages into a cache folder,
 * without root and without touching the system.
 */
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** Where progress goes; a pino logger fits. */
export interface RedisLog {
  info(text: string): void;
  warn(text: string): void;
}

export interface RedisBinary {
  readonly file: string;
  readonly origin: 'path' | 'cache';
  /** Folders for LD_LIBRARY_PATH; none for a Redis that belongs to the system. */
  readonly libraries: readonly string[];
}

interface Lookup {
  readonly cacheDir: string;
  readonly log: RedisLog;
  /** Folders to look for programs in, joined as in PATH; the system's own when absent. */
  readonly searchPath?: string;
}

const WAYS =
  'Vigil keeps its state in Redis. Any one of these gives it one: ' +
  '(1) install it, so that redis-server is on the PATH (Debian/Ubuntu: sudo apt-get install redis-server, macOS: brew install redis); ' +
  '(2) set REDIS_URL to a running Redis, such as redis://127.0.0.1:6379; ' +
  '(3) run Vigil with docker compose up, which brings its own.';

const run = promisify(execFile);
const RUN_LIMITS = { timeout: 180_000, maxBuffer: 16 * 1024 * 1024 };

/** Libraries of redis-tools that a system without Redis seldom has; the rest comes with the base system. */
const UNUSUAL_LIBRARY = /^(libjemalloc|liblzf|libhiredis|liblua|lua-)/;

/** A Redis that has answered `--version`. Throws an Error whose message names the ways to get one. */
export async function findRedisBinary(lookup: Lookup): Promise<RedisBinary> {
  const { log } = lookup;
  // apt-get takes a relative folder as one below its own.
  const cacheDir = resolve(lookup.cacheDir);
  // tidy-ok: the search path of programs belongs to the system, it is no setting of Vigil
  const searchPath = lookup.searchPath ?? process.env['PATH'] ?? '';
  const installed = await onPath('redis-server', searchPath);
  if (installed !== undefined && (await answers(installed, []))) {
    return { file: installed, origin: 'path', libraries: [] };
  }
  const home = join(cacheDir, 'redis');
  const kept = await unpackedAt(home);
  if (kept !== undefined) return kept;
  const apt = await onPath('apt-get', searchPath);
  if (apt === undefined || (await onPath('dpkg-deb', searchPath)) === undefined) {
    throw new Error(`No redis-server on the PATH. ${WAYS}`);
  }
  log.info('No redis-server on the PATH: unpacking the distribution’s package into a cache, once…');
  return unpack({ cacheDir, home });
}

async function unpack({
  cacheDir,
  home,
}: {
  cacheDir: string;
  home: string;
}): Promise<RedisBinary> {
  await mkdir(cacheDir, { recursive: true });
  const work = await mkdtemp(join(cacheDir, 'redis-'));
  try {
    await downloadAndUnpack(work);
    if ((await unpackedAt(work)) === undefined) {
      throw new Error('the unpacked program does not run on this system');
    }
    await rm(home, { recursive: true, force: true });
    // Two starts at once: the first to move its copy wins, the other uses that one.
    await rename(work, home).catch((error: unknown) => ignoreWhenTaken(error));
  } catch (error) {
    const reason = error instanceof Error ? firstLine(error.message) : String(error);
    throw new Error(`Redis could not be unpacked (${reason}). ${WAYS}`, { cause: error });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const ready = await unpackedAt(home);
  if (ready === undefined) throw new Error(`The Redis in ${home} does not run. ${WAYS}`);
  return ready;
}

async function downloadAndUnpack(work: string): Promise<void> {
  const state = join(work, 'apt');
  const packages = join(work, 'packages');
  const root = join(work, 'root');
  for (const dir of [join(state, 'lists/partial'), join(state, 'cache/archives/partial')]) {
    await mkdir(dir, { recursive: true });
  }
  await mkdir(packages);
  await mkdir(root);
  const options = [
    `Dir::State=${state}`,
    `Dir::State::Lists=${join(state, 'lists')}`,
    `Dir::Cache=${join(state, 'cache')}`,
    'Dir::State::status=/var/lib/dpkg/status',
    'APT::Sandbox::User=',
    'Debug::NoLocking=1',
    'Acquire::Languages=none',
  ].flatMap((option) => ['-o', option]);
  const apt = (tool: string, args: readonly string[]): Promise<string> =>
    command(tool, [...options, ...args], packages);
  await apt('apt-get', ['-q', 'update']);
  const missing = await apt('apt-get', ['-s', '--no-install-recommends', 'install', 'redis-tools']);
  const needed = await apt('apt-cache', ['depends', '--important', 'redis-tools']);
  const names = new Set(['redis-tools', ...installs(missing), ...unusual(needed)]);
  await apt('apt-get', ['-q', 'download', ...names]);
  for (const name of await readdir(packages)) {
    if (name.endsWith('.deb')) await command('dpkg-deb', ['-x', name, root], packages);
  }
  const bin = join(root, 'usr/bin');
  // The server is the same program under another name; distributions ship it with the tools.
  if (!(await readdir(bin)).includes('redis-server')) {
    await symlink('redis-check-rdb', join(bin, 'redis-server'));
  }
  await rm(state, { recursive: true, force: true });
  await rm(packages, { recursive: true, force: true });
}

const installs = (simulation: string): string[] =>
  [...simulation.matchAll(/^Inst (\S+)/gm)].flatMap(([, name]) => name ?? []);

const unusual = (depends: string): string[] =>
  [...depends.matchAll(/^\s*\|?Depends: ([\w.+-]+)/gm)]
    .flatMap(([, name]) => name ?? [])
    .filter((name) => UNUSUAL_LIBRARY.test(name));

async function unpackedAt(home: string): Promise<RedisBinary | undefined> {
  const root = join(home, 'root');
  const file = join(root, 'usr/bin/redis-server');
  const libraries = await libraryFolders(root);
  return (await answers(file, libraries)) ? { file, origin: 'cache', libraries } : undefined;
}

/** usr/lib and lib with their one level of architecture folders. */
async function libraryFolders(root: string): Promise<string[]> {
  const folders: string[] = [];
  for (const base of [join(root, 'usr/lib'), join(root, 'lib')]) {
    const entries = await readdir(base, { withFileTypes: true }).catch(() => []);
    folders.push(...entries.filter((e) => e.isDirectory()).map((e) => join(base, e.name)));
    if (entries.length > 0) folders.push(base);
  }
  return folders;
}

async function answers(file: string, libraries: readonly string[]): Promise<boolean> {
  try {
    const { stdout } = await run(file, ['--version'], {
      timeout: 10_000,
      env: redisEnvironment(libraries),
    });
    return stdout.includes('server v=');
  } catch {
    return false;
  }
}

/** What a Redis child gets to see: none of Vigil's settings or keys, and no locale that may be missing. */
export function redisEnvironment(libraries: readonly string[]): Record<string, string> {
  const environment: Record<string, string> = {
    LC_ALL: 'C',
    PATH: '/usr/local/bin:/usr/bin:/bin',
  };
  if (libraries.length > 0) environment['LD_LIBRARY_PATH'] = libraries.join(delimiter);
  return environment;
}

async function onPath(name: string, searchPath: string): Promise<string | undefined> {
  for (const folder of searchPath.split(delimiter)) {
    if (folder === '') continue;
    const file = join(folder, name);
    const usable = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (usable) return file;
  }
  return undefined;
}

async function command(file: string, args: readonly string[], cwd: string): Promise<string> {
  const { stdout } = await run(file, args, { ...RUN_LIMITS, cwd });
  return stdout;
}

function ignoreWhenTaken(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? text;
