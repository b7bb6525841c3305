/**
 * The contract that somebody means by "btc", "BTC/USDT" or "BTCUSDT", out of those that there are. Undefined when there is none.
 */
export function resolveSymbol(text: string, symbols: readonly string[]): string | undefined {
  const name = text.toUpperCase().replaceAll(/[/\-_ ]/g, '');
  const known = new Set(symbols);
  return [name, `${name}USDT`, `1000${name}USDT`].find((each) => known.has(each));
}
