import { percent, type Ratio } from '../../domain/money/money.ts';
import { DAY } from '../../domain/time.ts';
import { countText, durationText, percentText } from '../terms/phrase.ts';

/** How a limit is written: `percent` is stored as a fraction, `time` in milliseconds, `times` may be followed by an x. */
export type LimitUnit = 'percent' | 'count' | 'times' | 'number' | 'time';

/** Everything about a limit as a value: what is derived from it stands in `terms/limits.ts` and `terms/limits-change.ts`. */
export interface Limit<V extends Ratio | number = Ratio | number> {
  /** Unique; what the owner writes after /limits. */
  readonly label: string;
  readonly unit: LimitUnit;
  /** The conservative default of the product. */
  readonly standard: V;
  /** `either`: neither direction is tighter, so every change waits like a loosening. */
  readonly tighter: 'lower' | 'higher' | 'either';
  /** The loosest that any change can reach, whoever asks: the promise of the product. */
  readonly ceiling?: V;
  /** A value with its unit. */
  readonly show: (value: V) => string;
  /** What it means, in one sentence. */
  readonly meaning: string;
  /** Which values make sense, and the same in words. */
  readonly allowed: { readonly text: string; readonly holds: (value: V) => boolean };
  /** Id of the figure that says how much of it is used. */
  readonly use?: string;
}

interface Facts extends Pick<Limit, 'label' | 'tighter' | 'meaning' | 'use'> {
  /** Words around the value; absent: the value alone. */
  readonly shown?: (value: string) => string;
}

const alone = (value: string): string => value;

/** A fraction, above 0 and at most 1; `standard` and `ceiling` in percent. */
export function share(
  about: Facts & { readonly standard: string; readonly ceiling?: string },
): Limit<Ratio> {
  const { shown = alone, standard, ceiling, ...facts } = about;
  return {
    ...facts,
    unit: 'percent',
    standard: percent(standard),
    ...(ceiling === undefined ? {} : { ceiling: percent(ceiling) }),
    show: (value) => shown(percentText(value)),
    allowed: {
      text: 'above 0 % and at most 100 %',
      holds: (value) => value > 0n && value <= 10n ** 18n,
    },
  };
}

/** No limit is meant to be larger than this. */
const LARGEST = 1_000;

/** A whole number from 1. */
export function count(
  about: Facts & { readonly standard: number; readonly ceiling?: number; readonly noun?: string },
): Limit<number> {
  const { shown = alone, noun, ...facts } = about;
  return {
    ...facts,
    unit: 'count',
    show: (value) => shown(noun === undefined ? `${value}` : countText(value, noun)),
    allowed: {
      text: `a whole number from 1 to ${LARGEST}`,
      holds: (value) => Number.isInteger(value) && value >= 1 && value <= LARGEST,
    },
  };
}

/** A plain number from 0; `most` where it means nothing above that. */
export function number(
  about: Facts & { readonly standard: number; readonly most?: number },
): Limit<number> {
  const { shown = alone, most = LARGEST, ...facts } = about;
  return {
    ...facts,
    unit: 'number',
    show: (value) => shown(`${value}`),
    allowed: { text: `from 0 to ${most}`, holds: (value) => value >= 0 && value <= most },
  };
}

/** A time from 0 to a year, in milliseconds; its key ends in `Ms`. */
export function time(about: Facts & { readonly standard: number }): Limit<number> {
  const { shown = alone, ...facts } = about;
  return {
    ...facts,
    unit: 'time',
    show: (value) => shown(durationText(value)),
    allowed: { text: 'from 0 s to 365 d', holds: (value) => value >= 0 && value <= 365 * DAY },
  };
}
