import { UnrecoverableError, Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Log } from '../../app/ports/log.ts';
import { messageOf } from '../../app/reading/reading.ts';
import { QUEUES, type JobContext, type JobDefinition } from '../job.ts';
import { JOBS } from '../list.ts';

/**
 * How long a worker may be deaf before its job is another one's, and how often that is looked for: the account must not go unread for
 * long because the worker that read it was killed. Every job looks first at what the exchange and the store show, so two at one of
 * them do no harm.
 */
const LOCK_MS = 10_000;
const STALLED_EVERY_MS = 5_000;
/** What the owner has confirmed is taken up again however often its worker ends. */
const ORDERS = { maxStalledCount: 1_000_000 };
/**
 * It computes for long stretches, and the owner waits for it with the chat open. What ends its worker three times is likely to do so
 * again: then the message says that no result came.
 */
const BACKTESTS = { lockDuration: 30_000, maxStalledCount: 3 };
/** How long shutting down waits for jobs under way. */
const CLOSE_DEADLINE_MS = 8_000;

export interface Workers {
  /** Waits for the jobs under way, at most 8 s: a worker that cannot reach Redis would wait for ever. */
  close(): Promise<void>;
}

/** One worker a queue. Data is parsed before a job runs; what does not fit is never tried again. */
export function startWorkers(options: {
  readonly connection: Redis;
  readonly prefix: string;
  readonly context: JobContext;
  readonly log: Log;
  /** Hears of each job that was done. */
  readonly onDone?: (job: string) => void;
}): Workers {
  const { connection, prefix, context, log, onDone } = options;
  /** Queues that cannot be reached, each told once. */
  const lost = new Set<string>();
  const ahead = readingAhead(context);
  const workers = QUEUES.map((name) => {
    const given = name === 'orders' ? ahead : context;
    const worker = new Worker(name, (job) => runJob(given, job), {
      connection,
      prefix,
      concurrency: 1,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_EVERY_MS,
      ...(name === 'orders' ? ORDERS : {}),
      ...(name === 'backtests' ? BACKTESTS : {}),
    });
    worker.on('active', () => {
      if (lost.delete(name)) log.info('a worker has its queue again', { queue: name });
    });
    worker.on('completed', (job) => onDone?.(job.name));
    worker.on('failed', (job, error) => {
      log.warn('a job failed', {
        job: job?.name,
        attempt: job?.attemptsMade,
        reason: error.message,
      });
    });
    worker.on('error', (error) => {
      if (lost.has(name)) return;
      lost.add(name);
      log.warn('a worker lost its queue', { queue: name, reason: error.message });
    });
    return worker;
  });
  return { close: () => closeAll(workers, log) };
}

/** What the owner has confirmed reads the account before the scan and the account's own cycle do: its readings are good for two seconds. */
const readingAhead = (context: JobContext): JobContext => {
  const { account, urgentAccount = account } = context.ports;
  return { ...context, ports: { ...context.ports, account: urgentAccount } };
};

async function runJob(context: JobContext, job: Job): Promise<unknown> {
  const definition = JOBS.find((each) => each.name === job.name);
  if (definition === undefined) throw new UnrecoverableError(`no job is called "${job.name}"`);
  const earlier = Object.values(await job.getChildrenValues<unknown>())[0];
  return definition.run(context, parse(definition, job.data), earlier);
}

function parse(definition: JobDefinition, data: unknown): unknown {
  const parsed = definition.schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new UnrecoverableError(
    `job "${definition.name}" has data that does not fit: ${messageOf(parsed.error)}`,
  );
}

/** Asking a worker that is closing to close at once changes nothing, so one that is late is left to the end of its connection. */
async function closeAll(workers: readonly Worker[], log: Log): Promise<void> {
  const closing = Promise.all(workers.map((each) => each.close()));
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), CLOSE_DEADLINE_MS);
  });
  const outcome = await Promise.race([closing.then(() => 'closed' as const), deadline]);
  clearTimeout(timer);
  if (outcome === 'late') log.warn('the workers did not end in time', { ms: CLOSE_DEADLINE_MS });
}
