import {
  grouped,
  times,
  toFixed,
  toText,
  usdText,
  type Price,
  type Qty,
  type Ratio,
  type Usd,
} from '../../domain/money.ts';

/** Decimals by symbol; a symbol that is not in it is shown with every digit. */
export type Digits = ReadonlyMap<string, { readonly price: number; readonly qty: number }>;

/** "+12.30 USDT", "-4.00 USDT", "0.00 USDT": a gain or a loss. */
export function signedUsd(value: Usd): string {
  const text = usdText(value);
  return value > 0n && /[1-9]/.test(text) ? `+${text}` : text;
}

/** "1.50%". */
export const percentText = (value: Ratio): string => `${grouped(toFixed(times(value, 100), 2))} %`;

/** "27,123.4" with the instrument's decimals. */
export function priceText(value: Price, symbol: string, digits: Digits): string {
  const decimals = digits.get(symbol)?.price;
  return grouped(decimals === undefined ? toText(value) : toFixed(value, decimals));
}

/** "0.015" with the instrument's decimals. */
export function qtyText(value: Qty, symbol: string, digits: Digits): string {
  const decimals = digits.get(symbol)?.qty;
  return grouped(decimals === undefined ? toText(value) : toFixed(value, decimals));
}
