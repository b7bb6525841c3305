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

/** Where reading stands. */
export interface Reader {
  at: number;
  /** Decimals that the last number needs, without zeros at its end; -1 for one without a point. */
  decimals: number;
}

/** `plainNumber` of the bytes up to `end`, or up to where the file ends in place of a line; the reader then stands behind it. */
export function takeNumber(bytes: Uint8Array, reader: Reader, end: number): number {
  const from = reader.at;
  let value = 0;
  let point = -1;
  let at = from;
  let code = NEWLINE;
  for (; ; at += 1) {
    code = bytes[at] ?? NEWLINE;
    if (code >= ZERO && code <= NINE) value = value * 10 + (code - ZERO);
    else if (code === POINT && point < 0 && at > from) point = at;
    else break;
  }
  const digits = point < 0 ? at - from : at - from - 1;
  if (code !== end || digits === 0 || digits > EXACT_DIGITS) return NaN;
  reader.at = at + 1;
  reader.decimals = -1;
  if (point < 0) return value;
  let last = at - 1;
  while (bytes[last] === ZERO) last -= 1;
  reader.decimals = last - point;
  return value / (POWERS[at - point - 1] ?? NaN);
}
