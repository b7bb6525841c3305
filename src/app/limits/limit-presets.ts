import { toNumber } from '../../domain/money/money.ts';
import { HOUR, MINUTE } from '../../domain/time.ts';
import {
  describeLimit,
  LIMIT_IDS,
  limitOf,
  type LimitId,
  type LimitRow,
  type RiskLimits,
} from '../../risk/terms/limits.ts';
import { isReachable } from '../../risk/terms/limits-change.ts';
import type { Ports } from '../ports/ports.ts';
import { parseLimitRequest } from './limit-request.ts';
import { limitsOf } from './limits-in-force.ts';

/** A value of a limit that a tap can ask for. */
export interface LimitPreset {
  /** What would be written after /limits. */
  readonly words: string;
  /** The value with its unit. */
  readonly value: string;
}

/** One limit and what it can be changed to by taps. */
export interface LimitChoices extends LimitRow {
  readonly presets: readonly LimitPreset[];
}

/** Undefined where there is no such limit. Rejects when the stored limits cannot be read. */
export async function readLimitChoices(
  { limitsStore }: Pick<Ports, 'limitsStore'>,
  name: string,
): Promise<LimitChoices | undefined> {
  const id = LIMIT_IDS.find((each) => each === name);
  if (id === undefined) return undefined;
  const limits = limitsOf(await limitsStore.read());
  return { ...describeLimit(id, limits), presets: limitPresets(id, limits) };
}

/** Beside the default and the loosest there is, as multiples of what is in force. */
const MULTIPLES = [0.5, 0.75, 1.5];

/** Values that make sense for a limit and are not in force, smallest first; each of two digits, and within what can ever be reached. */
export function limitPresets(id: LimitId, limits: RiskLimits): readonly LimitPreset[] {
  const { label, standard, ceiling } = limitOf(id);
  const now = asNumber(limits[id]);
  const wanted = [...MULTIPLES.map((each) => now * each), asNumber(standard)];
  if (ceiling !== undefined) wanted.push(asNumber(ceiling));
  const found = new Map<number, LimitPreset>();
  for (const each of wanted) {
    const words = `${label} ${amountText(id, each)}`;
    const request = parseLimitRequest(words);
    if (typeof request === 'string' || request.to === limits[id]) continue;
    if (!isReachable(id, request.to as never)) continue;
    const { value } = describeLimit(id, { ...limits, [id]: request.to });
    found.set(Number(request.to), { words, value });
  }
  return [...found].toSorted(([one], [other]) => one - other).map(([, preset]) => preset);
}

const asNumber = (value: RiskLimits[LimitId]): number =>
  typeof value === 'bigint' ? toNumber(value) : value;

/** Rounded to two digits, or to what is whole where nothing else is allowed, as it is written. */
function amountText(id: LimitId, value: number): string {
  const { unit, allowed } = limitOf(id);
  const short = (each: number): string => `${Number(each.toPrecision(2))}`;
  switch (unit) {
    case 'percent':
      return `${short(value * 100)} %`;
    case 'time':
      if (value >= HOUR) return `${short(value / HOUR)} h`;
      return value >= MINUTE ? `${short(value / MINUTE)} min` : `${short(value / 1_000)} s`;
    case 'count':
    case 'times':
    case 'number':
      return allowed.holds(Number(short(value)) as never)
        ? short(value)
        : `${Math.max(1, Math.round(value))}`;
  }
}
