import { z } from 'zod';
import { runPresetBacktest } from '../app/preset-backtest.ts';
import { defineJob } from './job.ts';

/** A backtest that the owner asked for. It shares the scan's queue, so that both never ask for candles at once. */
export const backtestJob = defineJob({
  name: 'backtest',
  queue: 'scan',
  meaning: 'runs a preset backtest over the candles of the exchange',
  schema: z.object({ id: z.string().min(1), preset: z.string().min(1) }),
  run: ({ ports }, request) => runPresetBacktest(ports, request),
});
