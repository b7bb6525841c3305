import { AGES } from './ages.ts';
import { balanceFloor, balanceFloorRule, balanceFloorStop } from './balance-floor.ts';
import { coolOff } from './cool-off.ts';
import { correlationRule, correlationThreshold, maxCorrelated } from './correlation.ts';
import { COSTS } from './costs.ts';
import { dailyLoss, dailyLossRule, dailyLossStop, dayStartOffsetMs } from './daily-loss.ts';
import { drawdown, drawdownRule, drawdownStop } from './drawdown.ts';
import { failedReadsRule, maxFailedReads } from './failed-reads.ts';
import { instrumentTradable } from './instrument.ts';
import { lossStreak, lossStreakCoolOffMs, lossStreakRule, lossStreakStop } from './loss-streak.ts';
import { marginRatioRule, marginRatioStop, maxMarginRatio } from './margin-ratio.ts';
import { volatilityMultiple, volatilityRule, volatilityStop } from './market-volatility.ts';
import { maxPositions, maxPositionsRule } from './max-positions.ts';
import { moneyExplained } from './money-in-doubt.ts';
import { onePerSymbol } from './one-per-symbol.ts';
import { lossesKnown, openOrdersKnown } from './open-orders.ts';
import { positionModeKnown } from './position-mode.ts';
import { priceBand } from './price-band.ts';
import {
  entryAgreesWithMark,
  pricesOnTick,
  pricesPositive,
  stopOnLosingSide,
  targetOnWinningSide,
} from './prices.ts';
import { readingsAgree } from './readings-agree.ts';
import { minRewardRisk, rewardRiskRule } from './reward-risk.ts';
import { minScore, scoreRule } from './score.ts';
import { signalAgeRule, signalMaxAgeMs } from './signal-age.ts';
import { SIZES } from './sizes.ts';
import { maxStop, minStop, stopDistanceRule } from './stop-distance.ts';
import { symbolCoolDownMs, symbolCoolDownRule } from './symbol-cool-down.ts';
import { maxTradesPerDay, tradesPerDayRule } from './trades-per-day.ts';
import { tradingMode } from './trading-mode.ts';
import { volatilityKnown } from './volatility.ts';
import { weeklyLoss, weeklyLossRule, weeklyLossStop } from './weekly-loss.ts';

/** Every limit, in the order in which it is shown. The key names it in the store. */
export const LIMITS = {
  ...SIZES,
  minRewardRisk,
  minScore,
  maxPositions,
  maxTradesPerDay,
  maxCorrelated,
  correlationThreshold,
  dailyLoss,
  dayStartOffsetMs,
  weeklyLoss,
  drawdown,
  lossStreak,
  lossStreakCoolOffMs,
  balanceFloor,
  symbolCoolDownMs,
  ...AGES,
  maxFailedReads,
  signalMaxAgeMs,
  minStop,
  maxStop,
  volatilityMultiple,
  maxMarginRatio,
  ...COSTS,
} as const;

/** Every yes or no of the gate, in the order in which refusals are listed: what concerns everything first. */
export const LIMIT_RULES = [
  tradingMode,
  coolOff,
  dailyLossRule,
  weeklyLossRule,
  drawdownRule,
  lossStreakRule,
  balanceFloorRule,
  failedReadsRule,
  positionModeKnown,
  readingsAgree,
  moneyExplained,
  volatilityRule,
  marginRatioRule,
  tradesPerDayRule,
  maxPositionsRule,
  correlationRule,
  onePerSymbol,
  lossesKnown,
  openOrdersKnown,
  symbolCoolDownRule,
  instrumentTradable,
  pricesPositive,
  entryAgreesWithMark,
  priceBand,
  stopOnLosingSide,
  targetOnWinningSide,
  pricesOnTick,
  stopDistanceRule,
  rewardRiskRule,
  scoreRule,
  signalAgeRule,
  volatilityKnown,
];

/** What the emergency stop measures of losses, and of the market. */
export const LOSS_STOPS = [
  dailyLossStop,
  weeklyLossStop,
  drawdownStop,
  lossStreakStop,
  balanceFloorStop,
];
export const MARKET_STOPS = [volatilityStop, marginRatioStop];
