import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Figure } from './figure.ts';
import { milliseconds, quantile } from './quantile.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DATA = join(process.env['VIGIL_DATA'] ?? join(ROOT, '../shared/data'), 'perps-1h-2025-10');
const REPLAY_MS = 60_000;
const BALANCES = 30;
const USER = 1001;

interface Demo {
  readonly process: ChildProcess;
  readonly url: string;
  readonly code: string;
}

/** Start to first reply, reply time of /balance, and memory after a minute of replay. */
export async function demoBench(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'vigil-bench-'));
  try {
    return [...(await replies(folder)), ...(await memory(folder))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function replies(folder: string): Promise<readonly Figure[]> {
  const start = performance.now();
  const demo = await startDemo(folder, []);
  const ready = performance.now() - start;
  await ask(demo, `/start ${demo.code}`);
  const first = performance.now() - start;
  const times: number[] = [];
  for (let each = 0; each < BALANCES; each += 1) {
    times.push(await ask(demo, '/balance'));
    // Telegram's own limit, which the emulator keeps, is about one message a second.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
  }
  await stop(demo);
  return [
    {
      what: 'start to ready (dependencies and Redis are there)',
      value: milliseconds(ready),
      aim: 'under 3 s',
    },
    { what: 'start to first reply', value: milliseconds(first) },
    {
      what: `/balance to reply, p50 and p95 of ${BALANCES}`,
      value: `${milliseconds(quantile(times, 0.5))}, ${milliseconds(quantile(times, 0.95))}`,
    },
  ];
}

async function memory(folder: string): Promise<readonly Figure[]> {
  if (!existsSync(DATA))
    return [{ what: 'memory after a replay', value: `not measured: no ${DATA}` }];
  const options = [
    '--replay',
    DATA,
    '--from',
    '2025-10-09T00:00Z',
    '--speed',
    '600',
    '--open',
    'BTCUSDT:long',
  ];
  const demo = await startDemo(folder, options);
  await ask(demo, `/start ${demo.code}`);
  await new Promise((resolve) => setTimeout(resolve, REPLAY_MS));
  const bot = await residentMb(demo.process.pid);
  await stop(demo);
  return [
    {
      what: `resident memory of the bot process after ${REPLAY_MS / 1_000} s at 600x`,
      value: `${bot} MB`,
      aim: 'under 250 MB',
    },
  ];
}

async function residentMb(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number.parseInt(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? '0', 10) / 1_024);
}

function startDemo(folder: string, options: readonly string[]): Promise<Demo> {
  const started = spawn(
    process.execPath,
    ['--import', 'tsx', 'src/main.ts', 'demo', '--fresh', ...options],
    {
      cwd: ROOT,
      env: { ...process.env, VIGIL_DATA_DIR: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  return new Promise((resolve, reject) => {
    let text = '';
    started.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0];
      const code = /\/start (\w+)/.exec(text)?.[1];
      if (url !== undefined && code !== undefined) resolve({ process: started, url, code });
    });
    started.once('exit', (exit) => reject(new Error(`the demo ended with ${exit}: ${text}`)));
  });
}

async function stop(demo: Demo): Promise<void> {
  const gone = new Promise((resolve) => demo.process.once('exit', resolve));
  demo.process.kill('SIGINT');
  await gone;
}

interface Message {
  readonly seq: number;
  readonly from: string;
}

/** Sends a text as the user and waits for the bot's next message; returns the wall milliseconds between them. */
async function ask(demo: Demo, text: string): Promise<number> {
  const seen = Math.max(0, ...(await messages(demo, 0)).map((each) => each.seq));
  const start = performance.now();
  await fetch(`${demo.url}/user/send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ chat: USER, from: USER, text }),
  });
  for (;;) {
    if ((await messages(demo, seen)).some((each) => each.from === 'bot'))
      return performance.now() - start;
    if (performance.now() - start > 20_000) throw new Error(`"${text}" was not answered`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function messages(demo: Demo, after: number): Promise<readonly Message[]> {
  const response = await fetch(`${demo.url}/user/messages?chat=${USER}&after=${after}`);
  return ((await response.json()) as { messages: Message[] }).messages;
}
