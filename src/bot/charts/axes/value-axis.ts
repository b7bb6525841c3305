import type { JsonObject } from '../../../app/ports/chart-renderer.ts';
import { scaleTicks } from './number-format.ts';
import { CLEAR, FONT_SIZE, type Theme } from '../theme.ts';

/** A value named beside the plot, on a filled ground, as trading screens show the last price. */
export interface Tag {
  readonly value: number;
  readonly text: string;
  readonly color: string;
}

export interface ValueAxisInput {
  readonly min: number;
  readonly max: number;
  /** Height of this panel in pixels at the usual size; decides how near two labels may stand. */
  readonly height: number;
  readonly ticks: number;
  readonly formatTick: (value: number, decimals: number) => string;
  readonly tags: readonly Tag[];
  readonly theme: Theme;
  /** Share of the plot's height when several panels stand on each other; the first given stands highest. */
  readonly weight?: number;
}

export interface ValueAxis {
  /** The linear axis that the data is measured on; not drawn. */
  readonly measure: JsonObject;
  /** The labels on the right, and their grid. */
  readonly labels: JsonObject;
}

/** Half of this is the most that a label stands off its price; each slot costs layout time. */
const SLOT_PIXELS = 3;
const LABEL_PIXELS = 30;

interface Slot {
  readonly text: string;
  readonly color: string;
  readonly ground: string;
}

/**
 * A value axis whose labels stand where we want them. Chart.js can place labels at chosen values only by a function,
 * which JSON cannot hold; so a category axis of many thin slots, empty but for the labels, lies over the linear one.
 */
export function valueAxis(input: ValueAxisInput): ValueAxis {
  const count = Math.max(2, Math.round(input.height / SLOT_PIXELS));
  const slotOf = (value: number): number =>
    Math.round(((input.max - value) / (input.max - input.min)) * (count - 1));
  const apart = Math.ceil((LABEL_PIXELS / input.height) * (count - 1));
  const tags = spread(input.tags, { count, apart, slotOf });
  const slots = new Map<number, Slot>();
  const lines = new Set<number>();
  const { values, decimals } = scaleTicks(input.min, input.max, input.ticks);
  for (const value of values) {
    const at = slotOf(value);
    lines.add(at);
    const edge = Math.min(at, count - 1 - at);
    if (input.weight !== undefined && edge < apart * 0.45) continue;
    if (tags.some((tag) => Math.abs(tag.at - at) < apart)) continue;
    slots.set(at, {
      text: input.formatTick(value, decimals),
      color: input.theme.muted,
      ground: CLEAR,
    });
  }
  for (const { tag, at } of tags) {
    slots.set(at, { text: tag.text, color: input.theme.onTag, ground: tag.color });
  }
  const stacked = (stack: string): JsonObject =>
    input.weight === undefined ? {} : { stack, stackWeight: input.weight };
  return {
    measure: {
      type: 'linear',
      axis: 'y',
      position: 'right',
      display: false,
      min: input.min,
      max: input.max,
      ...stacked('measures'),
    },
    labels: labelAxis({ count, slots, lines, theme: input.theme, stacking: stacked('labels') }),
  };
}

interface Placed {
  readonly tag: Tag;
  readonly at: number;
}

interface Room {
  readonly count: number;
  readonly apart: number;
  readonly slotOf: (value: number) => number;
}

/** Pushes tags apart that would overlap, keeping their order and all of them inside the panel. */
function spread(tags: readonly Tag[], { count, apart, slotOf }: Room): Placed[] {
  const sorted = tags.toSorted((a, b) => b.value - a.value);
  const half = Math.floor(apart * 0.4);
  const top = half;
  const bottom = count - 1 - half;
  const wanted = sorted.map((tag) => Math.min(bottom, Math.max(top, slotOf(tag.value))));
  const eased = ease(wanted, apart);
  return sorted.map((tag, i) => {
    const above = i * apart;
    const below = (sorted.length - 1 - i) * apart;
    return { tag, at: Math.max(top + above, Math.min(eased[i] ?? top, bottom - below)) };
  });
}

/** Least moves that give a rising list of positions the wanted distance: neighbours too near share the push. */
function ease(positions: readonly number[], apart: number): number[] {
  const groups: { start: number; size: number; sum: number }[] = [];
  for (const at of positions) {
    groups.push({ start: at, size: 1, sum: at });
    for (;;) {
      const last = groups.at(-1);
      const before = groups.at(-2);
      if (last === undefined || before === undefined) break;
      if (before.start + before.size * apart <= last.start) break;
      groups.pop();
      before.sum += last.sum - last.size * before.size * apart;
      before.size += last.size;
      before.start = Math.max(0, Math.round(before.sum / before.size));
    }
  }
  return groups.flatMap((group) =>
    Array.from({ length: group.size }, (_, k) => group.start + k * apart),
  );
}

interface LabelAxis {
  readonly count: number;
  readonly slots: ReadonlyMap<number, Slot>;
  readonly lines: ReadonlySet<number>;
  readonly theme: Theme;
  readonly stacking: JsonObject;
}

function labelAxis({ count, slots, lines, theme, stacking }: LabelAxis): JsonObject {
  const all = Array.from({ length: count }, (_, at) => slots.get(at));
  return {
    type: 'category',
    axis: 'y',
    position: 'right',
    offset: false,
    labels: all.map((slot) => slot?.text ?? ''),
    border: { display: false },
    grid: {
      drawTicks: false,
      color: all.map((_, at) => (lines.has(at) ? theme.grid : CLEAR)),
    },
    ticks: {
      autoSkip: false,
      padding: 8,
      font: { size: FONT_SIZE.label },
      color: all.map((slot) => slot?.color ?? theme.muted),
      showLabelBackdrop: all.map((slot) => slot !== undefined && slot.ground !== CLEAR),
      backdropColor: all.map((slot) => slot?.ground ?? CLEAR),
      backdropPadding: { x: 6, y: 2 },
    },
    ...stacking,
  };
}

/**
 * Range of the values with `share` of it as room above and below; a flat line gets one percent of its value each way, one at zero. It is
 * at least `leastSpan` of the largest value wide, so that what hardly moved looks so.
 */
export function paddedRange(
  values: readonly number[],
  share = 0.1,
  leastSpan = 0,
): { min: number; max: number } {
  const low = values.reduce((min, value) => Math.min(min, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((max, value) => Math.max(max, value), Number.NEGATIVE_INFINITY);
  const least = Math.max(Math.abs(low), Math.abs(high)) * 1e-6;
  const room = high - low > least ? (high - low) * share : Math.abs(high) * 0.01 || 1;
  const missing = Math.max(0, Math.max(Math.abs(low), Math.abs(high)) * leastSpan - (high - low));
  const more = Math.max(room, missing / 2);
  return { min: low - more, max: high + more };
}
