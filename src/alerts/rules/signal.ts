import { ratioOf, usdText } from '../../domain/money/money.ts';
import { rewardRiskText } from '../../domain/money/reward-risk.ts';
import { formatDuration } from '../../domain/time.ts';
import type { AlertAction, AlertButton, Finding } from '../../domain/alert.ts';
import { distance } from '../../domain/position.ts';
import { levelsOf, type Proposal } from '../../domain/proposal.ts';
import { nameOf, numberText, percentText } from '../phrase.ts';

/** Where a limit and not the rule sets the stop, the card says so: its distance from the price, and the rule's own. */
function cutOff(proposal: Proposal): readonly string[] {
  const { signal, plan } = proposal;
  const usual = signal.criteria.find(({ id }) => id === 'clean-stop');
  if (signal.clean !== false || usual === undefined) return [];
  const away = ratioOf(distance(plan.entry, levelsOf(proposal).stop), plan.entry, 'half-even');
  return [`Stop ${percentText(away)} away, usually ${usual.value}`];
}

interface SignalCard {
  readonly speed?: number;
  readonly orders?: boolean;
  readonly evidence?: readonly string[];
}

const button = (label: string, action: AlertAction, { nonce }: Proposal): AlertButton => ({
  label,
  action,
  id: nonce,
});

const decide = (proposal: Proposal): readonly AlertButton[] => [
  button('Approve', 'approve', proposal),
  button('Reject', 'reject', proposal),
];

const paysText = ({ rewardRisk }: Proposal['plan']): string =>
  rewardRisk === undefined
    ? 'what the target pays is not known'
    : `the target pays ${rewardRiskText(rewardRisk)} times that`;

/**
 * A signal that passed the gate and waits for a decision. Undefined once it no longer waits. `speed`: venue milliseconds for one of
 * the reader's; where they differ, the time to answer is told on the reader's clock too. `orders`: false where Vigil cannot send any,
 * so that there is nothing to approve. `evidence`: what signals of that score did before, a line each.
 */
export function signalFound(
  proposal: Proposal,
  { speed = 1, orders = true, evidence = [] }: SignalCard = {},
): Finding | undefined {
  if (proposal.status !== 'pending') return undefined;
  const { signal, plan } = proposal;
  const { stop, target } = levelsOf(proposal);
  const lasts = proposal.deadline - proposal.createdAt;
  const wait = formatDuration(lasts);
  const onYourClock = speed === 1 ? '' : ` (${formatDuration(lasts / speed)} for you)`;
  return {
    key: `signal:${proposal.id}`,
    kind: 'signal',
    severity: 'info',
    title: `Signal: ${nameOf(signal)}`,
    lines: [
      `${signal.side === 'long' ? 'Buy' : 'Sell'} ${usdText(plan.notional)} at ${numberText(plan.entry)}, stop ${numberText(stop)}, target ${numberText(target)}`,
      `The stop costs ${usdText(plan.risk)} (${percentText(plan.riskFraction)}), ${paysText(plan)}`,
      ...cutOff(proposal),
      ...evidence,
      orders ? `Approve within ${wait}${onYourClock}` : `Watch mode: no orders. Meant for ${wait}`,
    ],
    buttons: [[...(orders ? decide(proposal) : []), button('Details', 'show-details', proposal)]],
    chart: { kind: 'proposal', id: proposal.id },
    at: proposal.createdAt,
  };
}
