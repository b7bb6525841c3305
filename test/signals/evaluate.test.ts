import { describe, expect, it } from 'vitest';
import { toText } from '../../src/domain/money/money.ts';
import { evaluate, signalId } from '../../src/signals/evaluate.ts';
import { DEFAULT_STRATEGY } from '../../src/signals/parameters.ts';
import type { Instrument } from '../../src/domain/instrument.ts';
import type { Snapshot } from '../../src/signals/agreement/snapshot.ts';
import { agreement } from '../../src/signals/strategies/agreement.ts';
import type { StrategyParameters } from '../../src/signals/parameters.ts';
import { DOWNTREND, instrument, UPTREND } from './samples.ts';
import { price } from '../../src/domain/money/money.ts';

/** Neither side agrees enough. */
const QUIET = { ...UPTREND, macd: 0, rsi: 80 };
const ask = (view: Snapshot, of: Instrument, parameters: StrategyParameters = DEFAULT_STRATEGY) =>
  evaluate({ strategy: agreement, view, instrument: of, parameters }, () => QUIET);

describe('evaluate', () => {
  it('makes a signal with prices, score, category and all nine criteria of its side', () => {
    const answer = ask(UPTREND, instrument('SOLUSDT'));
    if (answer.kind !== 'signal') throw new Error(answer.reason);
    const { signal } = answer;
    expect(signal).toMatchObject({
      id: 'SOLUSDT-agreement-long-1760122800000',
      strategy: 'agreement',
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
    const answer = ask(DOWNTREND, instrument('SOLUSDT'));
    if (answer.kind !== 'signal') throw new Error(answer.reason);
    const { entry, stop, target, side } = answer.signal;
    expect(side).toBe('short');
    expect(target < entry && entry < stop).toBe(true);
  });

  it('says what both sides score when there is no signal', () => {
    const answer = ask({ ...UPTREND, macd: 0, rsi: 80 }, instrument());
    if (answer.kind !== 'none') throw new Error(answer.kind);
    expect(answer.why).toBe('score');
    expect(answer.reason).toBe('Neither side reaches 75 of 100: long 70, short 35.');
  });

  it.each([
    [{ volume: 1, atr: 9 }, {}, 'filters', 'Only 2 of 4 market filters are met, 3 are needed.'],
    [{}, { minScore: 30 }, 'contradiction', 'contradict each other: long 100, short 35'],
  ])('says why for %j', (...row) => {
    const [over, parameters, why, words] = row;
    const answer = ask({ ...UPTREND, ...over }, instrument(), {
      ...DEFAULT_STRATEGY,
      ...parameters,
    });
    expect(answer).toMatchObject({ kind: 'none', why });
    expect(answer.kind === 'none' && answer.reason).toContain(words);
  });

  it('has no signal where no sound price exists', () => {
    const coarse = instrument('SOLUSDT', { tick: price('50') });
    expect(ask(UPTREND, coarse)).toMatchObject({ why: 'levels' });
  });
});

it('signalId holds letters, digits and dashes only', () => {
  expect(signalId({ symbol: '1000PEPE_USDT.P', strategy: 'a-b', side: 'short', closedAt: 5 })).toBe(
    '1000PEPE-USDT-P-a-b-short-5',
  );
});
