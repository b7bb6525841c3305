import { closeOf } from '../risk/fixtures.ts';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { price } from '../../src/domain/money/money.ts';
import { ExchangeFailure } from '../../src/domain/failure.ts';
import type { Bitunix } from '../../src/exchange/bitunix/bitunix.ts';
import { LARGEST_ANSWER } from '../../src/exchange/http/transport.ts';
import { client, clockAt, present } from './support/client.ts';
import { TICKER_ROW } from './support/rows.ts';
import { ok, startTinyVenue, type Answer, type Seen } from './support/tiny-venue.ts';
import { until } from './support/until.ts';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function venueOf(answer: (seen: Seen) => Answer, deadlineMs = 60_000) {
  const venue = await startTinyVenue(answer);
  const bitunix = client(venue.url, { clock: clockAt(1_000), deadlineMs });
  open.push(
    () => bitunix.close(),
    () => venue.close(),
  );
  return { venue, bitunix };
}

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

/** More reads of every kind than may be under way, none of which is ever answered. */
function manyReads({ market, account }: Bitunix): Promise<unknown>[] {
  const own = present(account);
  const each = (): Promise<unknown>[] => [
    market.candles({ symbol: 'BTCUSDT', interval: '1h', limit: 200, patient: true }),
    market.tickers(),
    own.account(),
    own.positions(),
    own.openOrders(),
  ];
  return Array.from({ length: 12 }, each).flat().map(failureOf);
}

const isWrite = ({ method }: Seen): boolean => method === 'POST';

describe('while no read is answered', () => {
  it('closes, cancels and stops reach the exchange, each at once and on a connection of its own', async () => {
    const { venue, bitunix } = await venueOf((seen) => (isWrite(seen) ? ok('') : 'hang'));
    const trading = present(bitunix.trading);
    void manyReads(bitunix);
    await until('the reads are there', () => venue.seen.length >= 20);
    await trading.closePosition(closeOf('1'));
    await trading.cancelProtection('BTCUSDT', '2');
    await trading.cancelOrders('BTCUSDT', ['4']);
    void failureOf(present(bitunix.urgentAccount).account());
    await until('the look of an exit', () => venue.seen.at(-1)?.path.endsWith('/account') === true);
    void trading.placeProtection({ symbol: 'A', positionId: '3', stop: price('1') });
    // It looks for the stop that is there, ahead of all other reads.
    await until(
      'the look',
      () => venue.seen.at(-1)?.path.endsWith('tpsl/get_pending_orders') === true,
    );
    expect(venue.seen.filter(isWrite).map((seen) => seen.path.split('/').at(-1))).toEqual([
      'flash_close_position',
      'cancel_order',
      'cancel_orders',
    ]);
  });

  it('ten of them are under way for each priority and the others wait', async () => {
    const { venue, bitunix } = await venueOf(() => 'hang');
    void manyReads(bitunix);
    const of = (what: 'kline' | 'tickers' | 'own'): number =>
      venue.seen.filter(({ path }) =>
        what === 'own' ? !path.includes('/market/') : path.endsWith(`/market/${what}`),
      ).length;
    const seen = (): readonly number[] => [of('kline'), of('tickers'), of('own')];
    await until('ten of each', () => seen().every((count) => count === 10));
    // Whatever else was to come is there when a request that was asked for later is.
    void failureOf(present(bitunix.trading).closePosition(closeOf('1')));
    await until('the close', () => venue.seen.some(isWrite));
    expect(seen()).toEqual([10, 10, 11]);
    expect(bitunix.health().waiting).toBe(30);
  });

  it('a deadline counts from the sending, so that what waited has its whole time', async () => {
    const slow = createServer((_, response) => {
      setTimeout(() => response.end(JSON.stringify({ code: 0, data: [TICKER_ROW] })), 600);
    });
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(slow.address() as AddressInfo).port}`;
    const bitunix = client(url, { clock: clockAt(1_000), deadlineMs: 2_000 });
    open.push(
      () => bitunix.close(),
      () => new Promise((resolve) => slow.close(resolve)),
    );
    const start = performance.now();
    // Four times ten, one after the other: more than the time of one.
    const reads = Array.from({ length: 40 }, () => bitunix.market.tickers());
    expect(await Promise.all(reads)).toHaveLength(40);
    expect(performance.now() - start).toBeGreaterThan(4 * 590);
  });
});

describe('an answer that is too large', () => {
  /** Sends this much, as fast as it is taken; counts what was taken. */
  async function serve(bytes: number, announced: boolean) {
    let sent = 0;
    let gone = false;
    const head = `{"code":0,"data":[${JSON.stringify(TICKER_ROW)}]}`;
    const block = Buffer.alloc(64 * 1024, ' ');
    const server: Server = createServer((_, response) => {
      response.on('close', () => (gone = true));
      response.writeHead(200, announced ? { 'content-length': bytes } : {});
      response.write(head);
      sent = head.length;
      const more = (): void => {
        while (sent < bytes && !gone) {
          const part = block.subarray(0, Math.min(block.length, bytes - sent));
          sent += part.length;
          if (!response.write(part)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const bitunix = client(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    open.push(
      () => bitunix.close(),
      () => {
        server.closeAllConnections();
        return new Promise((resolve) => server.close(resolve));
      },
    );
    return { bitunix, sent: () => sent, gone: () => gone };
  }

  it.each([true, false])(
    'ends the connection while it comes (length announced: %s)',
    async (told) => {
      const { bitunix, sent, gone } = await serve(60 * 1024 * 1024, told);
      const failure = await failureOf(bitunix.market.tickers());
      expect(failure).toBeInstanceOf(ExchangeFailure);
      expect(failure).toMatchObject({
        kind: 'shape',
        message: "the exchange's answer cannot be used: it is larger than 8 MB",
      });
      await until('gone', gone);
      expect(sent()).toBeLessThan(40 * 1024 * 1024);
    },
  );

  it('begins above 8 MB', async () => {
    expect(LARGEST_ANSWER).toBe(8 * 1024 * 1024);
    const fits = await serve(LARGEST_ANSWER, false);
    expect(await fits.bitunix.market.tickers()).toHaveLength(1);
    const tooLarge = await serve(LARGEST_ANSWER + 1, false);
    expect(await failureOf(tooLarge.bitunix.market.tickers())).toBeInstanceOf(ExchangeFailure);
  });

  it('leaves a write unknown', async () => {
    const { bitunix } = await serve(LARGEST_ANSWER + 1, false);
    expect((await present(bitunix.trading).closePosition(closeOf('1'))).kind).toBe('unknown');
  });
});
