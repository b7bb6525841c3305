import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { BacktestQueue } from '../../app/ports/backtests.ts';
import { backtestJob } from '../backtest.ts';

/** Where backtests are asked for. Asking twice for one id makes one job. */
export function createBacktestQueue(
  connection: Redis,
  prefix: string,
): Pick<BacktestQueue, 'ask'> & { close(): Promise<void> } {
  // The queue's own settings are those of `createQueues`.
  const settings = { connection, prefix, skipWaitingForReady: true, skipMetasUpdate: true };
  const queue = new Queue(backtestJob.queue, settings);
  queue.on('error', () => undefined);
  const once = { removeOnComplete: true, removeOnFail: true };
  return {
    ask: async (request) => {
      await queue.add(backtestJob.name, request, { ...once, jobId: `backtest-${request.id}` });
    },
    close: () => queue.close(),
  };
}
