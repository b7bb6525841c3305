import { expect, it } from 'vitest';
import { readUniverse } from '../../src/app/views/read-universe.ts';
import { resolveSymbol } from '../../src/app/reading/resolve-symbol.ts';
import { universePages, universeView } from '../../src/bot/views/universe.ts';
import type { Instrument, Ticker } from '../../src/domain/instrument.ts';
import type { ScanReport } from '../../src/domain/scan-report.ts';
import { instrument, ticker } from '../signals/samples.ts';

const SCAN: ScanReport = {
  at: 1_760_122_800_000,
  candleClosedAt: 1_760_122_800_000,
  universe: 2,
  scored: ['BTCUSDT'],
  unscored: [{ cause: 'not-read', symbols: ['1000PEPEUSDT'], reason: 'no answer' }],
  silent: [
    {
      strategy: 'breakdown',
      symbols: 1,
      names: ['BTCUSDT'],
      afterGap: 1,
      until: 1_760_122_800_000,
    },
    { strategy: 'breakout', symbols: 1, afterGap: 1, until: 1_760_122_800_000 },
  ],
  signals: 0,
  found: [],
};

const portsWith = (instruments: readonly Instrument[], tickers: readonly Ticker[]) => ({
  clock: { now: () => 1_760_122_800_000, speed: 1 },
  scans: { save: async () => undefined, latest: async () => SCAN },
  market: {
    instruments: async () => instruments,
    tickers: async () => tickers,
    candles: async () => [],
    fundingHistory: async () => [],
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
      { reason: 'too little volume', symbols: ['UNIUSDT', 'AAVEUSDT'] },
      { reason: 'the exchange refuses its orders through the API', symbols: ['XRPUSDT'] },
    ],
  });
});

it('lists every contract on the pages after the first', async () => {
  const all = await readUniverse(ports, '');
  expect(universePages(all, 99)).toEqual({ page: 1, pages: 2 });
  const { text } = universeView(all, 1, { now: 0, venueMode: 'live', speed: 1 });
  for (const line of [
    'Scanned, most traded first\nBTCUSDT, 1000PEPEUSDT',
    'Not scanned: too little volume\nUNIUSDT, AAVEUSDT',
    'Contracts 1-5 of 5',
  ])
    expect(text).toContain(line);
});

it('says of one symbol which strategy cannot judge it, and until when', async () => {
  const said = async (words: string): Promise<string> =>
    universeView(await readUniverse(ports, words), 0, { now: 0, venueMode: 'live', speed: 1 }).text;
  const line =
    'Not enough candles in a row to judge it: breakdown, until about 2025-10-10 19:00 UTC at the latest';
  expect(await said('BTC')).toContain(
    `Last scan: checked on the candle that closed 2025-10-10 19:00 UTC\n▫️ ${line}`,
  );
  expect(await said('BTC')).not.toContain('breakout');
  expect(await said('pepe')).not.toContain('to judge it');
});

it('explains one symbol, by any of its names', async () => {
  expect(await readUniverse(ports, 'pepe')).toMatchObject({
    kind: 'inside',
    symbol: '1000PEPEUSDT',
    category: 'meme',
    rank: 2,
    of: 2,
  });
  const uni = await readUniverse(ports, 'uni/usdt');
  expect(uni).toMatchObject({
    kind: 'outside',
    symbol: 'UNIUSDT',
    reason: '24 h volume is 4,999,999 USDT, 5,000,000 are needed',
  });
  // Every filter, met or not, with what was seen and what is asked for.
  const { text } = universeView(uni, 0, { now: 0, venueMode: 'live', speed: 1 });
  for (const line of [
    '✅ settled in: USDT (needed: USDT)',
    '✅ status: open (needed: open)',
    '✅ orders through the API: accepted (needed: accepted)',
    '✅ delisting: not announced (needed: not announced)',
    '✅ listed: date not known (needed: 30 days or more, where known)',
    '▫️ 24 h volume: 4,999,999 USDT (needed: 5,000,000 USDT or more)',
  ]) {
    expect(text).toContain(line);
  }
  expect(await readUniverse(ports, 'nope')).toEqual({ kind: 'not-listed', asked: 'nope' });
});

it.each([
  ['btc', 'Last scan: checked on the candle that closed 2025-10-10 19:00 UTC'],
  [
    'pepe',
    'Last scan: not checked on the candle that closed 2025-10-10 19:00 UTC. Could not be read, retried every minute: no answer',
  ],
])('says what the last scan made of %s', async (word, line) => {
  const scene = { now: 0, venueMode: 'live', speed: 1 } as const;
  expect(universeView(await readUniverse(ports, word), 0, scene).text).toContain(line);
});

it('says nothing of a scan that there is not', async () => {
  const scans = { ...ports.scans, latest: () => Promise.reject(new Error('Redis is gone')) };
  expect(await readUniverse({ ...ports, scans }, 'btc')).not.toHaveProperty('scan');
});

it('says that the exchange cannot be read instead of an empty list', async () => {
  const down = {
    ...ports,
    market: { ...ports.market, tickers: () => Promise.reject(new Error('no answer')) },
  };
  expect(await readUniverse(down, '')).toEqual({ kind: 'unavailable', reason: 'no answer' });
});

it.each([
  ['btc', 'BTCUSDT'],
  ['BTC/USDT', 'BTCUSDT'],
  ['pepe', '1000PEPEUSDT'],
  ['babydoge', '1MBABYDOGEUSDT'],
  ['mog', '1000000MOGUSDT'],
  ['shib', 'SHIB1000USDT'],
  ['MATIC', 'POLUSDT'],
  ['maticusdt', 'POLUSDT'],
  ['nope', undefined],
  ['', undefined],
])('"%s" means %s', (text, symbol) => {
  const there =
    'BTCUSDT 1000PEPEUSDT 1MBABYDOGEUSDT 1000000MOGUSDT SHIB1000USDT POLUSDT BTCDOMUSDT'.split(' ');
  expect(resolveSymbol(text, there)).toBe(symbol);
});

it('does not guess between two contracts of one coin', () => {
  expect(resolveSymbol('pepe', ['1000000PEPEUSDT', 'PEPE1000USDT'])).toBeUndefined();
});
