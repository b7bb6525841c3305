import { badRequest } from '../api-error.ts';
import { isObject, parseJson } from './json.ts';
import type { UploadedFile } from './multipart.ts';

const INT32_MAX = 2 ** 31 - 1;

/**
 * The arguments of one Bot API call. A form gives every value as text, a JSON body as it is; Telegram treats both
 * alike, so values are read by the type that the method wants.
 */
export class Params {
  readonly #values: ReadonlyMap<string, unknown>;
  readonly files: ReadonlyMap<string, UploadedFile>;

  constructor(values: ReadonlyMap<string, unknown>, files: ReadonlyMap<string, UploadedFile>) {
    this.#values = values;
    this.files = files;
  }

  /** The argument as text; an absent one is the empty text. */
  text(name: string): string {
    return asText(this.#values.get(name));
  }

  /** The argument as an integer kept within the limits; unreadable or absent gives the fallback. */
  integer(name: string, fallback: number, limits: { min?: number; max?: number } = {}): number {
    const text = this.text(name).trim();
    const value = /^-?\d+$/.test(text) ? Number(text) : fallback;
    return Math.min(Math.max(value, limits.min ?? -INT32_MAX), limits.max ?? INT32_MAX);
  }

  /** True for true, yes and 1. */
  boolean(name: string): boolean {
    return ['true', 'yes', '1'].includes(this.text(name).trim().toLowerCase());
  }

  /** The argument as JSON, `undefined` when absent; text that is not JSON is refused with the given words. */
  json(name: string, refusal: string): unknown {
    const value = this.#values.get(name);
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value !== 'string') return value;
    const parsed = parseJson(value);
    if (parsed === undefined) throw badRequest(refusal);
    return parsed;
  }

  /** True when the argument was given at all. */
  has(name: string): boolean {
    const value = this.#values.get(name);
    return value !== undefined && value !== null;
  }
}

/** A JSON value as the text that a form would have carried. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value) || isObject(value)) return JSON.stringify(value);
  return '';
}
