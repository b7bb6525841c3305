import { run, type RunnerHandle } from '@grammyjs/runner';
import { GrammyError, type Bot } from 'grammy';
import { tellCommandsTaken } from '../app/telling/commands-taken.ts';
import { createInbox } from './access/inbox.ts';
import { withDeadline } from './deadline.ts';
import type { BotContext, Services } from './services.ts';
import { createWaker } from './delivery/waker.ts';

/** Wall milliseconds before a failed poll is repeated, and before polling starts over when another poller is at work. */
const RETRY_MS = 1_000;
/** A question for news is answered after so many seconds, with or without news: silence is then somebody's fault. */
const POLL_S = 20;
const RESTART_MS = 3_000;
const STOP_MS = 3_000;
const CONFIRM_MS = 1_000;

export interface Polling {
  stop(): Promise<void>;
}

/** When Telegram last answered a request for news, on the steady clock of `performance.now`; undefined before the first. */
export function noteHearing(bot: Bot<BotContext>): () => number | undefined {
  let at: number | undefined;
  bot.api.config.use(async (...args) => {
    const [call, method, payload, signal] = args;
    const answer = await call(method, payload, signal);
    if (method === 'getUpdates' && answer.ok) at = performance.now();
    return answer;
  });
  return () => at;
}

/**
 * Long polling by grammY's runner, kept alive: where the runner gives up (another process polls with the same token, which
 * happens while one takes over from another) it is started again.
 */
export function startPolling(
  bot: Bot<BotContext>,
  { log, safe, ports }: Pick<Services, 'log' | 'safe' | 'ports'>,
): Polling {
  const takeBack = createTakeBack(bot, ports);
  const waker = createWaker();
  const inbox = createInbox(bot);
  const heard = {
    ...inbox,
    errorHandler: (error: unknown) =>
      log.error('the owner was not told of an error', { error: safe(error) }),
  };
  let stopping = false;
  let runner: RunnerHandle | undefined;

  async function keepPolling(): Promise<void> {
    while (!stopping) {
      runner = run(heard, {
        runner: {
          fetch: {
            timeout: POLL_S,
            allowed_updates: ['message', 'edited_message', 'callback_query'],
          },
          retryInterval: RETRY_MS,
          silent: true,
        },
      });
      try {
        await runner.task();
      } catch (error) {
        log.error('polling stopped and starts again', { error: safe(error) });
        await takeBack(error).catch((failure: unknown) =>
          log.warn('that another program listens could not be dealt with', {
            error: safe(failure),
          }),
        );
      }
      if (!stopping) await waker.sleep(RESTART_MS);
    }
  }

  const kept = keepPolling();
  return {
    stop: async () => {
      stopping = true;
      waker.stop();
      if (runner?.isRunning() === true) await runner.stop();
      await kept;
      const until = performance.now() + STOP_MS;
      while ((runner?.size() ?? 0) > 0 && performance.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      await withDeadline(inbox.confirm(), CONFIRM_MS).catch((error: unknown) =>
        log.info('what was heard last is not confirmed', { error: safe(error) }),
      );
    },
  };
}

/** So often in a row, with less than that between two: one Vigil that takes over from another is no stranger. */
const CONFLICTS = 4;
const IN_A_ROW_MS = 30_000;

/** Telegram says that another program hears this bot: an address of somebody else is removed, and the owner is told. */
function createTakeBack(
  bot: Bot<BotContext>,
  ports: Services['ports'],
): (error: unknown) => Promise<void> {
  let conflicts = 0;
  let lastAt = Number.NEGATIVE_INFINITY;
  return async (error) => {
    if (!(error instanceof GrammyError) || error.error_code !== 409) return;
    const now = performance.now();
    conflicts = now - lastAt > IN_A_ROW_MS ? 1 : conflicts + 1;
    lastAt = now;
    if (/webhook/i.test(error.description)) {
      await bot.api.deleteWebhook();
      await tellCommandsTaken(ports, 'removed webhook');
    } else if (conflicts >= CONFLICTS) await tellCommandsTaken(ports, 'listener');
  };
}
