/** Redis as a child process that ends when Vigil ends, in whatever way. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { connect, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { redisEnvironment, type RedisBinary } from './binary.ts';

interface Launch {
  readonly binary: RedisBinary;
  readonly dir: string;
  readonly persist: boolean;
  /** From `newSocket`; one that follows another takes its predecessor's, so that connections find it again. */
  readonly socket: string;
}

export interface RedisChild {
  readonly pid: number;
  /** Settles when it has ended; holds its last words. */
  readonly ended: Promise<string>;
  /** Ends it and removes its socket. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;
/** A unix socket's path may have 108 bytes on Linux, 104 elsewhere. */
const SOCKET_PATH_MAX = 100;

/**
 * Runs Redis as a child of this shell, which holds a pipe from Vigil as its input: the pipe closes when Vigil ends in
 * whatever way, and then the shell ends Redis. It writes Redis's process id as its first line.
 */
const KEEPER = `
socket_folder=$1; shift
trap '' PIPE
exec 3<&0
"$@" </dev/null 3<&- &
redis=$!
trap 'kill -TERM $redis' TERM INT HUP
echo "$redis" 2>/dev/null
( read -r _ <&3; kill -TERM $redis ) 2>/dev/null &
watch=$!
while kill -0 $redis 2>/dev/null; do wait $redis; code=$?; done
kill $watch 2>/dev/null
rm -rf "$socket_folder"
exit $code
`;

/** Starts a Redis and waits until it answers a ping, which a long append-only file may delay. */
export async function launchRedis(launch: Launch): Promise<RedisChild> {
  const { socket } = launch;
  const folder = dirname(socket);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const child = keep(launch, folder);
  const stop = async (): Promise<void> => {
    await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const pid = await child.pid;
    await ready(socket, child);
    release(child.keeper);
    return { pid, ended: child.ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Path of a unix socket in a new folder of its own: the only way to reach the Redis that listens there. */
export async function newSocket(): Promise<string> {
  const base = join(tmpdir(), 'vigil-');
  const folder = await mkdtemp(base.length + 20 < SOCKET_PATH_MAX ? base : '/tmp/vigil-');
  return join(folder, 'redis.sock');
}

interface Kept {
  readonly keeper: ChildProcess;
  readonly pid: Promise<number>;
  /** Settles when Redis and its keeper have ended; holds the last words of Redis. */
  readonly ended: Promise<string>;
}

function keep({ binary, dir, persist, socket }: Launch, folder: string): Kept {
  const settings = {
    port: '0',
    unixsocket: socket,
    unixsocketperm: '700',
    dir,
    save: '',
    appendonly: persist ? 'yes' : 'no',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
    loglevel: 'notice',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  // Its own process group: Ctrl-C reaches Vigil alone, which then ends Redis in order.
  const keeper = spawn('/bin/sh', ['-c', KEEPER, 'sh', folder, binary.file, ...args], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: redisEnvironment(binary.libraries),
  });
  const words: string[] = [];
  const remember = (chunk: Buffer): void => {
    words.push(...chunk.toString().split('\n').filter(Boolean));
    words.splice(0, Math.max(0, words.length - 5));
  };
  keeper.stderr.on('data', remember);
  const ended = new Promise<string>((resolve) => {
    keeper.once('close', () => resolve(words.join(' | ')));
    keeper.once('error', (error) => resolve(error.message));
  });
  const pid = new Promise<number>((resolve, reject) => {
    keeper.stdout.once('data', (chunk: Buffer) => {
      const [first = '', ...rest] = chunk.toString().split('\n');
      resolve(Number.parseInt(first, 10));
      remember(Buffer.from(rest.join('\n')));
      keeper.stdout.on('data', remember);
    });
    keeper.once('error', reject);
    keeper.once('close', () => reject(new Error('The private Redis could not be started.')));
  });
  keeper.stdin.on('error', () => {});
  return { keeper, pid, ended };
}

/** A private Redis never keeps Vigil from ending. */
function release(keeper: ChildProcess): void {
  keeper.unref();
  for (const stream of [keeper.stdin, keeper.stdout, keeper.stderr]) {
    if (stream instanceof Socket) stream.unref();
  }
}

async function ready(socket: string, child: Kept): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  let over: string | undefined;
  void child.ended.then((words) => {
    over = words;
  });
  while (!(await pings(socket))) {
    if (over !== undefined) throw new Error(`The private Redis ended at once: ${over}`);
    if (performance.now() > deadline) {
      throw new Error(`The private Redis did not answer within ${START_TIMEOUT_MS / 1000} s.`);
    }
    await delay(5);
  }
}

/** False while it is not listening or still loading its file. */
function pings(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const client = connect(socket);
    const answer = (value: boolean): void => {
      client.destroy();
      resolve(value);
    };
    client.setTimeout(2_000, () => answer(false));
    client.once('connect', () => client.write('PING\r\n'));
    client.once('data', (chunk) => answer(chunk.toString().startsWith('+PONG')));
    client.once('error', () => answer(false));
    client.once('close', () => answer(false));
  });
}

async function end({ keeper, ended }: Kept): Promise<void> {
  keeper.ref();
  keeper.stdin?.destroy();
  const hurry = setTimeout(() => killGroup(keeper.pid), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(hurry);
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
