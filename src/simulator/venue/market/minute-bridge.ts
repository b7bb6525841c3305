import type { Candle } from './market.ts';
import type { Anchor } from './path-market.ts';
import { gaussian, seededRandom, type Random } from '../random.ts';

const MINUTES = 60;
/** Points of the path inside a minute: one every five seconds. */
const PATH_STEPS = 12;
const STEP_MS = 5_000;

/** The sixty minutes of an hour in ticks. `close` has 61 entries: the hour's open, then each minute's close. */
export interface MinuteBars {
  readonly close: readonly number[];
  readonly high: readonly number[];
  readonly low: readonly number[];
  readonly quoteVolume: readonly number[];
  readonly baseVolume: readonly number[];
}

/** Minutes whose candles make exactly the given hour: they start at its open, touch its high and low, end at its close. */
export function minutesOfHour(
  hour: Candle,
  sigma: number,
  options: { readonly seed: number; readonly scale: number },
): MinuteBars {
  const random = seededRandom(options.seed);
  const noise = (sigma / Math.sqrt(MINUTES)) * hour.open;
  const top = 1 + Math.floor(random() * (MINUTES - 2));
  let bottom = 1 + Math.floor(random() * (MINUTES - 3));
  if (bottom >= top) bottom += 1;
  const ends = new Map([
    [0, hour.open],
    [top, hour.high],
    [bottom, hour.low],
    [MINUTES, hour.close],
  ]);
  const bounds = { low: hour.low, high: hour.high };
  const close = bridge(ends, { random, noise, bounds });
  const high: number[] = [];
  const low: number[] = [];
  const weights: number[] = [];
  for (let at = 0; at < MINUTES; at += 1) {
    const a = close[at] ?? 0;
    const b = close[at + 1] ?? a;
    high.push(
      Math.min(hour.high, Math.round(Math.max(a, b) + Math.abs(gaussian(random)) * noise * 0.4)),
    );
    low.push(
      Math.max(hour.low, Math.round(Math.min(a, b) - Math.abs(gaussian(random)) * noise * 0.4)),
    );
    weights.push((0.4 + random()) * (1 + Math.abs(b - a) / (noise + 1)));
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const quoteVolume = weights.map((weight) => (hour.quoteVolume * weight) / total);
  const baseVolume = weights.map((weight) => (hour.baseVolume * weight) / total);
  return { close, high, low, quoteVolume, baseVolume };
}

/** The way through a minute: an up minute visits its low before its high, a down minute its high before its low. */
export function pathOfMinute(bar: Candle, seed: number): readonly Anchor[] {
  const random = seededRandom(seed);
  const early = 1 + Math.floor(random() * 5);
  const late = 6 + Math.floor(random() * 5);
  const up = bar.close >= bar.open;
  const ends = new Map([
    [0, bar.open],
    [early, up ? bar.low : bar.high],
    [late, up ? bar.high : bar.low],
    [PATH_STEPS, bar.close],
  ]);
  const noise = (bar.high - bar.low) * 0.15;
  const points = bridge(ends, { random, noise, bounds: { low: bar.low, high: bar.high } });
  return points.map((ticks, at) => ({ at: at * STEP_MS, ticks }));
}

interface BridgeOptions {
  readonly random: Random;
  readonly noise: number;
  readonly bounds: { readonly low: number; readonly high: number };
}

/** A noisy way through the given points, held within the bounds, in whole ticks. */
function bridge(ends: ReadonlyMap<number, number>, options: BridgeOptions): number[] {
  const { random, noise, bounds } = options;
  const knots = [...ends].sort((a, b) => a[0] - b[0]);
  const points: number[] = [];
  knots.forEach(([at, value], knot) => {
    points.push(value);
    const [nextAt, target] = knots[knot + 1] ?? [at, value];
    let here = value;
    for (let step = at + 1; step < nextAt; step += 1) {
      const left = nextAt - step + 1;
      here += (target - here) / left + noise * gaussian(random) * Math.sqrt((left - 1) / left);
      here = Math.min(bounds.high, Math.max(bounds.low, here));
      points.push(Math.round(here));
    }
  });
  return points;
}
