import { ExchangeFailure, StoreUnreadable } from '../../domain/failure.ts';
import { formatDuration, type Timestamp } from '../../domain/time.ts';

/** A figure with its honesty: read just now, older than it should be, or not to be had. An error is never a number. */
export type Reading<T> =
  | { readonly kind: 'live'; readonly value: T; readonly at: Timestamp }
  | { readonly kind: 'stale'; readonly value: T; readonly at: Timestamp; readonly reason: string }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** "as of now", "3 min old (the exchange does not answer)" or "unavailable (…)". */
export function describeReading(reading: Reading<unknown>, now: Timestamp): string {
  if (reading.kind === 'unavailable') return `unavailable (${reading.reason})`;
  if (reading.kind === 'live') return 'live';
  return `${formatDuration(now - reading.at)} old (${reading.reason})`;
}

/**
 * Why something failed, in words for the chat. Vigil's own errors speak for themselves; what a library says is turned into what it means
 * to the owner, and a fault inside Vigil is called that. No codes, no stack, no library's words.
 */
export function reasonOf(error: unknown): string {
  if (error instanceof ExchangeFailure || error instanceof StoreUnreadable) return error.message;
  if (!(error instanceof Error)) return 'an unknown error';
  const said = `${error.name} ${'code' in error ? String(error.code) : ''} ${error.message}`;
  const foreign = FOREIGN.find(([pattern]) => pattern.test(said));
  if (foreign !== undefined) return foreign[1];
  return error.name === 'Error' && isPlain(error.message) ? error.message : INSIDE;
}

const INSIDE = 'something inside Vigil failed; the log says what';

/** What libraries say, and what it means. The first that fits counts. */
const FOREIGN: readonly (readonly [RegExp, string])[] = [
  [/GrammyError|HttpError|Call to '/, 'Telegram does not answer or refused it'],
  [
    /MaxRetriesPerRequest|max retries per request|ReplyError|Stream isn't writeable/,
    'the store does not answer',
  ],
  [
    /Command timed out|Connection is closed|offline queue|issing lock|Missing key for job/,
    'the store does not answer',
  ],
  [
    /\b(READONLY|LOADING|OOM|NOAUTH|MISCONF|BUSY|CLUSTERDOWN|MASTERDOWN|NOSCRIPT|EXECABORT) /,
    'the store refuses to work',
  ],
  [/\bWRONGTYPE\b/, 'what is stored cannot be read'],
  [/ZodError|SyntaxError/, 'what came back cannot be read'],
  [/\bENOTFOUND\b|\bEAI_AGAIN\b/, 'its address cannot be found; is this machine online?'],
  [/\bECONNREFUSED\b/, 'it refuses connections'],
  [/\bENOSPC\b/, 'the disk is full'],
  [/\b(EACCES|EPERM|EROFS)\b/, 'Vigil may not write there'],
  [/TimeoutError|AbortError|_TIMEOUT\b|\bETIMEDOUT\b/, 'no answer came in time'],
  [
    /\bUND_ERR|\b(ECONN|EPIPE|EHOST|ENET)[A-Z]*\b|socket hang up|fetch failed|other side closed/,
    'the connection broke',
  ],
];

/** Whether a message reads like a sentence of Vigil's own. */
const isPlain = (message: string): boolean =>
  message !== '' &&
  message.length <= 300 &&
  !/[A-Z]+_[A-Z_]+|\bat \S+:\d+|[[{}\]<>]|\bundefined\b|\bnull\b|\bNaN\b|\n/.test(message);

/** Why something failed, in the error's own words: for the log and the console, never for the chat. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : 'an unknown error';
