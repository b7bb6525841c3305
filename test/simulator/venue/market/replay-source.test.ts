import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { restInterval } from '../../../../src/simulator/venue/market/interval.ts';
import { replayMarket } from '../../../../src/simulator/venue/market/replay-source.ts';
import {
  asList,
  HOUR,
  recording,
  START,
  TestClient,
  testVenue,
  type CandleLine,
} from '../venue-client.ts';
import { recordedFolder } from '../../../backtest/recorded-data.ts';

const RECORDED = recordedFolder('perps-1h-2025-10');
const H = (n: number): number => START + n * HOUR;
const four = restInterval('4h');

function rows(hours: readonly number[]): CandleLine[] {
  return hours.map((n) => [H(n), 10 + n / 100, 11 + n / 100, 9 + n / 100, 10.5 + n / 100, 1_000]);
}

describe('a replay', () => {
  it('drops the last row of a file, which may have been forming', () => {
    const dir = recording({ AAAUSDT: rows([0, 1, 2, 3]) });
    const { market, end } = replayMarket({ dir });
    expect(end).toBe(H(3));
    expect(market.last(0, H(2) + HOUR - 1)).toBe(1052);
    expect(market.last(0, H(3) + HOUR)).toBe(1052);
  });

  it('keeps gaps: no candle there, the price stays, longer candles are made of what there is', () => {
    const dir = recording({ AAAUSDT: rows([0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 12]) });
    const { market } = replayMarket({ dir });
    expect(market.span(0, H(5), H(7))).toBeUndefined();
    expect(market.last(0, H(6))).toBe(1054);
    if (four === undefined) throw new Error('no interval');
    const candles = market.candles(0, { interval: four, limit: 10, now: H(12) });
    expect(candles.map((one) => one.time)).toEqual([H(0), H(4), H(8)]);
    expect(candles[1]).toMatchObject({
      open: 1004,
      close: 1057,
      high: 1107,
      low: 904,
      baseVolume: 2_000,
    });
  });

  it('has no candles shorter than the recording', () => {
    const { market } = replayMarket({ dir: recording({ AAAUSDT: rows([0, 1, 2, 3]) }) });
    const minute = restInterval('15m');
    if (minute === undefined) throw new Error('no interval');
    expect(market.candles(0, { interval: minute, limit: 10, now: H(3) })).toEqual([]);
  });

  it('goes open, low, high, close in an up candle', () => {
    const { market } = replayMarket({ dir: recording({ AAAUSDT: rows([0, 1, 2]) }) });
    const path = market.path(0, { from: H(0), to: H(1) - 1 });
    expect(path.map((point) => point.ticks)).toEqual([900, 1100, 1050]);
  });

  it('marks the step into the next open as a jump when the prices differ', () => {
    const { market } = replayMarket({ dir: recording({ AAAUSDT: rows([0, 1, 2]) }) });
    expect(market.path(0, { from: H(1) - 1, to: H(1) })).toEqual([
      { time: H(1), ticks: 1001, jump: true },
    ]);
  });

  it('serves candles before its start as history, and nothing after the present', async () => {
    const dir = recording({ AAAUSDT: rows([0, 1, 2, 3, 4, 5, 6]) });
    const one = new TestClient(await testVenue({ market: { kind: 'replay', dir, from: H(4) } }));
    const list = asList(
      (await one.public('market/kline', { symbol: 'AAAUSDT', interval: '1h' })).data,
    );
    expect(list.map((row) => row['time'])).toEqual([3, 2, 1, 0].map((n) => String(H(n))));
    expect(list[0]).toMatchObject({
      open: '10.03',
      high: '11.03',
      low: '9.03',
      close: '10.53',
      baseVol: '1000',
    });
  });

  it('names the folder when there is nothing in it', () => {
    expect(() => replayMarket({ dir: recording({}) })).toThrow(
      /expected files like BTCUSDT\.csv\.gz/,
    );
  });

  it('of a whole exchange lists every recorded symbol', (context) => {
    if (RECORDED === undefined) {
      return context.skip('no recorded data: set VIGIL_DATA to its folder');
    }
    const { market } = replayMarket({ dir: RECORDED });
    expect(market.instruments).toHaveLength(readdirSync(RECORDED).length);
    const btc = market.indexOf('BTCUSDT') ?? -1;
    expect(market.instruments[btc]).toMatchObject({ quotePrecision: 1, basePrecision: 4 });
  });
});
