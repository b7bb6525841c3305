import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMarketContext } from '../../src/backtest/account/market-context.ts';
import { timelineOf } from '../../src/backtest/account/timeline.ts';
import { closedRows, columnsOf } from '../../src/backtest/candles/candle-columns.ts';
import type { PortfolioMarket } from '../../src/backtest/candles/market.ts';
import { snapshotColumns, viewAt } from '../../src/backtest/candles/snapshot-columns.ts';
import type { Book } from '../../src/backtest/trade/book.ts';
import { RECORDED_TIERS, recordedInstrument } from '../../src/backtest/trade/instrument.ts';
import { intervalMs, type Candle } from '../../src/domain/candle.ts';
import {
  correlatedSameSide,
  returnsOf,
  returnsSince,
} from '../../src/risk/portfolio/correlation.ts';
import { DEFAULT_LIMITS as limits } from '../../src/risk/terms/limits.ts';
import { agreement } from '../../src/signals/strategies/agreement.ts';
import { breakdown } from '../../src/signals/strategies/breakdown.ts';
import { STRATEGIES } from '../../src/signals/strategies/list.ts';
import type { Strategy } from '../../src/signals/strategy.ts';
import { HOUR } from '../../src/domain/time.ts';
import { walk } from '../indicators/market.ts';
import { damaged } from './damaged.ts';

const START = Date.UTC(2024, 0, 1);
const spread = (candles: readonly Candle[], { interval }: Strategy): Candle[] =>
  candles.map((each, row) => ({ ...each, openTime: START + row * intervalMs(interval) }));

const marketOf = (
  symbol: string,
  candles: readonly Candle[],
  strategy: Strategy,
): PortfolioMarket => ({
  instrument: recordedInstrument({ symbol, priceDecimals: 4, price: 100 }),
  category: 'other',
  tiers: RECORDED_TIERS,
  columns: snapshotColumns(columnsOf(candles), strategy),
});

it.each(STRATEGIES.map((strategy) => [strategy.name, strategy] as const))(
  '%s stands on no row of which its columns say that it may not',
  (_, strategy) => {
    const { parameters } = strategy;
    let [stands, may] = [0, 0];
    for (const seed of [1, 2, 3]) {
      const candles = damaged(seed, 2_500).map((each) => ({
        ...each,
        openTime: (each.openTime / HOUR) * intervalMs(strategy.interval),
      }));
      const columns = snapshotColumns(columnsOf(candles), strategy);
      for (let row = 0; row < columns.candles.length; row += 1) {
        const view = viewAt(columns, row);
        if (view === undefined) continue;
        const mayStand = strategy.mayStand?.(columns.fields, row) !== false;
        if (mayStand) may += 1;
        if (strategy.decide(view, parameters) === undefined) continue;
        stands += 1;
        expect(mayStand).toBe(true);
      }
    }
    expect(stands).toBeGreaterThan(10);
    if (strategy.mayStand !== undefined) expect(may).toBeLessThan(stands * 3);
  },
);

it('the times of a timeline are those of any market, each once and in order', () => {
  const rows = fc.uniqueArray(fc.nat(60), { maxLength: 40 });
  fc.assert(
    fc.property(fc.array(rows, { minLength: 1, maxLength: 5 }), (markets) => {
      const times = markets.map((own) =>
        own.toSorted((one, other) => one - other).map((row) => START + row * HOUR),
      );
      const all = walk({ count: 61 });
      const input = times.map((own, place) =>
        marketOf(
          `C${place}USDT`,
          own.map((openTime, row) => ({ ...(all[row] as Candle), openTime })),
          agreement,
        ),
      );
      const { parameters } = agreement;
      const wanted = [...new Set(times.flat())].toSorted((one, other) => one - other);
      expect(timelineOf({ markets: input, parameters, limits }).times).toEqual(wanted);
    }),
  );
});

describe('how many positions move with a candidate', () => {
  it.each([agreement, breakdown])('is told by $name as from the returns of a week', (strategy) => {
    const candleMs = intervalMs(strategy.interval);
    const symbols = ['AUSDT', 'BUSDT', 'CUSDT', 'DUSDT'];
    const candles = symbols.map((_, seed) =>
      spread(walk({ seed: seed < 2 ? 5 : seed, count: 400 }), strategy),
    );
    const markets = symbols.map((symbol, place) =>
      marketOf(symbol, candles[place] ?? [], strategy),
    );
    const { parameters } = strategy;
    const timeline = timelineOf({ markets, parameters, limits });
    const context = createMarketContext(markets, limits, timeline);
    const positions = ['BUSDT', 'CUSDT', 'DUSDT'].map((symbol) => ({ symbol, side: 'short' }));
    const book = { holdings: () => positions.map((position) => ({ position })) } as unknown as Book;
    const candidate = { symbol: 'AUSDT', side: 'short' } as const;
    const at = START + 300 * candleMs;
    const returns = new Map(
      markets.map(({ instrument, columns }) => [
        instrument.symbol,
        returnsOf(
          closedRows(columns.candles, { from: returnsSince(at), at, candleMs }).map(
            ({ openTime, close }) => ({ at: openTime + candleMs, close }),
          ),
          candleMs,
        ),
      ]),
    );
    const plain = correlatedSameSide(
      candidate,
      {
        positions: positions as unknown as Parameters<typeof correlatedSameSide>[1]['positions'],
        returns,
      },
      limits,
    );
    expect(context.correlated(book, candidate, at)).toBe(plain);
    // Of 1 h candles a week tells which one moves with it; of 4 h candles it tells nothing.
    expect(plain).toBe(strategy === agreement ? 1 : 3);
  });
});
