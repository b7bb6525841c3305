import { z } from 'zod';
import { placeSuggestedStop } from '../app/account/suggest-stop.ts';
import { isDecimal, price } from '../domain/money/money.ts';
import { defineJob } from './job.ts';

const level = z.string().refine(isDecimal).transform(price);

/** Places the stop that the owner confirmed. Prices travel as exact text. */
export const protectJob = defineJob({
  name: 'protect',
  queue: 'orders',
  meaning: 'places the suggested stop that was confirmed, and reads it back',
  schema: z.object({
    id: z.string().min(1),
    positionId: z.string().min(1),
    symbol: z.string().min(1),
    stop: level,
    target: level.optional(),
    by: z.number().int(),
  }),
  run: ({ ports }, { target, ...request }) =>
    placeSuggestedStop(ports, { ...request, ...(target === undefined ? {} : { target }) }),
});
