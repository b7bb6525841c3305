import { expect, it } from 'vitest';
import { columnsOf } from '../../src/backtest/candles/candle-columns.ts';
import { countThin } from '../../src/backtest/account/thin-signals.ts';
import { RECORDED_TIERS } from '../../src/backtest/trade/instrument.ts';
import { snapshotColumns } from '../../src/backtest/candles/snapshot-columns.ts';
import { HOUR } from '../../src/domain/time.ts';
import { instrument } from '../signals/samples.ts';
import { trade } from './samples.ts';
import { agreement } from '../../src/signals/strategies/agreement.ts';

/** 48 hours at a price of 100, each with so much volume. */
const market = (symbol: string, volume: number, missing: readonly number[] = []) => ({
  instrument: instrument(symbol),
  category: '',
  tiers: RECORDED_TIERS,
  columns: snapshotColumns(
    columnsOf(
      Array.from({ length: 48 }, (_, hour) => ({
        openTime: hour * HOUR,
        open: 100,
        high: 101,
        low: 99,
        close: 100,
        volume,
      })).filter((_, hour) => !missing.includes(hour)),
    ),
    agreement,
  ),
});

/** 5 million USDT in 24 candles of 100 USDT. */
const EXACTLY = 5_000_000 / 24 / 100;
const at = (symbol: string, hour: number) => trade({ symbol, entryTime: hour * HOUR });

it('counts signals with less than the universe asks for in the 24 h before their entry', () => {
  const markets = [
    market('THICK', EXACTLY * 1.000_001),
    market('THIN', EXACTLY * 0.999),
    market('HOLE', EXACTLY * 1.01, [30]),
  ];
  expect(countThin(markets, [at('THICK', 40), at('THICK', 24)])).toBe(0);
  // Fewer candles than a day has, or a hole among them: what was not traded does not count.
  expect(countThin(markets, [at('THICK', 23), at('HOLE', 40)])).toBe(2);
  expect(countThin(markets, [at('THIN', 40), at('HOLE', 30)])).toBe(1);
});
