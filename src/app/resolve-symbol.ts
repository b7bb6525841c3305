import { coinOf } from '../signals/categories.ts';

/**
 * The contract that somebody means by "btc", "BTC/USDT" or "BTCUSDT", out of those that there are; also by the coin behind a
 * scaled or renamed one: "pepe" is 1000PEPEUSDT, "babydoge" 1MBABYDOGEUSDT, "matic" POLUSDT. Undefined when there is none or
 * more than one.
 */
export function resolveSymbol(text: string, symbols: readonly string[]): string | undefined {
  const name = text.toUpperCase().replaceAll(/[/\-_ ]/g, '');
  const known = new Set(symbols);
  const plain = [name, `${name}USDT`, `1000${name}USDT`].find((each) => known.has(each));
  if (plain !== undefined || name === '') return plain;
  const sameCoin = symbols.filter((each) => coinOf(each) === coinOf(name));
  return sameCoin.length === 1 ? sameCoin[0] : undefined;
}
