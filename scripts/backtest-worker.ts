/** One thread of a backtest whose work is shared out. */
import { parentPort, workerData } from 'node:worker_threads';
import { readOptions } from './backtest-options.ts';
import { startsOf } from './backtest-starts.ts';
import { variantsShare } from './backtest-variants.ts';
import type { Work } from './backtest-workers.ts';

const { args, share } = workerData as Work;
try {
  const options = readOptions(args);
  const act = options.vary === undefined ? startsOf : variantsShare;
  parentPort?.postMessage(act(options, share));
} catch (error) {
  parentPort?.postMessage({ failed: error instanceof Error ? error.message : String(error) });
}
