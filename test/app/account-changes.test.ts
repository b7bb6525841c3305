/** Who did what between two looks at the account, at the boundaries, and what reading beside it costs where it fails: in memory. */
import { describe, expect, it } from 'vitest';
import { accountChanges } from '../../src/app/account/account-changes.ts';
import { readEndedStops } from '../../src/app/account/ended-stops.ts';
import { foreignChanges, lostStops, type Compared } from '../../src/app/account/foreign-changes.ts';
import { logActions } from '../../src/app/account/log-actions.ts';
import { unconfirmedHalt } from '../../src/app/account/cycle/lone-reading.ts';
import type { AccountSnapshot } from '../../src/app/ports/account-store.ts';
import type { Trading } from '../../src/app/ports/trading.ts';
import { price, qty, usd, ZERO_USD } from '../../src/domain/money/money.ts';
import type { OwnAction } from '../../src/domain/own-action.ts';
import type { Proposal } from '../../src/domain/proposal.ts';
import type { StopCondition } from '../../src/risk/stop/stop-conditions.ts';
import { closedPosition } from '../alerts/fixtures.ts';
import { createFakeWorld, portsOf } from '../bot/fakes.ts';
import { ACCOUNT, finding, NOW, POSITION, PROPOSAL, PROTECTION } from '../bot/samples.ts';
import { closeOf, order } from '../risk/fixtures.ts';
import { fails } from './failing.ts';

const SPEED = 600;
const snapshotOf = (over: Partial<AccountSnapshot> = {}): AccountSnapshot => ({
  account: ACCOUNT,
  positions: [],
  protections: [],
  openOrders: [],
  at: NOW,
  ...over,
});
const comparedOf = (over: Partial<Compared> = {}): Compared => ({
  before: snapshotOf(),
  after: snapshotOf(),
  proposals: [],
  actions: [],
  speed: SPEED,
  ...over,
});

describe('a position that has opened', () => {
  const DONE: Proposal = {
    ...PROPOSAL,
    status: 'done',
    signal: { ...PROPOSAL.signal, symbol: 'ETHUSDT' },
    decidedAt: NOW,
  };
  const opened = (proposal: Proposal, at = NOW): string | undefined => {
    const chart = { kind: 'position', id: 'p1' } as never;
    const news = finding('position-opened:p1', {
      kind: 'position-opened',
      severity: 'info',
      chart,
      at,
    });
    const after = snapshotOf({ positions: [POSITION], at });
    return foreignChanges([news], comparedOf({ after, proposals: [proposal] }))[0]?.severity;
  };

  it('is of Vigil from 10 s before its approval to 15 min after it, wall time, and else of another', () => {
    expect(opened(DONE)).toBe('info');
    expect(opened(DONE, NOW - 10_000 * SPEED)).toBe('info');
    expect(opened(DONE, NOW - 10_000 * SPEED - 1)).toBe('warning');
    expect(opened(DONE, NOW + 900_000 * SPEED)).toBe('info');
    expect(opened(DONE, NOW + 900_000 * SPEED + 1)).toBe('warning');
  });

  it('is of another where coin or side differ, or where the approval did not end in an order', () => {
    expect(opened({ ...DONE, signal: { ...DONE.signal, symbol: 'BTCUSDT' } })).toBe('warning');
    expect(opened({ ...DONE, signal: { ...DONE.signal, side: 'short' } })).toBe('warning');
    for (const status of ['executing', 'unknown'] as const)
      expect(opened({ ...DONE, status })).toBe('info');
    for (const status of ['approved', 'refused', 'rejected'] as const)
      expect(opened({ ...DONE, status })).toBe('warning');
  });
});

describe('an order', () => {
  const limit = order({ id: 'o1', type: 'limit', clientId: 'phone' });
  const keys = (over: Partial<Compared>): string[] =>
    foreignChanges([], comparedOf(over)).map(({ key }) => key.split(':')[0] ?? '');
  const now = (...openOrders: AccountSnapshot['openOrders']) => snapshotOf({ openOrders });

  it('is told when it came, changed in size or price, or went, and a market order is not', () => {
    expect(keys({ after: now(limit) })).toEqual(['order-elsewhere']);
    for (const over of [{ qty: qty('2') }, { price: price('101') }])
      expect(keys({ before: now(limit), after: now({ ...limit, ...over }) })).toEqual([
        'order-changed',
      ]);
    expect(keys({ before: now(limit) })).toEqual(['order-gone']);
    expect(keys({ before: now(limit), after: now(limit) })).toEqual([]);
    const { price: _none, ...market } = { ...limit, type: 'market' as const };
    expect(keys({ after: now(market) })).toEqual([]);
  });

  it('that was there at the first look is old news', () => {
    expect(keys({ before: undefined, after: now(limit) })).toEqual([]);
  });

  it('is not told as gone where Vigil cancelled it', () => {
    const cancel: OwnAction = { kind: 'cancel-order', orderId: 'o1', at: NOW };
    expect(keys({ before: now(limit), actions: [cancel] })).toEqual([]);
    expect(keys({ before: now(limit), actions: [{ ...cancel, orderId: 'o2' }] })).toEqual([
      'order-gone',
    ]);
  });

  it('of a signal is Vigil its own while that was approved, and not believed where it was not, at the first look too', () => {
    const own = { ...limit, clientId: PROPOSAL.clientId };
    for (const status of ['approved', 'executing', 'done', 'unknown'] as const)
      expect(keys({ after: now(own), proposals: [{ ...PROPOSAL, status }] })).toEqual([]);
    const proposals = [{ ...PROPOSAL, status: 'rejected' as const }];
    expect(keys({ after: now(own), proposals })).toEqual(['order-not-believed']);
    expect(keys({ before: undefined, after: now(own), proposals })).toEqual(['order-not-believed']);
  });
});

describe('a stop that is lost', () => {
  const since = new Map([['p1', NOW]]);
  const was = snapshotOf({ positions: [POSITION], protections: [PROTECTION] });
  const known = { price: price('3950'), until: NOW };

  it('is one that covered all of it until now, with how it ended', () => {
    expect([...lostStops(was, since)]).toEqual([['p1', known]]);
    const ended = [{ stop: PROTECTION, end: 'failed' }] as const;
    expect(lostStops(was, since, ended).get('p1')).toEqual({ ...known, end: 'failed' });
    const other = [{ stop: { ...PROTECTION, positionId: 'p2' }, end: 'failed' }] as const;
    expect(lostStops(was, since, other).get('p1')).toEqual(known);
  });

  it('is none that covered a part, or whose position lacked a full stop before', () => {
    const part = { ...was, protections: [{ ...PROTECTION, stopQty: qty('1') }] };
    expect(lostStops(part, since).size).toBe(0);
    expect(lostStops({ ...was, unprotectedSince: since }, since).size).toBe(0);
  });

  it('stays the one that was told for as long as its position lacks one', () => {
    const first = { price: price('3900'), until: NOW - 5 };
    const before = { ...was, lostStops: new Map([['p1', first]]) };
    expect(lostStops(before, since).get('p1')).toEqual(first);
    expect(lostStops(before, new Map()).size).toBe(0);
  });
});

describe('two looks at the account', () => {
  const looksOf = (over: Partial<Parameters<typeof accountChanges>[0]> = {}) => ({
    before: snapshotOf(),
    snapshot: snapshotOf(),
    closed: [],
    proposals: [],
    actions: [],
    endedStops: [],
    protection: { since: new Map(), findings: [] },
    ledger: { closedNet: ZERO_USD, base: usd('10000'), bonus: ZERO_USD },
    speed: SPEED,
    ...over,
  });
  const told = (over: Parameters<typeof looksOf>[0]) =>
    accountChanges(looksOf(over)).findings.map(({ kind }) => kind);
  const inMode = (positionMode: typeof ACCOUNT.positionMode) =>
    snapshotOf({ account: { ...ACCOUNT, positionMode } });

  it('tell a close of a position that was there, and at the first look none', () => {
    const closed = [closedPosition({ id: 'p1', closedAt: NOW })];
    const before = snapshotOf({ positions: [POSITION] });
    expect(told({ before, closed })).toEqual(['position-closed']);
    expect(told({ before: undefined, closed })).toEqual([]);
  });

  it('tell another position mode only where both are known', () => {
    expect(told({ before: inMode('hedge'), snapshot: inMode('one-way') })).toHaveLength(1);
    expect(told({ before: inMode('unknown'), snapshot: inMode('one-way') })).toEqual([]);
    expect(told({ before: inMode('hedge'), snapshot: inMode('unknown') })).toEqual([]);
    expect(told({ before: undefined, snapshot: inMode('one-way') })).toEqual([]);
  });

  it('tell a stop that failed while its position is open', () => {
    const before = snapshotOf({ positions: [POSITION] });
    const endedStops = [{ stop: PROTECTION, end: 'failed' }] as const;
    expect(told({ before, snapshot: before, endedStops })).toEqual(['unprotected']);
    expect(
      told({ before, snapshot: before, endedStops: [{ stop: PROTECTION, end: 'cancelled' }] }),
    ).toEqual([]);
    expect(told({ endedStops })).toEqual([]);
  });
});

describe('how a stop has ended', () => {
  const was = snapshotOf({ positions: [POSITION], protections: [PROTECTION] });
  const bare = snapshotOf({ positions: [POSITION] });
  const read = async (
    protectionEnd: (() => Promise<'filled'>) | (() => Promise<never>),
    { before, now = bare }: { before?: AccountSnapshot | undefined; now?: AccountSnapshot } = {
      before: was,
    },
  ) => {
    const ports = portsOf(createFakeWorld());
    return readEndedStops({ ...ports, account: { ...ports.account, protectionEnd } }, before, now);
  };
  const filled = async () => 'filled' as const;

  it('is asked of one that is gone while its position is open, and unknown where that cannot be read', async () => {
    expect(await read(filled)).toEqual([{ stop: PROTECTION, end: 'filled' }]);
    expect(await read(fails)).toEqual([{ stop: PROTECTION, end: undefined }]);
  });

  it('is not asked of one that rests, of a target alone, or where its position is gone', async () => {
    expect(await read(filled, { before: was, now: was })).toEqual([]);
    expect(await read(filled, { before: was, now: snapshotOf() })).toEqual([]);
    expect(await read(filled, {})).toEqual([]);
    const { stopPrice: _none, ...target } = PROTECTION;
    expect(await read(filled, { before: { ...was, protections: [target] } })).toEqual([]);
  });
});

describe('a reading that halted', () => {
  const before = snapshotOf({ at: NOW - 5_000 });
  const halted = (trigger: string, at = before.at) => ({
    mode: 'halted' as const,
    reasons: [{ trigger, evidence: 'too much', at }],
    since: at,
  });
  const reading = (id: string, tripped: boolean): StopCondition => ({
    id,
    label: id,
    usedPercent: 0,
    tripped,
    to: 'halted',
    sentence: id,
  });
  const told = (mode: Parameters<typeof unconfirmedHalt>[1], ...readings: StopCondition[]) =>
    unconfirmedHalt(before, mode, { snapshot: snapshotOf(), readings }).length;
  const calm = reading('daily-loss', false);

  it('is told to stand alone where the next trips none of what it tripped', () => {
    expect(told(halted('daily-loss'), calm)).toBe(1);
    expect(told(halted('daily-loss'), reading('daily-loss', true))).toBe(0);
    const two = {
      ...halted('daily-loss'),
      reasons: [...halted('daily-loss').reasons, ...halted('drawdown').reasons],
    };
    expect(told(two, calm, reading('drawdown', true))).toBe(0);
    expect(told(two, calm, reading('drawdown', false))).toBe(1);
  });

  it('is not, where another reading halted, a person did, or what does not hang on equity', () => {
    expect(told(halted('daily-loss', before.at - 1), calm)).toBe(0);
    expect(told(halted('owner'), calm)).toBe(0);
    expect(told(halted('loss-streak'), reading('loss-streak', false))).toBe(0);
    expect(told({ ...halted('daily-loss'), mode: 'normal' }, calm)).toBe(0);
    const alone = { snapshot: snapshotOf(), readings: [calm] };
    expect(unconfirmedHalt(undefined, halted('daily-loss'), alone)).toEqual([]);
  });
});

describe('what Vigil does itself', () => {
  it('is noted by kind, and a store that is away costs the note alone', async () => {
    const { trading, log, clock } = portsOf(createFakeWorld());
    if (trading === undefined) throw new Error('nothing can trade');
    const notes: OwnAction[] = [];
    const doAll = async (through: Trading): Promise<void> => {
      await through.setLeverage('ETHUSDT', 3);
      await through.placeProtection({ symbol: 'ETHUSDT', positionId: 'p1', stop: price('9') });
      await through.cancelOrders('ETHUSDT', ['a', 'b']);
      await through.closePosition(closeOf('p1'));
    };
    const kept = { note: async (each: OwnAction) => void notes.push(each), since: async () => [] };
    await doAll(logActions(trading, { actions: kept, clock, log }));
    expect(notes).toEqual([
      { kind: 'leverage', symbol: 'ETHUSDT', leverage: 3, at: NOW },
      { kind: 'protect', positionId: 'p1', stop: price('9'), at: NOW },
      { kind: 'cancel-order', orderId: 'a', at: NOW },
      { kind: 'cancel-order', orderId: 'b', at: NOW },
      { kind: 'close', positionId: 'p1', at: NOW },
    ]);
    const warned: string[] = [];
    const away = { ...log, warn: (message: string) => void warned.push(message) };
    await doAll(logActions(trading, { actions: { ...kept, note: fails }, clock, log: away }));
    await new Promise((resolve) => setImmediate(resolve));
    expect(warned).toHaveLength(5);
  });
});
