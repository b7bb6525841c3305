import fc from 'fast-check';
import { intervalMs, type Candle } from '../../src/domain/candle.ts';
import { walk } from '../indicators/market.ts';

export const STEP = intervalMs('4h');

/** Candles of 4 h with crossings on both sides, and so thin that four candles of a day are rarely enough. */
export const market = (seed: number, count: number): Candle[] =>
  walk({ seed, count, noise: 0.02, volume: 12_000 }).map((each, row) => ({
    ...each,
    openTime: Date.UTC(2024, 0, 1) + row * STEP,
  }));

/** What a candle beside a gap may be instead; neither counts. */
const DAMAGES = {
  sound: (candle: Candle): Candle => candle,
  untraded: (candle: Candle): Candle => ({ ...candle, volume: 0 }),
  tick: (candle: Candle): Candle => ({
    ...candle,
    open: candle.open * 50,
    high: candle.high * 50,
    low: candle.low * 50,
    close: candle.close * 50,
  }),
} as const;
type Damage = keyof typeof DAMAGES;

export interface Gap {
  /** Sound candles before it. */
  readonly after: number;
  readonly missing: number;
  readonly before: Damage;
  readonly behind: Damage;
}

interface Recording {
  /** As an exchange or a file hands them out. */
  readonly candles: readonly Candle[];
  /** Those that count. */
  readonly sound: readonly Candle[];
}

export function recordingOf(all: readonly Candle[], gaps: readonly Gap[]): Recording {
  const candles: Candle[] = [];
  const sound: Candle[] = [];
  const take = (candle: Candle | undefined, damage: Damage): void => {
    if (candle === undefined) return;
    candles.push(DAMAGES[damage](candle));
    if (damage === 'sound') sound.push(candle);
  };
  let row = 0;
  for (const { after, missing, before, behind } of gaps) {
    for (const end = row + after; row < end; row += 1) take(all[row], 'sound');
    take(all[row], before);
    take(all[row + 1 + missing], behind);
    row += missing + 2;
  }
  for (; row < all.length; row += 1) take(all[row], 'sound');
  return { candles, sound };
}

/** Of every length that matters; beside it candles that do not count. */
export const gap: fc.Arbitrary<Gap> = fc
  .record({
    after: fc.oneof(fc.nat(30), fc.integer({ min: 300, max: 400 })),
    missing: fc.constantFrom(1, 3, 4, 41, 42, 43),
    before: fc.constantFrom('sound', 'untraded', 'tick'),
    behind: fc.constantFrom('sound', 'untraded', 'tick'),
  })
  // A third tick in a row is a level.
  .filter(({ before, behind }) => behind !== 'tick' || before === 'sound')
  .map((each) => ({ ...each, after: Math.max(each.after, 3) }));
