import { balanceFloor } from './balance-floor.ts';
import { coolOff } from './cool-off.ts';
import { correlation } from './correlation.ts';
import { dailyLoss } from './daily-loss.ts';
import { drawdown } from './drawdown.ts';
import { failedReads } from './failed-reads.ts';
import { instrumentTradable } from './instrument.ts';
import { lossStreak } from './loss-streak.ts';
import { marginRatio } from './margin-ratio.ts';
import { marketVolatility } from './market-volatility.ts';
import { maxPositions } from './max-positions.ts';
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
import { rewardRisk } from './reward-risk.ts';
import type { LimitRule } from './rule.ts';
import { score } from './score.ts';
import { signalAge } from './signal-age.ts';
import { stopDistance } from './stop-distance.ts';
import { symbolCoolDown } from './symbol-cool-down.ts';
import { tradesPerDay } from './trades-per-day.ts';
import { tradingMode } from './trading-mode.ts';
import { volatilityKnown } from './volatility.ts';

/** Every limit that is a yes or no, in the order in which refusals are listed: what concerns everything first. */
export const LIMIT_RULES: readonly LimitRule[] = [
  tradingMode,
  coolOff,
  dailyLoss,
  drawdown,
  lossStreak,
  balanceFloor,
  failedReads,
  positionModeKnown,
  readingsAgree,
  moneyExplained,
  marketVolatility,
  marginRatio,
  tradesPerDay,
  maxPositions,
  correlation,
  onePerSymbol,
  lossesKnown,
  openOrdersKnown,
  symbolCoolDown,
  instrumentTradable,
  pricesPositive,
  entryAgreesWithMark,
  priceBand,
  stopOnLosingSide,
  targetOnWinningSide,
  pricesOnTick,
  stopDistance,
  rewardRisk,
  score,
  signalAge,
  volatilityKnown,
];
