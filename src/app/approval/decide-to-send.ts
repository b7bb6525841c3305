import type { Proposal } from '../../domain/proposal.ts';
import { formatDuration, type Timestamp } from '../../domain/time.ts';
import { checkEntry, describeVerdict, type ApprovedEntry } from '../../risk/gate/gate.ts';
import { LIMIT_IDS, type RiskLimits } from '../../risk/terms/limits.ts';
import { NO_ENTRIES } from '../limits/limits-in-force.ts';
import { composeGateInput } from './compose-gate-input.ts';
import type { EntryMemory } from './entry-memory.ts';
import type { Look } from './judge-proposal.ts';

/** Wall time that a reading may be old when the order is sent, counted from when it was asked for. */
export const FRESH_MS = 2_000;
/** Wall time after the tap on Confirm in which an approval is carried out. */
export const APPROVAL_MS = 60_000;

/** What the verdict was about, and what has been done for it since. */
export interface SendContext {
  readonly proposal: Pick<Proposal, 'decidedAt' | 'createdAt'>;
  /** Saved as the intent: the order is never larger. */
  readonly entry: ApprovedEntry;
  /** Set at the exchange and read back. */
  readonly leverage: number;
  readonly judgedBy: RiskLimits;
  /** Of the clock: wall time is scaled with it. */
  readonly speed: number;
}

export type SendDecision =
  | {
      readonly kind: 'send';
      readonly entry: ApprovedEntry;
      /** After this moment a reading it leans on is too old, or the approval has ended. */
      readonly sendBy: Timestamp;
    }
  | { readonly kind: 'refuse'; readonly reasons: readonly string[] }
  /** Something is too old; `account`: the account is. The sentences say what. */
  | {
      readonly kind: 'read again';
      readonly account: boolean;
      readonly reasons: readonly string[];
    };

/** The last moment at which an approval counts. */
const endOf = ({ decidedAt, createdAt }: SendContext['proposal'], speed: number): Timestamp =>
  (decidedAt ?? createdAt) + APPROVAL_MS * speed;

/** Whether an approval has ended: it counts at 60 s after the tap, and not a millisecond later. */
export const isTooLate = (
  proposal: SendContext['proposal'],
  at: { readonly now: Timestamp; readonly speed: number },
): boolean => at.now > endOf(proposal, at.speed);

export const TOO_LATE = `Too late: an approval counts for ${formatDuration(APPROVAL_MS)} after your tap.`;

/**
 * The last decision before an order: is the approval still good, does nothing that is remembered speak against it, is every reading
 * fresh, and does the gate agree at the price and with the leverage of now. Pure. The size may come out smaller, never larger.
 */
export function decideToSend(context: SendContext, look: Look, now: Timestamp): SendDecision {
  const { proposal, entry, leverage, judgedBy, speed } = context;
  if (isTooLate(proposal, { now, speed })) return { kind: 'refuse', reasons: [TOO_LATE] };
  const stopped = whyStopped(look.memory, judgedBy);
  if (stopped !== undefined) return { kind: 'refuse', reasons: [stopped] };
  if (look.withheld !== undefined) return { kind: 'refuse', reasons: [look.withheld] };
  const old = PARTS.filter(([part]) => !isFresh(look.askedAt[part], { now, speed }));
  if (old.length > 0) {
    const account = old.some(([part]) => part === 'account');
    return { kind: 'read again', account, reasons: old.map(([, name]) => tooOld(name)) };
  }
  const terms = { ...look.terms, maxQty: entry.qty, leverage };
  const verdict = checkEntry(composeGateInput(look, { ...look, terms }, now));
  if (verdict.kind === 'refused') return { kind: 'refuse', reasons: describeVerdict(verdict) };
  const sendBy = Math.min(
    ...Object.values(look.askedAt).map((at) => at + FRESH_MS * speed),
    endOf(proposal, speed),
  );
  return { kind: 'send', entry: verdict.entry, sendBy };
}

/** Why an entry that was judged by these limits is not sent by what is remembered now; undefined: nothing speaks against it. */
function whyStopped(
  { inFlight, limits, state, mode }: EntryMemory,
  judgedBy: RiskLimits,
): string | undefined {
  if (mode !== undefined && mode.mode !== 'normal') return 'Trading was halted a moment ago.';
  const known = ![inFlight, state, mode].includes(undefined) && limits !== NO_ENTRIES;
  if (!known) return 'What Vigil remembers was lost a moment ago.';
  const changed = LIMIT_IDS.some((each) => limits[each] !== judgedBy[each]);
  return changed ? 'A limit was changed a moment ago.' : undefined;
}

const PARTS = [
  ['account', 'account'],
  ['mark', 'price'],
  ['memory', 'trading mode'],
] as const;

/** What was asked for in the future is no fresh reading: a clock has moved. */
const isFresh = (
  askedAt: Timestamp,
  { now, speed }: { readonly now: Timestamp; readonly speed: number },
): boolean => askedAt <= now && now - askedAt <= FRESH_MS * speed;

const tooOld = (name: string): string =>
  `The ${name} could not be read fast enough: when an order is sent it may be ${formatDuration(FRESH_MS)} old at most.`;
