import { closeOf } from '../risk/fixtures.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { ExchangeFailure } from '../../src/domain/failure.ts';
import { signatureOf } from '../../src/exchange/bitunix/rest/sign.ts';
import { API_KEY, client, clockAt, memoryLog, SECRET_KEY } from './support/client.ts';
import { ACCOUNT_ROW, POSITION_ROW, TICKER_ROW } from './support/rows.ts';
import { ok, startTinyVenue, type Answer, type Seen } from './support/tiny-venue.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function setUp(
  answer: (seen: Seen, count: number) => Answer,
  options: Parameters<typeof client>[1] = {},
) {
  let count = 0;
  const venue = await startTinyVenue((seen) => answer(seen, (count += 1)));
  const log = memoryLog();
  const bitunix = client(venue.url, { log, ...options });
  open.push(bitunix, venue);
  const { account, trading } = bitunix;
  if (account === undefined || trading === undefined) throw new Error('keys were given');
  return { venue, bitunix, log, account, trading };
}

const failureOf = async (promise: Promise<unknown>): Promise<ExchangeFailure> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ExchangeFailure) return error;
  throw new Error(`an ExchangeFailure was expected, not ${String(error)}`);
};

const html: Answer = { raw: '<!DOCTYPE html><title>Just a moment...</title>', status: 403 };

describe('a signed request', () => {
  it('signs the query that arrives', async () => {
    const { account, venue } = await setUp(() => ok(ACCOUNT_ROW));
    await account.account();
    const [seen] = venue.seen;
    expect(seen?.path).toBe('/api/v1/futures/account');
    expect(seen?.headers['user-agent']).toMatch(/^Mozilla/);
    expect(seen?.headers['sign']).toBe(expectedSign(seen));
  });

  it('signs the very bytes of the body that arrives', async () => {
    const { trading, venue } = await setUp(() => ok({ positionId: '1' }));
    await trading.closePosition(closeOf('6812345678901234567'));
    const [seen] = venue.seen;
    expect(seen?.body).toBe('{"positionId":"6812345678901234567"}');
    expect(seen?.headers['sign']).toBe(expectedSign(seen));
  });

  it('goes out unsigned when it is public', async () => {
    const { bitunix, venue } = await setUp(() => ok([TICKER_ROW]));
    await bitunix.market.tickers();
    expect(venue.seen[0]?.headers['api-key']).toBeUndefined();
  });
});

function expectedSign(seen: Seen | undefined): string {
  if (seen === undefined) throw new Error('no request arrived');
  const { nonce, timestamp } = seen.headers;
  return signatureOf(
    { apiKey: API_KEY, secretKey: SECRET_KEY },
    {
      nonce: String(nonce),
      timestamp: String(timestamp),
      query: Object.fromEntries(seen.query),
      body: seen.body,
    },
  );
}

describe('an answer', () => {
  it.each([
    ['an object', ACCOUNT_ROW],
    ['an array of one', [ACCOUNT_ROW]],
    [
      'the row of the margin coin among others',
      [{ ...ACCOUNT_ROW, marginCoin: 'USDC', available: '1' }, ACCOUNT_ROW],
    ],
  ])('may hold the account as %s', async (_, data) => {
    const { account } = await setUp(() => ok(data));
    expect((await account.account()).marginCoin).toBe('USDT');
  });

  it.each([
    ['alone', { ...ACCOUNT_ROW, marginCoin: 'BTC' }],
    [
      'in a list',
      [
        { ...ACCOUNT_ROW, marginCoin: 'BTC' },
        { ...ACCOUNT_ROW, marginCoin: 'USDC' },
      ],
    ],
  ])('about other coins %s is no account in USDT', async (_, data) => {
    const { account } = await setUp(() => ok(data));
    await expect(account.account()).rejects.toThrow('holds no row of USDT');
  });

  it('counts as success with the code as text', async () => {
    const { account } = await setUp(() => ({ code: '0', data: ACCOUNT_ROW }));
    expect((await account.account()).positionMode).toBe('hedge');
  });

  it('with HTTP 499 is judged by its code', async () => {
    const raw = JSON.stringify({ code: 0, data: ACCOUNT_ROW });
    const { account } = await setUp(() => ({ raw, status: 499 }));
    expect((await account.account()).marginCoin).toBe('USDT');
  });

  it('with HTTP 500 is none, whatever it says, and is asked for again', async () => {
    const raw = JSON.stringify({ code: 0, data: ACCOUNT_ROW });
    const { account, venue } = await setUp(() => ({ raw, status: 500 }));
    expect(await failureOf(account.account())).toMatchObject({
      kind: 'network',
      message: "the exchange's server has failed (HTTP 500)",
    });
    expect(venue.seen).toHaveLength(4);
  });

  it('keeps ids that come as bare numbers', async () => {
    const raw = JSON.stringify({ code: 0, data: [POSITION_ROW] }).replace(
      '"6812345678901234567"',
      '6812345678901234567',
    );
    const { account } = await setUp(() => ({ raw }));
    expect((await account.positions())[0]?.id).toBe('6812345678901234567');
  });

  it('with one unreadable position fails the read of all', async () => {
    const { account } = await setUp(() =>
      ok([POSITION_ROW, { ...POSITION_ROW, positionId: '2', side: 'BOTH' }]),
    );
    const failure = await failureOf(account.positions());
    expect(failure.kind).toBe('shape');
    expect(failure.message).toContain('unknown side "BOTH"');
  });

  it('with one unreadable ticker leaves that one out and says so once', async () => {
    const { bitunix, log } = await setUp(() =>
      ok([{ ...TICKER_ROW, symbol: 'B', markPrice: '' }, TICKER_ROW]),
    );
    expect(await bitunix.market.tickers()).toHaveLength(1);
    expect(log.lines).toHaveLength(1);
  });

  it('carries kind, code and plain words when it is a refusal', async () => {
    const { bitunix } = await setUp(() => ({
      code: 20015,
      data: null,
      msg: 'this Futures is not allowed to trade.',
    }));
    const failure = await failureOf(bitunix.market.riskTiers('NOPEUSDT'));
    expect(failure).toMatchObject({ kind: 'symbol', code: '20015', retriable: false });
  });
});

describe('a read', () => {
  it.each([
    ['too frequent (10006)', { code: 10006, data: null, msg: 'x' }],
    ['an internal error (10001)', { code: 10001, data: null, msg: 'x' }],
    ['"Network Error" (1)', { code: 1, data: null, msg: 'Network Error' }],
    ['an unknown code', { code: 99999, data: null, msg: '?' }],
    ['a cut connection', 'cut'],
  ] as [string, Answer][])('is repeated after %s', async (_, trouble) => {
    const { account, venue } = await setUp((_seen, count) =>
      count <= 2 ? trouble : ok(ACCOUNT_ROW),
    );
    expect((await account.account()).marginCoin).toBe('USDT');
    expect(venue.seen).toHaveLength(3);
  });

  it('gives up after four attempts', async () => {
    const { account, venue } = await setUp(() => ({ code: 10001, data: null }));
    expect((await failureOf(account.account())).kind).toBe('network');
    expect(venue.seen).toHaveLength(4);
  });

  it('is not repeated when it would be refused again', async () => {
    const { account, venue } = await setUp(() => ({ code: 10002, data: null, msg: 'bad' }));
    expect((await failureOf(account.account())).kind).toBe('parameter');
    expect(venue.seen).toHaveLength(1);
  });

  it('fails at its deadline', async () => {
    const { account } = await setUp(() => 'hang', { deadlineMs: 60 });
    expect((await failureOf(account.account())).message).toMatch(/did not answer within 0.06 s/);
  });
});

describe('a refused signature (10007)', () => {
  it('is tried once more with a fresh nonce', async () => {
    const { account, venue } = await setUp((_, count) =>
      count === 1 ? { code: 10007, data: null } : ok(ACCOUNT_ROW),
    );
    await account.account();
    const [first, second] = venue.seen;
    expect(first?.headers['nonce']).not.toBe(second?.headers['nonce']);
  });

  it('is final the second time', async () => {
    const { account, venue } = await setUp(() => ({ code: 10007, data: null }));
    expect((await failureOf(account.account())).kind).toBe('auth');
    expect(venue.seen).toHaveLength(2);
  });

  it("is repaired by the server's date when this machine's clock is off", async () => {
    const clock = clockAt(1, -300_000);
    const { account, bitunix } = await setUp(
      (seen) =>
        Math.abs(Number(seen.headers['timestamp']) - Date.now()) > 60_000
          ? { code: 10007, data: null }
          : ok(ACCOUNT_ROW),
      { clock },
    );
    // At once, as an account read asks them: the first refusals must not count against the key.
    await Promise.all(Array.from({ length: 5 }, () => account.account()));
    expect(Math.abs(bitunix.health().offsetMs - 300_000)).toBeLessThan(30_000);
    expect(bitunix.health().breaker.state).toBe('closed');
  });
});

describe('a block page', () => {
  it('pauses further requests, with the reason, and a probe ends the pause', async () => {
    const { account, bitunix, venue } = await setUp(
      (_, count) => (count === 1 ? html : ok(ACCOUNT_ROW)),
      {
        clock: clockAt(300),
      },
    );
    expect((await failureOf(account.account())).kind).toBe('blocked');
    const paused = await failureOf(account.account());
    expect(paused).toMatchObject({ kind: 'closed', retriable: true });
    expect(paused.message).toContain('a web page instead of data (HTTP 403)');
    expect(bitunix.health().breaker.state).toBe('open');
    expect(venue.seen).toHaveLength(1);
    await expect
      .poll(() =>
        account.account().then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    expect(bitunix.health().breaker.state).toBe('closed');
  });

  it('does not keep back an exit', async () => {
    const { account, trading } = await setUp((_, count) =>
      count === 1 ? html : ok({ positionId: '1' }),
    );
    await failureOf(account.account());
    expect(await trading.closePosition(closeOf('1'))).toMatchObject({ kind: 'accepted' });
  });
});

describe('a key that is refused again and again', () => {
  it('stops private requests and leaves market data alone', async () => {
    const { account, bitunix } = await setUp((seen) =>
      seen.path.endsWith('/tickers') ? ok([TICKER_ROW]) : { code: 10004, data: null },
    );
    for (let index = 0; index < 3; index += 1) await failureOf(account.account());
    const paused = await failureOf(account.account());
    expect(paused).toMatchObject({ kind: 'auth', retriable: true });
    expect(paused.message).toContain('requests to the exchange are paused');
    expect(await bitunix.market.tickers()).toHaveLength(1);
    expect(bitunix.health().breaker.reason).toContain('whitelist');
  });
});

describe('secrets', () => {
  it('appear in no log line and no failure, even when the server echoes them', async () => {
    const echo = `key ${API_KEY} secret ${SECRET_KEY}`;
    const { account, trading, log, bitunix } = await setUp(() => ({
      code: 10002,
      data: null,
      msg: echo,
    }));
    const failure = await failureOf(account.account());
    const outcome = await trading.closePosition(closeOf('1'));
    const everything = [
      failure.message,
      failure.stack,
      JSON.stringify(failure),
      JSON.stringify(outcome),
      JSON.stringify(bitunix),
      JSON.stringify(bitunix.health()),
      ...log.lines,
    ].join('\n');
    expect(everything).not.toContain(API_KEY);
    expect(everything).not.toContain(SECRET_KEY);
    expect(failure.message).toContain('[hidden]');
  });
});

it('rejects what is under way and what waits when it is closed', async () => {
  const { account, bitunix } = await setUp(() => 'hang', { clock: clockAt(1) });
  const reads = Array.from({ length: 12 }, () => failureOf(account.account()));
  await bitunix.close();
  for (const failure of await Promise.all(reads)) expect(failure.kind).toBe('closed');
});

it('builds nothing that can read or write the account without keys, and nothing that writes unless told', async () => {
  const { apiKey: _, secretKey: __, ...noKeys } = { apiKey: '', secretKey: '' };
  const venue = await startTinyVenue(() => ok([]));
  const { createBitunix } = await import('../../src/exchange/bitunix/bitunix.ts');
  const base = { url: venue.url, clock: clockAt(), log: memoryLog() };
  const open1 = createBitunix({ ...base, ...noKeys, trading: true });
  const watch = createBitunix({ ...base, apiKey: 'a', secretKey: 'b', trading: false });
  expect([open1.account, open1.trading, watch.trading]).toEqual([undefined, undefined, undefined]);
  expect(watch.account).toBeDefined();
  open.push(open1, watch, venue);
});
