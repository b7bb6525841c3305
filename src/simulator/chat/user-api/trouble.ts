import { z } from 'zod';

import { FAULT_KINDS } from '../faults.ts';
import { checked } from './route.ts';
import type { UserRequest } from './route.ts';

const NewFault = z.object({
  method: z.string().min(1).optional(),
  kind: z.enum(FAULT_KINDS),
  count: z.number().int().min(1).max(10_000).default(1),
  retry_after: z.number().int().min(1).max(86_400).default(1),
  ms: z.number().int().min(0).max(120_000).default(1000),
});

/** POST /user/fault: lets the next calls of the bot go wrong. */
export function addFault({ phone: { faults }, body }: UserRequest): unknown {
  const { method, kind, count, retry_after: retryAfter, ms } = checked(NewFault, body);
  faults.add({ method, kind, count, retryAfter, ms });
  return { faults: faults.list() };
}

/** POST /user/fault/clear: forgets every planned fault. */
export function clearFaults({ phone: { faults } }: UserRequest): unknown {
  faults.clear();
  return { faults: faults.list() };
}

const Outage = z.object({ on: z.boolean() });

/** POST /user/outage: cuts the bot off from the Bot API, a waiting poll included, until switched back. */
export function outage({ phone: { faults, polling }, body }: UserRequest): unknown {
  faults.outage = checked(Outage, body).on;
  if (faults.outage) polling.stop();
  return { outage: faults.outage };
}
