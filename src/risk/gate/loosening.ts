import { ratioOf, scaleBy, sub, type Ratio, type Usd } from '../../domain/money/money.ts';
import { remainingDailyBudget } from '../state/day-loss.ts';
import type { Position, ProtectiveOrder } from '../../domain/position.ts';
import type { ModeState } from '../../domain/trading-mode.ts';
import type { RiskState } from '../state/risk-state.ts';
import { heatOf, type PositionHeat } from '../terms/heat.ts';
import { HARD_CEILINGS, type RiskLimits } from '../terms/limits.ts';
import { percentText } from '../terms/phrase.ts';

/** What the limits are held against. What could not be read is undefined, and refuses. */
export interface LooseningFacts {
  /** Of all positions. */
  readonly positions: readonly Position[];
  readonly protections: readonly ProtectiveOrder[];
  readonly equity: Usd;
  readonly limits: RiskLimits;
  readonly state: RiskState | undefined;
  readonly mode: ModeState | undefined;
}

/** What a position can lose with what rests now and with the change, and what all of them can then lose ÷ equity; undefined: unknown. */
export interface Loosening {
  readonly before: PositionHeat;
  readonly after: PositionHeat;
  readonly heatAfter: Ratio | undefined;
}

/** Unknown counts as the worst: from it nothing is looser, and to it everything is. */
export function isLooser(before: PositionHeat, after: PositionHeat): boolean {
  if (before.further === undefined) return false;
  return after.further === undefined || after.further > before.further;
}

/** Why a looser stop does not fit what the limits leave; undefined: it fits. */
export function overBudget(
  { before, after, heatAfter }: Loosening,
  { equity, limits, state, mode, positions, protections }: LooseningFacts,
): string | undefined {
  const nearer = 'A stop with which less can be lost is always possible.';
  if (mode === undefined || state === undefined) {
    return `With that stop more can be lost, and whether the limits allow it cannot be known right now. ${nearer}`;
  }
  if (mode.mode !== 'normal') {
    return `While trading is paused or halted no stop is loosened; /resume ends that. ${nearer}`;
  }
  if (after.loss === undefined || before.further === undefined || after.further === undefined) {
    return `What it could lose with that stop cannot be known right now. ${nearer}`;
  }
  const { riskPerTrade: most = limits.riskPerTrade } = HARD_CEILINGS;
  if (after.loss > scaleBy(equity, most, 'down')) {
    return `With that stop it could lose ${share(after.loss, equity)} of the account; no trade may lose more than ${percentText(most)}. ${nearer}`;
  }
  if (heatAfter === undefined || heatAfter > limits.maxHeat) {
    return `With that stop all positions together could lose ${heatAfter === undefined ? 'an unknown part' : percentText(heatAfter)} of the account; the limit is ${percentText(limits.maxHeat)}. ${nearer}`;
  }
  const now = heatOf(positions, protections, { equity, costs: limits });
  if (now.further === undefined || now.notYetLost === undefined) {
    return `What the other positions can lose cannot be known right now. ${nearer}`;
  }
  const atStake = { further: now.further, notYetLost: now.notYetLost };
  const budget = remainingDailyBudget({ state, equity, atStake }, limits);
  const more = sub(after.further, before.further);
  return more > budget
    ? `With that stop ${share(more, equity)} of the account more could be lost today, and today's limit leaves ${share(budget, equity)}. ${nearer}`
    : undefined;
}

const share = (amount: Usd, equity: Usd): string =>
  equity <= 0n ? 'all' : percentText(ratioOf(amount, equity, 'up'));
