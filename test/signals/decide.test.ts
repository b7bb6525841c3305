import { expect, it } from 'vitest';
import { decide } from '../../src/signals/agreement/decide.ts';
import { DEFAULT_STRATEGY } from '../../src/signals/parameters.ts';
import { DOWNTREND, UPTREND } from './samples.ts';

it('scores a clear trend 100 for its side and only filter and neutral points for the other', () => {
  expect(decide(UPTREND, DEFAULT_STRATEGY)).toEqual({
    filtersMet: 4,
    longScore: 100,
    shortScore: 35,
    outcome: 'long',
  });
  expect(decide(DOWNTREND, DEFAULT_STRATEGY)).toEqual({
    filtersMet: 4,
    longScore: 35,
    shortScore: 100,
    outcome: 'short',
  });
});

it('needs three of four filters whatever the score', () => {
  const one = { ...UPTREND, volume: 1 };
  const two = { ...one, atr: 4, atrMean: 1 };
  expect(decide(one, DEFAULT_STRATEGY)).toMatchObject({ filtersMet: 3, outcome: 'long' });
  expect(decide(two, DEFAULT_STRATEGY)).toMatchObject({
    filtersMet: 2,
    longScore: 90,
    outcome: 'filters',
  });
});

it('takes a score of exactly the minimum and none below it', () => {
  const view = { ...UPTREND, macd: 0, rsi: 75 };
  expect(decide(view, { ...DEFAULT_STRATEGY, minScore: 70 })).toMatchObject({
    longScore: 70,
    outcome: 'long',
  });
  expect(decide(view, { ...DEFAULT_STRATEGY, minScore: 71 }).outcome).toBe('score');
});

it('takes no side when the 1 h and the 4 h trend point apart', () => {
  expect(decide({ ...UPTREND, close4h: 90, macd: 0 }, DEFAULT_STRATEGY).outcome).toBe('score');
});

it('calls equal scores a tie and two sufficient scores a contradiction', () => {
  const generous = { ...DEFAULT_STRATEGY, minScore: 30 };
  expect(decide(UPTREND, generous)).toMatchObject({ shortScore: 35, outcome: 'contradiction' });
  const even = { ...UPTREND, close: 100, sma50: 100, close4h: 99, macd: 0.5, rsi: 50 };
  expect(decide(even, generous)).toMatchObject({ longScore: 45, shortScore: 45, outcome: 'tie' });
});
