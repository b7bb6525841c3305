/** Paper mode, with a second simulated venue in the place of BitUnix's public market data. */
import { afterEach, describe, expect, it } from 'vitest';
import { qty, toNumber } from '../src/domain/money/money.ts';
import { createBitunix } from '../src/exchange/bitunix/bitunix.ts';
import { openPaperFeed } from '../src/paper/feed.ts';
import { startVenue, type Venue } from '../src/simulator/venue/venue.ts';
import { wallClock } from '../src/process/venue-clock.ts';
import { cleanUp, freePort, newFolder, startProgram } from './acceptance/demo-process.ts';
import { phoneAt } from './acceptance/owner.ts';
import { until } from './acceptance/wait.ts';
import { accountOf, tradingOf, type Target } from './contract/contract-case.ts';
import { anEntry } from './contract/small-entry.ts';
import { API_KEY, SECRET_KEY, silentLog } from './contract/venue-target.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await cleanUp();
  for (const close of closing.splice(0).toReversed()) await close();
});

/** What stands for BitUnix: a market of its own that nobody has an account at. */
async function outside(): Promise<Venue> {
  const venue = await startVenue({
    market: { kind: 'generated', seed: 11, symbols: 6 },
    speed: 1,
    accounts: [],
    pushMs: 100,
  });
  closing.push(() => venue.stop());
  return venue;
}

const client = (url: string, keys: object = {}) => {
  const bitunix = createBitunix({ url, ...keys, clock: wallClock, log: silentLog, trading: true });
  closing.push(() => bitunix.close());
  return bitunix;
};

async function control(url: string, call: string, body: object): Promise<void> {
  const response = await fetch(`${url}/sim/${call}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  expect(response.ok, await response.text()).toBe(true);
}

async function markAt(bitunix: ReturnType<typeof client>, symbol: string): Promise<number> {
  const ticker = (await bitunix.market.tickers()).find((each) => each.symbol === symbol);
  if (ticker === undefined) throw new Error(`${symbol} has no price`);
  return toNumber(ticker.mark);
}

describe('the paper account', () => {
  it('fills an order at the prices of the market outside, and follows them', async () => {
    const market = await outside();
    const feed = await openPaperFeed(client(market.url), silentLog);
    closing.push(() => feed.close());
    const venue = await startVenue({
      market: { kind: 'feed', feed },
      accounts: [{ apiKey: API_KEY, secretKey: SECRET_KEY, balance: '10000' }],
      pushMs: 100,
    });
    closing.push(() => venue.stop());
    const bitunix = client(venue.url, { apiKey: API_KEY, secretKey: SECRET_KEY });
    const target: Target = { bitunix, symbol: 'BTCUSDT', now: () => venue.now() };
    const before = await markAt(client(market.url), 'BTCUSDT');
    const entry = await anEntry(target, { side: 'long', qty: qty('0.01') });
    expect((await tradingOf(target).placeEntry(entry, 'paper1')).kind).toBe('accepted');
    const [position] = await accountOf(target).positions();
    if (position === undefined) throw new Error('nothing was opened');
    expect(Math.abs(toNumber(position.entryPrice) / before - 1)).toBeLessThan(0.005);
    await control(market.controlUrl, 'price', { symbol: 'BTCUSDT', percent: -3 });
    await until(async () => (await markAt(bitunix, 'BTCUSDT')) < before * 0.98 || undefined, {
      says: () => 'the fall did not arrive',
    });
    const [after] = await accountOf(target).positions();
    expect(after === undefined ? 0n : after.unrealisedPnl).toBeLessThan(0n);
    const candles = await bitunix.market.candles({ symbol: 'ETHUSDT', interval: '5m', limit: 50 });
    const real = client(market.url).market;
    expect(candles).toHaveLength(50);
    expect(candles.map(({ close }) => close)).toEqual(
      (await real.candles({ symbol: 'ETHUSDT', interval: '5m', limit: 50 })).map(
        ({ close }) => close,
      ),
    );
  });
});

describe('npm start with VIGIL_MODE=paper', () => {
  it('guards a simulated account at the prices outside, in the chat emulator', async () => {
    const market = await outside();
    const env = { VIGIL_MODE: 'paper', BITUNIX_URL: market.url };
    const program = startProgram({ folder: newFolder(), env });
    await until(() => program.output().includes('Ctrl-C ends it') || undefined, {
      says: () => program.output(),
    });
    const find = (pattern: RegExp): string => pattern.exec(program.output())?.[1] ?? '';
    const phone = await phoneAt(find(/^Chat: +(\S+)$/m));
    await phone.ask(`/start ${find(/\/start ([A-Z0-9]+)$/m)}`, 'Paired');
    const body = { symbol: 'ETHUSDT', side: 'LONG', notional: '1000', leverage: 5 };
    await until(async () => (await phone.ask('/status', /paper/i)) && true, { says: () => '' });
    await control(find(/^Control: (\S+)/m), 'position', body);
    const told = await phone.hears(/ETHUSDT long[\s\S]* at \d/);
    const mark = await markAt(client(market.url), 'ETHUSDT');
    const text = (told.text ?? told.caption ?? '').replaceAll(/(?<=\d)[,\s](?=\d{3})/g, '');
    const entry = Number(/at ([\d.]+)/.exec(text)?.[1]);
    expect(Math.abs(entry / mark - 1)).toBeLessThan(0.01);
    phone.hangUp();
    program.interrupt();
    expect((await program.ended).code, program.output()).toBe(0);
  });

  it('without a network says so, says what to do, and exits with 1', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const env = { VIGIL_MODE: 'paper', BITUNIX_URL: url };
    const program = startProgram({ folder: newFolder(), env });
    expect((await program.ended).code).toBe(1);
    expect(program.output()).toContain("Paper mode needs BitUnix's public market data");
    expect(program.output()).toContain('npm run demo');
    expect(program.output()).not.toMatch(/^\s+at /m);
  });
});
