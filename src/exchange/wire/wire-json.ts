/** Strings are skipped whole, so that digits inside them stay as they are; short numbers are never looked at. */
const STRING_OR_LONG_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.]{15,}(?:[eE][+-]?\d+)?/g;
const LONG_NUMBER = /[\d.]{16}/;

/** The exchange nests at most 5 deep. */
const MOST_LEVELS = 64;

/**
 * JSON.parse that cannot lose a digit: a number with more than 15 significant digits, which a double may not hold (an order id,
 * say), arrives as a string. Returns undefined when the text is no JSON, or is nested deeper than 64 levels. The time it takes
 * grows with the length and no faster.
 */
export function parseWireJson(text: string): unknown {
  if (isTooDeep(text)) return undefined;
  try {
    const plain: unknown = JSON.parse(text);
    // Only text that is JSON has all its strings closed; searching other text for their ends takes time by its square.
    return LONG_NUMBER.test(text) ? JSON.parse(quoteLongNumbers(text)) : plain;
  } catch {
    return undefined;
  }
}

function quoteLongNumbers(text: string): string {
  return text.replace(STRING_OR_LONG_NUMBER, (token) => {
    if (token.startsWith('"')) return token;
    const mantissa = token.replace(/[eE].*$/, '').replace(/[-.]/g, '');
    return mantissa.replace(/^0+/, '').length > 15 ? `"${token}"` : token;
  });
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** Brackets inside strings do not count. */
function isTooDeep(text: string): boolean {
  let levels = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === BACKSLASH) index += 1;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (OPENING.has(code)) {
      levels += 1;
      if (levels > MOST_LEVELS) return true;
    } else if (CLOSING.has(code)) levels -= 1;
  }
  return false;
}
