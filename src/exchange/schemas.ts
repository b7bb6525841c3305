import { z } from 'zod';
import {
  decimalText,
  enumText,
  finiteNumber,
  idText,
  isTrue,
  timestamp,
  wholeNumber,
} from './wire-value.ts';

/**
 * The rows of the exchange as they arrive, with everything optional that may be null or missing. Unknown fields pass. What is
 * required here is what the domain cannot do without: a row that lacks it is refused with the field's name.
 */

/** Any value, and also a key that is missing. */
const maybe = z.unknown().optional();

const required = <T>(read: (value: unknown) => T | undefined, what: string) =>
  maybe.transform((value, context): T => {
    const result = read(value);
    if (result !== undefined) return result;
    context.addIssue({ code: 'custom', message: `is ${shown(value)}, not ${what}` });
    return z.NEVER;
  });

const optional = <T>(read: (value: unknown) => T | undefined) =>
  maybe.transform((value): T | undefined => read(value));

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}

/** A price that can be one: above 0. The exchange writes "0", "-1" or "market" where it has none. */
const priceText = (value: unknown): string | undefined => {
  const text = decimalText(value);
  return text !== undefined && !text.startsWith('-') && /[1-9]/.test(text) ? text : undefined;
};

const decimal = required(decimalText, 'a decimal');
const price = required(priceText, 'a price');
const priceMaybe = optional(priceText);
const decimalMaybe = optional(decimalText);
const whole = required(wholeNumber, 'a whole number');
const wholeMaybe = optional(wholeNumber);
const id = required(idText, 'an id');
const idMaybe = optional(idText);
const time = required(timestamp, 'a time');
const timeMaybe = optional(timestamp);
const name = required(enumText, 'a word');
const nameMaybe = optional(enumText);
const flag = maybe.transform(isTrue);
const double = required(finiteNumber, 'a number');

export const tradingPairRow = z.object({
  symbol: id,
  base: id,
  quote: id,
  minTradeVolume: decimal,
  maxLimitOrderVolume: decimalMaybe,
  maxMarketOrderVolume: decimalMaybe,
  basePrecision: whole,
  quotePrecision: whole,
  minLeverage: wholeMaybe,
  maxLeverage: whole,
  priceProtectScope: decimalMaybe,
  symbolStatus: nameMaybe,
  // Said to be on every row; a contract that lacks it counts as tradable and the exchange has the last word.
  isApiSupported: maybe.transform(
    (value) => value === undefined || value === null || isTrue(value),
  ),
  launchTime: timeMaybe,
  delistTime: timeMaybe,
});

export const tickerRow = z.object({
  symbol: id,
  markPrice: price,
  lastPrice: priceMaybe,
  last: priceMaybe,
  open: price,
  high: price,
  low: price,
  quoteVol: decimal,
});

export const klineRow = z.object({
  open: double,
  high: double,
  low: double,
  close: double,
  quoteVol: double,
  baseVol: double,
  time,
});

export const fundingRow = z.object({
  symbol: id,
  fundingRate: decimal,
  fundingInterval: whole,
  nextFundingTime: time,
});

export const fundingHistoryRow = z.object({ fundingRate: decimal, fundingTime: time });

export const tierRow = z.object({
  level: whole,
  startValue: decimal,
  endValue: decimal,
  leverage: whole,
  maintenanceMarginRate: decimal,
});

export const accountRow = z.object({
  marginCoin: id,
  available: decimal,
  frozen: decimal,
  margin: decimal,
  crossUnrealizedPNL: decimal,
  isolationUnrealizedPNL: decimal,
  bonus: decimalMaybe,
  positionMode: name,
});

export const leverageRow = z.object({ leverage: whole, marginMode: name });

export const positionRow = z.object({
  positionId: id,
  symbol: id,
  qty: decimal,
  side: name,
  marginMode: nameMaybe,
  leverage: whole,
  fee: decimal,
  funding: decimal,
  realizedPNL: decimal,
  margin: decimal,
  unrealizedPNL: decimal,
  liqPrice: priceMaybe,
  avgOpenPrice: price,
  ctime: timeMaybe,
  mtime: timeMaybe,
});

export const closedPositionRow = z.object({
  positionId: id,
  symbol: id,
  maxQty: decimal,
  entryPrice: price,
  closePrice: price,
  liqQty: decimalMaybe,
  side: name,
  leverage: whole,
  fee: decimal,
  funding: decimal,
  realizedPNL: decimal,
  ctime: timeMaybe,
  mtime: time,
});

export const protectionRow = z.object({
  id: idMaybe,
  orderId: idMaybe,
  positionId: id,
  symbol: id,
  tpPrice: priceMaybe,
  slPrice: priceMaybe,
  tpQty: priceMaybe,
  slQty: priceMaybe,
  tpStopType: nameMaybe,
  slStopType: nameMaybe,
  status: nameMaybe,
  ctime: timeMaybe,
  triggerTime: timeMaybe,
});

export const orderRow = z.object({
  orderId: id,
  clientId: idMaybe,
  symbol: id,
  side: name,
  orderType: nameMaybe,
  type: nameMaybe,
  qty: decimal,
  tradeQty: decimalMaybe,
  price: priceMaybe,
  reduceOnly: flag,
  status: nameMaybe,
  slPrice: priceMaybe,
  tpPrice: priceMaybe,
  ctime: timeMaybe,
  mtime: timeMaybe,
});

export const fillRow = z.object({
  tradeId: id,
  orderId: id,
  symbol: id,
  side: name,
  price,
  qty: decimal,
  fee: decimal,
  realizedPNL: decimalMaybe,
  roleType: nameMaybe,
  ctime: time,
});

export const orderReply = z.object({ orderId: idMaybe, id: idMaybe, clientId: idMaybe });

export const batchReply = z.object({
  successList: z.array(orderReply).nullish(),
  failureList: z
    .array(
      z.object({
        orderId: idMaybe,
        clientId: idMaybe,
        errorCode: idMaybe,
        errorMsg: maybe.transform((value) => (typeof value === 'string' ? value : '')),
      }),
    )
    .nullish(),
});
