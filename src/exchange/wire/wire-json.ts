/** Strings are skipped whole, so that digits inside them stay as they are; short numbers are never looked at. */
const STRING_OR_LONG_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.]{15,}(?:[eE][+-]?\d+)?/g;
/** The exchange nests at most 5 deep. */
const MOST_LEVELS = 64;

/**
 * JSON.parse that cannot lose a digit: a number with more than 15 significant digits, which a double may not hold (an order id,
 * say), arrives as a string. Returns undefined when the text is no JSON, or is nested deeper than 64 levels. The time it takes
 * grows with the length and no faster.
 */
export function parseWireJson(text: string): unknown {
  const { tooDeep, longNumber } = look(text);
  if (tooDeep) return undefined;
  try {
    const plain: unknown = JSON.parse(text);
    // Only text that is JSON has all its strings closed; searching other text for their ends takes time by its square.
    return longNumber ? JSON.parse(quoteLongNumbers(text)) : plain;
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
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const BACKSLASH = 0x5c;
const isOpening = (code: number): boolean => code === 0x5b || code === 0x7b;
const isClosing = (code: number): boolean => code === 0x5d || code === 0x7d;

/** What has to be known before the text is parsed. Brackets and digits inside strings do not count. */
interface Looked {
  readonly tooDeep: boolean;
  /** Some number has 16 characters or more. */
  readonly longNumber: boolean;
}

function look(text: string): Looked {
  let levels = 0;
  let inNumber = 0;
  let longNumber = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if ((code >= ZERO && code <= NINE) || code === POINT) {
      inNumber += 1;
      longNumber ||= inNumber > 15;
      continue;
    }
    inNumber = 0;
    if (code === QUOTE) index = endOfString(text, index + 1);
    else if (isOpening(code)) {
      levels += 1;
      if (levels > MOST_LEVELS) return { tooDeep: true, longNumber };
    } else if (isClosing(code)) levels -= 1;
  }
  return { tooDeep: false, longNumber };
}

/** Where the quote stands that closes a string, or the end of a text that never closes it. */
function endOfString(text: string, from: number): number {
  for (let index = from; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) return index;
    if (code === BACKSLASH) index += 1;
  }
  return text.length;
}
