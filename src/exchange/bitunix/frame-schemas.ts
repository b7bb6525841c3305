import { z } from 'zod';
import {
  decimal,
  decimalMaybe,
  flag,
  id,
  idMaybe,
  maybe,
  name,
  nameMaybe,
  price,
  priceMaybe,
  sizeMaybe,
  time,
  timeMaybe,
  wholeMaybe,
} from '../wire/wire-fields.ts';

/** Frames of the streams as they arrive. Unknown fields pass; the data comes alone or, in older documents, in a list. */

export const frameSchema = z.object({ ch: id, symbol: idMaybe, ts: time, data: maybe });

export const tickerData = z.object({
  s: id,
  o: price,
  h: price,
  l: price,
  la: price,
  b: decimal,
  q: decimal,
  r: decimalMaybe,
  bd: priceMaybe,
  ak: priceMaybe,
  bv: decimalMaybe,
  av: decimalMaybe,
});

export const tradeData = z.object({ t: time, p: price, v: decimal, s: name });

const levels = z.array(z.tuple([price, decimal]));
/** The stream names both sides by a letter, the request by a word. */
export const depthData = z.union([
  z.object({ b: levels, a: levels }).transform(({ b, a }) => ({ bids: b, asks: a })),
  z.object({ bids: levels, asks: levels }),
]);

export const klineData = z.object({
  o: price,
  h: price,
  l: price,
  c: price,
  b: decimal,
  q: decimal,
});

export const balanceData = z.object({
  coin: id,
  available: decimal,
  frozen: decimal,
  isolationFrozen: decimalMaybe,
  crossFrozen: decimalMaybe,
  margin: decimal,
  isolationMargin: decimalMaybe,
  crossMargin: decimalMaybe,
  expMoney: decimalMaybe,
});

export const positionData = z.object({
  event: name,
  positionId: id,
  symbol: id,
  side: name,
  qty: decimal,
  leverage: wholeMaybe,
  margin: decimalMaybe,
  // Older documents call it positionType.
  marginMode: nameMaybe,
  positionType: nameMaybe,
  positionMode: nameMaybe,
  realizedPNL: decimalMaybe,
  unrealizedPNL: decimalMaybe,
  funding: decimalMaybe,
  fee: decimalMaybe,
  ctime: timeMaybe,
});

export const orderData = z.object({
  event: name,
  orderId: id,
  clientId: idMaybe,
  symbol: id,
  side: name,
  type: nameMaybe,
  qty: decimal,
  dealAmount: decimalMaybe,
  averagePrice: priceMaybe,
  price: priceMaybe,
  reductionOnly: flag,
  orderStatus: nameMaybe,
  fee: decimalMaybe,
  ctime: timeMaybe,
  mtime: timeMaybe,
});

export const protectionData = z.object({
  event: name,
  orderId: id,
  positionId: id,
  symbol: id,
  status: nameMaybe,
  type: nameMaybe,
  slPrice: priceMaybe,
  slQty: sizeMaybe,
  slStopType: nameMaybe,
  tpPrice: priceMaybe,
  tpQty: sizeMaybe,
  tpStopType: nameMaybe,
  ctime: timeMaybe,
});
