import { describe, expect, it } from 'vitest';
import { parseLimitRequest } from '../../src/app/limits/limit-request.ts';
import { percent } from '../../src/domain/money/money.ts';
import { HOUR, MINUTE } from '../../src/domain/time.ts';

describe('a request for a limit', () => {
  it.each([
    ['daily loss 2.5 %', { id: 'dailyLoss', to: percent('2.5') }],
    ['daily loss 2,5 %', { id: 'dailyLoss', to: percent('2.5') }],
    ['daily loss 2,5%', { id: 'dailyLoss', to: percent('2.5') }],
    ['daily loss = 0,500 %', { id: 'dailyLoss', to: percent('0.5') }],
    ['daily loss −1 %', { id: 'dailyLoss', to: percent('-1') }],
    ['daily loss 0', { id: 'dailyLoss', to: percent('0') }],
    ['taker fee 0.0551 %', { id: 'takerFee', to: percent('0.0551') }],
    ['reward : risk 2,5', { id: 'minRewardRisk', to: 2.5 }],
    ['leverage 3x', { id: 'maxLeverage', to: 3 }],
    ['pause per symbol 1,5 h', { id: 'symbolCoolDownMs', to: 1.5 * HOUR }],
    ["pause per symbol 1'440 min", { id: 'symbolCoolDownMs', to: 1_440 * MINUTE }],
  ])('%s', (words, request) => {
    expect(parseLimitRequest(words)).toEqual(request);
  });

  it.each([
    [
      'daily loss 2.500 %',
      '"2.500" can be read as 2.5 or as 2,500. Please write 2.5 for the first',
    ],
    ['pause per symbol 1,440 min', '"1,440" can be read as 1.44 or as 1,440.'],
    ['daily loss 1.2.3 %', '"1.2.3" is not a number.'],
    ['taker fee 0.05512 %', 'This limit is given with at most 4 decimals.'],
    ['daily loss 2 h', 'This limit is given in percent.'],
    ['daily loss much', 'I cannot read a name and a value in that.'],
  ])('%s is asked about or refused', (words, answer) => {
    expect(parseLimitRequest(words)).toContain(answer);
  });
});
