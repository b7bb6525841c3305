/** A reading of one figure at a moment, Unix milliseconds. */
export interface Reading {
  readonly at: number;
  readonly value: number;
}

/** A time span cut into equal slots, as a category axis needs it. */
export interface TimeGrid {
  /** Moment of each slot, ascending. */
  readonly times: readonly number[];
  /** Slot that holds a moment, kept inside the grid. */
  readonly slotOf: (at: number) => number;
}

/** Grid from the first to the last moment. A span of no length gets slots of a minute around it. */
export function timeGrid(first: number, last: number, count: number): TimeGrid {
  const span = last - first;
  const width = span > 0 ? span / (count - 1) : 60_000;
  const start = span > 0 ? first : first - width * Math.floor(count / 2);
  return {
    times: Array.from({ length: count }, (_, i) => start + i * width),
    slotOf: (at) => Math.min(count - 1, Math.max(0, Math.round((at - start) / width))),
  };
}

/** What a line shows: `values` where the figure is known or lies between near readings, `gaps` across silences. */
export interface SlottedLine {
  readonly values: readonly (number | null)[];
  readonly gaps: readonly (number | null)[];
  /** Whether the slot holds a reading rather than the way between two. */
  readonly marks: readonly boolean[];
}

/**
 * Puts readings (ascending) on the grid. Where several fall together the lowest and the highest of the neighbourhood
 * stay, so no peak or trough is lost; the first and last readings stay as they are. The grid's length must be even. Times with no reading for far
 * longer than usual are in `gaps`, to be drawn as unknown.
 */
export function slotReadings(readings: readonly Reading[], grid: TimeGrid): SlottedLine {
  const known = knownSlots(readings, grid);
  const values: (number | null)[] = grid.times.map(() => null);
  const gaps: (number | null)[] = grid.times.map(() => null);
  const silence = longSilence(readings, grid);
  let previous: Known | undefined;
  for (const point of known) {
    if (previous !== undefined) {
      const target = point.slot - previous.slot > silence ? gaps : values;
      for (let slot = previous.slot; slot <= point.slot; slot++) {
        const share = (slot - previous.slot) / (point.slot - previous.slot);
        target[slot] = previous.value + (point.value - previous.value) * share;
      }
    }
    values[point.slot] = point.value;
    previous = point;
  }
  const marked = new Set(known.map((point) => point.slot));
  return { values, gaps, marks: grid.times.map((_, slot) => marked.has(slot)) };
}

interface Known {
  readonly slot: number;
  readonly value: number;
}

/**
 * One value a slot. The first and the last reading have the outer slots to themselves; inside, two neighbouring slots
 * share the lowest and the highest reading of their time, in order.
 */
function knownSlots(readings: readonly Reading[], grid: TimeGrid): Known[] {
  const last = grid.times.length - 1;
  const known = new Map<number, number>();
  const pairs = new Map<number, { low: Reading; high: Reading }>();
  for (const reading of readings.slice(1, -1)) {
    const pair = Math.floor((innerSlot(reading, grid) - 1) / 2);
    const before = pairs.get(pair) ?? { low: reading, high: reading };
    pairs.set(pair, {
      low: reading.value < before.low.value ? reading : before.low,
      high: reading.value > before.high.value ? reading : before.high,
    });
  }
  for (const [pair, { low, high }] of pairs) {
    if (low === high) {
      known.set(innerSlot(low, grid), low.value);
      continue;
    }
    known.set(1 + pair * 2, low.at <= high.at ? low.value : high.value);
    known.set(Math.min(last - 1, 2 + pair * 2), low.at <= high.at ? high.value : low.value);
  }
  const first = readings[0];
  const final = readings.at(-1);
  if (first !== undefined) known.set(grid.slotOf(first.at), first.value);
  if (final !== undefined) known.set(grid.slotOf(final.at), final.value);
  return [...known].map(([slot, value]) => ({ slot, value })).toSorted((a, b) => a.slot - b.slot);
}

function innerSlot(reading: Reading, grid: TimeGrid): number {
  return Math.min(grid.times.length - 2, Math.max(1, grid.slotOf(reading.at)));
}

/** Slots without a reading from which on a silence shows: twelve usual distances, and never under a fiftieth of the picture. */
function longSilence(readings: readonly Reading[], grid: TimeGrid): number {
  const distances = readings
    .slice(1)
    .map((reading, i) => reading.at - (readings[i]?.at ?? reading.at))
    .toSorted((a, b) => a - b);
  if (distances.length < 12) return Number.POSITIVE_INFINITY;
  const usual = distances[Math.floor(distances.length / 2)] ?? 0;
  const width = ((grid.times.at(-1) ?? 0) - (grid.times[0] ?? 0)) / (grid.times.length - 1);
  return Math.max((usual * 12) / width, grid.times.length / 50);
}
