import { grouped, toFixed, type Price, type Qty } from '../../domain/money/money.ts';
import { numberText } from '../../domain/words/words.ts';

/** Decimals by symbol; a symbol that is not in it is shown with every digit. */
export type Digits = ReadonlyMap<string, { readonly price: number; readonly qty: number }>;

export { signedUsd } from '../../domain/money/money.ts';
export { countText, percentColumn as percentText } from '../../domain/words/words.ts';

/** "27,123.4" with the instrument's decimals. */
export function priceText(value: Price, symbol: string, digits: Digits): string {
  const decimals = digits.get(symbol)?.price;
  return decimals === undefined ? numberText(value) : withDecimals(value, decimals);
}

/** What a quantity of that contract is counted in: "LTC", "1000PEPE". */
export const unitOf = (symbol: string): string => symbol.replace(/(?<=.)USDT$/, '');

/** "0.015" with the instrument's decimals. */
export function qtyText(value: Qty, symbol: string, digits: Digits): string {
  const decimals = digits.get(symbol)?.qty;
  return decimals === undefined ? numberText(value) : withDecimals(value, decimals);
}

/** With the contract's decimals, unless they would show a zero that it is not. */
function withDecimals(value: Price | Qty, decimals: number): string {
  const text = toFixed(value, decimals);
  return value !== 0n && !/[1-9]/.test(text) ? numberText(value) : grouped(text);
}
