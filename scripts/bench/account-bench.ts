import { candleAt } from '../../src/backtest/candles/candle-columns.ts';
import { DEFAULT_COSTS } from '../../src/backtest/trade/costs.ts';
import { runPortfolio } from '../../src/backtest/account/portfolio.ts';
import { usd } from '../../src/domain/money/money.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { DEFAULT_STRATEGY } from '../../src/signals/parameters.ts';
import type { Figure } from './figure.ts';
import { accountMarkets } from './market-sets.ts';
import { feedStrategy, ratioText, timed } from './ratio.ts';

/** Markets, candles each. */
const ACCOUNTS = [
  [1, 8_000],
  [20, 2_000],
  [200, 500],
] as const;

/**
 * Cost of the whole account, with the gate, the emergency stop and exact money, beside the bare cost of feeding its candles to the
 * indicators. Reading them is left out on the left side: it is the signals' part, measured under `backtest`.
 */
export async function accountBench(): Promise<readonly Figure[]> {
  return ACCOUNTS.map(([count, hours]) => {
    const markets = accountMarkets(count, hours);
    const candles = markets.map(({ columns }) =>
      Array.from({ length: hours }, (_, row) => candleAt(columns.candles, row)),
    );
    const run = (): unknown =>
      runPortfolio({
        markets,
        equity: usd('10000'),
        parameters: DEFAULT_STRATEGY,
        limits: DEFAULT_LIMITS,
        costs: DEFAULT_COSTS,
        owner: 'accepts-drawdown',
      });
    const bare = (): void => {
      for (const each of candles) feedStrategy(each);
    };
    run();
    const perHour = ((timed(run) * 1_000) / hours).toFixed(0);
    return {
      what: `account with gate and stop, ${count} x ${hours} candles`,
      value: `${ratioText(run, bare)} bare trading-signals (${perHour} us an hour)`,
    };
  });
}
