import { z } from 'zod';
import { isDecimal, price, qty, ratio, toText, type Money } from '../../domain/money/money.ts';
import type { PositionChange } from '../../domain/own-action.ts';

/** Work that happens later or elsewhere, as jobs with their own ids. Asking twice for the same thing makes one job. */
export interface Work {
  execute(proposalId: string): Promise<void>;
  expire(proposalId: string, delayMs: number): Promise<void>;
  /** Cancels entry orders and, when asked, closes every position. `id` makes it one job. */
  flatten(request: FlattenRequest): Promise<void>;
  /** Places the stop that the owner confirmed. `id` makes it one job. */
  protect(request: ProtectRequest): Promise<void>;
  /** Changes one open position as the owner confirmed. `id` makes it one job. */
  manage(request: ManageRequest): Promise<void>;
  /** An account read as soon as possible. */
  refreshAccount(): Promise<void>;
}

/** What a flatten job carries. */
export const flattenRequest = z.object({
  id: z.string().min(1),
  /** The owner's user id; the emergency stop, which only ever cancels entry orders; or the policy that the owner has signed. */
  by: z.union([z.number().int(), z.enum(['emergency-stop', 'policy'])]),
  closePositions: z.boolean(),
  /** By the policy: when it was signed. Another signature, or none, ends what this one began. */
  signedAt: z.number().exactOptional(),
  /** Ids of the positions that are meant; absent: every one. */
  only: z.array(z.string()).readonly().exactOptional(),
  /** Why, where nobody was asked: what each source says. */
  because: z.array(z.string()).readonly().exactOptional(),
  at: z.number(),
});
export type FlattenRequest = Readonly<z.output<typeof flattenRequest>>;

/** A price travels as exact text. */
const level = z.string().refine(isDecimal).transform(price);

/** What a protect job carries: levels for one position, exactly as they are shown and then placed. */
export const protectRequest = z.object({
  id: z.string().min(1),
  positionId: z.string().min(1),
  symbol: z.string().min(1),
  stop: level,
  /** Absent: the target that rests already stays. */
  target: level.exactOptional(),
  by: z.number().int(),
});
export type ProtectRequest = Readonly<z.output<typeof protectRequest>>;

const size = z.string().refine(isDecimal).transform(qty);
const part = z.string().refine(isDecimal).transform(ratio);

/** What a manage job carries: one position and what was shown and confirmed, in the exchange's own figures. */
export const manageRequest = z.object({
  id: z.string().min(1),
  positionId: z.string().min(1),
  symbol: z.string().min(1),
  change: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('close'), qty: size, of: size.exactOptional() }),
    z.object({ kind: z.literal('trail'), share: part, stop: level.exactOptional() }),
    z.object({ kind: z.literal('scale-out'), qty: size, target: level }),
    z.object({ kind: z.literal('time-stop'), hours: part }),
    z.object({
      kind: z.literal('levels'),
      stop: level.exactOptional(),
      target: level.exactOptional(),
    }),
  ]),
  by: z.number().int(),
  at: z.number(),
});

/** The same change as JSON carries it: exact figures as text. */
export const changeAsText = (change: PositionChange): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(change).map(([name, value]: [string, Money | string]) => [
      name,
      typeof value === 'bigint' ? toText(value) : value,
    ]),
  );

export type ManageRequest = Readonly<z.output<typeof manageRequest>>;
