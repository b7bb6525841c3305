import { z } from 'zod';
import { runPresetBacktest } from '../app/views/preset-backtest.ts';
import { defineJob } from './job.ts';

/** A backtest that the owner asked for, one at a time. Its queue is its own: the scan does not wait for it. */
export const backtestJob = defineJob({
  name: 'backtest',
  queue: 'backtests',
  meaning: 'runs a preset backtest over the candles of the exchange',
  schema: z.object({ id: z.string().min(1), preset: z.string().min(1) }),
  run: ({ ports }, request) => runPresetBacktest(ports, request),
});
