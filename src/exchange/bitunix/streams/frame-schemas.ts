import { z } from 'zod';
import {
  decimal,
  decimalMaybe,
  id,
  idMaybe,
  maybe,
  name,
  price,
  priceMaybe,
  time,
} from '../../wire/wire-fields.ts';

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
export const depthData = z.object({ b: levels, a: levels });

export const klineData = z.object({
  o: price,
  h: price,
  l: price,
  c: price,
  b: decimal,
  q: decimal,
});
