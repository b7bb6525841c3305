/**
 * Money as branded fixed-point integers. One scale for all: 18 decimals, which is finer than any tick, step, fee or funding
 * rate the exchange uses, so parsing never loses a digit.
 *
 * Only this file makes `Price`, `Qty`, `Usd` and `Ratio`. Adding two of them with `+` yields a plain bigint on purpose: use
 * `add`, `sub`, `mulDiv` and the named products below, so that every rounding is written down.
 */
declare const brand: unique symbol;
type Fixed<Name extends string> = bigint & { readonly [brand]: Name };

/** Quote currency for one unit of the base coin. */
export type Price = Fixed<'Price'>;
/** Amount of the base coin (contracts are linear: one contract unit is one base unit). Unsigned unless said otherwise. */
export type Qty = Fixed<'Qty'>;
/** Amount of the quote currency (USDT). Signed. */
export type Usd = Fixed<'Usd'>;
/** A pure number: 0.015 is 1.5 %. */
export type Ratio = Fixed<'Ratio'>;
export type Money = Price | Qty | Usd | Ratio;

/** `down` is towards zero, `up` away from zero; a half goes to the even neighbour (`half-even`) or away from zero (`half-up`). */
export type Rounding = 'down' | 'up' | 'half-even' | 'half-up';

/** Decimals that a fixed-point value carries. */
export const SCALE_DIGITS = 18;
const ONE = 10n ** BigInt(SCALE_DIGITS);
const POWERS = Array.from({ length: SCALE_DIGITS + 1 }, (_, digits) => 10n ** BigInt(digits));
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * Reads a decimal text ("-0.0000077", "1E-8") without losing a digit.
 * Returns undefined when it is no decimal or has more than 18 decimals that are not zero.
 */
function parseFixed(text: string): bigint | undefined {
  const match = DECIMAL.exec(text.trim());
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const shift = SCALE_DIGITS - fraction.length + Number.parseInt(exponent, 10);
  const digits = BigInt(`${whole}${fraction}`);
  const power = POWERS[Math.abs(shift)] ?? 10n ** BigInt(Math.abs(shift));
  const value = shift >= 0 ? digits * power : exactQuotient(digits, power);
  if (value === undefined) return undefined;
  return sign === '-' ? -value : value;
}

function exactQuotient(digits: bigint, divisor: bigint): bigint | undefined {
  return digits % divisor === 0n ? digits / divisor : undefined;
}

function required(text: string, what: string): bigint {
  const value = parseFixed(text);
  if (value === undefined) throw new RangeError(`"${text}" is not a decimal ${what}`);
  return value;
}

/** Price from decimal text. Throws RangeError for anything else. */
export const price = (text: string): Price => required(text, 'price') as Price;
/** Quantity from decimal text. Throws RangeError for anything else. */
export const qty = (text: string): Qty => required(text, 'quantity') as Qty;
/** USDT amount from decimal text. Throws RangeError for anything else. */
export const usd = (text: string): Usd => required(text, 'amount') as Usd;
/** Ratio from decimal text ("0.015" is 1.5 %). Throws RangeError for anything else. */
export const ratio = (text: string): Ratio => required(text, 'ratio') as Ratio;
/** Ratio from percent text ("1.5" is 0.015). Throws RangeError for anything else. */
export function percent(text: string): Ratio {
  const value = exactQuotient(required(text, 'percentage'), 100n);
  if (value === undefined)
    throw new RangeError(`"${text}" is a finer percentage than 18 decimals hold`);
  return value as Ratio;
}

/** Whether the text is a decimal that the fixed-point types hold exactly. */
export const isDecimal = (text: string): boolean => parseFixed(text) !== undefined;

export const ZERO_USD = 0n as Usd;
export const ZERO_QTY = 0n as Qty;
export const ZERO_RATIO = 0n as Ratio;
export const ONE_RATIO = ONE as Ratio;

function divide(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  if (denominator === 0n) throw new RangeError('division by zero');
  const quotient = numerator / denominator;
  if (rounding === 'down') return quotient;
  const remainder = numerator - quotient * denominator;
  if (remainder === 0n) return quotient;
  const away = numerator < 0n === denominator < 0n ? 1n : -1n;
  if (rounding === 'up') return quotient + away;
  const twice = (remainder < 0n ? -remainder : remainder) * 2n;
  const size = denominator < 0n ? -denominator : denominator;
  if (twice === size && rounding === 'half-even') {
    return quotient % 2n === 0n ? quotient : quotient + away;
  }
  return twice >= size ? quotient + away : quotient;
}

/** a × b ÷ c on raw fixed-point integers with one rounding at the end. Throws RangeError when c is 0. */
export const mulDiv = (a: bigint, b: bigint, by: { c: bigint; rounding: Rounding }): bigint =>
  divide(a * b, by.c, by.rounding);

export const add = <T extends Money>(a: T, b: T): T => ((a as bigint) + (b as bigint)) as T;
export const sub = <T extends Money>(a: T, b: T): T => ((a as bigint) - (b as bigint)) as T;
export const neg = <T extends Money>(a: T): T => -(a as bigint) as T;
export const abs = <T extends Money>(a: T): T => (a < 0n ? neg(a) : a);
export const min = <T extends Money>(a: T, ...others: T[]): T =>
  others.reduce((least, each) => (each < least ? each : least), a);
export const max = <T extends Money>(a: T, ...others: T[]): T =>
  others.reduce((most, each) => (each > most ? each : most), a);
export const sumUsd = (values: Iterable<Usd>): Usd => {
  let total = 0n;
  for (const value of values) total += value;
  return total as Usd;
};

/** Notional value = price × quantity. */
export const notionalOf = (at: Price, amount: Qty, rounding: Rounding): Usd =>
  divide(at * amount, ONE, rounding) as Usd;
/** Quantity whose notional is `value` at price `at`. Throws RangeError at price 0. */
export const qtyForNotional = (value: Usd, at: Price, rounding: Rounding): Qty =>
  divide(value * ONE, at, rounding) as Qty;
/** Any money value × a ratio. */
export const scaleBy = <T extends Money>(value: T, by: Ratio, rounding: Rounding): T =>
  divide(value * by, ONE, rounding) as T;
/** a ÷ b as a ratio. Throws RangeError when b is 0. */
export const ratioOf = <T extends Money>(a: T, b: T, rounding: Rounding): Ratio =>
  divide(a * ONE, b, rounding) as Ratio;
/** A value divided by a whole number, such as leverage. Throws RangeError when it is 0. */
export const divideBy = <T extends Money>(value: T, whole: number, rounding: Rounding): T =>
  divide(value, BigInt(whole), rounding) as T;
/** A value times a whole number. */
export const times = <T extends Money>(value: T, whole: number): T => (value * BigInt(whole)) as T;

/** Nearest multiple of `step` (tick, quantity step or unit of money). Throws RangeError when the step is not above 0. */
export function roundToStep<T extends Price | Qty | Usd>(value: T, step: T, rounding: Rounding): T {
  if (step <= 0n) throw new RangeError('a step must be above 0');
  return (divide(value, step, rounding) * step) as T;
}

/** Exact text with the fewest digits: "0.5", "-12", "0.00000001". This is what goes on the wire. */
export function toText(value: Money): string {
  const sign = value < 0n ? '-' : '';
  const digits = (value < 0n ? -value : value).toString().padStart(SCALE_DIGITS + 1, '0');
  const whole = digits.slice(0, -SCALE_DIGITS);
  const fraction = digits.slice(-SCALE_DIGITS).replace(/0+$/, '');
  return fraction === '' ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
}

/** Text with exactly `decimals` decimals (0 to 18), rounded half-even. Zero never shows a minus sign. */
export function toFixed(value: Money, decimals: number): string {
  const unit = 10n ** BigInt(SCALE_DIGITS - decimals);
  const rounded = divide(value, unit, 'half-even');
  const digits = (rounded < 0n ? -rounded : rounded).toString().padStart(decimals + 1, '0');
  const sign = rounded < 0n ? '-' : '';
  if (decimals === 0) return `${sign}${digits}`;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** "1,234.5" of "1234.5": commas between thousands, before the point alone. */
export const grouped = (text: string): string =>
  text.replace(/\d(?=(\d{3})+(?!\d))(?<!\.\d*)/g, '$&,');

/** "1,234.50 USDT", rounded half-even to cents. */
export const usdText = (value: Usd): string => `${grouped(toFixed(value, 2))} USDT`;

/** "+12.30 USDT", "-4.00 USDT", "0.00 USDT": a gain or a loss, rounded as by `usdText`; a plus only before what is shown as more than 0. */
export function signedUsd(value: Usd): string {
  const text = usdText(value);
  return value > 0n && /[1-9]/.test(text) ? `+${text}` : text;
}

const EIGHT_DECIMALS = 10n ** 8n;
const BELOW_EIGHT = ONE / EIGHT_DECIMALS;
const EXACT = 2n ** 53n;

/** The nearest double. For indicators, signals, charts and statistics only: never turned back into an order without a step. */
export function toNumber(value: Money): number {
  // Both numbers of this division are exact, so that it rounds once, as reading the text does.
  const whole = value / BELOW_EIGHT;
  const quick = whole * BELOW_EIGHT === value && whole < EXACT && whole > -EXACT;
  return quick ? Number(whole) / 1e8 : Number.parseFloat(toText(value));
}

/** 10^-decimals, such as the tick of a symbol with that many price decimals (0 to 18). */
export const stepOfDecimals = (decimals: number): bigint => 10n ** BigInt(SCALE_DIGITS - decimals);

/**
 * The one way from a computed number back to a price: the nearest tick in the direction asked for.
 * Throws RangeError for a number that is not finite.
 */
export function priceFromNumber(value: number, tick: Price, rounding: Rounding): Price {
  const quick = wholeTicks(value, tick, rounding);
  if (quick !== undefined) return (quick * tick) as Price;
  return roundToStep(required(plain(value), 'price') as Price, tick, rounding);
}

/** A double tells a number of ticks below this, of a tick no finer than that, to a fourth of `CLEAR`. */
const MOST_TICKS = 2 ** 44;
const FINEST_TICKS = 1e11;
const CLEAR = 0.01;

let asked = { tick: 0n, perUnit: NaN };
/**
 * Ticks in one unit, where a double can count with them; NaN where they are too many or no whole number. The last answer is kept: a
 * market asks for its own tick again and again.
 */
export function ticksPerUnit(tick: bigint): number {
  if (tick === asked.tick) return asked.perUnit;
  const whole = tick <= 0n || ONE % tick !== 0n ? NaN : Number(ONE / tick);
  const perUnit = whole <= FINEST_TICKS ? whole : NaN;
  asked = { tick, perUnit };
  return perUnit;
}

/** A price from a whole number of ticks. Throws RangeError for a number that is not whole. */
export const priceOfTicks = (ticks: number, tick: Price): Price => (BigInt(ticks) * tick) as Price;

/** How many ticks a price is after rounding, where it lies so clear of the next whole number (or half) that a double can tell. */
function wholeTicks(value: number, tick: Price, rounding: Rounding): bigint | undefined {
  const perUnit = ticksPerUnit(tick);
  const ticks = value * perUnit;
  if (!(Math.abs(ticks) < MOST_TICKS)) return undefined;
  const nearest = Math.round(ticks);
  const off = ticks - nearest;
  if (rounding === 'half-even' || rounding === 'half-up') {
    return Math.abs(off) < 0.5 - CLEAR ? BigInt(nearest) : undefined;
  }
  if (Math.abs(off) < CLEAR) return undefined;
  const towardsZero = Math.trunc(ticks);
  return BigInt(rounding === 'down' ? towardsZero : towardsZero + Math.sign(ticks));
}

/** A quantity from a computed number, rounded to the step. Throws RangeError for a number that is not finite. */
export function qtyFromNumber(value: number, step: Qty, rounding: Rounding): Qty {
  return roundToStep(required(plain(value), 'quantity') as Qty, step, rounding);
}

/** A ratio from a computed number (15 decimals are kept). Throws RangeError for a number that is not finite. */
export function ratioFromNumber(value: number): Ratio {
  const units = Math.round(value * 1e8);
  // The double of a decimal below 8 is nearer to it than half of the last decimal that is kept.
  if (units / 1e8 === value && Math.abs(value) < 8) return (BigInt(units) * BELOW_EIGHT) as Ratio;
  return required(plain(value), 'ratio') as Ratio;
}
/** A USDT amount from a computed number, for statistics that are shown. Throws RangeError for a number that is not finite. */
export const usdFromNumber = (value: number): Usd => required(plain(value), 'amount') as Usd;

function plain(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is not a finite number`);
  return Math.abs(value) >= 1e21 ? BigInt(Math.round(value)).toString() : value.toFixed(15);
}
