import { describe, expect, it } from 'vitest';
import { max, sub, sumUsd, ZERO_USD, type Usd } from '../../src/domain/money/money.ts';
import type { TradingMode } from '../../src/domain/trading-mode.ts';
import type { Order } from '../../src/domain/order.ts';
import type { Position, ProtectiveOrder } from '../../src/domain/position.ts';
import {
  nextPanicStep,
  type CloseAttempt,
  type PanicAction,
  type PanicTruth,
} from '../../src/risk/stop/panic.ts';
import { NOW, order, position, stopFor } from '../risk/fixtures.ts';
import { explore, type Machine } from './explore.ts';

interface Venue {
  readonly orders: readonly Order[];
  readonly positions: readonly Position[];
  readonly protections: readonly ProtectiveOrder[];
}

/** What a look gave; undefined parts could not be read. */
interface Look {
  readonly orders: readonly Order[] | undefined;
  readonly positions: readonly Position[] | undefined;
  readonly protections: readonly ProtectiveOrder[] | undefined;
  /** Margin in use: what the account says. */
  readonly margin: Usd | undefined;
}

interface World {
  readonly venue: Venue;
  /** What was last read; undefined: nothing yet. */
  readonly seen: Look | undefined;
  /** What a list that lags still shows. */
  readonly lagging: Venue;
  readonly flatSince: number | undefined;
  readonly emptySince: number | undefined;
  readonly readAt: number | undefined;
  readonly mode: TradingMode;
  readonly attempts: ReadonlyMap<string, CloseAttempt>;
  readonly lastActionAt: number | undefined;
  /** Accepted by the venue, not yet done there. */
  readonly onTheWay: readonly PanicAction[];
  /** An entry that was sent before: it may still arrive until it is looked up. */
  readonly entry: 'none' | 'on its way' | 'arrived, not looked up';
  /** Whether the last look, which asks for entries before positions, knew of it as on its way. */
  readonly entrySeen: boolean;
  readonly now: number;
  readonly done: boolean;
  readonly broken: string;
}

interface Guards {
  readonly confirmsLater: boolean;
  readonly stopsStayUntilFlat: boolean;
  readonly waitsForReading: boolean;
  readonly waitsForEntries: boolean;
  readonly asksForMargin: boolean;
}

const BLIND: Look = {
  orders: undefined,
  positions: undefined,
  protections: undefined,
  margin: undefined,
};
const LONG = position({ id: 'a', symbol: 'AUSDT' });
const SHORT = position({ id: 'b', symbol: 'BUSDT', side: 'short' });

const startWith = (...positions: Position[]): World => ({
  ...EMPTY,
  venue: venueWith(positions),
  lagging: venueWith(positions),
});

const venueWith = (positions: readonly Position[]): Venue => ({
  orders: [order()],
  positions,
  protections: positions.map((each) => stopFor(each, each.side === 'long' ? '98' : '102')),
});

const EMPTY: World = {
  venue: venueWith([]),
  lagging: venueWith([]),
  seen: undefined,
  flatSince: undefined,
  emptySince: undefined,
  readAt: undefined,
  mode: 'normal',
  attempts: new Map(),
  lastActionAt: undefined,
  onTheWay: [],
  entry: 'none',
  entrySeen: false,
  now: NOW,
  done: false,
  broken: '',
};

const EVENTS = [
  'act',
  'act, refused by the venue',
  'the venue works',
  'read',
  'a read whose positions lag',
  'a read whose positions are empty',
  'a read whose positions are empty and whose margin lags',
  'a read whose stops lag',
  'a read without margin',
  'a read without positions',
  'a read fails',
  '3 seconds pass',
  'an entry fills late',
  'the entry on its way arrives',
  'the entry on its way is looked up',
] as const;
type Event = (typeof EVENTS)[number];

const marginOf = (positions: readonly Position[]): Usd =>
  sumUsd(positions.map((each) => each.margin));

/** What the exchange answers when nothing lags. */
const truly = ({ venue }: World): Look => ({ ...venue, margin: marginOf(venue.positions) });

function truthOf(world: World, guards: Guards): PanicTruth {
  const truth = readTruth(world, guards);
  if (guards.waitsForReading || world.seen !== undefined) return truth;
  const flat = { orders: [], positions: [], protections: [], readAt: world.now };
  return { ...truth, ...flat, unseen: ZERO_USD, flatSince: world.now - 3_000 };
}

function readTruth(world: World, guards: Guards): PanicTruth {
  const { seen } = world;
  const unseen =
    seen?.margin === undefined || seen.positions === undefined
      ? undefined
      : max(sub(seen.margin, marginOf(seen.positions)), ZERO_USD);
  return {
    mode: world.mode,
    orders: seen?.orders,
    positions: seen?.positions,
    inFlight: guards.waitsForEntries && world.entrySeen ? ['SOLUSDT long'] : [],
    protections: seen?.protections,
    unseen: guards.asksForMargin ? unseen : ZERO_USD,
    readAt: world.readAt,
    flatSince:
      guards.confirmsLater || world.readAt === undefined ? world.flatSince : world.readAt - 3_000,
    emptySince: world.emptySince,
    attempts: world.attempts,
    lastActionAt: world.lastActionAt,
    now: world.now,
  };
}

const sameSet = (world: World): boolean =>
  world.venue.positions.length > 0 || world.venue.orders.length > 0;

function act(world: World, guards: Guards, accepted: boolean): World | undefined {
  const step = nextPanicStep(truthOf(world, guards));
  if (step.done) {
    const next = { ...world, done: true };
    if (sameSet(world)) return { ...next, broken: 'done is said only when the venue is flat' };
    if (world.seen === undefined)
      return { ...next, broken: 'done is said only after a flat reading' };
    if (world.entry !== 'on its way') return next;
    return { ...next, broken: 'done is said only when no entry is on its way' };
  }
  const writes = step.actions.filter((each) => each.kind !== 'read' && each.kind !== 'latch');
  const dropped = guards.stopsStayUntilFlat
    ? []
    : (world.seen?.protections ?? []).map(
        (each) =>
          ({
            kind: 'cancel-protection',
            protectionId: each.id,
            symbol: each.symbol,
            attempt: 1,
          }) as const,
      );
  if (writes.length + dropped.length === 0 && world.mode === 'halted') return undefined;
  const attempts = new Map(world.attempts);
  for (const each of writes) {
    if (each.kind === 'close')
      attempts.set(each.reduce.positionId, { count: Math.min(each.attempt, 3), lastAt: world.now });
    if (each.kind === 'cancel-protection')
      attempts.set(each.protectionId, { count: Math.min(each.attempt, 3), lastAt: world.now });
  }
  const begins = writes.some(({ kind }) => kind !== 'cancel-protection');
  return {
    ...world,
    mode: 'halted',
    attempts,
    lastActionAt: begins ? world.now : world.lastActionAt,
    onTheWay: accepted ? [...world.onTheWay, ...writes, ...dropped] : world.onTheWay,
  };
}

/** A cancel or close that was accepted becomes true at the venue, in the order in which it was sent. */
function venueWorks(world: World): World | undefined {
  const [first, ...rest] = world.onTheWay;
  if (first === undefined) return undefined;
  const venue = { ...world.venue };
  if (first.kind === 'cancel-order') {
    return {
      ...world,
      onTheWay: rest,
      venue: { ...venue, orders: venue.orders.filter((each) => each.id !== first.orderId) },
    };
  }
  if (first.kind === 'close') {
    const positions = venue.positions.filter((each) => each.id !== first.reduce.positionId);
    return { ...world, onTheWay: rest, venue: { ...venue, positions } };
  }
  if (first.kind !== 'cancel-protection') return { ...world, onTheWay: rest };
  const owner = venue.protections.find((each) => each.id === first.protectionId)?.positionId;
  const protections = venue.protections.filter((each) => each.id !== first.protectionId);
  const naked = venue.positions.some((each) => each.id === owner);
  const next = { ...world, onTheWay: rest, venue: { ...venue, protections } };
  return naked ? { ...next, broken: 'stops stay until their position is gone' } : next;
}

function read(world: World, guards: Guards, seen: Look): World {
  const entrySeen = world.entry !== 'none';
  const next = { ...world, seen, entrySeen, readAt: world.now + 1, now: world.now + 1 };
  const { flatSince, emptySince } = nextPanicStep(truthOf(next, guards));
  return { ...next, flatSince, emptySince };
}

function arrive(world: World): World | undefined {
  if (world.entry !== 'on its way') return undefined;
  const positions = [...world.venue.positions, position({ id: 'late', symbol: 'SOLUSDT' })];
  return { ...world, entry: 'arrived, not looked up', venue: { ...world.venue, positions } };
}

function stepWith(guards: Guards): (world: World, event: Event) => World | undefined {
  return (world, event) => {
    if (world.broken !== '' || world.done) return undefined;
    switch (event) {
      case 'act':
        return act(world, guards, true);
      case 'act, refused by the venue':
        return act(world, guards, false);
      case 'the venue works':
        return venueWorks(world);
      case 'read':
        return read(world, guards, truly(world));
      case 'a read whose positions lag':
        return read(world, guards, { ...truly(world), positions: world.lagging.positions });
      case 'a read whose positions are empty':
        return read(world, guards, { ...truly(world), positions: [] });
      case 'a read whose positions are empty and whose margin lags': {
        const margin = marginOf(world.lagging.positions);
        return read(world, guards, { ...truly(world), positions: [], margin });
      }
      case 'a read whose stops lag':
        return read(world, guards, { ...truly(world), protections: world.lagging.protections });
      case 'a read without margin':
        return read(world, guards, { ...truly(world), margin: undefined });
      case 'a read without positions':
        return read(world, guards, { ...truly(world), positions: undefined });
      case 'a read fails':
        return read(world, guards, BLIND);
      case '3 seconds pass':
        return { ...world, now: world.now + 3_000, lagging: world.venue };
      case 'the entry on its way arrives':
        return arrive(world);
      case 'the entry on its way is looked up':
        return world.entry === 'none' ? undefined : { ...world, entry: 'none' };
      case 'an entry fills late': {
        const [resting] = world.venue.orders;
        if (resting === undefined) return undefined;
        const opened = position({ id: 'late', symbol: resting.symbol });
        return {
          ...world,
          venue: { ...world.venue, orders: [], positions: [...world.venue.positions, opened] },
        };
      }
    }
  };
}

const ids = (list: readonly { readonly id: string }[] | undefined): string =>
  list === undefined ? 'unread' : list.map((each) => each.id).join();

const machine = (guards: Guards, initial: World): Machine<World, Event> => ({
  initial,
  events: EVENTS,
  step: stepWith(guards),
  key: (world) =>
    JSON.stringify([
      ids(world.venue.orders),
      ids(world.venue.positions),
      ids(world.venue.protections),
      world.seen === undefined
        ? 'blind'
        : [
            ids(world.seen.orders),
            ids(world.seen.positions),
            ids(world.seen.protections),
            String(world.seen.margin),
          ],
      (world.readAt ?? 0) > (world.lastActionAt ?? 0),
      world.mode,
      Math.min(world.now - (world.readAt ?? world.now), 3_000),
      ids(world.lagging.positions),
      ids(world.lagging.protections),
      world.flatSince === undefined ? -1 : Math.min((world.readAt ?? 0) - world.flatSince, 3_000),
      (world.flatSince ?? 0) > (world.lastActionAt ?? 0),
      [...world.attempts].map(([id, each]) => [
        id,
        each.count,
        Math.min(world.now - each.lastAt, 3_000),
      ]),
      world.onTheWay.map((each) => each.kind),
      world.entry,
      world.entrySeen,
      world.done,
      world.broken,
    ]),
  name: (event) => event,
});

const SAFE: Guards = {
  confirmsLater: true,
  stopsStayUntilFlat: true,
  waitsForReading: true,
  waitsForEntries: true,
  asksForMargin: true,
};
const ON_ITS_WAY: World = {
  ...EMPTY,
  entry: 'on its way',
  venue: { orders: [], positions: [], protections: [] },
};
const DEPTH = 8;
/** What happens where nothing goes wrong. */
const WORKING: readonly Event[] = ['act', 'the venue works', 'read', '3 seconds pass'];

describe(`the emergency close against a venue that refuses, delays, lags and cannot be read, up to ${DEPTH} events`, () => {
  it.each([
    ['an entry order alone', 970, startWith()],
    ['an entry that is on its way', 300, ON_ITS_WAY],
    ['an entry order and a long', 8_300, startWith(LONG)],
    ['an entry order, a long and a short', 9_500, startWith(LONG, SHORT)],
  ])('with %s breaks no invariant in at least %i states', (_name, states, initial) => {
    const found = explore(machine(SAFE, initial), (world) => world.broken === '', DEPTH);
    expect(found.violation?.join(' > ')).toBeUndefined();
    expect(found.states).toBeGreaterThanOrEqual(states);
  });

  it('says done somewhere: the plan ends when the venue works', () => {
    const smooth = { ...machine(SAFE, startWith(LONG)), events: WORKING };
    const found = explore(smooth, (world) => !world.done, 16);
    expect(found.violation).toBeDefined();
  });

  it.each([
    ['confirmsLater', 'done is said only when the venue is flat'],
    ['stopsStayUntilFlat', 'stops stay until their position is gone'],
    ['waitsForReading', 'done is said only when the venue is flat'],
    ['waitsForReading', 'done is said only after a flat reading'],
    ['waitsForEntries', 'done is said only when no entry is on its way'],
    ['asksForMargin', 'done is said only when the venue is flat'],
    ['asksForMargin', 'stops stay until their position is gone'],
  ] as const)('without the guard "%s" the explorer finds a break of "%s"', (guard, invariant) => {
    const guards = { ...SAFE, [guard]: false };
    const isFound = [startWith(), ON_ITS_WAY, startWith(LONG)].some(
      (initial) =>
        explore(machine(guards, initial), (world) => world.broken !== invariant, DEPTH)
          .violation !== undefined,
    );
    expect(isFound).toBe(true);
  });
});
