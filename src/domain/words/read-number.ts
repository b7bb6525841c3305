import { grouped } from '../money/money.ts';

/**
 * How every command reads a number that a person typed. Decimal comma and decimal dot are the same; thousands may be parted by dot,
 * comma, apostrophe, thin or fixed space, or underscore, in threes (or as in India: 12,34,567). A dollar sign before and a `k` for
 * thousands behind are understood. One separator with three digits behind it can be both, and is `unclear`, unless it cannot be
 * thousands: "0.500", "1234.567".
 */
export type NumberRead =
  /** Decimal text for the fixed-point types, such as "65000.5" or "-0.5". */
  | { readonly kind: 'number'; readonly text: string }
  /** The smaller one takes the separator for the decimal point, the larger one for thousands. */
  | { readonly kind: 'unclear'; readonly smaller: string; readonly larger: string }
  | { readonly kind: 'unreadable' };

const UNREADABLE: NumberRead = { kind: 'unreadable' };
/** Longer ones are no number that a person means. */
const MOST_CHARACTERS = 30;
/** Decimals that the fixed-point types hold, also where the number is a percentage. */
const MOST_DECIMALS = 16;

const GROUPS = /^(?:[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d?(?:,\d{2})+,\d{3})$/;

/** What was typed as one number. Never throws. */
export function readNumber(typed: string): NumberRead {
  const match = /^([+-]?)\$?([+-]?)(.+?)(k?)$/i.exec(plain(typed));
  if (match === null || typed.length > MOST_CHARACTERS) return UNREADABLE;
  const [, outer = '', inner = '', body = '', kilo = ''] = match;
  if (outer !== '' && inner !== '') return UNREADABLE;
  const sign = `${outer}${inner}` === '-' ? '-' : '';
  const finish = (text: string): string => `${sign}${kilo === '' ? text : thousandfold(text)}`;
  const read = readUnsigned(body);
  if (read.kind === 'unreadable') return UNREADABLE;
  if (read.kind === 'number') return { kind: 'number', text: finish(read.text) };
  return { kind: 'unclear', smaller: finish(read.smaller), larger: finish(read.larger) };
}

/** Digits of full width, every kind of apostrophe, space and minus sign in their plain form. */
const plain = (typed: string): string =>
  typed
    .trim()
    .normalize('NFKC')
    .replaceAll(/[’‘ʼ`´]/g, "'")
    .replaceAll(/[\s_]/g, ' ')
    .replaceAll(/[−–]/g, '-');

function readUnsigned(body: string): NumberRead {
  if (!/^[\d.,' ]+$/.test(body) || !/\d/.test(body)) return UNREADABLE;
  const marks = body.replaceAll(/\d/g, '');
  const last = marks.at(-1);
  if (last === undefined) return decimal(body, '');
  const whole = body.slice(0, body.lastIndexOf(last));
  const fraction = body.slice(body.lastIndexOf(last) + 1);
  const decides = last === '.' || last === ',';
  if (marks.length === 1 && decides) return oneMark(whole, fraction);
  // The same mark throughout, or one that is never a decimal point: thousands.
  if (marks === last.repeat(marks.length)) return thousands(body, last);
  const first = marks.charAt(0);
  const ends = decides && marks === `${first.repeat(marks.length - 1)}${last}`;
  if (!ends) return UNREADABLE;
  const read = thousands(whole, first);
  return read.kind === 'number' ? decimal(read.text, fraction) : UNREADABLE;
}

function oneMark(whole: string, fraction: string): NumberRead {
  const smaller = decimal(whole, fraction);
  const both = fraction.length === 3 && /^[1-9]\d{0,2}$/.test(whole);
  if (!both || smaller.kind !== 'number') return smaller;
  return { kind: 'unclear', smaller: smaller.text, larger: `${whole}${fraction}` };
}

const thousands = (body: string, mark: string): NumberRead =>
  GROUPS.test(body.replaceAll(mark, ','))
    ? { kind: 'number', text: body.replaceAll(mark, '') }
    : UNREADABLE;

/** "007" and "50" as "7.5"; a text that only has a mark in front or behind is read all the same: ".5", "65,". */
function decimal(whole: string, fraction: string): NumberRead {
  const kept = fraction.replace(/0+$/, '');
  if (kept.length > MOST_DECIMALS) return UNREADABLE;
  const digits = whole.replace(/^0+(?=\d)/, '') || '0';
  return { kind: 'number', text: kept === '' ? digits : `${digits}.${kept}` };
}

function thousandfold(text: string): string {
  const [whole = '', fraction = ''] = text.split('.');
  const moved = `${whole}${fraction.padEnd(3, '0').slice(0, 3)}`.replace(/^0+(?=\d)/, '');
  const rest = fraction.slice(3);
  return rest === '' ? moved : `${moved}.${rest}`;
}

/** Asks which of two readings is meant, and says how to write either so that it is clear. */
export function askWhich(
  typed: string,
  { smaller, larger }: { readonly smaller: string; readonly larger: string },
): string {
  return `"${typed}" can be read as ${grouped(smaller)} or as ${grouped(larger)}. Please write ${clear(smaller)} for the first or ${larger} for the second.`;
}

/** A decimal with exactly three decimals could be read as thousands again. */
const clear = (text: string): string => {
  const [, fraction = ''] = text.split('.');
  if (fraction === '') return `${text}.0`;
  return fraction.length === 3 ? `${text}0` : text;
};
