import { describe, expect, it } from 'vitest';
import { price, qty, usd, ZERO_USD } from '../../src/domain/money/money.ts';
import { nextPanicStep, type PanicTruth } from '../../src/risk/stop/panic.ts';
import { NOW, order, position, stopFor } from './fixtures.ts';

const held = position();
const truth = (over: Partial<PanicTruth> = {}): PanicTruth => ({
  mode: 'halted',
  orders: [],
  positions: [],
  inFlight: [],
  protections: [],
  unseen: ZERO_USD,
  readAt: NOW,
  attempts: new Map(),
  lastActionAt: undefined,
  flatSince: undefined,
  emptySince: undefined,
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

  it('removes what protected a position only when two looks apart say flat', () => {
    const protections = [stopFor(held, '98')];
    const flatFor = (ms: number) => kinds({ protections, flatSince: NOW - ms });
    expect(kinds({ positions: [held], protections, flatSince: NOW - 9_000 })).toEqual([
      'close',
      'read',
    ]);
    expect(kinds({ protections })).toEqual(['read']);
    expect(flatFor(2_999)).toEqual(['read']);
    expect(flatFor(3_000)).toEqual(['cancel-protection', 'read']);
  });

  it('tries to remove what is left over again after 3 s, and its removal does not begin the looks anew', () => {
    const left = (ms: number) =>
      nextPanicStep(
        truth({
          protections: [stopFor(held, '98', { id: 's1' })],
          flatSince: NOW - 3_000,
          attempts: new Map([['s1', { count: 2, lastAt: NOW - ms }]]),
        }),
      );
    expect(left(2_999)).toMatchObject({ actions: [{ kind: 'read' }], flatSince: NOW - 3_000 });
    expect(left(3_000).actions).toEqual([
      { kind: 'cancel-protection', protectionId: 's1', symbol: 'BTCUSDT', attempt: 3 },
      { kind: 'read' },
    ]);
    expect(left(3_000).checklist.map(({ text }) => text)).toContain(
      'BTCUSDT stop 98 is left over and is being removed',
    );
  });

  it.each([
    ['one position', { positions: [held] }],
    ['one entry order', { orders: [order()] }],
    ['one entry in flight', { inFlight: ['ETHUSDT long'] }],
    ['the smallest locked amount', { unseen: usd('0.000000000000000001') }],
  ])('begins the looks anew at %s', (_what, found) => {
    const step = nextPanicStep(truth({ flatSince: NOW - 9_000, ...found }));
    expect(step).toMatchObject({ flatSince: undefined, done: false });
  });

  it.each([
    ['positions', { positions: undefined }],
    ['orders', { orders: undefined }],
    ['entries in flight', { inFlight: undefined }],
    ['margin in use', { unseen: undefined }],
  ])('neither begins nor ends the looks where %s cannot be read', (_what, unread) => {
    const with_ = (flatSince: number | undefined) =>
      nextPanicStep(
        truth({ ...unread, flatSince, emptySince: NOW - 1, protections: [stopFor(held, '98')] }),
      );
    expect(with_(undefined)).toMatchObject({ flatSince: undefined, emptySince: NOW - 1 });
    const later = with_(NOW - 9_000);
    expect(later).toMatchObject({ flatSince: NOW - 9_000, done: false });
    expect(later.actions).toEqual([{ kind: 'read' }]);
  });

  it('begins the looks with the time at which they were asked for', () => {
    expect(nextPanicStep(truth({ readAt: NOW - 5 }))).toMatchObject({
      flatSince: NOW - 5,
      emptySince: NOW - 5,
    });
    expect(nextPanicStep(truth({ readAt: undefined }))).toMatchObject({
      flatSince: undefined,
      emptySince: undefined,
    });
    expect(nextPanicStep(truth({ positions: [held], emptySince: NOW - 5 }))).toMatchObject({
      emptySince: undefined,
    });
  });

  it('ticks nothing on one empty answer, and says what it waits for', () => {
    const first = { protections: [stopFor(held, '98')], unseen: usd('40') };
    expect(lines(first)).toEqual([
      'done: Trading is halted',
      'working: No entry order is listed, looking again',
      'working: No position is listed, looking again',
      'working: 40.00 USDT are still locked as margin: something may be open that is not listed',
      'working: BTCUSDT stop 98 stays until flat is certain',
      'working: Waiting for the exchange to confirm',
    ]);
  });

  const margin = { unseen: usd('40'), protections: [] };
  it.each([
    ['margin is in use', margin],
    ['margin cannot be read', { unseen: undefined, protections: [] }],
    ['a stop rests', { unseen: ZERO_USD, protections: [stopFor(held, '98')] }],
    ['stops cannot be read', { unseen: ZERO_USD, protections: undefined }],
  ])('is not confirmed when %s 20 s after the first empty look, and not before', (_what, over) => {
    const after = (ms: number) => nextPanicStep(truth({ ...over, emptySince: NOW - ms }));
    expect(after(19_999).unconfirmed).toBe(false);
    expect(after(20_000)).toMatchObject({ unconfirmed: true, done: false });
    expect(nextPanicStep(truth({ ...over, emptySince: undefined })).unconfirmed).toBe(false);
  });

  it('is confirmed after any time once nothing is locked and nothing rests', () => {
    const long = { emptySince: NOW - 60_000, flatSince: NOW - 3_000 };
    expect(nextPanicStep(truth(long))).toMatchObject({ unconfirmed: false, done: true });
  });

  it.each([
    ['the halt is not latched', { mode: 'normal' }],
    ['trading only reduces', { mode: 'reduceOnly' }],
    ['stops cannot be read', { protections: undefined }],
    ['a stop is left over', { protections: [stopFor(held, '98')] }],
  ] as const)('is not done while %s', (_what, over) => {
    expect(nextPanicStep(truth({ flatSince: NOW - 3_000 })).done).toBe(true);
    expect(nextPanicStep(truth({ flatSince: NOW - 3_000, ...over })).done).toBe(false);
  });

  it('says nothing of margin and stops while a position is listed: it has both', () => {
    const open = { positions: [held], unseen: usd('40'), protections: [stopFor(held, '98')] };
    expect(lines(open)).toHaveLength(4);
  });

  it('names what it keeps where it is not confirmed', () => {
    const target = { targetPrice: price('104') };
    const protections = [stopFor(held, '98', target), stopFor(held, '97')];
    expect(lines({ ...margin, protections, emptySince: NOW - 20_000 }).slice(3)).toEqual([
      'needs you: 40.00 USDT are still locked as margin: something may be open that is not listed',
      'needs you: Kept: BTCUSDT stop 98, target 104',
      'needs you: Kept: BTCUSDT stop 97',
      'needs you: Not confirmed: look at the exchange',
    ]);
  });

  it('does not trust a read that was asked for before the last action', () => {
    const early = nextPanicStep(
      truth({ readAt: NOW - 1, lastActionAt: NOW, flatSince: NOW - 60_000 }),
    );
    expect(early.done).toBe(false);
    const first = nextPanicStep(truth({ readAt: NOW - 1, lastActionAt: NOW }));
    expect([first.flatSince, first.emptySince]).toEqual([undefined, undefined]);
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
      nextPanicStep(truth({ positions: [position({ qty: qty(units) })] })).flatSince === NOW;
    expect([flatWith('0'), flatWith('0.000000000000000001')]).toEqual([true, false]);
  });

  it('does not trust a read of the very moment of the last action', () => {
    const flat = (lastActionAt: number) => nextPanicStep(truth({ lastActionAt })).flatSince === NOW;
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
      expect(nextPanicStep(truth({ ...seen, ...unread })).done).toBe(false);
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
