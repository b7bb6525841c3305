import {
  abs,
  add,
  max,
  neg,
  ratioOf,
  scaleBy,
  sub,
  ZERO_USD,
  type Price,
  type Ratio,
  type Usd,
} from '../domain/money.ts';
import { distance } from '../domain/position.ts';
import type { Proposal } from '../domain/proposal.ts';
import type { Timestamp } from '../domain/time.ts';
import { remainingDailyBudget } from '../risk/day-loss.ts';
import { contextOf } from '../risk/gate.ts';
import { gateInputFor } from './judge-proposal.ts';
import type { Ports } from './ports.ts';
import { signalEvidence } from './read-evidence.ts';
import { stressWith, type ProposalStress } from './read-stress.ts';

/** What the owner sees beside the plan before they confirm. What cannot be known is undefined. */
export interface ApprovalFigures {
  /** Loss at the stop ÷ what today may still lose. */
  readonly shareOfDayBudget: Ratio | undefined;
  readonly dayBudget: Usd | undefined;
  /** Loss at all stops ÷ equity with this trade open, and its limit. */
  readonly heatAfter: Ratio | undefined;
  readonly heatLimit: Ratio;
  /** From the price of now to liquidation, as a share of the price. */
  readonly liquidationAway: Ratio | undefined;
  /** Price of now against the signal's, signed. */
  readonly moved: Ratio;
  /** Below 0 is paid. */
  readonly funding: { readonly at: Timestamp; readonly amount: Usd } | undefined;
  readonly stress: ProposalStress | undefined;
  /** What such signals did before. */
  readonly evidence: readonly string[];
}

/** The figures of a card that asks for an approval, at the price of its plan. Never rejects. */
export async function approvalFigures(ports: Ports, proposal: Proposal): Promise<ApprovalFigures> {
  const { signal, plan } = proposal;
  const [room, funding, stress, evidence] = await Promise.all([
    readRoom(ports, proposal).catch(() => undefined),
    nextFunding(ports, proposal).catch(() => undefined),
    stressWith(ports, proposal),
    signalEvidence(ports, signal),
  ]);
  return {
    shareOfDayBudget: room?.share,
    dayBudget: room?.budget,
    heatAfter: room?.heatAfter,
    heatLimit: ports.limits.maxHeat,
    liquidationAway:
      plan.liquidationPrice === undefined
        ? undefined
        : ratioOf(distance(plan.entry, plan.liquidationPrice), plan.entry, 'down'),
    moved: signed(plan.entry, signal.entry),
    funding,
    stress,
    evidence,
  };
}

function signed(now: Price, then: Price): Ratio {
  const change = ratioOf(abs(sub(now, then)), then, 'half-even');
  return now < then ? neg(change) : change;
}

/** What the day and the portfolio leave for this trade, by the account of now. */
async function readRoom(
  ports: Ports,
  { id, signal, plan }: Proposal,
): Promise<{ share: Ratio | undefined; budget: Usd; heatAfter: Ratio | undefined } | undefined> {
  const { state, equity, open } = contextOf(await gateInputFor(ports, signal, id));
  if (state === undefined || equity === undefined || open === undefined) return undefined;
  const budget = max(remainingDailyBudget({ state, equity, open }, ports.limits), ZERO_USD);
  return {
    budget,
    share: budget > 0n ? ratioOf(plan.risk, budget, 'up') : undefined,
    heatAfter: equity > 0n ? ratioOf(add(open.heat, plan.risk), equity, 'up') : undefined,
  };
}

async function nextFunding(
  { market }: Ports,
  { signal, plan }: Proposal,
): Promise<ApprovalFigures['funding']> {
  const found = (await market.fundingRates()).find((each) => each.symbol === signal.symbol);
  if (found === undefined) return undefined;
  const amount = scaleBy(plan.notional, found.rate, 'half-even');
  return { at: found.nextAt, amount: signal.side === 'long' ? neg(amount) : amount };
}
