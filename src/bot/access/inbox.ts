import type { Bot } from 'grammy';
import type { Update } from 'grammy/types';
import type { BotContext } from '../services.ts';

/** Telegram gives out no more at once; with so many unconfirmed a /halt behind them would not be seen. */
const MOST = 100;
/** Between two looks for news while something is worked on, milliseconds. */
const LOOK_MS = 250;
/** What is worked on for longer is confirmed all the same, milliseconds. */
const HELD_MS = 120_000;

type GetUpdates = Bot<BotContext>['api']['getUpdates'];
type Question = NonNullable<Parameters<GetUpdates>[0]>;
type Signal = Parameters<GetUpdates>[1];

/** What grammY's runner asks of a bot. */
export interface Inbox {
  handleUpdate(update: Update): Promise<void>;
  readonly api: { getUpdates(question: Question, signal?: Signal): Promise<Update[]> };
  /** Confirms what was worked on since the last look for news. Rejects where Telegram does not answer. */
  confirm(): Promise<void>;
}

/**
 * Confirms an update to Telegram once it was worked on, an apology included. The runner alone confirms what it has just begun: a process
 * that dies or freezes then takes a command with it. What is unconfirmed comes again with every look, and is passed over.
 */
export function createInbox(bot: Bot<BotContext>): Inbox {
  const open = createOpen();
  let confirmed = 0;

  async function ask(question: Question, signal?: Signal): Promise<Update[]> {
    const { offset, busy } = open.next();
    // What is worked on is given out at once: a long poll would not wait.
    const asked = { ...question, offset, limit: MOST, ...(busy ? { timeout: 0 } : {}) };
    const updates = await bot.api.getUpdates(asked, signal);
    confirmed = offset;
    return updates;
  }

  return {
    handleUpdate: async (update) => {
      try {
        await bot.handleUpdate(update);
      } catch (error) {
        await bot.errorHandler(error as Parameters<typeof bot.errorHandler>[0]);
      } finally {
        open.done(update.update_id);
      }
    },
    api: {
      getUpdates: async (question, signal) => {
        await open.settle(LOOK_MS);
        return (await ask(question, signal)).filter((each) => open.begin(each.update_id));
      },
    },
    confirm: async () => {
      if (open.next().offset !== confirmed) await ask({ timeout: 0 });
    },
  };
}

/** The updates that are not confirmed yet. */
function createOpen() {
  /** Oldest first: since when it is worked on; undefined when that is done. */
  const since = new Map<number, number | undefined>();
  let after = 0;
  let settled = (): void => undefined;

  const holds = (at: number | undefined): boolean =>
    at !== undefined && performance.now() - at < HELD_MS;
  const busy = (): boolean => [...since.values()].some(holds);

  return {
    /** From where to ask: all before it is confirmed. `busy`: what stands there is still worked on. */
    next: (): { readonly offset: number; readonly busy: boolean } => {
      if (since.size >= MOST) since.clear();
      for (const [id, at] of since) {
        if (holds(at)) return { offset: id, busy: true };
        since.delete(id);
      }
      return { offset: after, busy: false };
    },
    /** False when it was begun before. */
    begin: (id: number): boolean => {
      if (since.has(id)) return false;
      since.set(id, performance.now());
      after = id + 1;
      return true;
    },
    done: (id: number): void => {
      if (since.has(id)) since.set(id, undefined);
      if (!busy()) settled();
    },
    /** Waits until nothing is worked on, so long at most. */
    settle: async (ms: number): Promise<void> => {
      if (!busy()) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        settled = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
  };
}
