import { describe, expect, it } from 'vitest';
import { toText } from '../../src/domain/money/money.ts';
import { evaluateSnapshot, signalId } from '../../src/signals/evaluate.ts';
import { DEFAULT_STRATEGY } from '../../src/signals/parameters.ts';
import { DOWNTREND, instrument, UPTREND } from './samples.ts';
import { price } from '../../src/domain/money/money.ts';

describe('evaluateSnapshot', () => {
  it('makes a signal with prices, score, category and all nine criteria of its side', () => {
    const answer = evaluateSnapshot(UPTREND, instrument('SOLUSDT'), DEFAULT_STRATEGY);
    if (answer.kind !== 'signal') throw new Error(answer.reason);
    const { signal } = answer;
    expect(signal).toMatchObject({
      id: 'SOLUSDT-long-1760122800000',
      side: 'long',
      score: 100,
      category: 'layer 1',
      candleClosedAt: UPTREND.closedAt,
      atrFraction: 1 / 103,
    });
    expect([toText(signal.entry), toText(signal.stop)]).toEqual(['103', '101']);
    expect(signal.criteria.map((each) => each.met)).toEqual(Array.from({ length: 9 }, () => true));
    const points = signal.criteria.reduce((sum, each) => sum + each.weight, 0);
    expect(points).toBe(signal.score);
  });

  it('mirrors the trade for a downtrend', () => {
    const answer = evaluateSnapshot(DOWNTREND, instrument('SOLUSDT'), DEFAULT_STRATEGY);
    if (answer.kind !== 'signal') throw new Error(answer.reason);
    const { entry, stop, target, side } = answer.signal;
    expect(side).toBe('short');
    expect(target < entry && entry < stop).toBe(true);
  });

  it('shows both sides with reasons when there is no signal', () => {
    const answer = evaluateSnapshot(
      { ...UPTREND, macd: 0, rsi: 80 },
      instrument(),
      DEFAULT_STRATEGY,
    );
    if (answer.kind !== 'none') throw new Error(answer.kind);
    expect(answer.why).toBe('score');
    expect(answer.reason).toBe('Neither side reaches 75 of 100: long 70, short 35.');
    expect(answer.filters).toHaveLength(4);
    expect([answer.long.score, answer.short.score]).toEqual([70, 35]);
    const points = answer.long.confirmations.filter((each) => each.met);
    expect(points.reduce((sum, each) => sum + each.weight, 20)).toBe(70);
    expect(answer.short.confirmations).toHaveLength(5);
  });

  it.each([
    [{ volume: 1, atr: 9 }, {}, 'filters', 'Only 2 of 4 market filters are met, 3 are needed.'],
    [{}, { minScore: 30 }, 'contradiction', 'contradict each other: long 100, short 35'],
  ])('says why for %j', (...row) => {
    const [over, parameters, why, words] = row;
    const answer = evaluateSnapshot({ ...UPTREND, ...over }, instrument(), {
      ...DEFAULT_STRATEGY,
      ...parameters,
    });
    expect(answer).toMatchObject({ kind: 'none', why });
    expect(answer.kind === 'none' && answer.reason).toContain(words);
  });

  it('has no signal where no sound price exists', () => {
    const coarse = instrument('SOLUSDT', { tick: price('50') });
    expect(evaluateSnapshot(UPTREND, coarse, DEFAULT_STRATEGY)).toMatchObject({ why: 'levels' });
  });
});

it('signalId holds letters, digits and dashes only', () => {
  expect(signalId('1000PEPE_USDT.P', 'short', 5)).toBe('1000PEPE-USDT-P-short-5');
});
