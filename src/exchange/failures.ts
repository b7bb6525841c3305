import { ExchangeFailure } from '../domain/failure.ts';
import { errorCode } from './error-codes.ts';

/** What one request came to. `maybeDone`: when it was a write, the exchange may have carried it out all the same. */
export type Reply =
  | { readonly ok: true; readonly data: unknown }
  | { readonly ok: false; readonly failure: ExchangeFailure; readonly maybeDone: boolean };

const refused = (failure: ExchangeFailure): Reply => ({ ok: false, failure, maybeDone: false });
const lost = (failure: ExchangeFailure): Reply => ({ ok: false, failure, maybeDone: true });

/** The exchange answered with an error code. `message` is its own text, already redacted. */
export function fromCode(code: string, message: string): Reply {
  const { kind, meaning, repeat, maybeDone = false } = errorCode(code);
  const said = message === '' ? '' : `: "${message}"`;
  const failure = new ExchangeFailure(`${meaning} (code ${code}${said})`, {
    kind,
    code,
    retriable: repeat !== 'no',
  });
  return maybeDone ? lost(failure) : refused(failure);
}

/** The body was no JSON: a block page, a gateway's error, or nothing. */
export function fromForeignBody(status: number, body: string): Reply {
  if (status === 429) {
    const message = 'the exchange answered that there are too many requests (HTTP 429)';
    return lost(new ExchangeFailure(message, { kind: 'rate', retriable: true }));
  }
  if (body === '') {
    return lost(network(`the exchange sent an empty answer (HTTP ${status})`));
  }
  const what = /^\s*</.test(body) ? 'a web page' : 'something that is no JSON';
  return lost(
    new ExchangeFailure(`the exchange answered with ${what} instead of data (HTTP ${status})`, {
      kind: 'blocked',
      retriable: true,
    }),
  );
}

/** JSON, but not what the documentation describes. */
export const fromShape = (problem: string): Reply => lost(shapeFailure(problem));

export const shapeFailure = (problem: string): ExchangeFailure =>
  new ExchangeFailure(`the exchange's answer cannot be used: ${problem}`, {
    kind: 'shape',
    retriable: false,
  });

const network = (message: string): ExchangeFailure =>
  new ExchangeFailure(message, { kind: 'network', retriable: true });

/** Errors of the way to the server that happen before any byte of the request leaves. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** The request did not get there, or its answer did not get back. Only the error's code is kept, never its text. */
export function fromTransport(error: unknown, deadlineMs: number): Reply {
  const code = transportCode(error);
  if (NEVER_SENT.has(code)) return refused(network(`the exchange cannot be reached (${code})`));
  if (code === 'ABORTED') {
    return lost(network(`the exchange did not answer within ${deadlineMs / 1_000} s`));
  }
  return lost(network(`the connection to the exchange broke (${code})`));
}

function transportCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'ABORTED';
  const own = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (own !== '') return own;
  if (error instanceof AggregateError && error.errors.length > 0) {
    return transportCode(error.errors[0]);
  }
  return error.cause === undefined ? error.name : transportCode(error.cause);
}
