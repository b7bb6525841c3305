import { describe, expect, it } from 'vitest';
import { watchLevels, type BelievedLevels } from '../../src/alerts/watch/level-watch.ts';
import type { Finding } from '../../src/domain/alert.ts';
import { price } from '../../src/domain/money/money.ts';
import type { OwnAction } from '../../src/domain/own-action.ts';
import type { ProtectiveOrder } from '../../src/domain/position.ts';
import { NOW, position, protection } from './fixtures.ts';

/** Looks at the account one after the other, five seconds apart; what each tells. */
function look(
  looks: readonly (readonly ProtectiveOrder[])[],
  actions: readonly OwnAction[] = [],
): readonly (readonly Finding[])[] {
  let previous: ReadonlyMap<string, BelievedLevels> = new Map();
  return looks.map((protections, index) => {
    const now = NOW + index * 5_000;
    const step = watchLevels({ positions: [position()], protections, previous, actions, now });
    previous = step.believed;
    return step.findings;
  });
}

const at = (stop: string, target = '3120'): readonly ProtectiveOrder[] => [
  protection({ stopPrice: price(stop), targetPrice: price(target) }),
];
const titles = (told: readonly (readonly Finding[])[]): string[][] =>
  told.map((each) => each.map((finding) => `${finding.severity}: ${finding.title}`));

describe('a stop that is moved', () => {
  it('is told at the second look that shows it, with both results', () => {
    const told = look([at('2955'), at('2940'), at('2940'), at('2940')]);
    expect(titles(told)).toEqual([
      [],
      [],
      ['warning: ETHUSDT long: its stop was moved from 2,955 to 2,940'],
      [],
    ]);
    expect(told[2]?.[0]?.lines[0]).toBe(
      'At the new stop the result is about -30.00 USDT before fees and funding; at the old one it was -22.50 USDT.',
    );
  });

  it('is plain news when it lets the position lose less', () => {
    expect(titles(look([at('2955'), at('2970'), at('2970')]))[2]).toEqual([
      'info: ETHUSDT long: its stop was moved from 2,955 to 2,970',
    ]);
  });

  it('is told once although the list shows the old one again for a moment', () => {
    const told = look([at('2955'), at('2970'), at('2970'), at('2955'), at('2970'), at('2970')]);
    expect(told.map((each) => each.length)).toEqual([0, 0, 1, 0, 0, 0]);
  });

  it('by Vigil is not told; by Vigil to another level it is', () => {
    const action = (stop: string): OwnAction => ({
      kind: 'protect',
      positionId: 'p1',
      stop: price(stop),
      at: NOW,
    });
    const moves = [at('2955'), at('2970'), at('2970')];
    expect(look(moves, [action('2970')]).flat()).toEqual([]);
    expect(look(moves, [action('2971')]).flat()).toHaveLength(1);
    expect(look(moves, [{ ...action('2970'), positionId: 'p2' } as OwnAction]).flat()).toHaveLength(
      1,
    );
  });

  it('is found whatever was there before: there and back is told twice', () => {
    const there = [at('2955'), at('2970'), at('2970'), at('2955'), at('2955')];
    expect(look(there).flat()).toHaveLength(2);
    expect(new Set(look(there).flatMap((each) => each.map(({ key }) => key))).size).toBe(2);
  });
});

describe('a target', () => {
  it('that is moved or gone is told', () => {
    const { id, positionId, symbol } = protection();
    const gone = [{ id, positionId, symbol, stopPrice: price('2955') }];
    expect(titles(look([at('2955'), at('2955', '3200'), at('2955', '3200')]))[2]).toEqual([
      'info: ETHUSDT long: its target was moved from 3,120 to 3,200',
    ]);
    const action: OwnAction = { kind: 'protect', positionId: 'p1', stop: price('2900'), at: NOW };
    expect(titles(look([at('2955'), gone, gone], [action]))[2]).toEqual([
      'info: ETHUSDT long: its target at 3,120 is gone',
    ]);
  });
});

it('a stop that is gone is left to the watch over unprotected positions', () => {
  expect(
    look([[protection()], [], []])
      .flat()
      .map((each) => each.title),
  ).toEqual(['ETHUSDT long: its target at 3,120 is gone']);
});
