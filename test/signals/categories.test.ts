import { describe, expect, it } from 'vitest';
import { categoryOf, coinOf } from '../../src/signals/categories.ts';
import { CATEGORIES, COINS, RENAMED } from '../../src/signals/category-table.ts';

describe('coinOf', () => {
  it.each([
    ['1000PEPE', 'PEPE'],
    ['1000000MOG', 'MOG'],
    ['1MBABYDOGE', 'BABYDOGE'],
    ['10000SATS', '10000SATS'],
    ['SHIB1000', 'SHIB'],
    ['1INCH', '1INCH'],
    ['1000X', 'X'],
    ['MATIC', 'POL'],
    ['btc', 'BTC'],
    ['1000PEPEUSDT', 'PEPE'],
    ['USDT', 'USDT'],
    ['BROCCOLI714', 'BROCCOLI714'],
  ])('%s is %s', (base, coin) => {
    expect(coinOf(base)).toBe(coin);
  });
});

describe('categoryOf', () => {
  it.each([
    ['BTC', 'Bitcoin and majors'],
    ['SOL', 'layer 1'],
    ['MATIC', 'layer 2'],
    ['AAVE', 'DeFi'],
    ['TAO', 'AI'],
    ['1000FLOKI', 'meme'],
    ['MANA', 'gaming'],
    ['OKB', 'exchange'],
    ['XMR', 'privacy'],
    ['LINK', 'infrastructure and oracle'],
    ['ONDO', 'real-world assets'],
    ['NEVERHEARDOF', 'other'],
  ])('%s is %s', (base, category) => {
    expect(categoryOf(base)).toBe(category);
  });

  it('lists each coin once, by its current name', () => {
    const coins = Object.values(COINS).flat();
    expect(coins.filter((coin, index) => coins.indexOf(coin) !== index)).toEqual([]);
    expect(coins.filter((coin) => coin in RENAMED)).toEqual([]);
    expect(CATEGORIES).toHaveLength(12);
  });
});
