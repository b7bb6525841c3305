import type { Candle } from '../domain/candle.ts';

/**
 * Why a candle cannot be used, in plain words; undefined when it can.
 * A usable candle has finite prices above 0, a low that is the least and a high that is the greatest of the four, and a
 * finite volume of 0 or more. How far a price jumped is no fault: real markets halve within an hour.
 */
export function candleFault(candle: Candle): string | undefined {
  const { openTime, open, high, low, close, volume } = candle;
  if (
    Number.isSafeInteger(openTime) &&
    low > 0 &&
    open >= low &&
    close >= low &&
    high >= open &&
    high >= close &&
    high < Infinity &&
    volume >= 0 &&
    volume < Infinity
  ) {
    return undefined;
  }
  return describeFault(candle);
}

function describeFault(candle: Candle): string {
  const { openTime, open, high, low, close, volume } = candle;
  if (!Number.isSafeInteger(openTime)) return `the open time ${openTime} is not a whole number`;
  for (const [name, each] of Object.entries({ open, high, low, close, volume })) {
    if (!Number.isFinite(each)) return `${name} is ${each}`;
  }
  for (const [name, each] of Object.entries({ open, high, low, close })) {
    if (each <= 0) return `${name} is ${each}, a price must be above 0`;
  }
  if (volume < 0) return `volume is ${volume}, it must be 0 or more`;
  return `open ${open}, high ${high}, low ${low}, close ${close} contradict each other`;
}
