import { FormattedString } from '@grammyjs/parse-mode';
import type { ApprovalFigures } from '../../app/approval/approval-figures.ts';
import type { ApprovalOffer } from '../../app/approval/decide-proposal.ts';
import { usdText, type Price } from '../../domain/money/money.ts';
import { levelsOf, type Proposal } from '../../domain/proposal.ts';
import { strategyText } from '../../domain/signal.ts';
import { rewardRiskText } from '../../domain/money/reward-risk.ts';
import { formatDuration, formatIso, formatUtc } from '../../domain/time.ts';
import { percentText as shortPercent } from '../../domain/words/words.ts';
import { bold, linesOf } from './fit.ts';
import { footer, type Scene } from './footer.ts';
import { percentText, priceText, qtyText, signedUsd, unitOf, type Digits } from './money.ts';
import { stressLines } from './stress.ts';

const nameOf = ({ signal }: Proposal): string => `${signal.symbol} ${signal.side}`;

/** What is shown before it is confirmed. */
export type Offered = Pick<Extract<ApprovalOffer, { kind: 'ready' }>, 'proposal' | 'figures'>;

/** How a card is shown: on one screen or with every figure. */
export type CardForm = 'short' | 'long';

/** A card that says how long it can still be confirmed, without that: what stands over it and what under it. */
export interface CountedView {
  readonly over: FormattedString;
  readonly under: FormattedString;
  /** Of the venue's clock, against the reader's. */
  readonly speed: number;
}

/** The card that is confirmed: exactly what would be ordered, judged with the prices of the scene's moment. */
export function confirmView(
  { offer, form }: { readonly offer: Offered; readonly form: CardForm },
  digits: Digits,
  scene: Scene,
): CountedView {
  const lines = form === 'short' ? shortLines(offer, digits) : longLines(offer, digits);
  return {
    over: linesOf([bold(`Confirm: ${nameOf(offer.proposal)}?`), ...lines]),
    under: linesOf(['Nothing is ordered until you tap Confirm.', footer(scene)]),
    speed: scene.speed,
  };
}

/** Such a card with so many milliseconds of the reader's clock left: "14 min left.", with both where the venue's runs faster. */
export function countedView({ over, under, speed }: CountedView, leftMs: number): FormattedString {
  const yours = speed === 1 || speed <= 0 ? '' : ` (${formatDuration(leftMs)} for you)`;
  const left = `${formatDuration(leftMs * Math.max(1, speed))} left${yours}. `;
  return FormattedString.join([over, FormattedString.join([left, under], '')], '\n');
}

/** What must be known before a tap, on one screen. */
function shortLines({ proposal, figures }: Offered, digits: Digits): readonly string[] {
  const { signal, plan, band } = proposal;
  const { symbol, side } = signal;
  const { stop, target } = levelsOf(proposal);
  const { shareOfDayBudget, dayBudget, jumpAfter } = figures;
  const at = (value: Price): string => priceText(value, symbol, digits);
  return [
    `${side === 'long' ? 'Buy' : 'Sell'} ${qtyText(plan.qty, symbol, digits)} ${unitOf(symbol)} for ${usdText(plan.notional)} at ${plan.leverage}x, now about ${at(plan.entry)}`,
    `Stop ${at(stop)}, target ${at(target)}`,
    `At the stop you lose ${usdText(plan.risk)}, ${percentText(plan.riskFraction)} of equity, with costs`,
    jumpAfter === undefined
      ? `A jump of ${shortPercent(figures.jumpMove)} through the stops: not known`
      : `A jump of ${shortPercent(figures.jumpMove)} through all stops costs ${usdText(jumpAfter.loss)}, ${percentText(jumpAfter.fraction)} of equity`,
    dayBudget === undefined
      ? 'Share of what today may still lose: not known'
      : `Takes ${shareOfDayBudget === undefined ? 'more than' : percentText(shareOfDayBudget)} of the ${usdText(dayBudget)} that today may still lose`,
    figures.evidence.line,
    `Valid while the price is ${at(band.low)} to ${at(band.high)}`,
  ];
}

const longLines = (
  { proposal, figures }: Offered,
  digits: Digits,
): readonly (string | FormattedString)[] => [
  ...planLines(proposal, digits, 'now'),
  ...figureLines(figures),
  bold('If the market turns, with this trade open'),
  ...stressLines(figures.stress),
  bold('How signals like this did before'),
  ...figures.evidence.lines,
  `Valid until ${formatUtc(proposal.deadline)}`,
];

function figureLines(figures: ApprovalFigures): readonly string[] {
  const { shareOfDayBudget, dayBudget, heatAfter, jumpAfter, liquidationAway, moved, funding } =
    figures;
  const jump = `every price jumps ${shortPercent(figures.jumpMove)} against you, through the stops`;
  return [
    dayBudget === undefined
      ? 'Share of what today may still lose: not known'
      : `Uses ${shareOfDayBudget === undefined ? 'more than' : percentText(shareOfDayBudget)} of what today may still lose (${usdText(dayBudget)})`,
    heatAfter === undefined
      ? 'Loss at all stops afterwards: not known'
      : `Loss if all stops fill, afterwards: ${percentText(heatAfter)} of equity; the limit is ${percentText(figures.heatLimit)}`,
    jumpAfter === undefined
      ? `Loss if ${jump}: not known`
      : `Loss if ${jump}, afterwards: ${usdText(jumpAfter.loss)}, ${percentText(jumpAfter.fraction)} of equity; the limit is ${percentText(figures.jumpLimit)}`,
    `Liquidation is ${liquidationAway === undefined ? 'at no known distance' : `${percentText(liquidationAway)} away`}`,
    `Price now against the signal: ${moved > 0n ? '+' : ''}${percentText(moved)}`,
    funding === undefined
      ? 'Next funding: not known'
      : `Next funding: about ${signedUsd(funding.amount)} at ${formatUtc(funding.at)}`,
  ];
}

function planLines(proposal: Proposal, digits: Digits, read: 'now' | 'then'): readonly string[] {
  const { signal, plan, band } = proposal;
  const { stop, target } = levelsOf(proposal);
  const at = (value: Price): string => priceText(value, signal.symbol, digits);
  return [
    `Quantity: ${qtyText(plan.qty, signal.symbol, digits)} (${usdText(plan.notional)}) at ${plan.leverage}x`,
    `Entry: at the market price, ${read} about ${at(plan.entry)}; the signal's candle closed at ${at(signal.entry)}`,
    `Stop: ${at(stop)}`,
    `Target: ${at(target)}`,
    `Loss if stopped: ${usdText(plan.risk)}, ${percentText(plan.riskFraction)} of equity, with fees and slippage`,
    `Fees of entry and exit: ${usdText(plan.fees)}`,
    `Reward to risk after fees: ${rewardRiskText(plan.rewardRisk)}`,
    `Margin: ${usdText(plan.margin)}`,
    `Liquidation: ${
      plan.liquidationPrice === undefined ? 'not known' : `about ${at(plan.liquidationPrice)}`
    }`,
    `Valid while the price is between ${at(band.low)} and ${at(band.high)}`,
    `Size limited by: ${plan.boundBy}`,
  ];
}

/** Still pending, but the risk check says no at this moment. */
export function refusedView(
  offer: Extract<ApprovalOffer, { kind: 'refused' }>,
  scene: Scene,
): FormattedString {
  return linesOf([
    bold(`Not possible now: ${nameOf(offer.proposal)}`),
    ...offer.reasons.map((each) => `• ${each}`),
    'Nothing was ordered.',
    footer(scene),
  ]);
}

/** Details: every criterion with its value and reason, the plan, and what bound the size. */
export function detailsView(
  { proposal, evidence }: { readonly proposal: Proposal; readonly evidence: readonly string[] },
  digits: Digits,
  scene: Scene,
): FormattedString {
  const { signal } = proposal;
  return linesOf([
    bold(`Details: ${nameOf(proposal)}, ${proposal.status}`),
    `Strategy: ${strategyText(signal)}`,
    ...evidence,
    ...signal.criteria.map(
      (each) => `${each.met ? '✅' : '▫️'} ${each.label}: ${each.value}. ${each.reason}`,
    ),
    bold('Plan at the time of the signal'),
    ...planLines(proposal, digits, 'then'),
    `Candle closed ${formatUtc(signal.candleClosedAt)}; category ${signal.category}`,
    `Valid until ${formatUtc(proposal.deadline)}`,
    `In UTC: candle ${formatIso(signal.candleClosedAt)}, valid until ${formatIso(proposal.deadline)}`,
    ...(proposal.outcome === undefined ? [] : [`Outcome: ${proposal.outcome}`]),
    footer(scene),
  ]);
}

/** What the confirmation card becomes after Confirm. */
export const approvedView = (proposal: Proposal): FormattedString =>
  linesOf([
    bold(`Approved: ${nameOf(proposal)}`),
    'Checking once more and placing… You get a message with the result.',
  ]);
