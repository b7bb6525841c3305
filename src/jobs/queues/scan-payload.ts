import { z } from 'zod';
import { UNSCORED_CAUSES, type ScanEntry } from '../../domain/scan-report.ts';
import { isDecimal, price, toText, type Price } from '../../domain/money/money.ts';
import { FIRST_STRATEGY, type Signal } from '../../domain/signal.ts';

/** Prices travel between jobs as exact text, because JSON has no bigint. */
const exactPrice = z
  .string()
  .refine(isDecimal)
  .transform((text): Price => price(text));

const signalSchema = z.object({
  id: z.string().min(1),
  // A job may have been left by a version that had one strategy only.
  strategy: z.string().min(1).default(FIRST_STRATEGY),
  symbol: z.string().min(1),
  side: z.enum(['long', 'short']),
  entry: exactPrice,
  stop: exactPrice,
  target: exactPrice,
  rewardRisk: z.number(),
  score: z.number().exactOptional(),
  clean: z.boolean().exactOptional(),
  criteria: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      weight: z.number(),
      met: z.boolean(),
      value: z.string(),
      reason: z.string(),
    }),
  ),
  atrFraction: z.number(),
  turnover: z.number(),
  category: z.string(),
  candleClosedAt: z.number(),
});

const counts = {
  candleOpenTime: z.number(),
  universe: z.number(),
  scored: z.array(z.string()),
  unscored: z.array(
    z.object({
      cause: z.enum(UNSCORED_CAUSES),
      symbols: z.array(z.string()),
      reason: z.string().optional(),
    }),
  ),
  // A job may have been left by a version that did not know it.
  silent: z
    .array(
      z.object({
        strategy: z.string(),
        symbols: z.number(),
        names: z.array(z.string()).exactOptional(),
        afterGap: z.number(),
        until: z.number(),
      }),
    )
    .default([]),
};

/** What the fetch step hands on. */
export const fetchedSchema = z.object({
  symbols: z.array(z.string()),
  candleOpenTime: z.number(),
  fresh: z.number(),
  failed: z.array(z.object({ symbol: z.string(), reason: z.string() })),
  notAsked: z.array(z.string()).exactOptional(),
  isAhead: z.boolean().exactOptional(),
  unread: z.object({ clean: z.boolean(), turnover: z.number() }).exactOptional(),
});

/** What the signal step hands on. */
export const foundSchema = z.object({ ...counts, signals: z.array(signalSchema) });

/** What the risk step hands on. */
export const judgedSchema = z.object({
  ...counts,
  entries: z.array(
    z.object({
      signal: signalSchema,
      fate: z.enum(['proposed', 'refused', 'not best', 'watched']),
      refusals: z.array(z.object({ code: z.string(), sentence: z.string() })),
    }),
  ),
});

const packSignal = (signal: Signal) => ({
  ...signal,
  entry: toText(signal.entry),
  stop: toText(signal.stop),
  target: toText(signal.target),
});

/** JSON form of a signal step's result. */
export const packFound = <T extends { readonly signals: readonly Signal[] }>(found: T) => ({
  ...found,
  signals: found.signals.map(packSignal),
});

/** JSON form of the risk step's entries. */
export const packEntries = (entries: readonly ScanEntry[]) =>
  entries.map((entry) => ({ ...entry, signal: packSignal(entry.signal) }));
