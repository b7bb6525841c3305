import { describe, expect, it } from 'vitest';
import { qty } from '../../src/domain/money.ts';
import { nextPanicStep, type PanicTruth } from '../../src/risk/panic.ts';
import { NOW, order, position, stopFor } from './fixtures.ts';

const held = position();
const truth = (over: Partial<PanicTruth> = {}): PanicTruth => ({
  mode: 'halted',
  orders: [],
  positions: [],
  inFlight: [],
  protections: [],
  readAt: NOW,
  attempts: new Map(),
  lastActionAt: undefined,
  flatSince: undefined,
  now: NOW,
  ...over,
});

const kinds = (over: Partial<PanicTruth>): string[] =>
  nextPanicStep(truth(over)).actions.map((each) => each.kind);
const lines = (over: Partial<PanicTruth>): string[] =>
  nextPanicStep(truth(over)).checklist.map((each) => `${each.state}: ${each.text}`);

describe('nextPanicStep', () => {
  it('latches first, cancels entries, closes whole positions and leaves their stops alone', () => {
    const step = nextPanicStep(
      truth({
        mode: 'normal',
        orders: [order()],
        positions: [held],
        protections: [stopFor(held, '98')],
      }),
    );
    expect(step.actions.map((each) => each.kind)).toEqual([
      'latch',
      'cancel-order',
      'close',
      'read',
    ]);
    expect(step.actions[2]).toMatchObject({
      attempt: 1,
      reduce: { positionId: 'p1', whole: true, orderSide: 'sell' },
    });
  });

  it('leaves reduce-only orders alone: they help to close', () => {
    expect(kinds({ orders: [order({ reduceOnly: true })], positions: [held] })).toEqual([
      'close',
      'read',
    ]);
  });

  it('tries a close again after 3 s and not before', () => {
    const after = (ms: number) =>
      kinds({ positions: [held], attempts: new Map([['p1', { count: 1, lastAt: NOW - ms }]]) });
    expect(after(2_999)).toEqual(['read']);
    expect(after(3_000)).toEqual(['close', 'read']);
  });

  it('asks for help after three tries and goes on trying', () => {
    const stuck = {
      positions: [held],
      attempts: new Map([['p1', { count: 3, lastAt: NOW - 5_000 }]]),
    };
    expect(lines(stuck)).toContain(
      'needs you: BTCUSDT long is still open after 3 tries: close it at the exchange too',
    );
    expect(kinds(stuck)).toContain('close');
  });

  it('removes what protected a position only when the venue says flat', () => {
    const protections = [stopFor(held, '98')];
    expect(kinds({ positions: [held], protections })).not.toContain('cancel-protection');
    expect(kinds({ protections })).toContain('cancel-protection');
  });

  it('does not trust a read that was asked for before the last action', () => {
    const early = nextPanicStep(
      truth({ readAt: NOW - 1, lastActionAt: NOW, flatSince: NOW - 60_000 }),
    );
    expect([early.flat, early.done]).toEqual([false, false]);
  });

  it('is done at a second flat read 3 s after the first, not a millisecond earlier', () => {
    expect(nextPanicStep(truth({ flatSince: NOW - 2_999 })).done).toBe(false);
    const last = nextPanicStep(truth({ flatSince: NOW - 3_000 }));
    expect([
      last.done,
      last.actions,
      last.checklist.every((line) => line.state === 'done'),
    ]).toEqual([true, [], true]);
  });

  it.each([
    [
      ['ETHUSDT long'],
      'working: ETHUSDT long was sent and may still arrive: if it does, it is closed',
    ],
    [undefined, 'needs you: Entries on their way cannot be read'],
  ])('is not done while an entry may still arrive: %j', (inFlight, line) => {
    const flat = { flatSince: NOW - 3_000, inFlight };
    expect(nextPanicStep(truth({ ...flat, inFlight: [] })).done).toBe(true);
    expect(nextPanicStep(truth(flat)).done).toBe(false);
    expect(lines(flat)).toContain(line);
  });

  it('is flat with a position of nothing, and not with one unit of one', () => {
    const flatWith = (units: string): boolean =>
      nextPanicStep(truth({ positions: [position({ qty: qty(units) })] })).flat;
    expect([flatWith('0'), flatWith('0.000000000000000001')]).toEqual([true, false]);
  });

  it('does not trust a read of the very moment of the last action', () => {
    const flat = (lastActionAt: number) => nextPanicStep(truth({ lastActionAt })).flat;
    expect([flat(NOW), flat(NOW - 1)]).toEqual([false, true]);
  });

  it('is not done at the first flat look, nor by one of the very moment of the last action', () => {
    const done = (over: Partial<PanicTruth>) => nextPanicStep(truth(over)).done;
    const [since, last] = [NOW - 10_000, NOW - 10_001];
    expect([
      done({ flatSince: undefined }),
      done({ flatSince: since, lastActionAt: since }),
      done({ flatSince: since, lastActionAt: last }),
    ]).toEqual([false, false, true]);
  });

  it('is never done while orders or positions cannot be read, whatever was seen before', () => {
    const seen = { flatSince: NOW - 10_000 };
    expect(nextPanicStep(truth(seen)).done).toBe(true);
    for (const unread of [{ orders: undefined }, { positions: undefined }])
      expect(nextPanicStep(truth({ ...seen, ...unread }))).toMatchObject({
        flat: false,
        done: false,
      });
  });

  it('closes what it can see while orders cannot be read, and says what it cannot see', () => {
    expect(kinds({ orders: undefined, positions: [held] })).toEqual(['close', 'read']);
    expect(lines({ orders: undefined, positions: undefined })).toEqual([
      'done: Trading is halted',
      'needs you: Open orders cannot be read',
      'needs you: Positions cannot be read',
      'working: Waiting for the exchange to confirm',
    ]);
  });
});
