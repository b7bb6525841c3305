import type { CandleColumns } from '../../domain/candle.ts';
import { HOUR } from '../../domain/time.ts';
import { adxColumn } from '../../indicators/adx.ts';
import { closingRows } from '../../indicators/aggregate.ts';
import { atrMeanColumns } from '../../indicators/atr.ts';
import { bollingerColumns } from '../../indicators/bollinger-bands.ts';
import { emptyColumn, shiftedColumn } from '../../indicators/column.ts';
import { macdColumns } from '../../indicators/macd.ts';
import { rsiColumn } from '../../indicators/rsi.ts';
import { smaColumn } from '../../indicators/sma.ts';
import { volumeMeanColumn } from '../../indicators/volume-mean.ts';
import { dayTurnoverColumn } from '../day-turnover.ts';
import type { ViewColumns } from '../strategy.ts';
import type { Snapshot } from './snapshot.ts';

/** The snapshots of candles that belong together, NaN where they have no value yet: `createHistory` as columns. */
export function snapshotFields(candles: CandleColumns): ViewColumns<Snapshot> {
  const { time, close, volume } = candles;
  const bands = bollingerColumns(close);
  const macd = macdColumns(close);
  const atr = atrMeanColumns(candles);
  return {
    closedAt: shiftedColumn(time, HOUR),
    close,
    volume,
    volumeMean: volumeMeanColumn(volume),
    sma20: bands.middle,
    sma50: smaColumn(close, 50),
    upperBand: bands.upper,
    lowerBand: bands.lower,
    rsi: rsiColumn(close),
    macd: macd.macd,
    macdSignal: macd.signal,
    adx: adxColumn(candles),
    atr: atr.atr,
    atrMean: atr.mean,
    dayTurnover: dayTurnoverColumn(candles, '1h'),
    ...higherFields(candles),
  };
}

/** Close and SMA 20 of the newest closed 4 h candle, on every row until the next one closes. */
function higherFields({
  time,
  close,
}: CandleColumns): Pick<ViewColumns<Snapshot>, 'close4h' | 'sma4h'> {
  const rows = closingRows(time, { from: '1h', to: '4h' });
  const closes = new Float64Array(rows.length);
  for (const [index, row] of rows.entries()) closes[index] = close[row] ?? NaN;
  const means = smaColumn(closes, 20);
  const close4h = emptyColumn(time.length);
  const sma4h = emptyColumn(time.length);
  let closed = 0;
  for (let row = rows[0] ?? time.length; row < time.length; row += 1) {
    if (rows[closed] === row) closed += 1;
    close4h[row] = closes[closed - 1] ?? NaN;
    sma4h[row] = means[closed - 1] ?? NaN;
  }
  return { close4h, sma4h };
}

export function snapshotAt(fields: ViewColumns<Snapshot>, row: number): Snapshot {
  return {
    closedAt: fields.closedAt[row] ?? NaN,
    close: fields.close[row] ?? NaN,
    volume: fields.volume[row] ?? NaN,
    volumeMean: fields.volumeMean[row] ?? NaN,
    sma20: fields.sma20[row] ?? NaN,
    sma50: fields.sma50[row] ?? NaN,
    upperBand: fields.upperBand[row] ?? NaN,
    lowerBand: fields.lowerBand[row] ?? NaN,
    rsi: fields.rsi[row] ?? NaN,
    macd: fields.macd[row] ?? NaN,
    macdSignal: fields.macdSignal[row] ?? NaN,
    adx: fields.adx[row] ?? NaN,
    atr: fields.atr[row] ?? NaN,
    atrMean: fields.atrMean[row] ?? NaN,
    close4h: fields.close4h[row] ?? NaN,
    sma4h: fields.sma4h[row] ?? NaN,
    dayTurnover: fields.dayTurnover[row] ?? NaN,
  };
}
