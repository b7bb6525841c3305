import { expect, it } from 'vitest';
import { readUniverse } from '../../src/app/read-universe.ts';
import type { Instrument, Ticker } from '../../src/domain/instrument.ts';
import { instrument, ticker } from '../signals/samples.ts';

const portsWith = (instruments: readonly Instrument[], tickers: readonly Ticker[]) => ({
  clock: { now: () => 1_760_122_800_000, speed: 1 },
  market: {
    instruments: async () => instruments,
    tickers: async () => tickers,
    candles: async () => [],
    fundingRates: async () => [],
    riskTiers: async () => [],
  },
});

const ports = portsWith(
  [
    instrument('BTCUSDT'),
    instrument('1000PEPEUSDT'),
    instrument('XRPUSDT', { apiTradable: false }),
    instrument('UNIUSDT'),
    instrument('AAVEUSDT'),
  ],
  [
    ticker('BTCUSDT', '90000000'),
    ticker('1000PEPEUSDT', '80000000'),
    ticker('XRPUSDT', '70000000'),
    ticker('UNIUSDT', '4999999'),
    ticker('AAVEUSDT', '12'),
  ],
);

it('counts what is scanned and why the rest is not', async () => {
  expect(await readUniverse(ports, '')).toMatchObject({
    kind: 'all',
    included: 2,
    listed: 5,
    outside: [
      { reason: 'too little volume', count: 2, some: ['UNIUSDT', 'AAVEUSDT'] },
      { reason: 'the exchange refuses its orders through the API', count: 1 },
    ],
  });
});

it('explains one symbol, by any of its names', async () => {
  expect(await readUniverse(ports, 'pepe')).toEqual({
    kind: 'inside',
    symbol: '1000PEPEUSDT',
    category: 'meme',
    rank: 2,
    of: 2,
  });
  expect(await readUniverse(ports, 'uni/usdt')).toEqual({
    kind: 'outside',
    symbol: 'UNIUSDT',
    reason: '24 h volume is 4999999 USDT, 5000000 are needed',
  });
  expect(await readUniverse(ports, 'nope')).toEqual({ kind: 'not-listed', asked: 'nope' });
});

it('says that the exchange cannot be read instead of an empty list', async () => {
  const down = {
    ...ports,
    market: { ...ports.market, tickers: () => Promise.reject(new Error('no answer')) },
  };
  expect(await readUniverse(down, '')).toEqual({ kind: 'unavailable', reason: 'no answer' });
});
