import type { Candle } from '../../domain/candle.ts';
import { HOUR } from '../../domain/time.ts';
import { createAdx } from '../../indicators/adx.ts';
import { createAggregator, type AggregateStep } from '../../indicators/aggregate.ts';
import { createAtrMean, type AtrMeanValue } from '../../indicators/atr.ts';
import { createBollingerBands, type BandsValue } from '../../indicators/bollinger-bands.ts';
import { createMacd, type MacdValue } from '../../indicators/macd.ts';
import { createRsi } from '../../indicators/rsi.ts';
import { createSma } from '../../indicators/sma.ts';
import { createVolumeMean } from '../../indicators/volume-mean.ts';
import { createDayTurnover } from '../day-turnover.ts';
import type { History } from '../strategy.ts';
import type { Snapshot } from './snapshot.ts';

/** The indicators of one symbol over 1 h candles. */
export function createHistory(): History<Snapshot> {
  const bands = createBollingerBands();
  const sma50 = createSma(50);
  const rsi = createRsi();
  const macd = createMacd();
  const adx = createAdx();
  const atr = createAtrMean();
  const volumeMean = createVolumeMean();
  const hourly = [bands, sma50, rsi, macd, adx, atr, volumeMean];
  const fourHours = createAggregator({ from: '1h', to: '4h' });
  const sma4h = createSma(20);
  const turnover = createDayTurnover('1h');
  let close4h: number | undefined;
  let last: Candle | undefined;

  /** A 4 h candle that was already complete is replaced together with the 1 h candle that completed it. */
  function takeLarge({ closed }: AggregateStep, replace: boolean): void {
    if (closed === undefined) return;
    if (replace) sma4h.replace(closed);
    else sma4h.update(closed);
    close4h = closed.close;
  }

  const hourlyValues = (): HourlyValues => ({
    bands: bands.value(),
    sma50: sma50.value(),
    rsi: rsi.value(),
    macd: macd.value(),
    adx: adx.value(),
    atr: atr.value(),
    volumeMean: volumeMean.value(),
    dayTurnover: turnover.value(),
  });

  return {
    push(candle) {
      for (const indicator of hourly) indicator.update(candle);
      takeLarge(fourHours.push(candle), false);
      turnover.push(candle);
      last = { ...candle };
    },
    replace(candle) {
      for (const indicator of hourly) indicator.replace(candle);
      takeLarge(fourHours.replace(candle), true);
      turnover.replace(candle);
      last = { ...candle };
    },
    snapshot: () => last && snapshotOf(last, hourlyValues(), { close4h, sma4h: sma4h.value() }),
  };
}

interface HourlyValues {
  readonly bands: BandsValue | undefined;
  readonly sma50: number | undefined;
  readonly rsi: number | undefined;
  readonly macd: MacdValue | undefined;
  readonly adx: number | undefined;
  readonly atr: AtrMeanValue | undefined;
  readonly volumeMean: number | undefined;
  readonly dayTurnover: number | undefined;
}

/** All values or none. */
function snapshotOf(
  last: Candle,
  { bands, sma50, rsi, macd, adx, atr, volumeMean, dayTurnover }: HourlyValues,
  { close4h, sma4h }: { readonly close4h: number | undefined; readonly sma4h: number | undefined },
): Snapshot | undefined {
  if (bands === undefined || sma50 === undefined || rsi === undefined) return undefined;
  if (macd === undefined || adx === undefined || atr === undefined) return undefined;
  if (volumeMean === undefined || close4h === undefined || sma4h === undefined) return undefined;
  if (dayTurnover === undefined) return undefined;
  return {
    closedAt: last.openTime + HOUR,
    close: last.close,
    volume: last.volume,
    volumeMean,
    // The middle of the bands is the SMA 20.
    sma20: bands.middle,
    sma50,
    upperBand: bands.upper,
    lowerBand: bands.lower,
    rsi,
    macd: macd.macd,
    macdSignal: macd.signal,
    adx,
    atr: atr.atr,
    atrMean: atr.mean,
    close4h,
    sma4h,
    dayTurnover,
  };
}
