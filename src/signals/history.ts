import type { Candle } from '../domain/candle.ts';
import { HOUR } from '../domain/time.ts';
import { createAdx } from '../indicators/adx.ts';
import { createAggregator, type AggregateStep } from '../indicators/aggregate.ts';
import { createAtrMean } from '../indicators/atr.ts';
import { createBollingerBands } from '../indicators/bollinger-bands.ts';
import { createMacd } from '../indicators/macd.ts';
import { createRsi } from '../indicators/rsi.ts';
import { createSma } from '../indicators/sma.ts';
import { createVolumeMean } from '../indicators/volume-mean.ts';
import type { Snapshot } from './snapshot.ts';

/** The indicators of one symbol over one unbroken stretch of 1 h candles. The caller sees to order, gaps and faults. */
export interface History {
  push(candle: Candle): void;
  /** Another version of the last candle, with the same open time. */
  replace(candle: Candle): void;
  /** Undefined while any indicator is without a value. */
  snapshot(): Snapshot | undefined;
}

export function createHistory(): History {
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
  let close4h: number | undefined;
  let last: Candle | undefined;

  /** A 4 h candle that was already complete is replaced together with the 1 h candle that completed it. */
  function takeLarge({ closed }: AggregateStep, replace: boolean): void {
    if (closed === undefined) return;
    if (replace) sma4h.replace(closed);
    else sma4h.update(closed);
    close4h = closed.close;
  }

  return {
    push(candle) {
      for (const indicator of hourly) indicator.update(candle);
      takeLarge(fourHours.push(candle), false);
      last = candle;
    },
    replace(candle) {
      for (const indicator of hourly) indicator.replace(candle);
      takeLarge(fourHours.replace(candle), true);
      last = candle;
    },
    snapshot() {
      const band = bands.value();
      const slow = sma50.value();
      const strength = rsi.value();
      const lines = macd.value();
      const trend = adx.value();
      const range = atr.value();
      const mean = volumeMean.value();
      const large = sma4h.value();
      if (
        last === undefined ||
        band === undefined ||
        slow === undefined ||
        strength === undefined ||
        lines === undefined ||
        trend === undefined ||
        range === undefined ||
        mean === undefined ||
        large === undefined ||
        close4h === undefined
      ) {
        return undefined;
      }
      return {
        closedAt: last.openTime + HOUR,
        close: last.close,
        volume: last.volume,
        volumeMean: mean,
        // The middle of the bands is the SMA 20.
        sma20: band.middle,
        sma50: slow,
        upperBand: band.upper,
        lowerBand: band.lower,
        rsi: strength,
        macd: lines.macd,
        macdSignal: lines.signal,
        adx: trend,
        atr: range.atr,
        atrMean: range.mean,
        close4h,
        sma4h: large,
      };
    },
  };
}
