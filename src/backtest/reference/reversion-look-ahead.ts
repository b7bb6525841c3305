import { createBollingerBands } from '../../indicators/bollinger-bands.ts';
import { createRsi } from '../../indicators/rsi.ts';
import { isOversold } from '../../signals/strategies/band-reversion.ts';
import { candleAt, type CandleColumns } from '../candles/candle-columns.ts';
import type { LookAheadReport } from '../honesty/look-ahead.ts';
import type { Trade } from '../trade/trade.ts';

/**
 * The look-ahead check of the reference rule: each trade must have been a signal by indicators that were handed one candle after
 * the other, on the row before its entry.
 */
export function checkReversionLookAhead(
  symbol: string,
  candles: CandleColumns,
  trades: readonly Trade[],
): LookAheadReport {
  const entries = new Set(trades.map(({ entryTime }) => entryTime));
  const bands = createBollingerBands();
  const strength = createRsi();
  const differences: LookAheadReport['differences'][number][] = [];
  let signal = false;
  for (let row = 0; row < candles.length; row += 1) {
    const candle = candleAt(candles, row);
    if (entries.has(candle.openTime) && !signal) {
      differences.push({ symbol, row, field: 'signal', full: 'long', truncated: 'none' });
    }
    bands.update(candle);
    strength.update(candle);
    const lowerBand = bands.value()?.lower ?? -Infinity;
    signal = isOversold({ close: candle.close, lowerBand, rsi: strength.value() ?? Infinity });
  }
  return {
    rows: candles.length,
    signals: trades.length,
    cuts: 0,
    different: differences.length,
    differences,
  };
}
