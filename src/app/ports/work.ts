import { z } from 'zod';
import { isDecimal, price } from '../../domain/money/money.ts';

/** Work that happens later or elsewhere, as jobs with their own ids. Asking twice for the same thing makes one job. */
export interface Work {
  execute(proposalId: string): Promise<void>;
  expire(proposalId: string, delayMs: number): Promise<void>;
  /** Cancels entry orders and, when asked, closes every position. `id` makes it one job. */
  flatten(request: FlattenRequest): Promise<void>;
  /** Places the stop that the owner confirmed. `id` makes it one job. */
  protect(request: ProtectRequest): Promise<void>;
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
