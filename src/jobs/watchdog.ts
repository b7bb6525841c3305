import { schedule, type ScheduledTask } from 'node-cron';
import { formatDuration } from '../domain/time.ts';

/** One thing the watchdog looks at. `look` returns what is wrong in plain words, or undefined when all is well. */
export interface Check {
  readonly name: string;
  look(): Promise<string | undefined>;
}

/** A look that takes longer than this counts as a fault: something hangs. */
const LOOK_MS = 4_000;
/** Looks in a row that must fail before the owner is told: one hiccup is no news. */
const LOOKS = 2;
/** Seconds between two looks. */
const EVERY_S = 5;
/** The same trouble is told again after this long. */
const REPEAT_MS = 15 * 60_000;

interface Trouble {
  failures: number;
  since: number;
  toldAt?: number;
}

/**
 * Looks again and again at what Vigil stands on, without any of it: no Redis, no queue. It tells the owner directly when
 * something is gone and when it is back.
 */
export function startWatchdog(options: {
  readonly checks: readonly Check[];
  readonly tell: (text: string) => Promise<void>;
  readonly log: { warn(message: string, fields?: Readonly<Record<string, unknown>>): void };
  /** Seconds between two looks, 1 to 59; 5 when absent. */
  readonly everySeconds?: number;
}): { stop(): Promise<void> } {
  const troubles = new Map<string, Trouble>();

  async function lookAt(check: Check): Promise<void> {
    const problem = await withDeadline(check);
    const trouble = troubles.get(check.name);
    if (problem === undefined) {
      troubles.delete(check.name);
      if (trouble?.toldAt !== undefined) {
        const lasted = formatDuration(performance.now() - trouble.since);
        await say(`🟢 Back: ${check.name}, after ${lasted}.`);
      }
      return;
    }
    await worry(check.name, problem, trouble ?? { failures: 0, since: performance.now() });
  }

  async function worry(name: string, problem: string, trouble: Trouble): Promise<void> {
    troubles.set(name, trouble);
    trouble.failures += 1;
    const due = trouble.toldAt === undefined || performance.now() - trouble.toldAt > REPEAT_MS;
    if (trouble.failures < LOOKS || !due) return;
    options.log.warn('the watchdog found trouble', { name, problem });
    if (await say(`🔴 ${name}: ${problem}. New trades are refused while this lasts.`)) {
      trouble.toldAt = performance.now();
    }
  }

  const say = (text: string): Promise<boolean> =>
    options.tell(text).then(
      () => true,
      () => false,
    );

  const task: ScheduledTask = schedule(
    `*/${options.everySeconds ?? EVERY_S} * * * * *`,
    async () => {
      await Promise.all(options.checks.map(lookAt));
    },
    { noOverlap: true, name: 'watchdog' },
  );
  return {
    stop: async () => {
      await task.destroy();
    },
  };
}

async function withDeadline(check: Check): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('does not answer'), LOOK_MS);
  });
  try {
    return await Promise.race([check.look(), late]);
  } catch (error) {
    return error instanceof Error ? error.message : 'failed';
  } finally {
    clearTimeout(timer);
  }
}
