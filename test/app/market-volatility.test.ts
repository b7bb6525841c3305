import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Ports } from '../../src/app/ports/ports.ts';
import { readMarketHours } from '../../src/app/reading/market-hours.ts';
import { readMarketRisk } from '../../src/app/reading/read-market-risk.ts';
import { volatilityOf } from '../../src/signals/market-volatility.ts';
import { fetchSnapshot } from '../../src/app/reading/read-account.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import type { Candle } from '../../src/domain/candle.ts';
import { HOUR } from '../../src/domain/time.ts';
import { checkEntry } from '../../src/risk/gate/gate.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { hoursOf } from './candles.ts';
import { failing } from './failing.ts';
import { aSignal, gateInputFor } from './signals.ts';
import { openVigil, type Vigil } from './vigil.ts';

const NOW = Date.UTC(2025, 9, 10, 12, 20);

/** The exchange's door for candles, over hours of one's own. */
function exchangeWith(all: readonly Candle[]) {
  const asked: (number | undefined)[] = [];
  const world = { now: NOW, down: false };
  const market = {
    candles: async (query: { limit: number; endTime?: number }) => {
      asked.push(query.endTime);
      if (world.down) throw new Error('the exchange does not answer');
      const closed = all.filter((each) => each.openTime + HOUR <= world.now);
      return closed
        .filter((each) => each.openTime < (query.endTime ?? Infinity))
        .slice(-query.limit);
    },
  } as unknown as Ports['market'];
  return { asked, world, market, clock: { now: () => world.now, speed: 1 } };
}
const calm = { count: 2_000, move: () => 0 };
/** The last 300 of 2,000 hours are quiet. */
const changed = { ...calm, range: (hour: number) => (hour < 1_700 ? 0.02 : 0.004) };

describe('the hours of Bitcoin', () => {
  it('reach back 30 days and a warm-up, in four requests, and then one for each new hour', async () => {
    const exchange = exchangeWith(hoursOf(NOW + 5 * HOUR, calm));
    const hours = await readMarketHours(exchange);
    expect(hours).toHaveLength(30 * 24 + 16);
    expect(exchange.asked).toHaveLength(4);
    expect(
      hours.every((each, n) => n === 0 || each.openTime - (hours[n - 1]?.openTime ?? 0) === HOUR),
    ).toBe(true);
    await readMarketHours(exchange);
    expect(exchange.asked).toHaveLength(4);
    exchange.world.now += HOUR;
    expect((await readMarketHours(exchange)).at(-1)?.openTime).toBe(
      (hours.at(-1)?.openTime ?? 0) + HOUR,
    );
    expect(exchange.asked).toHaveLength(5);
  });

  it('are asked for once however many ask at the same time', async () => {
    const exchange = exchangeWith(hoursOf(NOW, calm));
    await Promise.all([readMarketHours(exchange), readMarketHours(exchange)]);
    expect(exchange.asked).toHaveLength(4);
  });

  it('are those that there are where the exchange has no more', async () => {
    const exchange = exchangeWith(hoursOf(NOW, { ...calm, count: 250 }));
    expect(await readMarketHours(exchange)).toHaveLength(250);
    expect(exchange.asked).toHaveLength(3);
  });

  it('start anew after a silence that is longer than a page', async () => {
    const exchange = exchangeWith(hoursOf(NOW + 900 * HOUR, calm));
    await readMarketHours(exchange);
    exchange.world.now += 400 * HOUR;
    const hours = await readMarketHours(exchange);
    expect(hours).toHaveLength(30 * 24 + 16);
    expect((hours.at(-1)?.openTime ?? 0) - (hours[0]?.openTime ?? 0)).toBe((30 * 24 + 15) * HOUR);
  });

  it('of an hour ago serve while the exchange is away, and of three hours ago do not', async () => {
    const exchange = exchangeWith(hoursOf(NOW + 5 * HOUR, calm));
    const snapshot = { account: undefined as never, positions: [] };
    await readMarketRisk(exchange, snapshot);
    exchange.world.down = true;
    exchange.world.now += HOUR;
    expect((await readMarketRisk(exchange, snapshot)).btcAtr).toMatchObject({ hours: 720 });
    exchange.world.now += 2 * HOUR;
    expect((await readMarketRisk(exchange, snapshot)).btcAtr).toBeUndefined();
  });
});

describe('what is usual', () => {
  it('is the median of 30 days, not of the two weeks that a scan keeps', async () => {
    const exchange = exchangeWith(hoursOf(NOW, changed));
    const hours = await readMarketHours(exchange);
    expect(volatilityOf(hours)?.median).toBeCloseTo(0.02, 3);
    expect(volatilityOf(hours)?.now).toBeCloseTo(0.004, 3);
    expect(volatilityOf(hours.slice(-400))?.median).toBeCloseTo(0.004, 3);
  });

  it('is not moved by a bad tick', () => {
    const hours = hoursOf(NOW, { ...calm, count: 400 });
    const odd = hours.map((each, row) =>
      row === 395
        ? { ...each, open: each.open / 10, low: each.low / 10, close: each.close / 10 }
        : each,
    );
    const [honest, read] = [volatilityOf(hours), volatilityOf(odd)];
    expect(read?.hours).toBe(385);
    expect((read?.now ?? 0) / (honest?.now ?? 1)).toBeCloseTo(1, 1);
  });

  it.each([
    [113, undefined],
    [114, 100],
  ])('needs 100 values: %i hours give %s', (count, hours) => {
    expect(volatilityOf(hoursOf(NOW, { ...calm, count }))?.hours).toBe(hours);
  });
});

describe('an exchange without Bitcoin', () => {
  it.each([
    ['BTCUSDT', undefined],
    ['ETHUSDT', 'not listed'],
  ])('that lists %s and sends no candle', async (symbol, btcAtr) => {
    const { market, clock } = exchangeWith([]);
    const listing = async () => [{ symbol }] as never;
    const ports = { market: { ...market, instruments: listing }, clock };
    const snapshot = { account: undefined as never, positions: [] };
    expect((await readMarketRisk(ports, snapshot)).btcAtr).toBe(btcAtr);
  });
});

describe('the emergency stop', () => {
  let redis: RealRedis;
  let vigil: Vigil;
  let ports: Ports;

  beforeAll(async () => {
    redis = await openRedis();
  });
  afterAll(() => redis.close());
  afterEach(() => vigil.close());

  async function open(): Promise<void> {
    vigil = await openVigil({ redis });
    ({ ports } = vigil);
  }
  const verdict = async (): Promise<readonly string[]> => {
    const found = checkEntry(await gateInputFor(ports, await aSignal(ports), undefined));
    return found.kind === 'refused' ? found.refusals.map((each) => each.code) : [];
  };
  const withHours = (range: (hour: number) => number): void => {
    const candles = async ({ limit, endTime = Infinity }: { limit: number; endTime?: number }) =>
      hoursOf(ports.clock.now(), { ...calm, range })
        .filter((each) => each.openTime < endTime)
        .slice(-limit);
    ports = { ...ports, market: { ...ports.market, candles } };
  };

  it('knows the volatility at the very first read of an account', async () => {
    await open();
    const market = await readMarketRisk(ports, await fetchSnapshot(ports));
    expect(market.btcAtr).toMatchObject({ hours: 720 });
    await refreshAccount(ports);
    expect(await verdict()).toEqual([]);
  });

  it('holds entries when Bitcoin moves more than three times as much as usual', async () => {
    await open();
    withHours((hour) => (hour >= 1_986 ? 0.05 : 0.004));
    await refreshAccount(ports);
    const mode = await ports.mode.read();
    expect([mode?.mode, mode?.reasons.map((each) => each.trigger)]).toEqual([
      'reduceOnly',
      ['volatility'],
    ]);
    expect(await verdict()).toContain('market-too-wild');
  });

  it('lets no entry pass while the hours cannot be read, and tightens nothing', async () => {
    await open();
    ports = { ...ports, market: failing(ports.market, 'candles') };
    await refreshAccount(ports);
    expect((await ports.mode.read())?.mode).toBe('normal');
    expect(await verdict()).toEqual(['market-volatility-missing']);
  });
});
