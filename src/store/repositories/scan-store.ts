import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { ScanStore } from '../../app/ports/scan-store.ts';
import { UNSCORED_CAUSES, type ScanEntry, type ScanReport } from '../../domain/scan-report.ts';
import { withStrategy } from '../../domain/signal.ts';
import { decode, encode } from '../codec.ts';
import type { StoreKeys } from '../keys.ts';

const entry = z.looseObject({
  signal: z.looseObject({ id: z.string(), symbol: z.string() }),
  fate: z.enum(['proposed', 'refused', 'not best', 'watched']),
  refusals: z.array(z.object({ code: z.string(), sentence: z.string() })),
});

const schema = z.object({
  at: z.number(),
  candleClosedAt: z.number(),
  universe: z.number(),
  scored: z.array(z.string()),
  unscored: z.array(
    z.looseObject({ cause: z.enum(UNSCORED_CAUSES), symbols: z.array(z.string()) }),
  ),
  silent: z
    .array(
      z.looseObject({
        strategy: z.string(),
        symbols: z.number(),
        names: z.array(z.string()).optional(),
        afterGap: z.number(),
        until: z.number(),
        wideSince: z.number().optional(),
      }),
    )
    .optional(),
  completeTo: z.number().optional(),
  signals: z.number(),
  ids: z.array(z.string()).exactOptional(),
  found: z.array(entry),
  earlier: z.array(entry).optional(),
});

const named = (one: ScanEntry): ScanEntry => ({ ...one, signal: withStrategy(one.signal) });

/** The newest scan report in Redis. */
export function createScanStore(redis: Redis, keys: StoreKeys): ScanStore {
  return {
    save: async (report) => {
      await redis.set(keys.scan, encode(report));
    },
    latest: async () => {
      const text = await redis.get(keys.scan);
      if (text === null) return undefined;
      const report = decode<ScanReport>(text, schema, 'scan report');
      const { earlier } = report;
      return {
        ...report,
        found: report.found.map(named),
        ...(earlier === undefined ? {} : { earlier: earlier.map(named) }),
      };
    },
  };
}
