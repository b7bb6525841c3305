/** The program as a person starts it: a child process, judged by what it prints, its exit and what it leaves behind. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SOURCES, VIGIL } from '../programs.ts';
import { until } from './wait.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A started program. */
export interface Program {
  readonly pid: number;
  /** Everything printed so far, both streams. */
  output(): string;
  readonly ended: Promise<Ended>;
  /** What a terminal does at Ctrl-C: SIGINT to the whole group. */
  interrupt(): void;
  /** kill -9 of the main process alone: its worker may end what it has in hand. */
  kill(): void;
  /**
   * kill -9 of the main process and its worker, as when the machine dies. A demo's exchange and chat outlive it, as the real ones do, and
   * save what they have answered; where no processes are listed they die with it.
   */
  killAll(): void;
}

/** A demo whose chat answers. */
export interface Demo extends Program {
  readonly chatUrl: string;
  readonly controlUrl: string;
  /** The code from the console, while nobody is paired. */
  readonly code: string | undefined;
}

export interface Start {
  readonly args?: readonly string[];
  /** Folder of the demos' state, for VIGIL_DATA_DIR. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  /** As a checkout runs it, even where a built one is at hand. */
  readonly fromSources?: true;
  /** The folder it is started in; a `.env` there is read. */
  readonly cwd?: string;
}

/** Word of the worker's command, started from the sources or from a bundle. */
export const WORKER = '/process/worker.';

const folders: string[] = [];
const programs: Program[] = [];

/** A folder of its own that goes with `cleanUp`. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vigil-acceptance-'));
  folders.push(folder);
  return folder;
}

/** Ends whatever the test has left running, and removes its folders. */
export async function cleanUp(): Promise<void> {
  for (const each of programs.splice(0)) {
    each.interrupt();
    await each.ended;
  }
  for (const folder of folders.splice(0)) {
    for (const pid of processesOf(folder)) killQuietly(pid);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Vigil with `args` in an environment in which only `env` speaks of it. */
export function startProgram(start: Start): Program {
  const { args = [], folder, env = {}, cwd = ROOT, fromSources = false } = start;
  const program = fromSources ? SOURCES : VIGIL;
  const child = spawn(process.execPath, [...program, ...args], {
    cwd,
    env: { ...plainEnvironment(), VIGIL_DATA_DIR: folder, ...env },
    // A group of its own, as a shell gives it: signals of the test reach nobody else.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('node could not be started');
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  const ended = new Promise<Ended>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  const started: Program = {
    pid,
    ended,
    output: () => text,
    interrupt: () => void (running() && process.kill(-pid, 'SIGINT')),
    kill: () => void (running() && process.kill(pid, 'SIGKILL')),
    killAll: () => {
      if (!running()) return;
      processesOf(folder, WORKER).forEach(killQuietly);
      process.kill(LISTS_PROCESSES ? pid : -pid, 'SIGKILL');
    },
  };
  programs.push(started);
  return started;
}

const OURS = /^(VIGIL_|TELEGRAM_|BITUNIX_|REDIS_URL|QUICKCHART_URL|NODE_OPTIONS|VITEST)/;

const plainEnvironment = (): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)));

/** Starts a demo and waits until it says that it runs. */
export async function startDemo(start: Start): Promise<Demo> {
  const program = startProgram({ ...start, args: ['demo', ...(start.args ?? [])] });
  let over = false;
  void program.ended.then(() => (over = true));
  await until(() => over || program.output().includes('Ctrl-C ends it.'), {
    says: () => `the demo did not start:\n${program.output()}`,
  });
  const find = (pattern: RegExp): string | undefined => pattern.exec(program.output())?.[1];
  const chatUrl = find(/^Chat: +(\S+)$/m);
  const controlUrl = find(/^Control: (\S+)/m);
  if (over || chatUrl === undefined || controlUrl === undefined) {
    throw new Error(`The demo ended or did not say its addresses:\n${program.output()}`);
  }
  return { ...program, chatUrl, controlUrl, code: find(/\/start ([A-Z0-9]+)$/m) };
}

/** A port that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** Whether this system lists its processes under /proc. */
export const LISTS_PROCESSES = existsSync('/proc/self/environ');

/** Ids of the living processes of a program with this data folder, children of children included, whose command holds `name`. */
export function processesOf(folder: string, name = ''): readonly number[] {
  if (!LISTS_PROCESSES) return [];
  return readdirSync('/proc')
    .filter((each) => /^\d+$/.test(each))
    .filter((pid) => belongsTo(pid, folder))
    .filter((pid) => readQuietly(`/proc/${pid}/cmdline`).includes(name))
    .filter((pid) => !/^State:\s+Z/m.test(readQuietly(`/proc/${pid}/status`)))
    .map(Number);
}

/** By its environment; Redis writes its title over its own, but its working folder tells. */
const belongsTo = (pid: string, folder: string): boolean =>
  readQuietly(`/proc/${pid}/environ`).includes(folder) ||
  workingFolder(pid).startsWith(`${folder}/`);

function workingFolder(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

function readQuietly(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

export function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

/** Resolves when no process of a program with this data folder is left. */
export const nothingLeft = (folder: string): Promise<true> =>
  until(() => processesOf(folder).length === 0 || undefined, {
    says: () => `processes are left: ${processesOf(folder).join(', ')}`,
  });

/** Runs to the end and gives back the exit code with everything that was printed. */
export async function runToEnd(program: Program): Promise<{ code: number | null; output: string }> {
  const { code } = await program.ended;
  return { code, output: program.output() };
}
