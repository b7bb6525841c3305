/** What may be given for an option, in words, and how it is read: undefined for what is not allowed. */
export interface Kind<T> {
  readonly allowed: string;
  readonly read: (text: string) => T | undefined;
}

/** Any text but an empty one. */
export const TEXT: Kind<string> = {
  allowed: 'some text',
  read: (text) => (text.trim() === '' ? undefined : text),
};

/** Names with commas between them; at least one. */
export const LIST: Kind<readonly string[]> = {
  allowed: 'names with commas, such as BTCUSDT,ETHUSDT',
  read: (text) => {
    const names = text.split(',').flatMap((each) => each.trim() || []);
    return names.length === 0 ? undefined : [...new Set(names)];
  },
};

/** A whole number in decimal digits, from `min` to `max`, both allowed. */
export const whole = (min: number, max: number = Number.MAX_SAFE_INTEGER): Kind<number> => ({
  allowed: `a whole number ${range(min, max)}`,
  read: (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    return Number.isSafeInteger(value) && value >= min && value <= max ? value : undefined;
  },
});

/** A number from `min` to `max`, both allowed. */
export const decimal = (min: number, max: number): Kind<number> => ({
  allowed: `a number ${range(min, max)}`,
  read: (text) => {
    const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : NaN;
    return value >= min && value <= max ? value : undefined;
  },
});

/** A number above 0. */
export const POSITIVE: Kind<number> = {
  allowed: 'a number above 0',
  read: (text) => {
    const value = decimal(0, Number.MAX_VALUE).read(text);
    return value === 0 ? undefined : value;
  },
};

const range = (min: number, max: number): string => {
  if (max < Number.MAX_SAFE_INTEGER) return `from ${min} to ${max}`;
  return min === 1 ? 'above 0' : `from ${min} on`;
};

/** One of these words. */
export const oneOf = <const T extends string>(words: readonly T[]): Kind<T> => ({
  allowed:
    words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`,
  read: (text) => words.find((each) => each === text),
});

/** A moment in UTC, Unix ms; a day alone is its first moment. */
export const TIME: Kind<number> = {
  allowed: 'a time in UTC such as 2025-10-09T00:00Z or 2025-10-09',
  read: (text) => {
    const at = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z?)?$/.test(text)
      ? Date.parse(text.length > 10 && !text.endsWith('Z') ? `${text}Z` : text)
      : NaN;
    // A day that does not exist, such as 30 February, would count as one in March.
    const real = !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === text.slice(0, 10);
    return real ? at : undefined;
  },
};

/** An address of the web. */
export const ADDRESS: Kind<string> = {
  allowed: 'an address such as https://fapi.bitunix.com',
  read: (text) => (URL.canParse(text) ? text : undefined),
};
