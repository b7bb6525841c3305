/** Contracts as people write them. */
import { describe, expect, it } from 'vitest';
import { resolveSymbol } from '../../src/app/reading/resolve-symbol.ts';

const LISTED = [
  'BTCUSDT',
  'ETHUSDT',
  'SOLUSDT',
  '1000PEPEUSDT',
  'POLUSDT',
  'SHIB1000USDT',
  'PUSDT',
];

describe('a contract', () => {
  it.each([
    ['btc', 'BTCUSDT'],
    ['$BTC', 'BTCUSDT'],
    ['#eth', 'ETHUSDT'],
    ['BTC/USDT:USDT', 'BTCUSDT'],
    ['BTCUSDT.P', 'BTCUSDT'],
    ['BTC-PERP', 'BTCUSDT'],
    ['btcusdt perp', 'BTCUSDT'],
    ['ＢＴＣ', 'BTCUSDT'],
    ['Bitcoin', 'BTCUSDT'],
    ['ether', 'ETHUSDT'],
    ['solana', 'SOLUSDT'],
    ['matic', 'POLUSDT'],
    ['polygon', 'POLUSDT'],
    ['$pepe', '1000PEPEUSDT'],
    ['BINANCE:ETHUSDT.P', 'ETHUSDT'],
    ['ETH-USDT-SWAP', 'ETHUSDT'],
    ['BTCUSD', 'BTCUSDT'],
    ['XBTUSD', 'BTCUSDT'],
    ['eth,', 'ETHUSDT'],
    ['p', 'PUSDT'],
    ['', undefined],
    ['$', undefined],
    ['gold', undefined],
  ])('written as "%s" is %s', (text, symbol) => {
    expect(resolveSymbol(text, LISTED)).toBe(symbol);
  });
});
