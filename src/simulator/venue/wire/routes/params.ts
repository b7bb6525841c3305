import { readDec, type Dec } from '../../decimal.ts';
import type { LegRequest, LegsRequest } from '../../engine/protections/legs.ts';
import type { OrderType, StopType } from '../../engine/account.ts';
import { refusal } from '../../venue-error.ts';

/** Parameters of a request as they came: query texts or the members of a JSON body. */
export type Params = Readonly<Record<string, unknown>>;

export function text(params: Params, key: string): string | undefined {
  const value = params[key];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw refusal(10002);
}

export function required(params: Params, key: string): string {
  const value = text(params, key);
  if (value === undefined) throw refusal(10002);
  return value;
}

export function symbolOf(params: Params): string {
  return required(params, 'symbol').toUpperCase();
}

export function optionalSymbol(params: Params): string | undefined {
  return text(params, 'symbol')?.toUpperCase();
}

/** A decimal; undefined when absent, refused when it is not one. */
export function decimal(params: Params, key: string): Dec | undefined {
  const value = params[key];
  if (value === undefined || value === null || value === '') return undefined;
  const number = readDec(value);
  if (number === undefined) throw refusal(10002);
  return number;
}

export function requiredDecimal(params: Params, key: string): Dec {
  const value = decimal(params, key);
  if (value === undefined) throw refusal(10002);
  return value;
}

export function whole(params: Params, key: string): number | undefined {
  const value = text(params, key);
  if (value === undefined) return undefined;
  if (!/^\d{1,15}$/.test(value)) throw refusal(10002);
  return Number(value);
}

export function flag(params: Params, key: string): boolean {
  const value = params[key];
  return value === true || value === 'true';
}

/** One of the allowed values, any case; the refusal names them. */
export function choice<T extends string>(
  params: Params,
  key: string,
  allowed: readonly T[],
): T | undefined {
  const value = text(params, key);
  if (value === undefined) return undefined;
  const found = allowed.find((one) => one === value.toUpperCase());
  if (found === undefined) throw refusal(10008, `${key} must be one of [${allowed.join(', ')}]`);
  return found;
}

export function requiredChoice<T extends string>(
  params: Params,
  key: string,
  allowed: readonly T[],
): T {
  const value = choice(params, key, allowed);
  if (value === undefined) throw refusal(10002);
  return value;
}

/** Refuses a body that holds anything but the named members. */
export function only(params: Params, allowed: readonly string[]): void {
  for (const key of Object.keys(params)) if (!allowed.includes(key)) throw refusal(10002);
}

/** Samples of the documentation use the short words, its tables the long ones; clients send both. */
const STOP_TYPES = ['MARK_PRICE', 'LAST_PRICE', 'MARK', 'LAST'] as const;

function stopType(params: Params, key: string, usual: StopType): StopType {
  const word = choice(params, key, STOP_TYPES);
  if (word === undefined) return usual;
  return word.startsWith('LAST') ? 'LAST_PRICE' : 'MARK_PRICE';
}

const ORDER_TYPES: readonly OrderType[] = ['LIMIT', 'MARKET'];

/** Both legs of a request; `usual` is what one triggers on that does not say. */
export function legsOf(params: Params, usual: StopType): LegsRequest {
  return { tp: leg(params, 'tp', usual), sl: leg(params, 'sl', usual) };
}

/** The members of one leg (`tp` or `sl`); undefined when it has no trigger price. */
function leg(params: Params, prefix: 'tp' | 'sl', usual: StopType): LegRequest | undefined {
  const price = decimal(params, `${prefix}Price`);
  if (price === undefined) return undefined;
  return {
    price,
    stopType: stopType(params, `${prefix}StopType`, usual),
    orderType: choice(params, `${prefix}OrderType`, ORDER_TYPES) ?? 'MARKET',
    orderPrice: decimal(params, `${prefix}OrderPrice`),
    qty: decimal(params, `${prefix}Qty`),
  };
}

const MOST_ROWS = 100;

export interface Page {
  readonly skip: number;
  readonly limit: number;
  readonly from: number;
  readonly to: number;
}

/** How many rows a list call gives at most: 10 unless asked, never more than 100. */
export function limitOf(params: Params, above: 'cut' | 'refuse'): number {
  const limit = whole(params, 'limit') ?? 10;
  if (limit < 1 || (limit > MOST_ROWS && above === 'refuse'))
    throw refusal(10008, `limit must be between 1 and ${MOST_ROWS}`);
  return Math.min(limit, MOST_ROWS);
}

export function pageOf(params: Params, above: 'cut' | 'refuse'): Page {
  return {
    skip: whole(params, 'skip') ?? 0,
    limit: limitOf(params, above),
    from: whole(params, 'startTime') ?? -Infinity,
    to: whole(params, 'endTime') ?? Infinity,
  };
}
