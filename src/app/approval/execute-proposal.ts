import type { WriteOutcome } from '../../domain/order.ts';
import type { Proposal } from '../../domain/proposal.ts';
import { describeVerdict, type ApprovedEntry } from '../../risk/gate/gate.ts';
import { isForWantOfReading } from '../../risk/limits/inputs.ts';
import { isTooLate, TOO_LATE } from './decide-to-send.ts';
import { judgeProposal, type Judgement } from './judge-proposal.ts';
import { lastLook } from './last-look.ts';
import type { Ports } from '../ports/ports.ts';
import type { Trading } from '../ports/trading.ts';
import { reasonOf } from '../reading/reading.ts';
import { refuse, settle } from './settle-order.ts';

/** How far an approval came: its order was or may have been sent, or was not and why, or it is to be run again; `over`: nothing is left to do. */
type Course =
  | { readonly kind: 'sent'; readonly proposal: Proposal }
  | { readonly kind: 'not sent'; readonly proposal: Proposal; readonly reasons: readonly string[] }
  | { readonly kind: 'waits' | 'over' };

/**
 * Carries out an approved proposal: gate again now, leverage set and read back, intent saved, the last look, one order with stop and
 * target attached, then everything read back from the exchange. Safe to run again after a crash at any point: an order that may
 * already have been sent is looked up by its client id first and never sent blind.
 * `waits`: nothing could be read yet in a process that began after the tap; it is to be run again.
 */
export async function executeProposal(ports: Ports, id: string): Promise<'settled' | 'waits'> {
  const proposal = await ports.proposals.byId(id);
  if (proposal === undefined) return 'settled';
  const course = await carryOut(ports, proposal);
  if (course.kind === 'waits') return 'waits';
  if (course.kind === 'sent') await settle(ports, course.proposal);
  if (course.kind === 'not sent') await refuse(ports, course.proposal, course.reasons);
  return 'settled';
}

async function carryOut(ports: Ports, proposal: Proposal): Promise<Course> {
  const { status } = proposal;
  if (status === 'executing' || status === 'unknown') return { kind: 'sent', proposal };
  if (status !== 'approved') return { kind: 'over' };
  const { clock, trading } = ports;
  if (trading === undefined)
    return notSent(proposal, ['This is watch mode: Vigil cannot send orders.']);
  if (isTooLate(proposal, { now: clock.now(), speed: clock.speed }))
    return notSent(proposal, [TOO_LATE]);
  const verdict = await judgeProposal(ports, proposal);
  if (waitsForReading(ports, proposal, verdict)) return { kind: 'waits' };
  if (verdict.kind === 'refused') return notSent(proposal, describeVerdict(verdict));
  return enter({ ports, trading, proposal }, verdict);
}

const notSent = (proposal: Proposal, reasons: readonly string[]): Course => ({
  kind: 'not sent',
  proposal,
  reasons,
});

/** After a restart between tap and order the first readings are still on their way: that is no reason to refuse. */
const waitsForReading = (
  { startedAt }: Pick<Ports, 'startedAt'>,
  { decidedAt, createdAt }: Proposal,
  verdict: Judgement,
): boolean =>
  verdict.kind === 'refused' &&
  (decidedAt ?? createdAt) < startedAt &&
  verdict.refusals.every(isForWantOfReading);

async function enter(
  {
    ports,
    trading,
    proposal,
  }: { readonly ports: Ports; readonly trading: Trading; readonly proposal: Proposal },
  verdict: Extract<Judgement, { kind: 'approved' }>,
): Promise<Course> {
  const { clock } = ports;
  const { entry, look } = verdict;
  const leverage = await prepareLeverage(ports, trading, entry);
  if (typeof leverage === 'string') return notSent(proposal, [leverage]);
  const executing = await ports.proposals.apply(proposal.id, {
    kind: 'execute',
    plan: entry.plan,
    at: clock.now(),
  });
  if (executing === undefined) return { kind: 'over' };
  const decision = await lastLook(ports, {
    id: proposal.id,
    look,
    context: { proposal, entry, leverage, judgedBy: look.memory.limits, speed: clock.speed },
  });
  // From here to the order nothing is waited for.
  if (decision.kind === 'refuse') return notSent(executing, decision.reasons);
  const outcome = await trading.placeEntry(decision.entry, proposal.clientId, decision.sendBy);
  return outcome.kind === 'rejected'
    ? notSent(executing, [whyRejected(outcome)])
    : { kind: 'sent', proposal: executing };
}

/** Without a code nothing left this machine. */
const whyRejected = ({ code, reason }: Extract<WriteOutcome, { kind: 'rejected' }>): string =>
  code === ''
    ? `The order was not sent: ${reason}.`
    : `The exchange refused the order: ${reason} (code ${code}).`;

/** Leverage set and read back: what is set now, or a sentence when that is not what it has to be. */
async function prepareLeverage(
  ports: Pick<Ports, 'account'>,
  trading: Trading,
  entry: ApprovedEntry,
): Promise<number | string> {
  try {
    const outcome = await trading.setLeverage(entry.symbol, entry.leverage);
    if (outcome.kind === 'rejected') {
      return `The exchange refused leverage ${entry.leverage}x: ${outcome.reason} (code ${outcome.code}).`;
    }
    const set = await ports.account.leverage(entry.symbol);
    const fits = set.leverage >= 1 && set.leverage <= entry.leverage;
    if (fits && set.marginMode === 'isolated') return set.leverage;
    return `The exchange says ${set.leverage}x ${set.marginMode} where ${entry.leverage}x isolated was asked for.`;
  } catch (error) {
    return `The leverage could not be read back: ${reasonOf(error)}.`;
  }
}
