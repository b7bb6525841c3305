import { readDec, type Dec } from '../decimal.ts';
import type { Account } from '../engine/account.ts';
import type { VenueClock } from '../clock.ts';
import type { Engine } from '../engine/engine.ts';
import type { Faults } from '../faults.ts';
import { VenueError } from '../venue-error.ts';
import type { SocketServer } from '../wire/socket/socket-server.ts';

/** What the control API may reach. */
export interface ControlContext {
  readonly engine: Engine;
  readonly clock: VenueClock;
  readonly faults: Faults;
  readonly sockets: SocketServer;
}

export type ControlBody = Readonly<Record<string, unknown>>;

/** A refusal of the control API: what is wrong and what is allowed. */
export function bad(message: string): VenueError {
  return new VenueError(400, message);
}

/** Refuses a body with members that the call does not know: a misspelt one would silently do nothing. */
export function onlyMembers(body: ControlBody, allowed: readonly string[]): void {
  const odd = Object.keys(body).filter((key) => !allowed.includes(key));
  if (odd.length > 0) throw bad(`Unknown: ${odd.join(', ')}. Allowed: ${allowed.join(', ')}`);
}

const given = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

/** A number within bounds (both included); undefined when absent. */
export function number(
  body: ControlBody,
  key: string,
  within: { readonly min: number; readonly max: number; readonly whole?: boolean },
): number | undefined {
  const value = body[key];
  if (!given(value)) return undefined;
  const { min, max, whole = false } = within;
  const found = typeof value === 'number' || typeof value === 'string' ? Number(value) : NaN;
  const fits = whole ? Number.isSafeInteger(found) : Number.isFinite(found);
  if (fits && found >= min && found <= max) return found;
  const kind = whole ? 'a whole number' : 'a number';
  throw bad(`${key} must be ${kind} from ${min} to ${max}, not ${JSON.stringify(value)}`);
}

/** A decimal; undefined when absent. */
export function amount(body: ControlBody, key: string): Dec | undefined {
  const value = body[key];
  if (!given(value)) return undefined;
  const found = readDec(value);
  if (found === undefined)
    throw bad(
      `${key} must be a decimal such as "12.5" with at most 24 digits before the point and 12 behind it, not ${JSON.stringify(value)}`,
    );
  return found;
}

/** One of the allowed words, any case; undefined when absent. */
export function word<T extends string>(
  body: ControlBody,
  key: string,
  allowed: readonly T[],
): T | undefined {
  const value = body[key];
  if (!given(value)) return undefined;
  const text = typeof value === 'string' ? value.toUpperCase() : '';
  const found = allowed.find((one) => one.toUpperCase() === text);
  if (found !== undefined) return found;
  throw bad(`${key} must be one of ${allowed.join(', ')}, not ${JSON.stringify(value)}`);
}

/** The account of `apiKey`, or the first one. */
export function accountOf({ engine }: ControlContext, body: ControlBody): Account {
  const wanted = body['apiKey'];
  const { accounts } = engine;
  const account = given(wanted) ? accounts.find((one) => one.apiKey === wanted) : accounts[0];
  if (account === undefined) throw bad('There is no account with this apiKey');
  return account;
}

/** The listed contract that `symbol` names; undefined when absent. */
export function symbolOf({ engine }: ControlContext, body: ControlBody): string | undefined {
  const value = body['symbol'];
  if (!given(value)) return undefined;
  const symbol = typeof value === 'string' ? value.toUpperCase() : '';
  if (engine.ctx.market.indexOf(symbol) !== undefined) return symbol;
  throw bad(`symbol must be a listed contract such as "BTCUSDT", not ${JSON.stringify(value)}`);
}

/** The place of the contract that has to be named. */
export function indexOf(control: ControlContext, body: ControlBody): number {
  const symbol = symbolOf(control, body);
  const index = symbol === undefined ? undefined : control.engine.ctx.market.indexOf(symbol);
  if (index === undefined) throw bad('Give "symbol", a listed contract such as "BTCUSDT"');
  return index;
}
