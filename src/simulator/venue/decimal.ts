/**
 * Exact decimals of the venue: a bigint counting units of 10^-12. Prices, quantities and money share the one scale, so
 * that a product of a price and a quantity is exact as long as their decimals together do not exceed twelve.
 */
export type Dec = bigint;

const DIGITS = 12;
const ONE = 10n ** BigInt(DIGITS);
const POWERS: readonly bigint[] = Array.from({ length: DIGITS + 1 }, (_, n) => 10n ** BigInt(n));
/** One unit in the eighth decimal: money on the books never carries more. */
const MONEY_UNIT = 10n ** 4n;
const PATTERN = /^(-?)(\d{1,24})(?:\.(\d{1,24}))?$/;

function power(n: number): bigint {
  return POWERS[n] ?? 10n ** BigInt(n);
}

/** Reads a plain decimal ("-12.50"); undefined for anything else or for more than twelve significant decimals. */
export function parseDec(text: string): Dec | undefined {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > DIGITS) return undefined;
  const units = BigInt(match[2] ?? '0') * ONE + BigInt(fraction.padEnd(DIGITS, '0'));
  return match[1] === '-' ? -units : units;
}

/** Reads a decimal that the program itself wrote; throws when it is not one. */
export function dec(text: string): Dec {
  const value = parseDec(text);
  if (value === undefined)
    throw new RangeError(`"${text}" is not a decimal with at most 12 decimals`);
  return value;
}

/** Reads a wire value that may be a JSON string or number; undefined when it is neither or not decimal. */
export function readDec(value: unknown): Dec | undefined {
  if (typeof value === 'string') return parseDec(value.trim());
  if (typeof value === 'number' && Number.isFinite(value)) return parseDec(String(value));
  return undefined;
}

/** Shortest text of the value, without trailing zeros or exponent. */
export function formatDec(value: Dec): string {
  const sign = value < 0n ? '-' : '';
  const units = value < 0n ? -value : value;
  const fraction = (units % ONE).toString().padStart(DIGITS, '0').replace(/0+$/, '');
  return `${sign}${units / ONE}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Integer quotient rounded half away from zero. */
function divideHalfAway(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  const quotient = (n * 2n + d) / (d * 2n);
  return negative ? -quotient : quotient;
}

/** Product rounded half away from zero at the twelfth decimal. */
export function mulDec(a: Dec, b: Dec): Dec {
  return divideHalfAway(a * b, ONE);
}

/** Quotient rounded half away from zero at the twelfth decimal; the divisor must not be zero. */
export function divDec(a: Dec, b: Dec): Dec {
  return divideHalfAway(a * ONE, b);
}

/** Money: rounded half away from zero to eight decimals. */
export function money(value: Dec): Dec {
  return divideHalfAway(value, MONEY_UNIT) * MONEY_UNIT;
}

/** Product as money, rounded once: half away from zero to eight decimals. */
export function mulMoney(a: Dec, b: Dec): Dec {
  return divideHalfAway(a * b, ONE * MONEY_UNIT) * MONEY_UNIT;
}

/** Money rounded away from zero to eight decimals: for required margin, which must never be understated. */
export function moneyUp(value: Dec): Dec {
  const rest = value % MONEY_UNIT;
  if (rest === 0n) return value;
  return value - rest + (value > 0n ? MONEY_UNIT : -MONEY_UNIT);
}

/** The value rounded half away from zero to the given number of decimals (0 to 12). */
export function roundDec(value: Dec, decimals: number): Dec {
  const unit = power(DIGITS - Math.min(decimals, DIGITS));
  return divideHalfAway(value, unit) * unit;
}

/** The value cut towards zero to the given number of decimals (0 to 12). */
export function floorDec(value: Dec, decimals: number): Dec {
  const unit = power(DIGITS - Math.min(decimals, DIGITS));
  return value - (value % unit);
}

/** True when the value needs no more than the given number of decimals. */
export function fitsDecimals(value: Dec, decimals: number): boolean {
  return value % power(DIGITS - Math.min(decimals, DIGITS)) === 0n;
}

/** A count of ticks of 10^-decimals as a decimal. */
export function fromTicks(ticks: number, decimals: number): Dec {
  return BigInt(ticks) * power(DIGITS - decimals);
}

/** A decimal as a count of ticks of 10^-decimals, rounded up or down. */
export function toTicks(value: Dec, decimals: number, rounding: 'up' | 'down'): number {
  const unit = power(DIGITS - decimals);
  const floor = value / unit - (value % unit < 0n ? 1n : 0n);
  return Number(rounding === 'down' || floor * unit === value ? floor : floor + 1n);
}

/** Nearest float: for statistics and market data only, never for money. */
export function toNumber(value: Dec): number {
  return Number(value) / 1e12;
}

/** A decimal from a whole number or from a float given to at most twelve decimals. */
export function fromNumber(value: number): Dec {
  return dec(Number.isInteger(value) ? String(value) : value.toFixed(DIGITS));
}

export function minDec(a: Dec, b: Dec): Dec {
  return a < b ? a : b;
}

export function maxDec(a: Dec, b: Dec): Dec {
  return a > b ? a : b;
}
