import { DEFAULT_COSTS } from '../../backtest/trade/costs.ts';
import type { Quirks } from './quirks.ts';

/** What market orders pay where a backtest is to be compared with the venue: the backtest's own slippage. */
export const BACKTEST_FILLS: Partial<Quirks> = {
  slippage: DEFAULT_COSTS.slippage,
  gapSlippage: 2 * DEFAULT_COSTS.slippage,
};
