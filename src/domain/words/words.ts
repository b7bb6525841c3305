/** Numbers as words: one text each for gate, alerts and chat. No figure is cut down to a zero that it is not. */
import {
  grouped,
  times,
  toFixed,
  toText,
  type Money,
  type Price,
  type Ratio,
} from '../money/money.ts';

/** Percents below a millionth are not told apart any more. */
const FINEST_PERCENT_DECIMALS = 6;
/** Digits of a number's fraction that are shown, the zeros in front of them not counted. */
const FRACTION_DIGITS = 8;
const MOST_DECIMALS = 18;

const trimmed = (text: string): string =>
  text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text;

const isZero = (text: string): boolean => !/[1-9]/.test(text);

/** "1.5 %": at most `decimals` decimals, rounded half-even; more where they would all be 0, and "under 0.000001 %" below that. */
export const percentText = (value: Ratio, decimals = 2): string =>
  `${trimmed(percentDigits(value, decimals))} %`;

/** "1.50 %": exactly two decimals, for figures that stand beside each other; more where they would all be 0. */
export const percentColumn = (value: Ratio): string => `${percentDigits(value, 2)} %`;

function percentDigits(value: Ratio, decimals: number): string {
  const percents = times(value, 100);
  for (let places = decimals; places <= FINEST_PERCENT_DECIMALS; places += 1) {
    const text = grouped(toFixed(percents, places));
    if (value === 0n || !isZero(text)) return text;
  }
  return `under ${toFixed((10n ** BigInt(MOST_DECIMALS - FINEST_PERCENT_DECIMALS)) as Ratio, FINEST_PERCENT_DECIMALS)}`;
}

/** `percentText` of a plain number, such as 0.015. "unknown" for what is not a finite number. */
export const shareText = (fraction: number, decimals = 1): string => {
  if (!Number.isFinite(fraction)) return 'unknown';
  for (let places = decimals; places <= FINEST_PERCENT_DECIMALS; places += 1) {
    const text = grouped(toPlain(fraction * 100, places));
    if (fraction === 0 || !isZero(text)) return `${isZero(text) ? text.replace('-', '') : text} %`;
  }
  return 'under 0.000001 %';
};

/** As `shareText`, with a plus before a gain. */
export const signedShareText = (fraction: number, decimals = 1): string =>
  `${fraction > 0 ? '+' : ''}${shareText(fraction, decimals)}`;

/** Digits that an average is shown with, and the decimals that it has at least. */
const AVERAGE_DIGITS = 6;
const AVERAGE_DECIMALS = 2;

/**
 * A price that is the average of several fills, rounded half-even: six digits that say something, at least two decimals. The
 * exchange gives it with many more, and none of them was ever traded at.
 */
export function averageText(value: Price): string {
  const [, whole = '0', zeros = ''] = /^-?(\d+)(?:\.(0*))?/.exec(toText(value)) ?? [];
  const decimals =
    whole === '0'
      ? zeros.length + AVERAGE_DIGITS
      : Math.max(AVERAGE_DECIMALS, AVERAGE_DIGITS - whole.length);
  return grouped(trimmed(toFixed(value, Math.min(MOST_DECIMALS, decimals))));
}

/** A price or quantity with the fewest digits: eight after the zeros that its fraction begins with. Not grouped. */
export function plainNumber(value: Money): string {
  const [, whole = '0', zeros = ''] = /^-?(\d+)(?:\.(0*))?/.exec(toText(value)) ?? [];
  const leading = whole === '0' ? zeros.length : 0;
  return trimmed(toFixed(value, Math.min(MOST_DECIMALS, leading + FRACTION_DIGITS)));
}

/** `plainNumber` with commas between thousands. */
export const numberText = (value: Money): string => grouped(plainNumber(value));

/** "1 position", "1,234 positions", "2 losses": the one plural of the chat. */
export const countText = (count: number, noun: string, plural = `${noun}s`): string =>
  `${grouped(String(count))} ${count === 1 ? noun : plural}`;

/** A plain number with so many decimals; zero has no sign, and what is not a number is "unknown". */
export function decimalText(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return 'unknown';
  const text = grouped(toPlain(value, decimals));
  return isZero(text) ? text.replace('-', '') : text;
}

/** As `decimalText`, with a plus before a gain. */
export const signedText = (value: number, decimals: number): string => {
  const text = decimalText(value, decimals);
  return value > 0 && !isZero(text) ? `+${text}` : text;
};

/** toFixed writes what is larger than a double's digits with an exponent. */
const toPlain = (value: number, decimals: number): string =>
  Math.abs(value) < 1e21 ? value.toFixed(decimals) : BigInt(Math.round(value)).toString();

/** "a", "a and b", "a, b and c". */
export const listText = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** "stop too far" for `stop-too-far`: the name of a reason or condition as people read it. */
export const plainName = (id: string): string => id.replaceAll('-', ' ');
