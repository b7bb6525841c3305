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

/** Bytes with the place where reading stands, and what was found out about the last number. */
export interface Reader {
  readonly bytes: Uint8Array;
  at: number;
  /** The byte that ended it; where the file ends in place of a line, the end of a line. */
  end: number;
  /** Decimals that it needs, without zeros at its end; -1 for one without a point. */
  decimals: number;
}

/**
 * `plainNumber` of the next bytes, written into that row; the reader then stands behind what ended it. False for anything else. Nothing
 * is handed back as a number: each would be an object for the collector.
 */
export function takeNumber(reader: Reader, into: Float64Array, row: number): boolean {
  const { bytes, at: from } = reader;
  let value = 0;
  let point = -1;
  let at = from;
  let code = NEWLINE;
  for (; ; at += 1) {
    code = at < bytes.length ? (bytes[at] ?? NEWLINE) : NEWLINE;
    if (code >= ZERO && code <= NINE) value = value * 10 + (code - ZERO);
    else if (code === POINT && point < 0 && at > from) point = at;
    else break;
  }
  const digits = point < 0 ? at - from : at - from - 1;
  if (digits === 0 || digits > EXACT_DIGITS) return false;
  reader.at = at + 1;
  reader.end = code;
  reader.decimals = -1;
  if (point >= 0) {
    let last = at - 1;
    while (bytes[last] === ZERO) last -= 1;
    reader.decimals = last - point;
    value /= POWERS[at - point - 1] ?? NaN;
  }
  into[row] = value;
  return true;
}
