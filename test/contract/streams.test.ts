import { afterEach, describe, expect, it } from 'vitest';
import type { StreamState } from '../../src/app/ports/feeds.ts';
import type { PriceTick } from '../../src/app/ports/price-stream.ts';
import { toNumber } from '../../src/domain/money/money.ts';
import { accountOf, demand } from './contract-case.ts';
import { venueTarget, type VenueTarget } from './venue-target.ts';
import { PATIENCE_MS } from '../patience.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!condition()) {
    demand(performance.now() < deadline, `not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function prices(target: VenueTarget, symbols: readonly string[]) {
  const stream = target.bitunix.openPriceStream();
  const ticks: PriceTick[] = [];
  const states: StreamState[] = [];
  stream.onTick((tick) => ticks.push(tick));
  stream.onState((state) => states.push(state));
  open.push(stream);
  stream.follow(symbols);
  await until('live', () => stream.state() === 'live');
  return { stream, ticks, states };
}

async function hints(target: VenueTarget) {
  const stream = target.bitunix.openAccountStream?.();
  demand(stream !== undefined, 'keys were given');
  const seen: string[] = [];
  const states: StreamState[] = [];
  stream.onHint((channel, symbol) => seen.push(`${channel}:${symbol ?? '*'}`));
  stream.onState((state) => states.push(state));
  open.push(stream);
  await until('live', () => stream.state() === 'live');
  return { stream, seen, states };
}

describe('the price stream of the simulated exchange', () => {
  it('pushes the mark prices that REST shows', async () => {
    const target = await venueTarget({ speed: 1 });
    open.unshift(target);
    const { ticks } = await prices(target, ['BTCUSDT', 'ETHUSDT']);
    await until('both', () => new Set(ticks.map((tick) => tick.symbol)).size === 2);
    const tickers = await target.bitunix.market.tickers();
    for (const symbol of ['BTCUSDT', 'ETHUSDT']) {
      const pushed = ticks.find((tick) => tick.symbol === symbol)?.mark;
      const shown = tickers.find((ticker) => ticker.symbol === symbol)?.mark;
      demand(pushed !== undefined && shown !== undefined, `no price of ${symbol}`);
      expect(Math.abs(toNumber(pushed) / toNumber(shown) - 1)).toBeLessThan(0.01);
    }
  });

  it('comes back after the connection is dropped, and after it falls silent', async () => {
    const target = await venueTarget({ speed: 1 });
    open.unshift(target);
    const { stream, states, ticks } = await prices(target, ['BTCUSDT']);
    await target.control('fault', { fault: 'drop-sockets', channel: 'public' });
    await until('dropped', () => states.includes('stale'));
    await until('back', () => stream.state() === 'live');
    const before = ticks.length;
    await target.control('fault', { fault: 'silent-sockets', forMs: 6_000 });
    await until('seen as silent', () => states.filter((state) => state === 'stale').length === 2);
    await until('back again', () => stream.state() === 'live' && ticks.length > before);
    expect(states).toEqual(['connecting', 'live', 'stale', 'live', 'stale', 'live']);
  });
});

describe('the account stream of the simulated exchange', () => {
  it('logs in and hints at what is done by hand', async () => {
    const target = await venueTarget();
    open.unshift(target);
    const { seen } = await hints(target);
    await target.control('position', { symbol: 'ETHUSDT', side: 'LONG', qty: '0.1', stop: '3000' });
    for (const channel of ['position:ETHUSDT', 'order:ETHUSDT', 'balance:*']) {
      await until(channel, () => seen.lastIndexOf(channel) >= 0);
    }
  });

  it('asks for a whole read after each reconnect, so that a missed event is found', async () => {
    const target = await venueTarget();
    open.unshift(target);
    const { seen, states } = await hints(target);
    await target.control('fault', { fault: 'missed-event', count: 20 });
    await target.control('position', { symbol: 'ETHUSDT', side: 'LONG', qty: '0.1', leverage: 5 });
    await target.control('fault', { fault: 'drop-sockets', channel: 'private' });
    await until('reconnected', () => states.length === 3);
    await until('hints', () => seen.filter((hint) => hint === 'position:*').length === 2);
    expect(await accountOf(target).positions()).toHaveLength(1);
  });
});
