import { describe, expect, it } from 'vitest';
import { columnsOf } from '../../src/backtest/candles/candle-columns.ts';
import { DEFAULT_COSTS } from '../../src/backtest/trade/costs.ts';
import { RECORDED_TIERS, recordedInstrument } from '../../src/backtest/trade/instrument.ts';
import type { PortfolioMarket } from '../../src/backtest/candles/market.ts';
import { runPortfolio } from '../../src/backtest/account/portfolio.ts';
import type { PortfolioInput } from '../../src/backtest/account/portfolio-run.ts';
import { snapshotColumns } from '../../src/backtest/candles/snapshot-columns.ts';
import { tradesText } from '../../src/backtest/trade/trade.ts';
import { percent, toText, usd } from '../../src/domain/money/money.ts';
import { HOUR } from '../../src/domain/time.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { DEFAULT_STRATEGY } from '../../src/signals/parameters.ts';
import { walk } from '../indicators/market.ts';
import { agreement } from '../../src/signals/strategies/agreement.ts';

/** Asks at every candle on which its condition stands: the account has something to decide. */
const often = { ...agreement, quietFor: 0 };
const LIMITS = { ...DEFAULT_LIMITS, riskPerTrade: percent('1.5') };

function market(seed: number, drift: number): PortfolioMarket {
  const symbol = `COIN${seed}USDT`;
  const candles = walk({ seed, count: 1_200, drift, noise: 0.008 }).map((each) => {
    const round = (value: number): number => Math.round(value * 1e4) / 1e4;
    return {
      ...each,
      open: round(each.open),
      high: round(each.high),
      low: round(each.low),
      close: round(each.close),
    };
  });
  return {
    instrument: recordedInstrument({ symbol, priceDecimals: 4, price: 100 }),
    category: `kind ${seed % 3}`,
    tiers: RECORDED_TIERS,
    columns: snapshotColumns(columnsOf(candles), often),
  };
}

const markets = [1, 2, 3, 4, 5].map((seed) => market(seed, (seed - 3) / 4000));
const input: PortfolioInput = {
  markets,
  equity: usd('10000'),
  parameters: DEFAULT_STRATEGY,
  limits: LIMITS,
  costs: DEFAULT_COSTS,
  owner: 'accepts-drawdown',
};
const result = runPortfolio(input);
const SHALLOW = { ...LIMITS, drawdown: percent('2') };
/** A day's budget that these markets do use up. */
const narrow = runPortfolio({ ...input, limits: { ...LIMITS, dailyLoss: percent('1.5') } });

describe('runPortfolio', () => {
  it('trades, and the same input gives the same trades to the last digit', () => {
    expect(result.trades.length).toBeGreaterThan(20);
    expect(tradesText(runPortfolio(input).trades)).toBe(tradesText(result.trades));
  });

  it('ends with the money that it started with plus the results of its trades', () => {
    const sum = result.trades.reduce((total, trade) => total + trade.pnl, 0);
    expect(result.equity.at(-1)?.equity).toBeCloseTo(10_000 + sum, 6);
    for (const { side, quantity, entryPrice, exitPrice, fees, funding, pnl } of result.trades) {
      const gain = side === 'long' ? exitPrice - entryPrice : entryPrice - exitPrice;
      expect(pnl).toBeCloseTo(quantity * gain - fees + funding, 6);
    }
  });

  it('enters at the open after the signal, worsened by slippage', () => {
    for (const trade of result.trades) {
      const { columns } = markets.find(({ instrument }) => instrument.symbol === trade.symbol) ?? {
        columns: undefined,
      };
      const row = columns?.candles.time.indexOf(trade.entryTime) ?? -1;
      const open = columns?.candles.open[row] ?? NaN;
      // On the tick of 0.0001, against the trade.
      const worst = open * (trade.side === 'long' ? 1.0005 : 0.9995);
      const against = trade.side === 'long' ? Math.ceil : Math.floor;
      expect(trade.entryPrice).toBe(against(Number((worst * 1e4).toFixed(6))) / 1e4);
      expect(columns?.ready[row - 1]).toBe(1);
    }
  });

  it('never holds more positions, enters more often a day or risks more than the limits allow', () => {
    const days = new Map<number, number>();
    for (const trade of result.trades) {
      const day = Math.floor(trade.entryTime / (24 * HOUR));
      days.set(day, (days.get(day) ?? 0) + 1);
      const together = result.trades.filter(
        (other) => other.entryTime <= trade.entryTime && other.exitTime > trade.entryTime,
      );
      expect(together.length).toBeLessThanOrEqual(DEFAULT_LIMITS.maxPositions);
      const equity = result.equity.findLast((point) => point.at <= trade.entryTime)?.equity ?? NaN;
      expect(trade.risk / equity).toBeLessThanOrEqual(0.015 + 1e-9);
    }
    expect(Math.max(...days.values())).toBe(DEFAULT_LIMITS.maxTradesPerDay);
  });

  it('counts refusals by limit and names the halts of the emergency stop', () => {
    expect(result.requests).toBeGreaterThan(result.trades.length);
    expect([...result.refusals.keys()]).toContain('too-many-positions');
    expect(narrow.halts.length).toBeGreaterThan(0);
  });

  it('asks the gate for everybody with the same trades', () => {
    const asked = runPortfolio({ ...input, askAlways: true });
    expect(tradesText(asked.trades)).toBe(tradesText(result.trades));
    expect([...asked.refusals.keys()]).toContain('too-many-trades');
    expect(asked.requests).toBe(result.requests);
  });

  it('stops for good after a halt when nobody resumes', () => {
    const stopped = runPortfolio({ ...input, limits: SHALLOW, owner: 'never' });
    const first = stopped.halts[0]?.at ?? NaN;
    expect(Math.max(...stopped.trades.map(({ entryTime }) => entryTime))).toBeLessThan(first);
  });

  it('starts the high-water mark anew for who accepts the drawdown, and for nobody else', () => {
    const drawdowns = (owner: PortfolioInput['owner']): number =>
      runPortfolio({ ...input, limits: SHALLOW, owner }).halts.filter(
        ({ trigger }) => trigger === 'drawdown',
      ).length;
    expect(drawdowns('resumes-daily')).toBeGreaterThan(0);
    expect(drawdowns('accepts-drawdown')).toBeGreaterThan(drawdowns('resumes-daily'));
  });

  it('trades again after a halt when the person resumes, also with a position open at midnight', () => {
    const day = (at: number): number => Math.floor(at / (24 * HOUR));
    const overnight = narrow.halts.find(({ at }) =>
      narrow.trades.some((trade) => trade.entryTime < at && day(trade.exitTime) > day(at)),
    );
    expect(overnight).toBeDefined();
    const waits = narrow.trades
      .filter((trade) => trade.entryTime > (overnight?.at ?? Infinity))
      .map((trade) => day(trade.entryTime) - day(overnight?.at ?? NaN));
    expect(Math.min(...waits)).toBeLessThanOrEqual(3);
  });

  it('trades within its window only and closes what is open at its end', () => {
    const times = markets[0]?.columns.candles.time ?? new Float64Array();
    const from = times[400] ?? NaN;
    const to = times[500] ?? NaN;
    const { trades } = runPortfolio({ ...input, from, to });
    expect(trades.length).toBeGreaterThan(0);
    for (const trade of trades) {
      expect(trade.entryTime).toBeGreaterThanOrEqual(from);
      expect(trade.exitTime).toBeLessThan(to);
    }
  });

  it('has nothing to say without markets', () => {
    expect(runPortfolio({ ...input, markets: [] })).toMatchObject({
      trades: [],
      equity: [],
      requests: 0,
    });
  });
});

it('recordedInstrument assumes a quantity step worth 0.1 USDT or less', () => {
  const step = (price: number): string =>
    toText(recordedInstrument({ symbol: 'X', priceDecimals: 2, price }).step);
  expect([0.00001, 0.05, 1, 100, 60_000].map(step)).toEqual(['1', '1', '0.1', '0.001', '0.000001']);
});
