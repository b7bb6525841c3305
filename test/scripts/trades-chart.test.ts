import { describe, expect, it } from 'vitest';
import { describeTrades, tradesChart, type ChartTrade } from '../../scripts/trades-chart.ts';

const HOUR = 3_600_000;
const candles = Array.from({ length: 300 }, (_, i) => ({
  openTime: i * HOUR,
  open: 100 + i,
  high: 102 + i,
  low: 99 + i,
  close: 101 + i,
}));
const trade = (over: Partial<ChartTrade>): ChartTrade => ({
  side: 'long',
  entryTime: 200 * HOUR,
  entryPrice: 301,
  exitTime: 210 * HOUR,
  exitPrice: 311,
  pnl: 1,
  ...over,
});

function marks(trades: readonly ChartTrade[], label: string): (readonly (number | null)[])[] {
  const { data } = tradesChart({ symbol: 'SOLUSDT', interval: '1 h', candles, trades });
  return data.datasets
    .filter((each) => each['label'] === label)
    .map((each) => each['data'] as (number | null)[]);
}

describe('the trades chart', () => {
  it('puts entry and exit at their candles and ends shortly after the newest trade', () => {
    const [entry = []] = marks([trade({})], 'Entry');
    const [exit = []] = marks([trade({})], 'Exit');
    expect(entry).toHaveLength(160 + 2);
    expect(exit.indexOf(311) - entry.indexOf(301)).toBe(10);
    expect(exit.length - 1 - exit.indexOf(311)).toBe(6 + 1);
  });

  it('shows both marks of a trade that lasted one candle', () => {
    const one = trade({ exitTime: 200 * HOUR, exitPrice: 299 });
    const [entry = []] = marks([one], 'Entry');
    const [exit = []] = marks([one], 'Exit');
    expect(exit.indexOf(299)).toBe(entry.indexOf(301));
    expect(marks([one], 'Trade')).toEqual([]);
  });

  it('shows the stretch with most trades, not merely the newest', () => {
    const early = [100, 110, 120].map((at) =>
      trade({ entryTime: at * HOUR, exitTime: (at + 1) * HOUR }),
    );
    const late = trade({ entryTime: 290 * HOUR, exitTime: 291 * HOUR });
    const { options } = tradesChart({
      symbol: 'SOLUSDT',
      interval: '1 h',
      candles,
      trades: [...early, late],
    });
    expect(JSON.stringify(options)).toContain('3 of 4 trades');
  });

  it('leaves older trades out and says so', () => {
    const old = trade({ entryTime: 5 * HOUR, exitTime: 6 * HOUR });
    const chart = tradesChart({
      symbol: 'SOLUSDT',
      interval: '1 h',
      candles,
      trades: [old, trade({})],
    });
    expect(JSON.stringify(chart.options)).toContain('1 of 2 trades');
  });

  it('turns the mark of a short round', () => {
    const { data } = tradesChart({
      symbol: 'X',
      interval: '1 h',
      candles,
      trades: [trade({ side: 'short' })],
    });
    expect(data.datasets[0]?.['pointRotation']).toBe(180);
  });

  it('has words with and without trades, and refuses to draw nothing', () => {
    expect(describeTrades({ symbol: 'X', trades: [] })).toBe('X: no trade.');
    const text = describeTrades({ symbol: 'X', trades: [trade({}), trade({ pnl: -1 })] });
    expect(text).toContain('2 trades, 1 earned money');
    expect(() => tradesChart({ symbol: 'X', interval: '1 h', candles: [], trades: [] })).toThrow(
      'no candles of X',
    );
  });
});
