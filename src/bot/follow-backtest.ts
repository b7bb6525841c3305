import { setTimeout } from 'node:timers/promises';
import type { Api } from 'grammy';
import type { BacktestQueue, BacktestMessage, BacktestState } from '../app/ports/backtests.ts';
import type { Log } from '../app/ports/log.ts';
import type { ChartRenderer } from '../app/ports/chart-renderer.ts';
import type { Ports } from '../app/ports/ports.ts';
import type { Voice } from '../app/telling/voice.ts';
import { MINUTE } from '../domain/time.ts';
import { equityPicture } from './charts/equity-chart.ts';
import { sendPictureTo } from './commands/send-picture.ts';
import { rewriteIn, sendTo } from './reply.ts';
import { classifyFailure, isThereAlready } from './delivery/telegram-failure.ts';
import { backtestView } from './views/backtest.ts';
import { sceneOf } from './views/footer.ts';

/** Between two looks at the job: Telegram allows about one edit a second. */
const LOOK_MS = 1_000;
const LONGEST_MS = 10 * MINUTE;

/** Keeps the messages of backtests up to date until each shows its result, over restarts and lost connections. */
export interface BacktestFollower {
  follow(message: BacktestMessage): void;
  /** Goes on with the messages that an earlier process left without a result. */
  resume(): Promise<void>;
  stop(): void;
}

export interface FollowerParts {
  readonly api: Api;
  readonly ports: Ports;
  readonly charts: ChartRenderer;
  readonly voice: Voice;
  readonly log: Log;
  readonly safe: (error: unknown) => string;
  readonly wallNow: () => number;
}

export function createBacktestFollower(parts: FollowerParts): BacktestFollower {
  const { ports, log, safe } = parts;
  const queue = ports.backtests;
  const ended = new AbortController();

  const follow = (message: BacktestMessage): void => {
    if (queue === undefined) return;
    followOne(parts, { queue, message, signal: ended.signal }).catch((error: unknown) => {
      if (ended.signal.aborted) return;
      log.warn('the message of a backtest was not kept up to date', { error: safe(error) });
    });
  };
  return {
    follow,
    resume: async () => {
      for (const message of (await queue?.pending()) ?? []) follow(message);
    },
    stop: () => ended.abort(),
  };
}

interface Watch {
  readonly queue: BacktestQueue;
  readonly message: BacktestMessage;
  readonly signal: AbortSignal;
}

/** Edits the message whenever there is news. What Telegram did not take is tried again at the next look. */
async function followOne(parts: FollowerParts, { queue, message, signal }: Watch): Promise<void> {
  let shown = '';
  for (;;) {
    await setTimeout(LOOK_MS, undefined, { signal });
    const state = await queue.read(message.id).catch(() => undefined);
    const ended = state?.kind === 'done' || state?.kind === 'failed';
    const news = ended ? state : (late(parts, message) ?? state);
    const text = JSON.stringify(news);
    if (news === undefined || text === shown || !(await show(parts, message, news))) continue;
    shown = text;
    if (news.kind === 'running') continue;
    await queue.reported(message.id);
    if (news.kind === 'done') await drawEquity(parts, message, news);
    return;
  }
}

function late({ wallNow }: FollowerParts, { askedAt }: BacktestMessage): BacktestState | undefined {
  if (wallNow() - askedAt < LONGEST_MS) return undefined;
  const minutes = LONGEST_MS / MINUTE;
  return { kind: 'failed', reason: `no result came within ${minutes} minutes. Ask again.` };
}

/** Whether the owner has it now, or never will: a message that is gone gets no progress, but a result in a new one. */
async function show(
  { api, ports, log, safe }: FollowerParts,
  { chatId, messageId, preset }: BacktestMessage,
  state: BacktestState,
): Promise<boolean> {
  const text = backtestView(preset, state, sceneOf(ports));
  try {
    await rewriteIn(api, chatId, { messageId, text });
    return true;
  } catch (error) {
    const failure = classifyFailure(error);
    if (failure.kind === 'blocked' || isThereAlready(failure)) return true;
    if (failure.kind !== 'bad-message') return false;
    if (state.kind === 'running') return true;
    return sendTo(api, chatId, text).then(
      () => true,
      (why: unknown) => {
        log.warn('the result of a backtest was not sent', { error: safe(why) });
        return false;
      },
    );
  }
}

async function drawEquity(
  { api, charts, voice, log, safe }: FollowerParts,
  { chatId }: BacktestMessage,
  { title, equity, halts }: Extract<BacktestState, { kind: 'done' }>,
): Promise<void> {
  if (equity.length < 2) return;
  const history = { points: equity, title, halts };
  await sendPictureTo(
    { api, chatId, charts, voice, log, safe },
    { name: 'backtest', draw: (theme) => equityPicture(history, theme) },
  );
}
