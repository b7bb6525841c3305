/** Strings are skipped whole, so that digits inside them stay as they are. */
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const LONG_NUMBER = /[\d.]{16}/;

/**
 * JSON.parse that cannot lose a digit: a number with more than 15 significant digits, which a double may not hold (an order id,
 * say), arrives as a string. Returns undefined when the text is no JSON.
 */
export function parseWireJson(text: string): unknown {
  try {
    return JSON.parse(LONG_NUMBER.test(text) ? quoteLongNumbers(text) : text);
  } catch {
    return undefined;
  }
}

function quoteLongNumbers(text: string): string {
  return text.replace(STRING_OR_NUMBER, (token) => {
    if (token.startsWith('"')) return token;
    const mantissa = token.replace(/[eE].*$/, '').replace(/[-.]/g, '');
    return mantissa.replace(/^0+/, '').length > 15 ? `"${token}"` : token;
  });
}
