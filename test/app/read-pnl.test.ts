import { describe, expect, it } from 'vitest';
import { readPnl } from '../../src/app/views/read-pnl.ts';
import { add, price, qty, usd } from '../../src/domain/money/money.ts';
import type { Fill } from '../../src/domain/order.ts';
import type { ClosedPosition, Position } from '../../src/domain/position.ts';
import { pnlView } from '../../src/bot/views/pnl.ts';
import { DAY, HOUR } from '../../src/domain/time.ts';
import { DEFAULT_LIMITS } from '../../src/risk/terms/limits.ts';
import { createFakeWorld, portsOf } from '../bot/fakes.ts';
import { CLOSED, POSITION } from '../bot/samples.ts';

it("counts what closed from the first moment of the daily loss limit's day, and says when it began", async () => {
  const now = Date.UTC(2025, 9, 10, 3);
  const began = Date.UTC(2025, 9, 9, 5);
  const world = createFakeWorld();
  world.now = now;
  world.closed = [began - 1, began].map((closedAt, index) => ({
    ...CLOSED,
    id: `${index}`,
    closedAt,
  }));
  const limits = () => ({ ...DEFAULT_LIMITS, dayStartOffsetMs: 5 * HOUR });
  const reading = await readPnl({ ...portsOf(world), limits });
  expect(reading).toMatchObject({
    value: { todayFrom: began, today: { closed: 1 }, week: { closed: 2 } },
  });
});

it('says of how many closed positions it does not know all costs, and counts none of them as won', async () => {
  const world = createFakeWorld();
  const closedAt = world.now - 1_000;
  world.closed = [
    { ...CLOSED, closedAt, net: usd('5'), costsUnknown: true },
    { ...CLOSED, id: 'other', closedAt, net: usd('6') },
  ];
  const reading = await readPnl(portsOf(world));
  if (reading.kind !== 'live') throw new Error(reading.kind);
  expect(reading.value.week).toMatchObject({ closed: 2, won: 1, closedUnknown: 1 });
  const { text } = pnlView(reading, { venueMode: 'demo', speed: 1, now: world.now });
  expect(text).toContain('Without all costs of 1 closed position: the exchange does not say them.');
  expect(text.match(/before costs that are unknown/g)).toHaveLength(1);
});

describe('what was taken in parts', () => {
  const NOW = Date.UTC(2025, 9, 10, 3);
  const TODAY = Date.UTC(2025, 9, 10);
  const open = (over: object = {}) => ({
    ...POSITION,
    realisedGross: usd('36.47'),
    fees: usd('2.5'),
    funding: usd('-1'),
    openedAt: NOW - HOUR,
    ...over,
  });
  const fill = (over: object = {}): Fill => ({
    id: 'f',
    orderId: 'o',
    symbol: 'ETHUSDT',
    side: 'sell',
    price: POSITION.entryPrice,
    qty: POSITION.qty,
    fee: usd('0.3'),
    realisedGross: usd('10'),
    role: 'taker',
    reduceOnly: false,
    at: TODAY,
    ...over,
  });
  const short = (closedAt: number, entry = '4200'): ClosedPosition => ({
    ...CLOSED,
    symbol: 'ETHUSDT',
    side: 'short',
    entryPrice: price(entry),
    closedAt,
  });
  async function read(
    positions: readonly Position[],
    fills: readonly Fill[] = [],
    closed: readonly ClosedPosition[] = [],
  ) {
    const world = createFakeWorld();
    world.now = NOW;
    world.positions = [...positions];
    world.closed = [...closed];
    const asked: (number | undefined)[] = [];
    const ports = portsOf(world);
    const account = {
      ...ports.account,
      fills: async ({ since }: { since?: number }) => {
        asked.push(since);
        return fills;
      },
    };
    const reading = await readPnl({ ...ports, account });
    if (reading.kind !== 'live') throw new Error(reading.kind);
    const scene = { venueMode: 'demo', speed: 1, now: NOW } as const;
    return { ...reading.value, asked, text: pnlView(reading, scene).text };
  }

  it('counts with its costs from the day on which the position was opened', async () => {
    const { today, week, month, asked, text } = await read([open()]);
    for (const sums of [today, week, month]) {
      expect(sums).toMatchObject({ closed: 0, parts: 1, net: usd('32.97'), fundingUnknown: 0 });
    }
    expect(asked).toEqual([]);
    expect(text).not.toContain('Nothing was closed');
    expect(text).toContain('+32.97 USDT net');
    expect(text).toContain('Parts of 1 open position closed: +36.47 USDT by price');
    expect(text).toContain('Price +36.47 USDT, fees -2.50 USDT, funding -1.00 USDT');
  });

  it('of an older position is what its fills since then say, of both its sides and no other’s', async () => {
    const fills = [
      fill(),
      fill({ at: TODAY - 1, realisedGross: usd('1000') }),
      fill({ symbol: 'BTCUSDT', realisedGross: usd('1000') }),
      // Added to the long; and a short of the same coin from 4,200, closed, and one opened.
      fill({ side: 'buy', realisedGross: usd('0'), fee: usd('0.2') }),
      fill({ side: 'buy', realisedGross: usd('500'), fee: usd('7') }),
      fill({ side: 'sell', realisedGross: usd('0'), fee: usd('7') }),
      // Closed at the entry price: nothing won, and its fee counts.
      fill({ side: 'sell', realisedGross: usd('0'), fee: usd('0.1'), reduceOnly: true }),
    ];
    const long = open({ openedAt: TODAY - 1 });
    const { today, asked, text } = await read([long], fills, [short(TODAY)]);
    expect(asked).toEqual([TODAY]);
    const before = add(usd('10'), CLOSED.gross);
    expect(today).toMatchObject({ parts: 1, gross: before, fees: add(usd('0.6'), CLOSED.fees) });
    expect(today.fundingUnknown).toBe(1);
    const { week } = await read([long], fills);
    expect(week).toMatchObject({ gross: usd('36.47'), net: usd('32.97'), fundingUnknown: 0 });
    expect(text).toContain('Without the funding of 1 position opened before');
  });

  it.each(['buy', 'sell'] as const)(
    'is the same where the exchange prints a close of both sides as "%s", each by its own entry price',
    async (side) => {
      const at = { price: price('4100'), qty: qty('1'), side };
      const fills = [
        fill({ ...at, realisedGross: usd('100') }),
        fill({ ...at, realisedGross: usd('50') }),
      ];
      const older = { openedAt: TODAY - 1 };
      const pair = [
        open({ ...older, realisedGross: usd('100') }),
        open({
          ...older,
          id: 'p2',
          side: 'short',
          entryPrice: price('4150'),
          realisedGross: usd('50'),
        }),
      ];
      expect((await read(pair, fills)).today).toMatchObject({ parts: 2, gross: usd('150') });
      expect((await read(pair.slice(0, 1), fills)).today.gross).toBe(usd('150'));
      const gone = short(TODAY, '4150');
      const { today } = await read(pair.slice(0, 1), fills, [gone]);
      expect(today).toMatchObject({ parts: 1, partsGross: usd('100') });
    },
  );

  it('goes by the printed side where both sides would have realised the same', async () => {
    const fills = [fill({ realisedGross: usd('0'), reduceOnly: true, fee: usd('0.4') })];
    const pair = [open(), open({ id: 'p2', side: 'short' })].map((each) => ({
      ...each,
      openedAt: TODAY - 1,
    }));
    const { today } = await read(pair, fills);
    expect(today).toMatchObject({ parts: 1, fees: usd('0.4') });
  });

  it('goes by the printed side in one-way mode', async () => {
    const mode = { positionMode: 'one-way', reduceOnly: true } as const;
    const fills = [fill(mode), fill({ ...mode, side: 'buy', realisedGross: usd('99') })];
    const { today } = await read([open({ openedAt: TODAY - 1 })], fills);
    expect(today).toMatchObject({ parts: 1, gross: usd('10') });
  });

  it('reads a short’s fills the other way round', async () => {
    const fills = [fill({ side: 'buy' }), fill({ side: 'sell', realisedGross: usd('99') })];
    const long = { ...CLOSED, symbol: 'ETHUSDT', side: 'long', closedAt: TODAY } as const;
    const gone = { ...long, entryPrice: price('3960.4'), gross: usd('0'), fees: usd('0') };
    const { today } = await read([open({ side: 'short', openedAt: TODAY - 1 })], fills, [gone]);
    expect(today).toMatchObject({ parts: 1, gross: usd('10'), fees: usd('0.3') });
  });

  it('says how little it knows of a position from which nothing was taken', async () => {
    const untouched = open({ realisedGross: usd('0'), openedAt: TODAY - 1 });
    const { today, week, asked, text } = await read([untouched]);
    expect(asked).toEqual([]);
    expect(today).toMatchObject({ parts: 0, net: usd('0') });
    expect(week).toMatchObject({ parts: 0, net: usd('-3.5') });
    expect(text).toContain('Nothing was closed; this is what open positions cost.');
  });

  it('says when the exchange does not give what an open position took or cost', async () => {
    const bare = { realisedGross: usd('0'), fees: usd('0'), funding: usd('0') };
    const { today, text } = await read([open({ ...bare, costsUnknown: true })]);
    expect(today.costsUnknown).toBe(1);
    expect(text).toContain('Without what 1 open position took or cost so far');
    expect((await read([open(bare)])).text).not.toContain('Without what');
  });

  it('says that a fee is missing in its fills', async () => {
    const older = [open({ openedAt: TODAY - 1 })];
    expect((await read(older, [fill()])).today.costsUnknown).toBe(0);
    const { today, text } = await read(older, [fill({ feeUnknown: true })]);
    expect(today.costsUnknown).toBe(1);
    expect(text).toContain('Without what 1 open position took or cost so far');
  });

  it('is dated from the first moment of each period', async () => {
    const edge = await read([
      open({ openedAt: TODAY }),
      open({ id: 'p2', openedAt: NOW - 7 * DAY }),
    ]);
    expect(edge.asked).toEqual([TODAY]);
    expect(edge.week.gross).toBe(usd('72.94'));
  });
});

it('a position that closes while it is read counts once', async () => {
  const world = createFakeWorld();
  world.positions = [{ ...POSITION, id: CLOSED.id, realisedGross: usd('20') }];
  world.closed = [CLOSED];
  const reading = await readPnl(portsOf(world));
  expect(reading).toMatchObject({ value: { today: { closed: 1, parts: 0, net: CLOSED.net } } });
});
