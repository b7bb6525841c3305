import type { FundingRate } from '../../domain/instrument.ts';
import {
  abs,
  add,
  max,
  neg,
  notionalOf,
  ratioOf,
  scaleBy,
  sub,
  ZERO_USD,
  type Price,
  type Ratio,
  type Usd,
} from '../../domain/money/money.ts';
import { distance } from '../../domain/position.ts';
import type { Proposal, TradePlan } from '../../domain/proposal.ts';
import type { Timestamp } from '../../domain/time.ts';
import { remainingDailyBudget } from '../../risk/state/day-loss.ts';
import { contextOf } from '../../risk/gate/gate.ts';
import type { GateInput } from '../../risk/gate/gate-input.ts';
import { unitLossInJump } from '../../risk/terms/jump.ts';
import type { Judgement } from './judge-proposal.ts';
import type { SignalEvidence } from '../views/read-evidence.ts';
import { proposalStress, type ProposalStress } from '../views/read-stress.ts';

/** What the owner sees beside the plan before they confirm. What cannot be known is undefined. */
export interface ApprovalFigures {
  /** Loss at the stop ÷ what today may still lose. */
  readonly shareOfDayBudget: Ratio | undefined;
  readonly dayBudget: Usd | undefined;
  /** Loss at all stops ÷ equity with this trade open, and its limit. */
  readonly heatAfter: Ratio | undefined;
  readonly heatLimit: Ratio;
  /** Loss if every price jumps against the owner, through the stops, with this trade open. */
  readonly jumpAfter: { readonly loss: Usd; readonly fraction: Ratio } | undefined;
  /** How far such a jump goes, and the most that it may cost, ÷ equity. */
  readonly jumpMove: Ratio;
  readonly jumpLimit: Ratio;
  /** From the price of now to liquidation, as a share of the price. */
  readonly liquidationAway: Ratio | undefined;
  /** Price of now against the signal's, signed. */
  readonly moved: Ratio;
  /** Below 0 is paid. */
  readonly funding: { readonly at: Timestamp; readonly amount: Usd } | undefined;
  readonly stress: ProposalStress | undefined;
  /** How signals like this did before. */
  readonly evidence: SignalEvidence;
}

/** What the figures are worked out from: one look, and what was read beside it. */
export interface FiguresInput {
  readonly proposal: Proposal;
  readonly judged: Pick<Judgement, 'look' | 'input'>;
  /** Empty where they could not be read. */
  readonly rates: readonly FundingRate[];
  readonly evidence: SignalEvidence;
}

/** The figures of a card that asks for an approval, from the look that the verdict was made from. Pure. */
export function approvalFigures({
  proposal,
  judged,
  rates,
  evidence,
}: FiguresInput): ApprovalFigures {
  const { signal, plan } = proposal;
  const { look, input } = judged;
  const room = roomFor(plan, input);
  return {
    shareOfDayBudget: room?.share,
    dayBudget: room?.budget,
    heatAfter: room?.heatAfter,
    heatLimit: input.limits.maxHeat,
    jumpAfter: room?.jumpAfter,
    jumpMove: input.limits.jumpMove,
    jumpLimit: input.limits.maxJumpLoss,
    liquidationAway:
      plan.liquidationPrice === undefined
        ? undefined
        : ratioOf(distance(plan.entry, plan.liquidationPrice), plan.entry, 'down'),
    moved: signed(plan.entry, signal.entry),
    funding: nextFunding(proposal, rates),
    stress: proposalStress(proposal, look, rates),
    evidence,
  };
}

function signed(now: Price, then: Price): Ratio {
  const change = ratioOf(abs(sub(now, then)), then, 'half-even');
  return now < then ? neg(change) : change;
}

/** What the day and the portfolio leave for this trade. */
function roomFor(
  plan: TradePlan,
  input: GateInput,
):
  | {
      share: Ratio | undefined;
      budget: Usd;
      heatAfter: Ratio | undefined;
      jumpAfter: ApprovalFigures['jumpAfter'];
    }
  | undefined {
  const { state, equity, open, limits } = contextOf(input);
  const atStake = open?.atStake;
  if (state === undefined || equity === undefined || atStake === undefined) return undefined;
  const budget = max(remainingDailyBudget({ state, equity, atStake }, limits), ZERO_USD);
  const unit = unitLossInJump({ side: input.candidate.side, entry: plan.entry }, limits);
  const jump = add(atStake.jump, notionalOf(unit, plan.qty, 'up'));
  return {
    budget,
    share: budget > 0n ? ratioOf(plan.risk, budget, 'up') : undefined,
    heatAfter: equity > 0n ? ratioOf(add(atStake.heat, plan.risk), equity, 'up') : undefined,
    jumpAfter: equity > 0n ? { loss: jump, fraction: ratioOf(jump, equity, 'up') } : undefined,
  };
}

function nextFunding(
  { signal, plan }: Proposal,
  rates: readonly FundingRate[],
): ApprovalFigures['funding'] {
  const found = rates.find((each) => each.symbol === signal.symbol);
  if (found === undefined) return undefined;
  const amount = scaleBy(plan.notional, found.rate, 'half-even');
  return { at: found.nextAt, amount: signal.side === 'long' ? neg(amount) : amount };
}
