import { z } from 'zod';
import {
  count,
  countMaybe,
  decimal,
  decimalMaybe,
  double,
  figureMaybe,
  flag,
  id,
  idMaybe,
  levelMaybe,
  maybe,
  name,
  nameMaybe,
  price,
  priceMaybe,
  sizeMaybe,
  time,
  timeMaybe,
  unsigned,
  whole,
  wholeMaybe,
} from '../wire/wire-fields.ts';
import { isTrue } from '../wire/wire-value.ts';

/**
 * The rows of the exchange as they arrive, with everything optional that may be null or missing. Unknown fields pass. What is
 * required here is what the domain cannot do without: a row that lacks it is refused with the field's name.
 */

export const tradingPairRow = z.object({
  symbol: id,
  base: id,
  quote: id,
  minTradeVolume: unsigned,
  maxLimitOrderVolume: sizeMaybe,
  maxMarketOrderVolume: sizeMaybe,
  basePrecision: whole,
  quotePrecision: whole,
  minLeverage: wholeMaybe,
  maxLeverage: count,
  priceProtectScope: sizeMaybe,
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
  quoteVol: unsigned,
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
  fundingInterval: count,
  nextFundingTime: time,
});

export const fundingHistoryRow = z.object({
  fundingRate: decimal,
  fundingTime: time,
  markPrice: priceMaybe,
});

export const tierRow = z.object({
  level: count,
  startValue: unsigned,
  endValue: unsigned,
  leverage: count,
  maintenanceMarginRate: unsigned,
});

export const accountRow = z.object({
  marginCoin: id,
  available: decimal,
  frozen: unsigned,
  margin: unsigned,
  crossUnrealizedPNL: decimal,
  isolationUnrealizedPNL: decimal,
  bonus: figureMaybe,
  positionMode: nameMaybe,
});

export const leverageRow = z.object({ leverage: count, marginMode: name });

/**
 * What watching a position needs is required; its costs and its margin are missing at times, and fees come under two names. One that is no
 * figure is as good as missing: it is told to be unknown.
 */
export const positionRow = z.object({
  positionId: id,
  symbol: id,
  qty: decimal,
  side: name,
  marginMode: nameMaybe,
  leverage: count,
  fee: decimalMaybe,
  fees: decimalMaybe,
  funding: decimalMaybe,
  realizedPNL: decimalMaybe,
  margin: decimalMaybe,
  unrealizedPNL: decimal,
  liqPrice: levelMaybe,
  avgOpenPrice: price,
  ctime: timeMaybe,
  mtime: timeMaybe,
});

/** What it earned or cost may be missing, as for an open one: what is over must not hide what is open. */
export const closedPositionRow = z.object({
  positionId: id,
  symbol: id,
  maxQty: decimal,
  entryPrice: price,
  closePrice: price,
  liqQty: figureMaybe,
  side: name,
  leverage: countMaybe,
  fee: decimalMaybe,
  fees: decimalMaybe,
  funding: decimalMaybe,
  realizedPNL: decimalMaybe,
  ctime: timeMaybe,
  mtime: time,
});

export const protectionRow = z.object({
  id: idMaybe,
  orderId: idMaybe,
  positionId: id,
  symbol: id,
  tpPrice: levelMaybe,
  slPrice: levelMaybe,
  tpQty: sizeMaybe,
  slQty: sizeMaybe,
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
  qty: unsigned,
  tradeQty: figureMaybe,
  price: levelMaybe,
  reduceOnly: flag,
  status: nameMaybe,
  slPrice: levelMaybe,
  tpPrice: levelMaybe,
  ctime: timeMaybe,
  mtime: timeMaybe,
});

export const fillRow = z.object({
  tradeId: id,
  orderId: id,
  symbol: id,
  side: name,
  price,
  qty: unsigned,
  fee: decimalMaybe,
  fees: decimalMaybe,
  realizedPNL: figureMaybe,
  reduceOnly: flag,
  positionMode: nameMaybe,
  roleType: nameMaybe,
  ctime: time,
});

export const orderReply = z.object({
  orderId: idMaybe,
  id: idMaybe,
  clientId: idMaybe,
  positionId: idMaybe,
});

export const cancelReply = z.object({
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
