import { z } from 'zod';

import { isObject, parseJson } from '../wire/json.ts';
import { asText } from '../wire/params.ts';
import { checked } from './route.ts';
import type { Phone, UserRequest } from './route.ts';
import { UserError } from './user-error.ts';

const TIMEOUT_MS = 5000;

const Price = z.object({
  symbol: z.string().min(1).default('*'),
  percent: z.number().min(-90).max(900),
});

const Position = z.object({
  symbol: z.string().regex(/^[A-Z0-9]{2,30}$/, 'must be a symbol such as BTCUSDT'),
  side: z.enum(['LONG', 'SHORT']),
  notional: z.number().positive(),
});

/** GET /user/market: what the venue simulator says of itself. */
export function marketHealth({ phone }: UserRequest): Promise<unknown> {
  return venue(phone, '/sim/health');
}

/** POST /user/market/price: moves prices by percent. */
export function movePrice({ phone, body }: UserRequest): Promise<unknown> {
  return venue(phone, '/sim/price', checked(Price, body));
}

/** POST /user/market/position: opens a position as the owner would by hand on the exchange. */
export function openPosition({ phone, body }: UserRequest): Promise<unknown> {
  return venue(phone, '/sim/position', checked(Position, body));
}

async function venue(phone: Phone, path: string, body?: unknown): Promise<unknown> {
  if (phone.controlUrl === undefined)
    throw new UserError(404, 'No simulated market here: it was not configured');
  const post = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  let response: Response;
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    response = await fetch(
      new URL(path, phone.controlUrl),
      body === undefined ? { signal } : { ...post, signal },
    );
  } catch {
    throw new UserError(502, 'The simulated market does not answer');
  }
  const answer = parseJson(await response.text());
  if (response.ok) return answer ?? {};
  const reason = isObject(answer) ? asText(answer['error']) : `HTTP ${response.status}`;
  throw new UserError(502, `The simulated market refused: ${reason}`);
}
