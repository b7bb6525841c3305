/**
 * Makes a fresh clone ready: the Node version is checked and the dependencies are installed when they are missing or the
 * lockfile has changed. Every npm script begins with it, so it has to be fast when there is nothing to do (two small
 * files are read) and must need no dependency and no network then.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPEAT_MS = 15000;

/** What is wrong with this Node for Vigil, or undefined. `wanted` is package.json's `engines.node`, such as ">=20.19". */
export function nodeProblem(version, wanted) {
  const [major, minor] = version.split('.').map(Number);
  const [wantedMajor, wantedMinor = 0] = wanted.replace('>=', '').split('.').map(Number);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return undefined;
  return (
    `Vigil needs Node ${wantedMajor}.${wantedMinor} or later; this is Node ${version}. ` +
    'Install a newer one (24 is recommended), for example from https://nodejs.org, and try again.'
  );
}

/**
 * Whether the installed packages are those of the lockfile; npm keeps a list of what it installed in
 * node_modules/.package-lock.json. Packages for other platforms may be absent, and in production those for development.
 */
export function isInstalled(lockfile, installed, { production }) {
  return Object.entries(lockfile.packages).every(([path, wanted]) => {
    if (path === '') return true;
    const actual = installed.packages[path];
    if (actual !== undefined) return actual.version === wanted.version;
    return Boolean(wanted.optional || wanted.devOptional || (production && wanted.dev));
  });
}

/** Installs in `root` what is missing. Resolves to a line about what was done, or to undefined when there was nothing to do. */
export async function setUp(root, say) {
  const lockText = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const stampFile = join(root, 'node_modules', '.vigil-setup');
  const stamp = createHash('sha256')
    .update(lockText)
    .update([process.platform, process.arch].join())
    .digest('hex');
  if (read(stampFile) === stamp) return undefined;
  const unlock = await lock(join(root, '.cache'), say);
  try {
    if (read(stampFile) === stamp) return undefined;
    const done = isCurrent(root, lockText) ? undefined : await install(root, say);
    if (unlock !== undefined) writeFileSync(stampFile, stamp);
    return done;
  } finally {
    if (unlock !== undefined) unlock();
  }
}

function isCurrent(root, lockText) {
  const text = read(join(root, 'node_modules', '.package-lock.json'));
  const production = process.env.NODE_ENV === 'production';
  return text !== undefined && isInstalled(JSON.parse(lockText), JSON.parse(text), { production });
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** One set-up at a time. Resolves to the function that ends it, or to undefined on a read-only disk. */
async function lock(dir, say) {
  const file = join(dir, 'setup.lock');
  for (let waited = 0; ; waited += 1) {
    try {
      mkdirSync(dir, { recursive: true });
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error.code === 'EROFS' || error.code === 'EACCES') return undefined;
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = Number(read(file));
    // An empty file is one that is being written just now.
    if (holder > 0 && !isAlive(holder)) rmSync(file, { force: true });
    if (waited === 5) say('Another set-up is running; waiting for it to finish…');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function install(root, say) {
  const started = Date.now();
  say('Installing dependencies, once…');
  const timer = setInterval(() => {
    say(`…still installing (${Math.round((Date.now() - started) / 1000)} s)`);
  }, REPEAT_MS);
  try {
    let { code, output } = await npm(root, 'ci');
    // It refuses a lockfile that lacks packages of other platforms; install follows the same lockfile without that demand.
    if (code !== 0 && /Missing: \S+@ from lock file/.test(output)) {
      ({ code, output } = await npm(root, 'install', '--no-save'));
    }
    if (code !== 0) throw new InstallError(output.trim().split('\n').slice(-12).join('\n'));
  } finally {
    clearInterval(timer);
  }
  return `Dependencies installed in ${Math.round((Date.now() - started) / 1000)} s.`;
}

class InstallError extends Error {}

function npm(root, ...command) {
  const args = [...command, '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
  args.push('--loglevel=error', '--no-update-notifier');
  // A user without a home of their own (a service) still needs a place for npm's cache.
  if (!isWritable(homedir())) args.push('--cache', join(root, '.cache', 'npm'));
  const cli = process.env.npm_execpath;
  const [program, first] =
    cli !== undefined && /npm-cli\.[cm]?js$/.test(cli) ? [process.execPath, [cli]] : ['npm', []];
  return new Promise((resolve) => {
    const child = spawn(program, [...first, ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && first.length === 0,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    child.on('error', (error) => resolve({ code: 1, output: `npm: ${error.message}` }));
    child.on('close', (code) => resolve({ code, output }));
  });
}

function isWritable(dir) {
  try {
    accessSync(dir, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

async function main() {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const say = (line) => process.stderr.write(`${line}\n`);
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const problem = nodeProblem(process.versions.node, engines.node);
  if (problem !== undefined) {
    say(problem);
    return 1;
  }
  try {
    const done = await setUp(root, say);
    if (done !== undefined) say(done);
    return 0;
  } catch (error) {
    const reason = error instanceof InstallError ? error.message : String(error);
    say(`The dependencies could not be installed:\n${reason}`);
    say('Check the network and the disk, then run the same command again; "npm ci" shows more.');
    return 1;
  }
}

if (
  process.argv[1] !== undefined &&
  realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)
) {
  process.exitCode = await main();
}
