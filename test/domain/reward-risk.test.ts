import { expect, it } from 'vitest';
import { price, ratio, toText } from '../../src/domain/money/money.ts';
import { reaches, rewardAndRisk, rewardRiskOf } from '../../src/domain/money/reward-risk.ts';

const long = {
  side: 'long',
  entry: price('100'),
  stop: price('98'),
  target: price('104'),
} as const;
const short = { ...long, side: 'short', stop: price('102'), target: price('96') } as const;

it('takes the fee of both legs from the gain and adds it to the loss', () => {
  const pair = rewardAndRisk(long, ratio('0.0006'));
  expect(toText(pair.reward)).toBe('3.8776');
  expect(toText(pair.risk)).toBe('2.1188');
  const mirrored = rewardAndRisk(short, ratio('0.0006'));
  expect([toText(mirrored.reward), toText(mirrored.risk)]).toEqual(['3.8824', '2.1212']);
});

it('decides the boundary without rounding', () => {
  const pair = rewardAndRisk(long, ratio('0'));
  expect(reaches(pair, ratio('2'))).toBe(true);
  expect(reaches(pair, ratio('2.000000000000000001'))).toBe(false);
  expect(toText(rewardRiskOf(pair) ?? ratio('0'))).toBe('2');
});

it('gives no ratio where there is no risk, and a negative one where fees eat the gain', () => {
  expect(rewardRiskOf(rewardAndRisk({ ...long, stop: price('101') }, ratio('0')))).toBeUndefined();
  const eaten = rewardRiskOf(rewardAndRisk({ ...long, target: price('100.01') }, ratio('0.0006')));
  expect((eaten ?? 0n) < 0n).toBe(true);
});
