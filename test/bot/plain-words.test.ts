import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { diffPositions } from '../../src/alerts/watch/diff-positions.ts';
import { connectionLost } from '../../src/alerts/rules/connection-lost.ts';
import { riskStateRebuilt } from '../../src/alerts/rules/risk-state-rebuilt.ts';
import { moneyCame, moneyLeft } from '../../src/alerts/rules/unexplained-money.ts';
import { reasonOf } from '../../src/app/reading/reading.ts';
import { price, qty, usd, type Price, type Qty, type Usd } from '../../src/domain/money/money.ts';
import type { Position } from '../../src/domain/position.ts';
import { faultsOf } from '../plain-words.ts';
import { CLOSED, NOW, POSITION, PROTECTION } from './samples.ts';

const coded = (code: string, message: string, name = 'Error'): Error =>
  Object.assign(new Error(message), { code, name });
const badShape = z.object({ data: z.array(z.number()) }).safeParse({ data: null }).error;

/** As undici, ioredis, BullMQ, grammY, zod and Node word them. */
const FOREIGN: readonly unknown[] = [
  coded('UND_ERR_SOCKET', 'other side closed', 'SocketError'),
  coded('UND_ERR_CONNECT_TIMEOUT', 'Connect Timeout Error', 'ConnectTimeoutError'),
  coded('UND_ERR_HEADERS_TIMEOUT', 'Headers Timeout Error', 'HeadersTimeoutError'),
  new TypeError('fetch failed', { cause: coded('ECONNRESET', 'read ECONNRESET') }),
  coded('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:6379'),
  coded('ENOTFOUND', 'getaddrinfo ENOTFOUND fapi.bitunix.com'),
  coded('EPIPE', 'write EPIPE'),
  coded('ENOSPC', 'ENOSPC: no space left on device, write'),
  coded('EACCES', "EACCES: permission denied, open '/data/vigil'"),
  coded(
    '',
    'Reached the max retries per request limit (which is 1). Refer to "maxRetriesPerRequest" option for details.',
    'MaxRetriesPerRequestError',
  ),
  new Error('Command timed out'),
  new Error('Connection is closed.'),
  new Error("Stream isn't writeable and enableOfflineQueue options is false"),
  coded('', "READONLY You can't write against a read only replica.", 'ReplyError'),
  coded('', 'WRONGTYPE Operation against a key holding the wrong kind of value', 'ReplyError'),
  coded('', 'OOM command not allowed when used memory > maxmemory', 'ReplyError'),
  new Error('Missing lock for job 42. moveToFinished'),
  coded('', "Call to 'sendMessage' failed! (400: Bad Request: chat not found)", 'GrammyError'),
  badShape,
  new SyntaxError('Unexpected token < in JSON at position 0'),
  new TypeError("Cannot read properties of undefined (reading 'qty')"),
  new RangeError('Maximum call stack size exceeded'),
  coded('ABORT_ERR', 'The operation was aborted', 'AbortError'),
  new Error('{"code":0,"data":null}'),
  new Error(''),
  'text',
  undefined,
  { odd: true },
];

describe('a reason', () => {
  it.each(FOREIGN.map((error, i) => [i, error]))(
    '%i is in plain words, whatever failed',
    (_i, error) => {
      const reason = reasonOf(error);
      expect(faultsOf(reason)).toEqual([]);
      expect(reason).toMatch(/^[A-Za-z][a-z ',;]+[a-z?]/);
      expect(reason).not.toContain('fapi');
    },
  );
});

const AMOUNTS = [
  '0',
  '1',
  '-1',
  '0.000000000000000001',
  '-0.000000000000000001',
  '0.004',
  '-0.004',
  '3.406510768944253',
  '-0.003406510768944253',
  '1000000000000',
  '-1000000000000',
];

/** Positions whose figures are that amount wherever it fits. */
const positionsOf = (amount: string): Position[] => {
  const bare = amount.replace('-', '');
  const above = bare === '0' ? '1' : bare;
  const base = {
    ...POSITION,
    qty: qty(above),
    entryPrice: price(above),
    margin: usd(bare),
    unrealisedPnl: usd(amount),
    realisedGross: usd(amount),
    fees: usd(bare),
    funding: usd(amount),
    liquidationPrice: price(above),
  };
  return [base, { ...base, id: 'p2', side: 'short' }];
};

describe('every alert about positions and money', () => {
  it.each(AMOUNTS)('says %s in plain words', (amount) => {
    const positions = positionsOf(amount);
    const smaller = positions.map((each) => ({ ...each, qty: (each.qty / 3n || 1n) as Qty }));
    const other = positions.map((each) => ({
      ...each,
      entryPrice: (each.entryPrice * 3n) as Price,
      leverage: 1,
    }));
    const closed = positions.map(({ id, side }) => ({
      ...CLOSED,
      id,
      side,
      symbol: 'ETHUSDT',
      net: usd(amount),
      gross: usd(amount),
    }));
    const looks = [
      { before: [], after: positions, closed: [] },
      { before: positions, after: smaller, closed: [] },
      { before: positions, after: other, closed: [] },
      { before: positions, after: [], closed: [] },
      { before: positions, after: [], closed },
    ];
    const findings = [
      ...looks.flatMap((look) => diffPositions({ ...look, protections: [PROTECTION], now: NOW })),
      moneyCame({ amount: usd(amount), bonus: false }, NOW),
      moneyCame({ amount: usd(amount), bonus: true }, NOW),
      moneyLeft({ id: 's', amount: usd(amount), at: NOW }),
      ...FOREIGN.map((error) =>
        connectionLost(
          { feed: 'account', reason: reasonOf(error), refused: false, startedAt: NOW },
          NOW,
        ),
      ),
      riskStateRebuilt(
        {
          lost: true,
          open: [],
          dayResult: usd(amount),
          dayStartEquity: usd(amount),
          tradesToday: 1,
          lossStreak: 1,
          coolOffUntil: undefined,
          pausedSymbols: [],
          peakEquity: usd(amount) as Usd,
          since: NOW,
          closed: 1,
          fills: 1,
          held: [],
          unpriced: [],
          unproven: [],
          unsplit: [],
        },
        NOW,
      ),
    ].filter((each) => each !== undefined);
    expect(findings.length).toBeGreaterThan(30);
    expect(findings.flatMap((each) => [each.title, ...each.lines].flatMap(faultsOf))).toEqual([]);
  });
});
