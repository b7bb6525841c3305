import type { JsonObject } from '../../../app/ports/chart-renderer.ts';
import { FONT_SIZE, type Theme } from '../theme.ts';
import { scaleStep } from './number-format.ts';

/** Characters that a line beside the bars has room for: Chart.js gives labels at most half of the picture. */
export const ROW_WIDTH = 28;
const LINE_HEIGHT = 27;
const BETWEEN_ROWS = 12;

export interface RowAxis {
  /** The lines of each row: its name, and under it its figures. */
  readonly labels: readonly (readonly string[])[];
  readonly colors: readonly string[];
}

/** Text on the left of horizontal bars, one label a row. */
export function rowAxis({ labels, colors }: RowAxis): JsonObject {
  return {
    type: 'category',
    axis: 'y',
    position: 'left',
    offset: true,
    labels: [...labels],
    border: { display: false },
    grid: { display: false },
    ticks: {
      autoSkip: false,
      padding: 6,
      crossAlign: 'far',
      color: [...colors],
      font: { size: FONT_SIZE.label },
    },
  };
}

/** Height of a picture of horizontal bars at the usual width of 600: no row runs into the next, however many there are. */
export function rowsHeight(labels: RowAxis['labels']): number {
  const lines = Math.max(1, ...labels.map((each) => each.length));
  return Math.max(250, 130 + labels.length * (lines * LINE_HEIGHT + BETWEEN_ROWS));
}

/** The value axis below horizontal bars, with lines at whole multiples of `step`; `min` and `max` are such multiples. */
export interface LevelAxis {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly theme: Theme;
  /** Large amounts as 5K, 2M. */
  readonly compact?: boolean;
}

/** The same for figures on both sides of zero, whatever they are: it reaches the next whole step beyond them, and always some way to the right. */
export function signedAxis(values: readonly number[], theme: Theme): JsonObject {
  const [lowest, highest] = [Math.min(0, ...values), Math.max(0, ...values)];
  const step = scaleStep(highest - lowest || 1, 4);
  // Rounded up to a whole step, cleared of float noise.
  const reach = (value: number): number =>
    Number((Math.ceil(value / step - 1e-9) * step).toPrecision(12));
  const min = lowest === 0 ? 0 : -reach(-lowest);
  const max = reach(highest) || (lowest === 0 ? step : 0);
  return levelAxis({ min, max, step, theme, compact: true });
}

export function levelAxis({ min, max, step, theme, compact }: LevelAxis): JsonObject {
  const below = Math.round(-min / step);
  const count = below + Math.round(max / step) + 1;
  return {
    type: 'linear',
    axis: 'x',
    position: 'bottom',
    min,
    max,
    border: { display: false },
    grid: {
      drawTicks: false,
      color: Array.from({ length: count }, (_, i) => (i === below ? theme.soft : theme.grid)),
    },
    ticks: {
      stepSize: step,
      autoSkip: false,
      maxRotation: 0,
      padding: 8,
      color: theme.muted,
      font: { size: FONT_SIZE.label },
      format: {
        notation: compact === true ? 'compact' : 'standard',
        minimumFractionDigits: 0,
        maximumFractionDigits: 8,
      },
    },
  };
}
