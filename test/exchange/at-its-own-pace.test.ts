import { closeOf } from '../risk/fixtures.ts';
import { afterEach, expect, it } from 'vitest';
import { anEntry } from './support/an-entry.ts';
import { client, clockAt, present } from './support/client.ts';
import { ACCOUNT_ROW, TICKER_ROW } from './support/rows.ts';
import { ok, startTinyVenue, type Seen } from './support/tiny-venue.ts';
import { until } from './support/until.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** Candles that wait for their turn: 12 s of a sweep. */
const SWEPT = 100;
/** What a sweep sends in a second. */
const A_SECOND = 8;

const entry = anEntry();

const isCandle = ({ path }: Seen): boolean => path.endsWith('/market/kline');

it("sends what an approval, prices and the account need before a sweep's candles that waited longer, at the exchange's own pace", async () => {
  const venue = await startTinyVenue((seen) => {
    const name = seen.path.replace('/api/v1/futures/', '');
    if (name === 'account') return ok(ACCOUNT_ROW);
    if (name === 'market/tickers') return ok([TICKER_ROW]);
    return ok([]);
  });
  const bitunix = client(venue.url, { clock: clockAt(1) });
  open.push(bitunix, venue);
  const { market } = bitunix;
  const [account, trading] = [present(bitunix.account), present(bitunix.trading)];
  const urgent = present(bitunix.urgentAccount);
  const ended = (promise: Promise<unknown>): Promise<unknown> => promise.catch(() => undefined);
  for (let n = 0; n < SWEPT; n += 1) {
    void ended(market.candles({ symbol: `S${n}USDT`, interval: '4h', limit: 1, patient: true }));
  }
  await until('the first second of the sweep', () => venue.seen.length === A_SECOND);
  // By the first request that each makes.
  const asked: Record<string, () => Promise<unknown>> = {
    'market/tickers': () => market.tickers(),
    'market/trading_pairs': () => market.instruments(['BTCUSDT']),
    'position/get_position_tiers': () => market.riskTiers('BTCUSDT'),
    'market/funding_rate/batch': () => market.fundingRates(),
    'market/get_funding_rate_history': () => market.fundingHistory('BTCUSDT'),
    account: () => account.account(),
    'position/get_pending_positions': () => account.positions(),
    'trade/get_pending_orders': () => account.openOrders(),
    'tpsl/get_pending_orders': () => urgent.protections(),
    'account/get_leverage_margin_mode': () => trading.setLeverage('BTCUSDT', 5),
    'trade/place_order': () => trading.placeEntry(entry, 'c1', Date.now() + 60_000),
    'trade/flash_close_position': () => trading.closePosition(closeOf('1')),
  };
  for (const ask of Object.values(asked)) void ended(ask());
  const placeOf = (name: string): number =>
    venue.seen.findIndex(({ path }) => path === `/api/v1/futures/${name}`);

  await until('all of them', () => Object.keys(asked).every((name) => placeOf(name) >= 0));
  for (const name of Object.keys(asked)) {
    const candles = venue.seen.slice(0, placeOf(name)).filter(isCandle).length;
    // Those sent before, and what left right behind it and may have overtaken it on the way.
    expect(candles, name).toBeLessThan(2 * A_SECOND);
  }
});
