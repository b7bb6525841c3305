import type { JsonObject } from '../../../app/ports/chart-renderer.ts';
import { withAlpha } from '../theme.ts';
import type { SlottedLine } from './time-slots.ts';

export interface LineInput {
  readonly name: string;
  readonly axis: string;
  readonly line: SlottedLine;
  readonly color: string;
  /** A dot at each known value as well. */
  readonly dots: boolean;
  /** Tint the area towards zero. */
  readonly fill?: boolean;
}

/** A solid line where figures are known and, if needed, a faint dashed one across silences. */
export function lineDatasets(input: LineInput): JsonObject[] {
  const base: JsonObject = {
    type: 'line',
    label: input.name,
    yAxisID: input.axis,
    borderColor: input.color,
    backgroundColor: withAlpha(input.color, 0.22),
    borderWidth: 3,
    borderJoinStyle: 'round',
    tension: 0,
    spanGaps: false,
    fill: input.fill === true ? 'origin' : false,
  };
  const known: JsonObject = {
    ...base,
    data: input.line.values.map(compact),
    pointRadius: input.line.marks.map((mark) => (input.dots && mark ? 5 : 0)),
    pointBackgroundColor: input.color,
  };
  if (!input.line.gaps.some((value) => value !== null)) return [known];
  const silent: JsonObject = {
    ...base,
    label: `${input.name} (no readings)`,
    data: input.line.gaps.map(compact),
    borderColor: withAlpha(input.color, 0.6),
    borderWidth: 2,
    borderDash: [3, 7],
    pointRadius: 0,
    fill: false,
  };
  return [known, silent];
}

/** Seven digits are finer than a pixel and keep the JSON small. */
function compact(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(7));
}
