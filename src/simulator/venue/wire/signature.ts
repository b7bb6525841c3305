import { createHash, timingSafeEqual } from 'node:crypto';

function sha256(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What goes into a request's signature; `query` holds decoded values, `body` the exact bytes received. */
export interface SignedRequest {
  readonly nonce: string;
  readonly timestamp: string;
  readonly apiKey: string;
  readonly query: ReadonlyArray<readonly [string, string]>;
  readonly body: Buffer;
}

/** sha256(sha256(nonce + timestamp + apiKey + sorted query + body) + secret), lower-case hex. */
export function requestSignature(request: SignedRequest, secretKey: string): string {
  const sorted = [...request.query].sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  const query = sorted.map(([key, value]) => key + value).join('');
  const head = Buffer.from(request.nonce + request.timestamp + request.apiKey + query, 'utf8');
  return sha256(sha256(Buffer.concat([head, request.body])) + secretKey);
}

/** Signature of a stream login: the same without query and body. */
export function loginSignature(
  login: { nonce: string; timestamp: string; apiKey: string },
  secretKey: string,
): string {
  return sha256(sha256(login.nonce + login.timestamp + login.apiKey) + secretKey);
}

export function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
