import { isDecimal } from '../../domain/money/money.ts';
import type { Timestamp } from '../../domain/time.ts';

/**
 * Single values as the exchange may send them: text or number, any case, null or missing. Each function returns undefined for
 * what is not there or makes no sense; none throws.
 */

const PLAIN_DECIMAL = /^[+-]?(?:\d{1,40}(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?$/;
/** As nearly all are: held as they are, without a closer look. */
const SHORT_DECIMAL = /^-?\d{1,15}(?:\.\d{1,18})?$/;
const LONG_FRACTION = /^([+-]?\d*\.\d{18})\d+$/;

/**
 * Decimal text that the fixed-point types hold. Digits behind the 18th decimal, finer than any tick, step, fee or rate of the
 * exchange, are cut off; nothing else is lost.
 */
export function decimalText(value: unknown): string | undefined {
  const text = typeof value === 'number' ? numberText(value) : value;
  if (typeof text !== 'string') return undefined;
  if (SHORT_DECIMAL.test(text)) return text;
  const trimmed = text.trim();
  if (trimmed.length > 80 || !PLAIN_DECIMAL.test(trimmed)) return undefined;
  const held = trimmed.replace(LONG_FRACTION, '$1');
  // An exponent reaches beyond everything that money is counted in.
  return isDecimal(held) && Math.abs(Number(held)) < LARGEST ? held : undefined;
}

const LARGEST = 1e40;

const numberText = (value: number): string | undefined =>
  Number.isFinite(value) ? String(value) : undefined;

/** A number for indicators and charts. */
export function finiteNumber(value: unknown): number | undefined {
  const text = decimalText(value);
  if (text === undefined) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** A whole number, such as leverage, a precision or a count, from 20 or "20" or "20.0". */
export function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'number' ? value : finiteNumber(value);
  return number !== undefined && Number.isSafeInteger(number) ? number : undefined;
}

/** Ids, symbols and words of the exchange are far shorter; what is longer is none, and would fill a message. */
const LONGEST_NAME = 100;
const NOT_SHOWN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

const nameText = (text: string): string | undefined =>
  text === '' || text.length > LONGEST_NAME || NOT_SHOWN.test(text) ? undefined : text;

/** An identifier as text. A number is accepted while it is exact; longer ones arrive as text (see wire-json.ts). */
export function idText(value: unknown): string | undefined {
  if (typeof value === 'string') return nameText(value.trim());
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? String(value)
    : undefined;
}

/** Upper-case enum text without the trailing underscores that the exchange sometimes adds ("NEW_"). */
export function enumText(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  return nameText(
    value
      .trim()
      .toUpperCase()
      .replace(/_{1,3}$/, ''),
  );
}

const EARLIEST = Date.UTC(2015, 0);
const LATEST = Date.UTC(2200, 0);

/** Unix milliseconds from a number, its digits, or ISO text with up to nanoseconds. Other units and nonsense are undefined. */
export function timestamp(value: unknown): Timestamp | undefined {
  const time =
    typeof value === 'string' && value.includes('-') ? isoTime(value) : wholeNumber(value);
  return time !== undefined && time >= EARLIEST && time < LATEST ? time : undefined;
}

function isoTime(text: string): number | undefined {
  const time = Date.parse(text.trim().replace(/(\.\d{3})\d+/, '$1'));
  return Number.isNaN(time) ? undefined : time;
}

/** true and "true"; everything else is false. */
export const isTrue = (value: unknown): boolean =>
  value === true || (typeof value === 'string' && value.toLowerCase() === 'true');
