import { ExchangeFailure } from '../../domain/failure.ts';
import { LARGEST_ANSWER } from './transport.ts';

/** What one request came to. `maybeDone`: when it was a write, the exchange may have carried it out all the same. */
export type Reply =
  | { readonly ok: true; readonly data: unknown }
  | { readonly ok: false; readonly failure: ExchangeFailure; readonly maybeDone: boolean };

/** The request failed, and the exchange has done nothing. */
export const refused = (failure: ExchangeFailure): Reply => ({
  ok: false,
  failure,
  maybeDone: false,
});
/** The request failed; a write may have been carried out all the same. */
export const lost = (failure: ExchangeFailure): Reply => ({ ok: false, failure, maybeDone: true });

/** The body was no JSON: a block page, a gateway's error, half an answer, or nothing. */
export function fromForeignBody(status: number, body: string): Reply {
  if (status === 429) {
    const message = 'the exchange answered that there are too many requests (HTTP 429)';
    return lost(new ExchangeFailure(message, { kind: 'rate', retriable: true }));
  }
  if (body === '') {
    return lost(network(`the exchange sent an empty answer (HTTP ${status})`));
  }
  if (/^\s*[[{]/.test(body)) {
    return lost(network(`the exchange's answer is cut off or damaged (HTTP ${status})`));
  }
  const what = /^\s*</.test(body) ? 'a web page' : 'something that is not JSON';
  return lost(
    new ExchangeFailure(`the exchange answered with ${what} instead of data (HTTP ${status})`, {
      kind: 'blocked',
      retriable: true,
    }),
  );
}

/** A server on the way, or the exchange's own, has failed: its body is not read. */
export const fromServerError = (status: number): Reply =>
  lost(network(`the exchange's server has failed (HTTP ${status})`));

/** JSON, but not what the documentation describes. */
export const fromShape = (problem: string): Reply => lost(shapeFailure(problem));

/** Most characters of an explanation that holds words of the exchange. */
const LONGEST_PROBLEM = 300;

export function shapeFailure(problem: string): ExchangeFailure {
  const short =
    problem.length > LONGEST_PROBLEM ? `${problem.slice(0, LONGEST_PROBLEM)}...` : problem;
  return new ExchangeFailure(`the exchange's answer cannot be used: ${short}`, {
    kind: 'shape',
    retriable: false,
  });
}

const network = (message: string): ExchangeFailure =>
  new ExchangeFailure(message, { kind: 'network', retriable: true });

/** What goes wrong before any byte of the request leaves, in plain words. */
const NEVER_SENT: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'it refuses the connection',
  ENOTFOUND: 'its address is not known here: is this machine online?',
  EAI_AGAIN: 'its address cannot be looked up: is this machine online?',
  EHOSTUNREACH: 'no way leads there: is this machine online?',
  ENETUNREACH: 'no way leads there: is this machine online?',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
};

/** The request did not get there, or its answer did not get back. Nothing of the error's own text is kept. */
export function fromTransport(error: unknown, deadlineMs: number): Reply {
  const code = transportCode(error);
  const never = Object.hasOwn(NEVER_SENT, code) ? NEVER_SENT[code] : undefined;
  if (never !== undefined) return refused(network(`the exchange cannot be reached: ${never}`));
  if (code === 'ABORTED') {
    return lost(network(`the exchange did not answer within ${deadlineMs / 1_000} s`));
  }
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return lost(shapeFailure(`it is larger than ${LARGEST_ANSWER / 1024 / 1024} MB`));
  }
  if (CERTIFICATE.test(code)) {
    return refused(
      network(
        'the exchange cannot be reached: its certificate is not valid here. Is the clock right, is something in between?',
      ),
    );
  }
  return lost(network('the connection to the exchange broke'));
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/;

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
