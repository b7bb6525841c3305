import type { JsonObject } from '../../../app/ports/chart-renderer.ts';
import { FONT_SIZE, type Theme } from '../theme.ts';

export interface RowAxis {
  readonly side: 'left' | 'right';
  readonly labels: readonly (string | readonly string[])[];
  readonly colors: readonly string[];
}

/** Text beside horizontal bars, one label a row: names on the left, figures on the right. */
export function rowAxis({ side, labels, colors }: RowAxis): JsonObject {
  return {
    type: 'category',
    axis: 'y',
    position: side,
    offset: true,
    labels: [...labels],
    border: { display: false },
    grid: { display: false },
    ticks: {
      autoSkip: false,
      padding: 10,
      crossAlign: side === 'left' ? 'far' : 'near',
      color: [...colors],
      font: { size: FONT_SIZE.label },
    },
  };
}

/**
 * Height of a picture of horizontal bars at the usual width of 900: rows stay legible however many there are, and the chat
 * shows the whole picture, since it cuts what is much wider than tall or taller than wide.
 */
export function rowsHeight(rows: number): number {
  return Math.min(1_500, Math.max(400, 170 + rows * 62));
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
