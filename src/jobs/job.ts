import type { z } from 'zod';
import type { Ports } from '../app/ports/ports.ts';
import type { Scanner } from '../app/scan/scan-market.ts';

/** The queues. Each runs one job at a time over all workers, so that two account reads or two orders never overlap. */
export const QUEUES = ['account', 'scan', 'backtests', 'orders', 'upkeep'] as const;
export type QueueName = (typeof QUEUES)[number];

/** What a job may use besides the ports. */
export interface JobContext {
  readonly ports: Ports;
  readonly scanner: Scanner;
  /** Adds a scan flow (fetch -> signal -> risk -> alert) unless one is still under way. */
  readonly startScan: () => Promise<void>;
}

/** One kind of job: its name, queue, data and work. Jobs are delivered at least once, so `run` must bear repetition. */
export interface JobDefinition<Schema extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly queue: QueueName;
  readonly meaning: string;
  /** Data is parsed by this at the worker's door; what does not fit fails for good. */
  readonly schema: Schema;
  /** Real milliseconds between runs, for jobs on a schedule. `speed` is the venue clock's. */
  readonly everyMs?: (speed: number) => number;
  /** `earlier`: the results of the flow's previous step. */
  readonly run: (context: JobContext, data: z.output<Schema>, earlier: unknown) => Promise<unknown>;
}

/** Fixes the schema's type, so that `run` gets parsed data. */
export const defineJob = <Schema extends z.ZodType>(
  job: JobDefinition<Schema>,
): JobDefinition<Schema> => job;
