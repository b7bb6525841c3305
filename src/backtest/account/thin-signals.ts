import { toFixed, toNumber } from '../../domain/money/money.ts';
import { HOUR } from '../../domain/time.ts';
import { MIN_QUOTE_VOLUME_24H } from '../../signals/universe.ts';
import { rowAt } from '../candles/candle-columns.ts';
import type { PortfolioMarket } from '../candles/market.ts';
import type { Trade } from '../trade/trade.ts';
import { countText } from '../../domain/words/words.ts';

const DAY_ROWS = 24;

/**
 * How many signals came where less than the live universe asks for was traded in the 24 h before: the live scan would have left
 * them out, a backtest trades every symbol that it is given. Turnover is close times volume of the 24 candles of 1 h before entry.
 */
export function countThin(markets: readonly PortfolioMarket[], signals: readonly Trade[]): number {
  const least = toNumber(MIN_QUOTE_VOLUME_24H);
  const bySymbol = new Map(markets.map((each) => [each.instrument.symbol, each.columns.candles]));
  return signals.filter(({ symbol, entryTime }) => {
    const candles = bySymbol.get(symbol);
    if (candles === undefined) return false;
    const { time, close, volume } = candles;
    let traded = 0;
    let row = rowAt(candles, entryTime) - 1;
    for (let seen = 0; seen < DAY_ROWS && row >= 0; seen += 1, row -= 1) {
      if ((time[row] ?? 0) < entryTime - DAY_ROWS * HOUR) break;
      traded += (close[row] ?? 0) * (volume[row] ?? 0);
    }
    return traded < least;
  }).length;
}

/** What a backtest does otherwise than the live scan about which contracts are looked at, with the figure. */
export const universeLine = (thin: number, signals: number): string =>
  `live would not look at ${thin} of ${countText(signals, 'signal')}: less than ${toFixed(MIN_QUOTE_VOLUME_24H, 0)} USDT was traded in the 24 h before. A backtest trades every symbol given, new listings too.`;
