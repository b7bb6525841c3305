import { closeOf } from '../risk/fixtures.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { ExchangeFailure, type FailureKind } from '../../src/domain/failure.ts';
import { ERROR_CODES } from '../../src/exchange/bitunix/rest/error-codes.ts';
import { client, clockAt } from './support/client.ts';
import { startTinyVenue, type Answer, type TinyVenue } from './support/tiny-venue.ts';

/** The class names of the exchange's error table. */
const AUTH = 'auth';
const RATE = 'rate';
const NET = 'network';
const PARAM = 'parameter';
const SYM = 'symbol';
const MARGIN = 'margin';
const LIMIT = 'limit';
const REDUCE = 'reduce-only';
const STATE = 'state';
const NOTFOUND = 'not-found';
const DUP = 'duplicate';
const TRIG = 'trigger';
const ACCT = 'account';
const COPY = 'copy';

/** What becomes of a write: refused for good, refused after three attempts, after two, or nobody knows. */
type ExpectedOutcome = 'refused' | 'refused x3' | 'refused x2' | 'unknown';

/** Code, class, requests that a read takes when nothing changes, outcome of a write: the table of the reference, line by line. */
const TABLE: readonly (readonly [string, FailureKind, number, ExpectedOutcome])[] = [
  ['1', NET, 4, 'unknown'],
  ['403', AUTH, 1, 'refused'],
  ['404', PARAM, 1, 'refused'],
  ['429', RATE, 4, 'refused x3'],
  ['10001', NET, 4, 'unknown'],
  ['10002', PARAM, 1, 'refused'],
  ['10003', AUTH, 1, 'refused'],
  ['10004', AUTH, 1, 'refused'],
  ['10005', RATE, 4, 'refused x3'],
  ['10006', RATE, 4, 'refused x3'],
  ['10007', AUTH, 2, 'refused x2'],
  ['10008', PARAM, 1, 'refused'],
  ['10012', MARGIN, 1, 'refused'],
  ['10013', STATE, 1, 'refused'],
  ['20001', SYM, 1, 'refused'],
  ['20002', LIMIT, 1, 'refused'],
  ['20003', MARGIN, 1, 'refused'],
  ['20004', ACCT, 1, 'refused'],
  ['20005', PARAM, 1, 'refused'],
  ['20006', STATE, 1, 'refused'],
  ['20007', NOTFOUND, 4, 'refused x3'],
  ['20008', MARGIN, 1, 'refused'],
  ['20009', STATE, 1, 'refused'],
  ['200014', STATE, 1, 'refused'],
  ['20010', ACCT, 1, 'refused'],
  ['20011', ACCT, 1, 'refused'],
  ['20012', SYM, 1, 'refused'],
  ['20013', ACCT, 1, 'refused'],
  ['20014', ACCT, 1, 'refused'],
  ['20015', SYM, 1, 'refused'],
  ['20016', PARAM, 1, 'refused'],
  ['30001', MARGIN, 1, 'refused'],
  ['30002', TRIG, 1, 'refused'],
  ['30003', TRIG, 1, 'refused'],
  ['30004', NOTFOUND, 1, 'refused'],
  ['30005', TRIG, 1, 'refused'],
  ['30006', PARAM, 1, 'refused'],
  ['30007', TRIG, 1, 'refused'],
  ['30008', TRIG, 1, 'refused'],
  ['30009', TRIG, 1, 'refused'],
  ['30010', TRIG, 1, 'refused'],
  ['30011', STATE, 1, 'refused'],
  ['30012', STATE, 1, 'refused'],
  ['30013', LIMIT, 1, 'refused'],
  ['30014', LIMIT, 1, 'refused'],
  ['30015', LIMIT, 1, 'refused'],
  ['30016', PARAM, 1, 'refused'],
  ['30017', PARAM, 1, 'refused'],
  ['30018', REDUCE, 1, 'refused'],
  ['30019', REDUCE, 1, 'refused'],
  ...Array.from({ length: 18 }, (_, index) => [`${30_020 + index}`, TRIG, 1, 'refused'] as const),
  ['30038', LIMIT, 1, 'refused'],
  ['30039', LIMIT, 1, 'refused'],
  ['30040', ACCT, 1, 'refused'],
  ['30041', PARAM, 1, 'refused'],
  ['30042', DUP, 1, 'refused'],
  ['40001', COPY, 1, 'refused'],
  ['40002', COPY, 1, 'refused'],
  ['40003', COPY, 1, 'refused'],
  ['40004', COPY, 1, 'refused'],
  ['40005', COPY, 1, 'refused'],
  ['40006', COPY, 1, 'refused'],
  ['40007', COPY, 4, 'refused x3'],
  ['40008', COPY, 1, 'refused'],
];

let venue: TinyVenue | undefined;
let close: () => Promise<void> = () => Promise.resolve();
afterEach(async () => {
  await close();
  await venue?.close();
});

async function answering(answer: Answer) {
  venue = await startTinyVenue(() => answer);
  const bitunix = client(venue.url, { clock: clockAt(2_000) });
  ({ close } = bitunix);
  const { account, trading } = bitunix;
  if (account === undefined || trading === undefined) throw new Error('keys were given');
  return { seen: venue.seen, account, trading };
}

const failureOf = async (promise: Promise<unknown>): Promise<ExchangeFailure> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ExchangeFailure) return error;
  throw new Error(`an ExchangeFailure was expected, not ${String(error)}`);
};

it('every code of the client is in this table', () => {
  expect(TABLE.map(([code]) => code).sort()).toEqual(Object.keys(ERROR_CODES).sort());
});

describe.each(TABLE)('code %s', (code, kind, requests, fate) => {
  it(`fails a read as ${kind} after ${requests} request(s)`, async () => {
    const { seen, account } = await answering({ code: Number(code), data: null, msg: 'x' });
    const failure = await failureOf(account.positions());
    expect([failure.kind, failure.code]).toEqual([kind, code]);
    expect(failure.message).toContain(`code ${code}: "x"`);
    expect(seen).toHaveLength(requests);
  });

  it(`makes a write ${fate}`, async () => {
    const { seen, trading } = await answering({ code, data: null, msg: 'x' });
    const outcome = await trading.closePosition(closeOf('1'));
    const times = seen.length === 1 ? '' : ` x${seen.length}`;
    const kindOfEnd = outcome.kind === 'rejected' ? `refused${times}` : `${outcome.kind}${times}`;
    expect(kindOfEnd).toBe(fate);
    if (outcome.kind === 'rejected') expect(outcome.code).toBe(code);
  });
});

describe('what is no code of the table', () => {
  it.each([
    ['an unknown code', { code: 54_321, data: null }, NET, 4],
    ['a blank code', { code: ' ', data: null }, NET, 4],
    ['a web page', { raw: '<html>no</html>', status: 403 }, 'blocked', 1],
    ['plain text', { raw: 'error code: 1010', status: 403 }, 'blocked', 1],
    ['HTTP 429', { raw: '<html>slow down</html>', status: 429 }, RATE, 4],
    ['half a JSON', { raw: '{"code":0,"data":' }, NET, 4],
    ['nothing', { raw: '' }, NET, 4],
    ['no envelope', { raw: '[1,2]' }, 'shape', 1],
    ['a code that is no code', { raw: '{"code":{"a":1}}' }, 'shape', 1],
    ['a cut connection', 'cut', NET, 4],
  ] as readonly [string, Answer, FailureKind, number][])(
    '%s fails a read by its class, and makes a write unknown that is sent once',
    async (_, answer, kind, requests) => {
      const { seen, trading } = await answering(answer);
      expect((await trading.closePosition(closeOf('1'))).kind).toBe('unknown');
      expect(seen).toHaveLength(1);
      await close();
      await venue?.close();
      const reading = await answering(answer);
      expect((await failureOf(reading.account.positions())).kind).toBe(kind);
      expect(reading.seen).toHaveLength(requests);
    },
  );
});
