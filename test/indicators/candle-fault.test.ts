import { expect, it } from 'vitest';
import { candleFault } from '../../src/indicators/candle-fault.ts';

const good = { openTime: 0, open: 2, high: 3, low: 1, close: 2, volume: 0 };

it('finds no fault in a usable candle, even one that halves or has no volume', () => {
  expect(candleFault(good)).toBeUndefined();
  expect(candleFault({ ...good, low: 0.000_001 })).toBeUndefined();
});

it.each([
  [{ open: NaN }, 'open is NaN'],
  [{ high: Infinity }, 'high is Infinity'],
  [{ close: 0, low: 0 }, 'low is 0, a price must be above 0'],
  [{ volume: -1 }, 'volume is -1, it must be 0 or more'],
  [{ close: 5 }, 'open 2, high 3, low 1, close 5 contradict each other'],
  [{ openTime: 1.5 }, 'the open time 1.5 is not a whole number'],
])('names what is wrong with %j', (damage, fault) => {
  expect(candleFault({ ...good, ...damage })).toBe(fault);
});
