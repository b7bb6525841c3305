import type { IncomingMessage } from 'node:http';
import { refusal } from '../venue-error.ts';
import { plainPath } from './plain-path.ts';
import type { Params } from './routes/params.ts';

const LARGEST_BODY = 1_000_000;

/** A request that was read to its end. */
export interface Received {
  readonly request: IncomingMessage;
  readonly path: string;
  readonly query: ReadonlyArray<readonly [string, string]>;
  readonly body: Buffer;
  /** Venue time up to which the account lives before it is carried out. */
  readonly at: number;
}

type Query = Received['query'];

export function header(value: string | string[] | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** "127.0.0.1" also where the socket says "::ffff:127.0.0.1". */
export function plainAddress(address = ''): string {
  return address.replace(/^::ffff:/, '');
}

/** The query as it may have been signed: with plain values, or with the percent signs that were sent. */
export function queryReadings(
  received: Received,
  quirk: 'decoded' | 'encoded' | 'either',
): Query[] {
  const target = received.request.url ?? '';
  const raw = target.includes('?') ? target.slice(target.indexOf('?') + 1) : '';
  const encoded = raw
    .split('&')
    .filter((part) => part !== '')
    .map((part) => [part.split('=')[0] ?? '', part.slice(part.indexOf('=') + 1)] as const);
  if (quirk === 'decoded') return [received.query];
  return quirk === 'encoded' ? [encoded] : [received.query, encoded];
}

export function splitTarget(target: string): {
  path: string;
  query: Array<readonly [string, string]>;
} {
  const at = target.indexOf('?');
  if (at < 0) return { path: plainPath(target), query: [] };
  return {
    path: plainPath(target.slice(0, at)),
    query: [...new URLSearchParams(target.slice(at + 1))],
  };
}

export function bodyParams(body: Buffer): Params {
  if (body.length === 0) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    throw refusal(10002);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw refusal(10002);
  return Object.fromEntries(Object.entries(parsed));
}

/** Undefined where it is too large. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > LARGEST_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
