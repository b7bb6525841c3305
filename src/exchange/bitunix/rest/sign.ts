import { createHash, randomBytes } from 'node:crypto';

/** An API key and its secret. Kept inside closures: nothing that holds one can be printed. */
export interface Credentials {
  readonly apiKey: string;
  readonly secretKey: string;
}

/** Query parameters as they are sent. */
export type Query = Readonly<Record<string, string>>;

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** 32 lower-case hexadecimal characters from the system's random source. */
export const newNonce = (): string => randomBytes(16).toString('hex');

/** Parameters in ascending ASCII order of their keys, each key followed by its unescaped value: "limit100symbolBTCUSDT". */
export const queryToSign = (query: Query): string =>
  sortedEntries(query)
    .map(([key, value]) => `${key}${value}`)
    .join('');

/** The query string that goes on the wire, in the order that was signed; "" when there are no parameters. */
export function queryToSend(query: Query): string {
  const pairs = sortedEntries(query).map(
    ([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`,
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

const sortedEntries = (query: Query): [string, string][] =>
  Object.entries(query).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/** What is signed: `timestamp` as the digits that are sent, `body` as the exact text that is sent ("" for GET). */
export interface Signable {
  readonly nonce: string;
  readonly timestamp: string;
  readonly query?: Query;
  readonly body?: string;
}

/** SHA-256 over SHA-256, as the exchange documents it; not an HMAC. 64 lower-case hexadecimal characters. */
export function signatureOf(credentials: Credentials, signable: Signable): string {
  const { nonce, timestamp, query = {}, body = '' } = signable;
  const digest = sha256(`${nonce}${timestamp}${credentials.apiKey}${queryToSign(query)}${body}`);
  return sha256(`${digest}${credentials.secretKey}`);
}

/** Headers of a signed request. `timestampMs` is Unix milliseconds on the exchange's clock. */
export function signedHeaders(
  credentials: Credentials,
  request: { readonly timestampMs: number; readonly query?: Query; readonly body?: string },
): Record<string, string> {
  const nonce = newNonce();
  const timestamp = String(Math.trunc(request.timestampMs));
  const signable = { ...request, nonce, timestamp };
  return {
    'api-key': credentials.apiKey,
    nonce,
    timestamp,
    sign: signatureOf(credentials, signable),
  };
}

/** The login frame of the private socket. The exchange wants seconds here; the digits that are hashed are the digits sent. */
export function loginFrame(credentials: Credentials, timestampMs: number): string {
  const nonce = newNonce();
  const seconds = Math.trunc(timestampMs / 1_000);
  const sign = signatureOf(credentials, { nonce, timestamp: String(seconds) });
  const args = [{ apiKey: credentials.apiKey, timestamp: seconds, nonce, sign }];
  return JSON.stringify({ op: 'login', args });
}

/** Removes the key and the secret from a text that came from outside, and keeps it to one short line. */
export function redact(credentials: Credentials | undefined, text: string): string {
  // Longer than this is cut first: the rest costs time and is never shown.
  let clean = text
    .slice(0, 4_000)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  if (credentials !== undefined) {
    for (const secret of [credentials.apiKey, credentials.secretKey]) {
      if (secret !== '') clean = clean.replaceAll(secret, '[hidden]');
    }
  }
  return clean.length > 200 ? `${clean.slice(0, 200)}...` : clean;
}
