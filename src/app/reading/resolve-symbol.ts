import { editDistance } from '../../domain/words/edit-distance.ts';
import { coinOf } from '../../signals/categories.ts';

/**
 * The contract that somebody means by "btc", "BTC/USDT" or "BTCUSDT", out of those that there are; also by the coin behind a
 * scaled or renamed one: "pepe" is 1000PEPEUSDT, "babydoge" 1MBABYDOGEUSDT, "matic" POLUSDT. Undefined when there is none or
 * more than one.
 */
export function resolveSymbol(text: string, symbols: readonly string[]): string | undefined {
  const written = asWritten(text);
  const name = COIN_OF[written.replace(/USDT?$/, '').toLowerCase()] ?? written;
  const known = new Set(symbols);
  const names = [name, `${name}USDT`, `1000${name}USDT`, name.replace(/USD$/, 'USDT')];
  const plain = names.find((each) => known.has(each));
  if (plain !== undefined || name === '') return plain;
  const sameCoin = symbols.filter((each) => coinOf(each) === coinOf(name));
  return sameCoin.length === 1 ? sameCoin[0] : undefined;
}

/** "$btc", "BTC/USDT:USDT", "BINANCE:BTCUSDT.P", "BTC-USDT-SWAP", "ＢＴＣ", "#eth," without what says nothing about the coin. */
const asWritten = (text: string): string =>
  text
    .normalize('NFKC')
    .trim()
    .toUpperCase()
    .replace(/[,;:.!?]+$/, '')
    .replace(/^(?:[A-Z]+:(?!USDT$))?[$#]?/, '')
    .replace(/(?::USDT|[.\-_ ]?PERP|[-_]SWAP|\.P)$/, '')
    .replaceAll(/[/\-_ ]/g, '');

/** Coins by the names that people call them. */
const COIN_OF: Readonly<Record<string, string>> = {
  bitcoin: 'BTC',
  xbt: 'BTC',
  ethereum: 'ETH',
  ether: 'ETH',
  solana: 'SOL',
  ripple: 'XRP',
  dogecoin: 'DOGE',
  cardano: 'ADA',
  litecoin: 'LTC',
  polkadot: 'DOT',
  chainlink: 'LINK',
  avalanche: 'AVAX',
  tron: 'TRX',
  shiba: 'SHIB',
  shibainu: 'SHIB',
  toncoin: 'TON',
  stellar: 'XLM',
  uniswap: 'UNI',
  polygon: 'POL',
  binancecoin: 'BNB',
  monero: 'XMR',
  cosmos: 'ATOM',
  aptos: 'APT',
  arbitrum: 'ARB',
  optimism: 'OP',
  filecoin: 'FIL',
  bitcoincash: 'BCH',
  hyperliquid: 'HYPE',
};

/** Letters that may differ for a name to count as a slip of the finger. */
const SLIPS = 2;

/** "Did you mean BTCUSDT?", of at most three contracts; undefined where none is near. */
export function didYouMean(text: string, symbols: readonly string[]): string | undefined {
  const similar = similarSymbols(text, symbols);
  return similar.length === 0 ? undefined : `Did you mean ${similar.join(', ')}?`;
}

/** Those that begin so, then those that differ by a letter or two. */
function similarSymbols(text: string, symbols: readonly string[]): readonly string[] {
  const name = asWritten(text).replaceAll(/[^A-Z0-9]/g, '');
  if (name === '') return [];
  const ranked = symbols.map((symbol) => {
    const coin = coinOf(symbol);
    return { symbol, begins: coin.startsWith(name), far: editDistance(name, coin) };
  });
  return ranked
    .filter(
      ({ begins, far }) => (begins && name.length >= 2) || far <= Math.min(SLIPS, name.length - 1),
    )
    .toSorted((a, b) => a.far - b.far || a.symbol.length - b.symbol.length)
    .slice(0, 3)
    .map((each) => each.symbol);
}
