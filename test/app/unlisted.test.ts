/** One absence is no evidence: what a reading lacks has ended when the exchange's history says so, or when the next one lacks it too. */
import { describe, expect, it } from 'vitest';
import { accountChanges } from '../../src/app/account/account-changes.ts';
import type { EndedStop } from '../../src/app/account/ended-stops.ts';
import { nextRiskState } from '../../src/app/account/next-risk-state.ts';
import type { AccountSnapshot } from '../../src/app/ports/account-store.ts';
import { keepUnlisted, unprotectedBefore, type Ended } from '../../src/app/account/unlisted.ts';
import { watchProtection } from '../../src/alerts/watch/protection-watch.ts';
import type { OwnAction } from '../../src/domain/own-action.ts';
import type { ClosedPosition } from '../../src/domain/position.ts';
import { price, qty, sub, usd } from '../../src/domain/money/money.ts';
import { closedPosition, NOW, position, protection } from '../alerts/fixtures.ts';
import { account, FREE_LIMITS, order, riskState } from '../risk/fixtures.ts';

const [ONE, TWO] = [
  position({ id: 'p1', fees: usd('30') }),
  position({ id: 'p2', symbol: 'SOLUSDT' }),
];
const STOP = protection({ id: 't1', positionId: 'p1' });
const ORDER = order({ id: 'o1', type: 'limit' });

const reading = (seconds: number, over: Partial<AccountSnapshot> = {}): AccountSnapshot => ({
  account: account({ at: NOW + seconds * 1_000 }),
  positions: [ONE, TWO],
  protections: [STOP],
  openOrders: [ORDER],
  at: NOW + seconds * 1_000,
  ...over,
});

interface Seen {
  readonly closed?: readonly ClosedPosition[];
  readonly stops?: readonly EndedStop[];
  readonly actions?: readonly OwnAction[];
}
const NOTHING: Ended = { closed: [], stops: [], actions: [], lagMs: 3_000 };

/** The account cycle's own steps, one reading after the other; the alerts of each. */
function cycle() {
  let before: AccountSnapshot | undefined;
  let state = riskState();
  const read = (snapshot: AccountSnapshot, seen: Seen = {}) => {
    const ended = { ...NOTHING, ...seen };
    const kept = keepUnlisted(before, snapshot, ended);
    const { closed } = ended;
    const counted = nextRiskState(state, { before, snapshot: kept, closed }, FREE_LIMITS);
    const changes = accountChanges({
      before,
      snapshot: kept,
      closed: ended.closed,
      proposals: [],
      actions: ended.actions,
      endedStops: ended.stops,
      protection: watchProtection({ ...kept, previous: unprotectedBefore(before), now: kept.at }),
      ledger: counted.ledger,
      speed: 1,
    });
    before = changes.after;
    ({ state } = counted);
    return {
      after: changes.after,
      told: [...counted.findings, ...changes.findings].map((each) =>
        each.key.split(':').slice(0, 2).join(':'),
      ),
    };
  };
  return read;
}
const ids = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id);
const memoryOf = ({ levels, excursions, unprotectedSince, ledger }: AccountSnapshot) => ({
  levels,
  excursions,
  unprotectedSince: [...(unprotectedSince ?? [])],
  ledger,
});

describe('a position that a reading lacks', () => {
  it('counts as open with all that is known of it, and nothing is told, once', () => {
    const read = cycle();
    const { after: was } = read(reading(0));
    const { after, told } = read(reading(5, { positions: [TWO], protections: [] }));
    expect(told).toEqual([]);
    expect(ids(after.positions).toSorted()).toEqual(['p1', 'p2']);
    expect(ids(after.protections)).toEqual(['t1']);
    expect(memoryOf(after)).toEqual(memoryOf(was));
    expect(after.ledger).toBeDefined();
    const back = read(reading(10));
    expect(back.told).toEqual([]);
    expect(memoryOf(back.after)).toEqual(memoryOf(was));
    expect([...(back.after.unlisted?.positions ?? [])]).toEqual([]);
  });

  it('has no stop for as long as it is missing, where it had none before', () => {
    const read = cycle();
    read(reading(0, { protections: [] }));
    const { after } = read(reading(5, { positions: [], protections: [] }));
    expect([...(after.unprotectedSince ?? [])]).toEqual([
      ['p1', NOW],
      ['p2', NOW],
    ]);
  });

  it('is gone when a reading 3 s after the first lacks it too, and each time it counts anew', () => {
    const read = cycle();
    const without = { positions: [TWO], protections: [] };
    read(reading(0));
    read(reading(1, without));
    read(reading(2));
    expect(read(reading(3, without)).told).toEqual([]);
    const lags = read(reading(5.999, without));
    expect([lags.told, ids(lags.after.positions).toSorted()]).toEqual([[], ['p1', 'p2']]);
    const { after, told } = read(reading(6, without));
    expect(told).toEqual(['position-gone:p1']);
    expect([ids(after.positions), after.protections]).toEqual([['p2'], []]);
    expect(read(reading(7, without)).told).not.toContain('position-gone:p1');
  });

  it('is closed at once where the history has it, and only that one', () => {
    const read = cycle();
    read(reading(0));
    const closed = [closedPosition({ id: 'p1', closedAt: NOW + 4_000 })];
    const { after, told } = read(reading(5, { positions: [], protections: [] }), { closed });
    expect(told).toEqual([expect.stringMatching(/^position-closed:p1/)]);
    expect(ids(after.positions)).toEqual(['p2']);
    expect(after.protections).toEqual([]);
  });

  it('that closed is told as closed, and no money came or left, where the history comes one reading later', () => {
    const read = cycle();
    read(reading(0));
    const { account: was } = reading(0);
    const less = sub(was.available, usd('100'));
    const later = (seconds: number) => ({
      account: { ...was, available: less, at: NOW + seconds * 1_000 },
      positions: [TWO],
      protections: [],
    });
    expect(read(reading(1, later(1))).told).toEqual([]);
    const row = closedPosition({ id: 'p1', closedAt: NOW, fees: usd('30'), net: usd('-130') });
    const { told, after } = read(reading(2, later(2)), { closed: [row] });
    expect(told).toEqual(['position-closed:p1']);
    expect(after.ledger?.doubted).toBeUndefined();
    expect(read(reading(3, later(3)), { closed: [row] }).told).toEqual(['position-closed:p1']);
  });
});

describe('a stop that a reading lacks', () => {
  const bare = { protections: [] };
  const end = (how: EndedStop['end']) => ({ stops: [{ stop: STOP, end: how }] });

  it('rests on, once', () => {
    const read = cycle();
    const own = [ONE];
    const { after: was } = read(reading(0, { positions: own }));
    const { after, told } = read(reading(5, { positions: own, ...bare }), end(undefined));
    expect(told).toEqual([]);
    expect(memoryOf(after)).toEqual(memoryOf(was));
    expect([...(after.unprotectedSince ?? [])]).toEqual([]);
    expect(memoryOf(read(reading(10, { positions: own })).after)).toEqual(memoryOf(was));
  });

  it('is gone from its first absence on when the next one lacks it too, and is told after 10 s', () => {
    const read = cycle();
    const own = { positions: [ONE], ...bare };
    read(reading(0, { positions: [ONE] }));
    read(reading(5, own));
    const { after, told } = read(reading(10, own));
    expect(told).toEqual([]);
    expect([...(after.unprotectedSince ?? [])]).toEqual([['p1', NOW + 5_000]]);
    expect(after.lostStops?.get('p1')?.price).toBe(price('2955'));
    expect(read(reading(15, own)).told).not.toContain('unprotected:p1');
    expect(read(reading(15.001, own)).told).toContain('unprotected:p1');
  });

  it('that covered a part is missing no later than a full stop was', () => {
    const read = cycle();
    const half = [protection({ id: 't1', positionId: 'p1', stopQty: qty('0.2') })];
    read(reading(0, { positions: [ONE], protections: half }));
    read(reading(5, { positions: [ONE], ...bare }));
    const { after } = read(reading(10, { positions: [ONE], ...bare }));
    expect([...(after.unprotectedSince ?? [])]).toEqual([['p1', NOW]]);
  });

  it('is gone at once where its history says how it ended', () => {
    const read = cycle();
    read(reading(0, { positions: [ONE] }));
    const { after } = read(reading(5, { positions: [ONE], ...bare }), end('cancelled'));
    expect([...(after.unprotectedSince ?? [])]).toEqual([['p1', NOW + 5_000]]);
    expect(after.lostStops?.get('p1')).toMatchObject({ end: 'cancelled' });
    expect(after.protections).toEqual([]);
  });
});

describe('an order that a reading lacks', () => {
  it('rests on while the list may lag, and is told as gone by a reading 3 s later', () => {
    const read = cycle();
    read(reading(0));
    const none = { openOrders: [] };
    const missed = read(reading(1, none));
    expect([missed.told, ids(missed.after.openOrders)]).toEqual([[], ['o1']]);
    expect(read(reading(3.999, none)).told).toEqual([]);
    const gone = read(reading(4, none));
    expect([gone.told, gone.after.openOrders]).toEqual([
      [expect.stringMatching(/^order-gone/)],
      [],
    ]);
    expect(read(reading(5, none)).told).toEqual([]);
  });

  it('is gone at once where Vigil itself has cancelled it', () => {
    const read = cycle();
    read(reading(0));
    const actions: OwnAction[] = [{ kind: 'cancel-order', orderId: 'o1', at: NOW }];
    const { after, told } = read(reading(1, { openOrders: [] }), { actions });
    expect([told, after.openOrders]).toEqual([[], []]);
  });
});

it('the first reading of all is taken as it is', () => {
  const now = reading(0);
  expect(keepUnlisted(undefined, now, NOTHING)).toBe(now);
  expect(unprotectedBefore(undefined).size).toBe(0);
});
