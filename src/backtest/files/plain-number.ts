export const COMMA = 44;
export const NEWLINE = 10;
const ZERO = 48;
const NINE = 57;
const POINT = 46;
/** Digits whose whole number a double holds exactly: divided by a power of ten it is the nearest double, as `Number` gives it. */
const EXACT_DIGITS = 15;
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, digits) => 10 ** digits);

/** A number written with digits and at most one point, without more digits than a double holds; NaN for anything else. */
export function plainNumber(text: string): number {
  const { length } = text;
  if (length > EXACT_DIGITS + 1) return NaN;
  let value = 0;
  let point = -1;
  for (let index = 0; index < length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= ZERO && code <= NINE) value = value * 10 + (code - ZERO);
    else if (code === POINT && point < 0 && index > 0) point = index;
    else return NaN;
  }
  if (length === 0 || (point < 0 && length > EXACT_DIGITS)) return NaN;
  return point < 0 ? value : value / (POWERS[length - point - 1] ?? NaN);
}

/** Where reading stands, and what was read last. */
export interface Taken {
  at: number;
  value: number;
  /** Decimals that the number needs, without zeros at its end; -1 for one without a point. */
  decimals: number;
}

/**
 * `plainNumber` of the bytes up to `end`, or up to where the file ends in place of a line; `taken` then stands behind it. False for
 * anything else, with `taken` as it was.
 */
export function takeNumber(bytes: Uint8Array, taken: Taken, end: number): boolean {
  const from = taken.at;
  let value = 0;
  let point = -1;
  let lastDigit = -1;
  let at = from;
  for (; ; at += 1) {
    const code = at < bytes.length ? (bytes[at] ?? NEWLINE) : NEWLINE;
    if (code >= ZERO && code <= NINE) {
      value = value * 10 + (code - ZERO);
      if (code !== ZERO) lastDigit = at;
    } else if (code === POINT && point < 0 && at > from) point = at;
    else if (code === end) break;
    else return false;
  }
  const digits = point < 0 ? at - from : at - from - 1;
  if (digits === 0 || digits > EXACT_DIGITS) return false;
  taken.at = at + 1;
  taken.value = point < 0 ? value : value / (POWERS[at - point - 1] ?? NaN);
  taken.decimals = point < 0 ? -1 : Math.max(0, lastDigit - point);
  return true;
}
