import { describe, expect, it, vi } from 'vitest';
import type {
  FeedCandle,
  FeedPrice,
  MarketFeed,
} from '../../../../src/simulator/venue/market/feed-market.ts';
import { asList, asObject, first, TestClient, testVenue } from '../venue-client.ts';
import { PATIENCE_MS } from '../../../patience.ts';

const MINUTE = 60_000;

/** A market outside the venue that a test speaks for. */
class SpokenFeed implements MarketFeed {
  readonly instruments = [
    {
      symbol: 'BTCUSDT',
      quotePrecision: 1,
      basePrecision: 4,
      minQty: '0.0001',
      maxLimitQty: '500',
      maxMarketQty: '120',
      maxLeverage: 200,
      defaultLeverage: 20,
      status: 'OPEN' as const,
      isApiSupported: true,
      fundingHours: 8,
    },
  ];
  readonly history: FeedCandle[] = [];
  stopped = false;
  #listener: ((price: FeedPrice) => void) | undefined;

  candles(): Promise<readonly FeedCandle[]> {
    return Promise.resolve(this.history);
  }

  subscribe(listener: (price: FeedPrice) => void): () => void {
    this.#listener = listener;
    return () => {
      this.stopped = true;
    };
  }

  say(price: string, more: Partial<FeedPrice> = {}): void {
    this.#listener?.({ symbol: 'BTCUSDT', price, ...more });
  }
}

const ORDER = {
  symbol: 'BTCUSDT',
  qty: '0.01',
  side: 'BUY',
  tradeSide: 'OPEN',
  orderType: 'MARKET',
};

async function paper(): Promise<{ feed: SpokenFeed; one: TestClient }> {
  const feed = new SpokenFeed();
  return { feed, one: new TestClient(await testVenue({ market: { kind: 'feed', feed } })) };
}

/** A price counts from the millisecond after it was said. */
const counts = async ({ venue }: TestClient): Promise<void> => {
  const said = venue.now();
  await vi.waitUntil(() => venue.now() > said + 1, { interval: 1, timeout: PATIENCE_MS });
};

describe('a venue on a pushed market', () => {
  it('lets nothing trade before the first price, and fills at the last one', async () => {
    const { feed, one } = await paper();
    expect((await one.post('trade/place_order', ORDER)).code).toBe(20012);
    feed.say('60000');
    feed.say('60010.5');
    await counts(one);
    expect((await one.post('trade/place_order', ORDER)).code).toBe(0);
    expect((await one.positions())[0]).toMatchObject({ avgOpenPrice: '60010.5' });
  });

  it('runs in real time', async () => {
    const { one } = await paper();
    expect(Math.abs(one.venue.now() - Date.now())).toBeLessThan(60_000);
    expect(one.venue.speed).toBe(1);
  });

  it('fires a stop at the first price behind it', async () => {
    const { feed, one } = await paper();
    feed.say('60000');
    await counts(one);
    await one.post('trade/place_order', { ...ORDER, slPrice: '59000' });
    feed.say('58500');
    feed.say('60500');
    await counts(one);
    const row = first(
      asObject((await one.get('position/get_history_positions')).data)['positionList'],
    );
    expect(row['closePrice']).toBe('58500');
  });

  it('shows the feed’s own day, funding and candles, closed ones alone', async () => {
    const { feed, one } = await paper();
    const day = {
      open: '59000',
      high: '61000',
      low: '58000',
      baseVolume: '10',
      quoteVolume: '600000',
    };
    feed.say('60000', { fundingRate: '0.0001', day });
    await counts(one);
    const ticker = first((await one.public('market/tickers')).data);
    expect(ticker).toMatchObject({
      open: '59000',
      high: '61000',
      low: '58000',
      quoteVol: '600000',
      last: '60000',
    });
    const funding = asObject((await one.public('market/funding_rate', { symbol: 'BTCUSDT' })).data);
    expect(funding['fundingRate']).toBe('0.01');
    const open = Math.floor(one.venue.now() / MINUTE) * MINUTE;
    const row = {
      open: '1',
      high: '2',
      low: '0.5',
      close: '1.5',
      baseVolume: '3',
      quoteVolume: '4',
    };
    feed.history.push(
      { ...row, time: open - MINUTE },
      { ...row, time: open - 2 * MINUTE },
      { ...row, time: open + MINUTE },
    );
    const candles = asList(
      (await one.public('market/kline', { symbol: 'BTCUSDT', interval: '1m' })).data,
    );
    expect(candles.map((candle) => Number(candle['time']))).toEqual([
      open - MINUTE,
      open - 2 * MINUTE,
    ]);
    expect(candles[0]).toMatchObject({ high: '2', baseVol: '3', quoteVol: '4' });
  });

  it('ends its subscription when it stops', async () => {
    const { feed, one } = await paper();
    await one.venue.stop();
    expect(feed.stopped).toBe(true);
  });
});
