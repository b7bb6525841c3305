import { describe, expect, it } from 'vitest';
import { price, qty } from '../../src/domain/money/money.ts';
import { endedParts, prepareLevels, touchedLevels } from '../../src/alerts/watch/touched-levels.ts';
import { NOW, position, protection } from './fixtures.ts';

const tick = (mark: string, symbol = 'ETHUSDT') => ({ symbol, mark: price(mark), at: NOW });

describe('touchedLevels on a long with stop 2955 and target 3120', () => {
  const index = prepareLevels([position()], [protection()]);

  it.each([
    ['2955.01', []],
    ['2955', ['stop-hit']],
    ['2954.99', ['stop-hit']],
    ['3119.99', []],
    ['3120', ['target-hit']],
    ['3120.01', ['target-hit']],
  ])('finds at %s %j', (mark, kinds) => {
    expect(touchedLevels(index, tick(mark)).map((each) => each.kind)).toEqual(kinds);
  });

  it('says in plain words what was reached and what it is worth', () => {
    const [found] = touchedLevels(index, tick('2954'));
    expect(found?.title).toBe('ETHUSDT long: stop at 2,955 reached');
    expect(found?.lines.join(' ')).toContain('about -22.50 USDT before fees and funding');
  });

  it('gives the same key for every further tick', () => {
    const keys = ['2954', '2940', '2900'].flatMap((mark) =>
      touchedLevels(index, tick(mark)).map((each) => each.key),
    );
    expect(new Set(keys).size).toBe(1);
  });

  it('returns the very same empty list while nothing is touched', () => {
    expect(touchedLevels(index, tick('3000'))).toBe(touchedLevels(index, tick('3001', 'BTCUSDT')));
  });
});

it('a target for a part says what stays open, and what is open once its order has ended', () => {
  const { stopPrice: _none, ...alone } = protection({ id: 'part' });
  const part = { ...alone, targetPrice: price('3060'), targetQty: qty('0.2') };
  const index = prepareLevels([position()], [protection(), part]);
  const [found] = touchedLevels(index, tick('3061'));
  expect(found?.title).toBe('ETHUSDT long: target for a part at 3,060 reached');
  expect(found?.lines.at(-1)).toMatch(/^0.2 closes there, 0.3 stays open. Waiting/);
  const left = [position({ qty: qty('0.3') })];
  expect(endedParts(index, { positions: left, protections: [protection(), part] })).toEqual([]);
  expect(endedParts(index, { positions: left, protections: [protection()] })).toMatchObject([
    { key: found?.key, lines: ['Its order has ended: 0.3 of the position is open now.'] },
  ]);
  expect(endedParts(index, { positions: [], protections: [] })).toEqual([]);
  // A target of all that was moved since, or is not listed for a moment, was for no part.
  const whole = prepareLevels([position()], [protection({ targetPrice: price('3060') })]);
  expect(endedParts(whole, { positions: [position()], protections: [] })).toEqual([]);
});

describe('touchedLevels on a short with stop 3045 and target 2880', () => {
  const index = prepareLevels(
    [position({ side: 'short' })],
    [protection({ stopPrice: price('3045'), targetPrice: price('2880') })],
  );

  it.each([
    ['3044.99', []],
    ['3045', ['stop-hit']],
    ['2880.01', []],
    ['2880', ['target-hit']],
  ])('finds at %s %j', (mark, kinds) => {
    expect(touchedLevels(index, tick(mark)).map((each) => each.kind)).toEqual(kinds);
  });
});

describe('prepareLevels', () => {
  it('watches both sides of a hedge in one symbol', () => {
    const long = position();
    const short = position({ id: 'p2', side: 'short' });
    const index = prepareLevels(
      [long, short],
      [
        protection(),
        protection({
          id: 't2',
          positionId: 'p2',
          stopPrice: price('3045'),
          targetPrice: price('2960'),
        }),
      ],
    );
    const found = touchedLevels(index, tick('2950'));
    expect(found.map((each) => each.key.split(':').slice(0, 2).join(':'))).toEqual([
      'stop-hit:p1',
      'target-hit:p2',
    ]);
  });

  it('leaves out protections of positions that are gone', () => {
    const index = prepareLevels([], [protection()]);
    expect(touchedLevels(index, tick('1'))).toEqual([]);
  });
});
