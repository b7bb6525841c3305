import { FlowProducer, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { APPROVAL_MS } from '../../app/approval/decide-to-send.ts';
import { changeAsText, type Work } from '../../app/ports/work.ts';
import { toText } from '../../domain/money/money.ts';
import { QUEUES, type QueueName } from '../job.ts';
import { JOBS } from '../list.ts';

/** How many finished jobs are kept for looking at; those of a scan carry what they found. */
const KEPT = { completed: 20, failed: 200 };
const COMMON = { removeOnComplete: KEPT.completed, removeOnFail: KEPT.failed };

/**
 * Nobody listens to a queue's events, and each holds what its job returned: a few are enough to look at. About so many, because Redis
 * cuts a stream in steps of some hundred.
 */
export const EVENTS_KEPT = 100;

export interface Queues {
  readonly work: Work;
  /** Makes the schedules what the job list says; asking again changes nothing. */
  schedule(speed: number): Promise<void>;
  startScan(): Promise<void>;
  /**
   * Puts back what is missing of the schedules, and what would run too late: after the store was emptied, or the clock set back.
   * `all`: every one anew. Resolves to the names of those that were repaired.
   */
  repair(speed: number, all?: boolean): Promise<readonly string[]>;
  /** The job that has waited longest in a queue. */
  firstWaiting(name: QueueName): Promise<string | undefined>;
  close(): Promise<void>;
}

/** The producing side of BullMQ. `prefix` keeps the accounts that share a Redis apart. */
export function createQueues(connection: Redis, prefix: string): Queues {
  const streams = { events: { maxLen: EVENTS_KEPT } };
  const settings = { connection, prefix, skipWaitingForReady: true, streams };
  const queues = new Map(QUEUES.map((name) => [name, new Queue(name, settings)]));
  const flows = new FlowProducer(settings);
  for (const queue of queues.values()) queue.on('error', () => undefined);
  flows.on('error', () => undefined);

  const queue = (name: QueueName): Queue => {
    const found = queues.get(name);
    if (found === undefined) throw new Error(`no queue is called "${name}"`);
    return found;
  };

  async function schedule(speed: number): Promise<void> {
    await setBounds(queue);
    for (const job of JOBS) {
      if (job.everyMs === undefined) continue;
      await upsert(queue(job.queue), job.name, job.everyMs(speed));
    }
  }

  async function startScan(): Promise<void> {
    const counts = await queue('scan').getJobCounts(
      'active',
      'waiting',
      'waiting-children',
      'delayed',
    );
    if (Object.values(counts).some((count) => count > 0)) return;
    const data = { scan: `scan-${Date.now()}` };
    const steps = ['scan-fetch', 'scan-signal', 'scan-risk', 'scan-alert'];
    await flows.add(flowOf(steps, data));
  }

  return {
    work: createWork(queue),
    schedule,
    startScan,
    repair: (speed, all = false) => repairSchedules(queue, speed, all),
    firstWaiting: async (name) => (await queue(name).getWaiting(0, 0))[0]?.id,
    close: async () => {
      await Promise.all([flows.close(), ...[...queues.values()].map((each) => each.close())]);
    },
  };
}

const upsert = (queue: Queue, name: string, every: number): Promise<unknown> =>
  queue.upsertJobScheduler(name, { every }, { name, data: {}, opts: COMMON });

/** Kept in the store like the schedules, and lost with it: then two account reads or two orders could overlap. */
async function setBounds(queue: (name: QueueName) => Queue): Promise<void> {
  for (const name of QUEUES) {
    await queue(name).setGlobalConcurrency(1);
    await queue(name).trimEvents(EVENTS_KEPT);
  }
}

/** A next run may lie so much further ahead than its interval. */
const AHEAD_MS = 5_000;

async function repairSchedules(
  queue: (name: QueueName) => Queue,
  speed: number,
  all: boolean,
): Promise<readonly string[]> {
  await setBounds(queue);
  const repaired: string[] = [];
  for (const job of JOBS) {
    if (job.everyMs === undefined) continue;
    const every = job.everyMs(speed);
    const from = queue(job.queue);
    const known = await from.getJobScheduler(job.name);
    const next = known?.next;
    const waits =
      next !== undefined &&
      known?.every === every &&
      next <= Date.now() + every + AHEAD_MS &&
      (await from.getJob(`repeat:${job.name}:${next}`)) !== undefined;
    if (waits && !all) continue;
    // One that is there keeps its next run, however far ahead, unless it is taken away first.
    await from.removeJobScheduler(job.name);
    await upsert(from, job.name, every);
    repaired.push(job.name);
  }
  return repaired;
}

interface FlowStep {
  name: string;
  queueName: QueueName;
  data: { scan: string };
  opts: object;
  children?: FlowStep[];
}

/** BullMQ runs children first: the last step is the root. */
function flowOf(steps: readonly string[], data: { scan: string }): FlowStep {
  const [first = '', ...rest] = steps;
  let flow: FlowStep = {
    name: first,
    queueName: 'scan',
    data,
    opts: { ...COMMON, failParentOnFailure: true },
  };
  for (const name of rest) {
    flow = {
      name,
      queueName: 'scan',
      data,
      opts: { ...COMMON, failParentOnFailure: true },
      children: [flow],
    };
  }
  // The root has no parent to fail.
  flow.opts = COMMON;
  return flow;
}

function createWork(queue: (name: QueueName) => Queue): Work {
  // A finished job with the same id would swallow a later one, so these leave nothing behind.
  const once = { removeOnComplete: true, removeOnFail: true };
  const retried = { ...once, attempts: 5, backoff: { type: 'fixed', delay: 2_000 } };
  // As long as an approval counts; what cannot be read in that time ends with it.
  const tapped = { ...retried, attempts: 1 + APPROVAL_MS / retried.backoff.delay };
  // Closing goes on until the exchange says flat, or the owner something else.
  const kept = { ...retried, attempts: Number.MAX_SAFE_INTEGER };
  return {
    execute: async (proposalId) => {
      await queue('orders').add(
        'execute',
        { proposalId },
        { ...tapped, jobId: `execute-${proposalId}` },
      );
    },
    expire: async (proposalId, delayMs) => {
      await queue('upkeep').add(
        'expire',
        { proposalId },
        { ...retried, delay: Math.max(0, Math.ceil(delayMs)), jobId: `expire-${proposalId}` },
      );
    },
    flatten: async (request) => {
      const options = request.closePositions ? kept : retried;
      await queue('orders').add('flatten', request, { ...options, jobId: `flatten-${request.id}` });
    },
    protect: async ({ stop, target, ...request }) => {
      // JSON has no exact numbers: prices travel as text.
      const levels = {
        stop: toText(stop),
        ...(target === undefined ? {} : { target: toText(target) }),
      };
      await queue('orders').add(
        'protect',
        { ...request, ...levels },
        { ...retried, jobId: `protect-${request.id}` },
      );
    },
    manage: async ({ change, ...request }) => {
      await queue('orders').add(
        'manage',
        { ...request, change: changeAsText(change) },
        { ...retried, jobId: `manage-${request.id}` },
      );
    },
    refreshAccount: async () => {
      // One that is under way may have read before what it is asked for happened: then it is followed by another.
      const deduplication = { id: 'refresh', keepLastIfActive: true };
      await queue('account').add('account', {}, { ...once, deduplication });
    },
  };
}
