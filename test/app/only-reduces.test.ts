import { reduceOf } from '../risk/fixtures.ts';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { flatten } from '../../src/app/halt/flatten.ts';
import {
  add,
  max,
  priceFromNumber,
  qty,
  qtyFromNumber,
  toNumber,
  toText,
  type Qty,
  ZERO_USD,
} from '../../src/domain/money/money.ts';
import type { WriteOutcome } from '../../src/domain/order.ts';
import type { Position } from '../../src/domain/position.ts';
import { createBitunix, type Bitunix } from '../../src/exchange/bitunix/bitunix.ts';
import { nextPanicStep } from '../../src/risk/stop/panic.ts';
import type { ApprovedReduce } from '../../src/risk/gate/reduce.ts';
import { silentLog } from '../contract/venue-target.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { byHand } from './by-hand.ts';
import { KEY, openVigil, type Vigil } from './vigil.ts';

const SYMBOLS = ['BTCUSDT', 'ETHUSDT'] as const;
type Mode = 'hedge' | 'one-way';

/** What other hands do while Vigil believes what it has read. */
const HANDS = ['nothing', 'shrink', 'close', 'other side', 'grow', 'price'] as const;
const OURS = ['close', 'reduce', 'limit', 'cross', 'panic'] as const;
const FAULTS = ['none', 'none', 'lost-reply', 'doubled-request', 'late-request'] as const;

const turn = fc.record({
  symbol: fc.constantFrom(...SYMBOLS),
  side: fc.constantFrom('long' as const, 'short' as const),
  hand: fc.constantFrom(...HANDS),
  ours: fc.constantFrom(...OURS),
  fault: fc.constantFrom(...FAULTS),
  share: fc.constantFrom(0.01, 0.3, 0.5, 0.999, 1, 1.7),
  percent: fc.constantFrom(-2, -0.7, 0.7, 2),
  repeat: fc.constantFrom('once' as const, 'same id' as const, 'new id' as const),
});
type Turn = typeof turn extends fc.Arbitrary<infer T> ? T : never;

let redis: RealRedis;
let vigil: Vigil;
let bitunix: Bitunix;
/** Which outcomes were seen, so that a run in which nothing arrived does not pass. */
let outcomes: Map<string, number>;
let handsRefused: number;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(async () => {
  await bitunix.close();
  await vigil.close();
});

async function open(mode: Mode): Promise<void> {
  const positionMode = mode === 'hedge' ? 'HEDGE' : 'ONE_WAY';
  vigil = await openVigil({
    redis,
    venue: {
      speed: 50,
      rateLimits: false,
      accounts: [{ ...KEY, balance: '100000', positionMode }],
    },
  });
  const clock = { now: () => vigil.venue.now(), speed: vigil.venue.speed };
  bitunix = createBitunix({
    url: vigil.venue.url,
    ...KEY,
    clock,
    log: silentLog,
    trading: true,
    random: () => 0.5,
    deadlineMs: 5_000,
  });
  outcomes = new Map();
  handsRefused = 0;
}

const accountOf = () => bitunix.account ?? expect.fail('there is a key');
const tradingOf = () => bitunix.trading ?? expect.fail('the key may trade');

type Held = ReadonlyMap<string, Qty>;

/** What the exchange itself holds, by contract and direction. */
async function held(): Promise<Held> {
  const { positions } = await vigil.truth();
  const sizes = new Map<string, Qty>();
  for (const each of positions) {
    const key = `${each.symbol} ${each.direction}`;
    sizes.set(key, add(sizes.get(key) ?? (0n as Qty), qty(each.qty)));
  }
  return sizes;
}

function expectNoneLarger(before: Held, after: Held, what: string): void {
  const larger = [...after].filter(([key, size]) => size > (before.get(key) ?? 0n));
  expect(larger.map(([key, size]) => `${what}: ${key} is ${toText(size)}`)).toEqual([]);
}

const openByHand = (symbol: string, side: string, size: string): Promise<void> =>
  vigil.control('position', { symbol, side, qty: size, leverage: 5 });

const SIZE = { BTCUSDT: '0.02', ETHUSDT: '0.4' } as const;
const half = (position: Position): string =>
  toText(qtyFromNumber(toNumber(position.qty) / 2, qty('0.001'), 'up'));
const opposite = (position: Position): string => (position.side === 'long' ? 'short' : 'long');

async function move(mode: Mode, by: Turn, seen: Position | undefined): Promise<void> {
  if (by.hand === 'price')
    return vigil.control('price', { symbol: by.symbol, percent: by.percent });
  if (seen === undefined || by.hand === 'nothing') return;
  if (by.hand === 'grow') return openByHand(seen.symbol, seen.side, half(seen));
  if (by.hand === 'close') {
    await byHand(vigil, 'trade/flash_close_position', { positionId: seen.id });
    return;
  }
  // In one-way mode this turns the position round: it first closes what is open.
  if (by.hand === 'other side')
    return openByHand(seen.symbol, opposite(seen), toText(add(seen.qty, qty(SIZE[by.symbol]))));
  if (mode === 'one-way') return openByHand(seen.symbol, opposite(seen), half(seen));
  await byHand(vigil, 'trade/place_order', {
    symbol: seen.symbol,
    qty: half(seen),
    side: seen.side === 'long' ? 'BUY' : 'SELL',
    tradeSide: 'CLOSE',
    positionId: seen.id,
    orderType: 'MARKET',
  });
}

/** The writes of one turn, on what was read before other hands moved. */
async function writes(mode: Mode, by: Turn, seen: Position, n: number): Promise<WriteOutcome[]> {
  const trading = tradingOf();
  const repeats = by.repeat === 'once' ? 1 : 2;
  const again = (write: (place: number) => Promise<WriteOutcome>): Promise<WriteOutcome[]> =>
    Promise.all(Array.from({ length: repeats }, (_, place) => write(place)));
  if (by.ours === 'close') return again(() => trading.closePosition(reduceOf(seen)));
  if (by.ours === 'panic') return again(() => panic(seen));
  const wanted = qtyFromNumber(toNumber(seen.qty) * by.share, qty('0.001'), 'up');
  const reduce = reduceOf(seen, max(wanted, qty('0.001')));
  const limit = by.ours === 'reduce' ? {} : { limit: await exitAt(by, seen) };
  return again((place) =>
    trading.reducePosition({
      reduce,
      mode,
      clientId: by.repeat === 'new id' ? `reduce${n}x${place}` : `reduce${n}`,
      ...limit,
    }),
  );
}

/** An exit that rests a little beyond the market, or one that fills at once. */
async function exitAt({ ours, symbol }: Turn, seen: Position) {
  const [tickers, instruments] = await Promise.all([
    bitunix.market.tickers(),
    bitunix.market.instruments(),
  ]);
  const mark = tickers.find((each) => each.symbol === symbol)?.mark;
  const tick = instruments.find((each) => each.symbol === symbol)?.tick;
  if (mark === undefined || tick === undefined) return expect.fail(`${symbol} has no price`);
  const beyond = (ours === 'limit') === (seen.side === 'long') ? 1.005 : 0.995;
  const price = priceFromNumber(toNumber(mark) * beyond, tick, 'half-even');
  return { price, effect: ours === 'limit' ? ('GTC' as const) : ('IOC' as const) };
}

/** The step of the emergency close for a position as it was read. */
async function panic(seen: Position): Promise<WriteOutcome> {
  const { actions } = nextPanicStep({
    mode: 'halted',
    orders: [],
    positions: [seen],
    protections: [],
    inFlight: [],
    readAt: 1,
    attempts: new Map(),
    lastActionAt: undefined,
    flatSince: undefined,
    emptySince: undefined,
    unseen: ZERO_USD,
    now: 1,
  });
  const close = actions.find((each) => each.kind === 'close');
  return close === undefined
    ? expect.fail('nothing to close')
    : tradingOf().closePosition(close.reduce);
}

async function play(mode: Mode, by: Turn, n: number): Promise<void> {
  const what = `turn ${n} ${JSON.stringify(by)}`;
  const find = async (): Promise<Position | undefined> => {
    const open = (await accountOf().positions()).filter((each) => each.symbol === by.symbol);
    return open.find((each) => each.side === by.side) ?? open[0];
  };
  let seen = await find();
  if (seen === undefined) {
    await openByHand(by.symbol, by.side, SIZE[by.symbol]);
    seen = await find();
  }
  if (seen === undefined) return expect.fail(`${what}: nothing was opened`);
  // What other hands may not do the exchange refuses; then nothing has changed.
  await move(mode, by, seen).catch(() => (handsRefused += 1));
  const before = await held();
  if (by.fault !== 'none')
    await vigil.control('fault', { fault: by.fault, path: 'trade/', count: 1, amount: 200 });
  for (const { kind } of await writes(mode, by, seen, n))
    outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1);
  await vigil.control('fault', { fault: 'clear' });
  const after = await held();
  expectNoneLarger(before, after, what);
  // What rests fills now, or arrives late.
  await vigil.control('price', { symbol: by.symbol, percent: by.percent });
  await vigil.control('clock', { advanceMs: 1_000 });
  expectNoneLarger(after, await held(), `${what}, later`);
}

describe.each(['hedge', 'one-way'] as const)('in %s mode', (mode) => {
  it('nothing that reduces makes a position larger or opens the other side', async () => {
    await open(mode);
    const turns = fc.sample(turn, { seed: 20_251_010, numRuns: 36 });
    for (const [n, by] of turns.entries()) await play(mode, by, n);
    expect(outcomes.get('accepted')).toBeGreaterThan(15);
    expect(outcomes.get('rejected')).toBeGreaterThan(3);
    expect(handsRefused).toBeLessThan(5);
  });

  it('the whole emergency close only closes while positions shrink and vanish under it', async () => {
    await open(mode);
    await openByHand('BTCUSDT', 'long', '0.02');
    await openByHand('ETHUSDT', 'short', '0.4');
    if (mode === 'hedge') await openByHand('BTCUSDT', 'short', '0.04');
    const start = await held();
    const positions = await accountOf().positions();
    const hands = ['close', 'shrink', 'price'] as const;
    const looks: Held[] = [];
    const { trading } = vigil.ports;
    if (trading === undefined) return expect.fail('the key may trade');
    const closePosition = async (reduce: ApprovedReduce): Promise<WriteOutcome> => {
      const place = positions.findIndex((each) => each.id === reduce.positionId);
      const [by] = fc.sample(turn, { seed: place, numRuns: 1 });
      const hand = hands[place] ?? 'nothing';
      if (by !== undefined) await move(mode, { ...by, hand }, positions[place]).catch(() => {});
      const twice = [trading.closePosition(reduce), trading.closePosition(reduce)] as const;
      const [outcome] = await Promise.all(twice);
      looks.push(await held());
      return outcome;
    };
    const request = { id: 'one', by: 1, closePositions: true, at: vigil.ports.clock.now() };
    const ports = { ...vigil.ports, trading: { ...trading, closePosition } };
    expect(await flatten(ports, request)).toBe('done');
    expect(looks.length).toBeGreaterThanOrEqual(positions.length);
    for (const look of looks) expectNoneLarger(start, look, 'closing everything');
    expect(await held()).toEqual(new Map());
  });
});
