import type { WriteOutcome } from '../domain/order.ts';
import type { Proposal } from '../domain/proposal.ts';
import type { ApprovedEntry } from '../risk/gate.ts';
import { isTooLate, TOO_LATE } from './decide-to-send.ts';
import { describeVerdict, judgeProposal } from './judge-proposal.ts';
import { lastLook } from './last-look.ts';
import type { Ports, Trading } from './ports.ts';
import { reasonOf } from './reading.ts';
import { refuse, settle } from './settle-order.ts';

/**
 * Carries out an approved proposal: gate again now, leverage set and read back, intent saved, the last look, one order with stop and
 * target attached, then everything read back from the exchange. Safe to run again after a crash at any point: an order that may
 * already have been sent is looked up by its client id first and never sent blind.
 */
export async function executeProposal(ports: Ports, id: string): Promise<void> {
  const proposal = await ports.proposals.byId(id);
  if (proposal === undefined) return;
  if (proposal.status === 'executing' || proposal.status === 'unknown') {
    await settle(ports, proposal);
    return;
  }
  if (proposal.status !== 'approved') return;
  if (ports.trading === undefined) {
    await refuse(ports, proposal, ['This is watch mode: Vigil cannot send orders.']);
    return;
  }
  await enter(ports, proposal, ports.trading);
}

async function enter(ports: Ports, proposal: Proposal, trading: Trading): Promise<void> {
  const { clock } = ports;
  if (isTooLate(proposal, { now: clock.now(), speed: clock.speed }))
    return refuse(ports, proposal, [TOO_LATE]);
  const verdict = await judgeProposal(ports, proposal);
  if (verdict.kind === 'refused') return refuse(ports, proposal, describeVerdict(verdict));
  const { entry, look } = verdict;
  const leverage = await prepareLeverage(ports, trading, entry);
  if (typeof leverage === 'string') return refuse(ports, proposal, [leverage]);
  const executing = await ports.proposals.apply(proposal.id, {
    kind: 'execute',
    plan: entry.plan,
    at: clock.now(),
  });
  if (executing === undefined) return;
  const decision = await lastLook(ports, {
    id: proposal.id,
    look,
    context: { proposal, entry, leverage, judgedBy: look.memory.limits, speed: clock.speed },
  });
  // From here to the order nothing is waited for.
  if (decision.kind === 'refuse') return refuse(ports, executing, decision.reasons);
  const outcome = await trading.placeEntry(decision.entry, proposal.clientId, decision.sendBy);
  await afterPlacing(ports, executing, outcome);
}

async function afterPlacing(
  ports: Ports,
  proposal: Proposal,
  outcome: WriteOutcome,
): Promise<void> {
  if (outcome.kind === 'rejected') {
    await refuse(ports, proposal, [
      `The exchange refused the order: ${outcome.reason} (code ${outcome.code}).`,
    ]);
    return;
  }
  await settle(ports, proposal);
}

/** Leverage set and read back: what is set now, or a sentence when that is not what it has to be. */
async function prepareLeverage(
  ports: Ports,
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
