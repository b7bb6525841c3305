import { z } from 'zod';
import {
  decimalText,
  enumText,
  finiteNumber,
  idText,
  isTrue,
  timestamp,
  wholeNumber,
} from './wire-value.ts';

/**
 * The fields that rows and frames are made of. A `...Maybe` is undefined where the exchange sends null, nothing, or something that
 * makes no sense; the others make the row unusable, with the field's name. None throws.
 */

/** Any value, and also a key that is missing. */
export const maybe = z.unknown().optional();

const required = <T>(read: (value: unknown) => T | undefined, what: string) =>
  maybe.transform((value, context): T => {
    const result = read(value);
    if (result !== undefined) return result;
    context.addIssue({ code: 'custom', message: `is ${shown(value)}, not ${what}` });
    return z.NEVER;
  });

const optional = <T>(read: (value: unknown) => T | undefined) =>
  maybe.transform((value): T | undefined => read(value));

/** A short look at a value. What is nested is only named: it may be nested deeper than JSON.stringify can go. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value) ? 'a list' : 'an object';
  }
  const short = typeof value === 'string' ? value.slice(0, 41) : value;
  const text = typeof short === 'bigint' ? `${short}` : (JSON.stringify(short) ?? typeof value);
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}

const isZero = (text: string): boolean => !/[1-9]/.test(text.replace(/e.*$/i, ''));
const isNegative = (text: string): boolean => text.startsWith('-') && !isZero(text);

/** A price that can be one: above 0. The exchange writes "0", "-1" or "market" where it has none. */
export const priceText = (value: unknown): string | undefined => {
  const text = decimalText(value);
  return text !== undefined && !isNegative(text) && !isZero(text) ? text : undefined;
};

/** What a row may leave out: null, "" or a key that is missing. */
const isLeftOut = (value: unknown): boolean =>
  value === undefined || value === null || value === '';

export const decimal = required(decimalText, 'a decimal');
/** 0 or more. */
export const unsigned = decimal.transform((text, context): string => {
  if (!isNegative(text)) return text;
  context.addIssue({ code: 'custom', message: `is ${shown(text)}, which is below 0` });
  return z.NEVER;
});
export const price = required(priceText, 'a price');
export const priceMaybe = optional(priceText);
export const decimalMaybe = optional(decimalText);
/**
 * A level that may be left out: null, "", "market" and anything up to 0 mean that there is none. What is neither that nor a price makes
 * the row unusable: a level that cannot be read must not count as none.
 */
export const levelMaybe = maybe.transform((value, context): string | undefined => {
  if (isLeftOut(value) || enumText(value) === 'MARKET') return undefined;
  if (decimalText(value) !== undefined) return priceText(value);
  context.addIssue({ code: 'custom', message: `is ${shown(value)}, not a price` });
  return z.NEVER;
});

/** A figure that may be left out; what is there and is no decimal makes the row unusable, since it must not count as 0. */
export const figureMaybe = maybe.transform((value, context): string | undefined => {
  const text = decimalText(value);
  if (text !== undefined || isLeftOut(value)) return text;
  context.addIssue({ code: 'custom', message: `is ${shown(value)}, not a decimal` });
  return z.NEVER;
});

/**
 * A size that may be left out: null, "" and 0 mean that there is none. Anything else that is no size above 0 makes the row unusable:
 * a stop whose size cannot be read must not count as one for everything.
 */
export const sizeMaybe = maybe.transform((value, context): string | undefined => {
  const text = decimalText(value);
  if (isLeftOut(value)) return undefined;
  if (text !== undefined && isZero(text)) return undefined;
  if (text !== undefined && !isNegative(text)) return text;
  context.addIssue({ code: 'custom', message: `is ${shown(value)}, not a size` });
  return z.NEVER;
});

export const whole = required(wholeNumber, 'a whole number');
const countText = (value: unknown): number | undefined => {
  const number = wholeNumber(value);
  return number !== undefined && number > 0 ? number : undefined;
};
/** A whole number above 0, such as leverage. */
export const count = required(countText, 'a whole number above 0');
export const countMaybe = optional(countText);
export const wholeMaybe = optional(wholeNumber);
export const id = required(idText, 'an id');
export const idMaybe = optional(idText);
export const time = required(timestamp, 'a time');
export const timeMaybe = optional(timestamp);
export const name = required(enumText, 'a word');
export const nameMaybe = optional(enumText);
export const flag = maybe.transform(isTrue);
export const double = required(finiteNumber, 'a number');
