import {
  max,
  ratioOf,
  scaleBy,
  sub,
  ZERO_RATIO,
  ZERO_USD,
  type Ratio,
  type Usd,
} from '../../domain/money/money.ts';
import type { AtStake } from '../gate/gate-facts.ts';
import { weekOf, type RiskState } from './risk-state.ts';
import { weekBase, type WeekBase } from './week.ts';

/** How the day stands. `loss` counts losses only: it is 0 on a winning day. */
export interface DayLoss {
  /** Fall from the day's restated first equity; 0 or more. */
  readonly loss: Usd;
  /** `loss` ÷ the day's restated first equity, rounded down. */
  readonly fraction: Ratio;
  /** Result of the day in money, deposits and withdrawals taken out; signed. */
  readonly pnl: Usd;
  /** Loss at which the day's limit trips. */
  readonly limit: Usd;
}

/** The day's loss: realised and open P&L, fees and funding, because it is measured on equity. */
export function dayLossOf(
  state: RiskState,
  equity: Usd,
  limits: { readonly dailyLoss: Ratio },
): DayLoss {
  const base = state.dayStartEquity;
  const loss = max(sub(base, equity), ZERO_USD);
  return {
    loss,
    fraction: base > 0n ? ratioOf(loss, base, 'down') : ZERO_RATIO,
    pnl: sub(sub(equity, state.dayFirstEquity), state.dayCashFlow),
    limit: scaleBy(max(base, ZERO_USD), limits.dailyLoss, 'down'),
  };
}

/** How the last 7 days stand. Losses only: 0 where equity is higher than it was. */
export function weekLossOf(
  state: RiskState,
  equity: Usd,
  limits: { readonly weeklyLoss: Ratio },
): { readonly loss: Usd; readonly base: WeekBase; readonly fraction: Ratio; readonly limit: Usd } {
  const base = weekBase(weekOf(state), state.accountAt) ?? {
    at: state.dayStart,
    equity: state.dayStartEquity,
    short: true,
  };
  const loss = max(sub(base.equity, equity), ZERO_USD);
  return {
    loss,
    base,
    fraction: base.equity > 0n ? ratioOf(loss, base.equity, 'down') : ZERO_RATIO,
    limit: scaleBy(max(base.equity, ZERO_USD), limits.weeklyLoss, 'down'),
  };
}

/** Fall from the high-water mark; 0 or more. */
export function drawdownOf(
  state: RiskState,
  equity: Usd,
  limits: { readonly drawdown: Ratio },
): { readonly fall: Usd; readonly fraction: Ratio; readonly limit: Usd } {
  const fall = max(sub(state.peakEquity, equity), ZERO_USD);
  return {
    fall,
    fraction: state.peakEquity > 0n ? ratioOf(fall, state.peakEquity, 'down') : ZERO_RATIO,
    limit: scaleBy(max(state.peakEquity, ZERO_USD), limits.drawdown, 'down'),
  };
}

/**
 * What a new trade may still lose today: the limit less the loss so far less what open positions can still add to it. Both
 * readings of "can still add" are taken and the larger counts: the heat that is not yet an open loss, beside a loss so far that
 * no gain offsets; and the fall of equity if everything stops out, which also sees open profit that would be given back.
 */
export function remainingDailyBudget(
  day: {
    readonly state: RiskState;
    readonly equity: Usd;
    readonly atStake: Pick<AtStake, 'notYetLost' | 'further'>;
  },
  limits: { readonly dailyLoss: Ratio },
): Usd {
  const { loss, limit } = dayLossOf(day.state, day.equity, limits);
  const byHeat = loss + day.atStake.notYetLost;
  const byEquity = day.state.dayStartEquity - day.equity + day.atStake.further;
  const atStops = max(byHeat as Usd, byEquity as Usd);
  return max(sub(limit, atStops), ZERO_USD);
}
