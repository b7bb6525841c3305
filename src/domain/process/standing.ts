/** How a process stands to a lease: the right to be the one that does something, such as the one bot of an account. */

/**
 * `leads`: no other process can have taken over. `last leader`: the store does not answer, so nobody can take over; what neither opens nor
 * loosens goes on. `unsure`: this process did not run, or has not asked yet; it does nothing that others can see. `stands by`: another one
 * leads, or nobody.
 */
export type Standing = 'leads' | 'last leader' | 'unsure' | 'stands by';

/** What a process knows of its lease. Every age is wall or steady milliseconds, whichever shows more. */
export interface LeaseFacts {
  /** Since the question was sent whose answer gave or renewed the lease; undefined while it is not held. */
  readonly heldMs: number | undefined;
  /** The newest question that the store left without an answer: since its end, and how long it was waited for. */
  readonly unanswered?: { readonly agoMs: number; readonly tookMs: number };
}

/** The times of a lease, milliseconds. */
export interface LeaseTimes {
  /** It ends so long after its last renewal. */
  readonly leaseMs: number;
  /** Between an answer and the next question. */
  readonly renewMs: number;
  /** A question without an answer is given up after that. */
  readonly askMs: number;
}

/** Ten seconds of a frozen store cost nobody the lease's holder, and five seconds of a dead holder cost nobody the watch. */
export const LEASE_TIMES: LeaseTimes = { leaseMs: 5_000, renewMs: 1_500, askMs: 2_000 };

/** The holder stops so much earlier than the store would let another one begin. */
const MARGIN = 0.2;
/** What took so much longer than it may was not waited for: this process did not run. */
const SLACK_MS = 1_000;

/** So long after its newest question without an answer a holder may still act as the last leader. */
export const lastLeaderMs = ({ renewMs, askMs }: LeaseTimes): number => renewMs + askMs + SLACK_MS;

/**
 * Whether a process may act now. It stops leading before the lease can be another's. Only a store that was asked, by a process that ran all
 * the while, and did not answer is evidence that nobody else can lead: after a freeze there is none until it has been asked again.
 */
export function standingOf({ heldMs, unanswered }: LeaseFacts, times: LeaseTimes): Standing {
  if (heldMs === undefined) return 'stands by';
  if (heldMs < times.leaseMs * (1 - MARGIN)) return 'leads';
  const asked =
    unanswered !== undefined &&
    unanswered.tookMs <= times.askMs + SLACK_MS &&
    unanswered.agoMs <= lastLeaderMs(times);
  return asked ? 'last leader' : 'unsure';
}

/** Whether what others can see may be done: an alert, an answer, a closing order. */
export const mayAct = (standing: Standing): boolean =>
  standing === 'leads' || standing === 'last leader';
