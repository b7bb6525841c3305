import type { JsonObject } from '../../../app/ports/chart-renderer.ts';
import { wrapText } from '../plain-text.ts';
import { FONT_FAMILY, FONT_SIZE, type Theme } from '../theme.ts';

export interface BaseInput {
  readonly title: string;
  readonly subtitle: string;
  readonly theme: Theme;
  readonly scales: JsonObject;
  readonly indexAxis?: 'x' | 'y';
  /** Height at the usual width of 600; 340 when left out. */
  readonly height?: number;
}

/** Width that fonts and labels are made for, and that the renderers draw unless told another. */
const CHART_WIDTH = 600;
/** Characters that a line of the heading has room for. */
const TITLE_LINE = 36;
const SUBTITLE_LINE = 48;

/** What every chart shares: heading, fonts, ground, no legend, no animation. */
export function baseOptions(input: BaseInput): JsonObject & { readonly backgroundColor: string } {
  const { theme } = input;
  return {
    responsive: false,
    // Tells the renderers the picture's usual height; Chart.js itself takes the canvas as it is.
    aspectRatio: CHART_WIDTH / (input.height ?? 340),
    animation: false,
    locale: 'en-US',
    backgroundColor: theme.ground,
    color: theme.text,
    font: { family: FONT_FAMILY, size: FONT_SIZE.label },
    layout: { padding: { left: 14, right: 10, top: 10, bottom: 8 } },
    indexAxis: input.indexAxis ?? 'x',
    plugins: {
      legend: { display: false },
      tooltip: { enabled: false },
      title: {
        display: true,
        text: wrapText(input.title, TITLE_LINE, 2),
        align: 'start',
        color: theme.text,
        padding: { top: 0, bottom: 2 },
        font: { family: FONT_FAMILY, size: FONT_SIZE.title, weight: 'bold' },
      },
      subtitle: {
        display: input.subtitle !== '',
        text: wrapText(input.subtitle, SUBTITLE_LINE, 2),
        align: 'start',
        color: theme.muted,
        padding: { top: 0, bottom: 10 },
        font: { family: FONT_FAMILY, size: FONT_SIZE.subtitle, weight: 'normal' },
      },
    },
    scales: input.scales,
  };
}

/** Slots of a drawn time axis: each costs layout time, and a label need not stand nearer than some pixels. */
const TIME_SLOTS = 160;

/**
 * The axes for time below the plot: `x` measures the data's slots; where those are many, `times` draws the labels on
 * fewer. `labels` has one entry a slot, empty where nothing is written. `bars`: half a slot stays free at both ends, so that the outer bars are whole.
 */
export function timeAxes(labels: readonly string[], theme: Theme, bars = false): JsonObject {
  const drawn: JsonObject = {
    type: 'category',
    axis: 'x',
    position: 'bottom',
    offset: bars,
    border: { color: theme.grid },
    grid: { display: false },
    ticks: {
      autoSkip: false,
      maxRotation: 0,
      padding: 4,
      color: theme.muted,
      font: { size: FONT_SIZE.label },
    },
  };
  if (labels.length <= TIME_SLOTS) return { x: drawn };
  const few = Array.from({ length: TIME_SLOTS }, () => '');
  labels.forEach((label, i) => {
    if (label !== '') few[Math.round((i / (labels.length - 1)) * (TIME_SLOTS - 1))] = label;
  });
  return {
    x: { type: 'category', axis: 'x', offset: bars, display: false },
    times: { ...drawn, labels: few },
  };
}

/** Names over the plot at chosen slots, for events such as halts. */
export function eventAxis(labels: readonly string[], color: string): JsonObject {
  return {
    type: 'category',
    axis: 'x',
    position: 'top',
    offset: false,
    labels,
    border: { display: false },
    grid: { display: false },
    ticks: { autoSkip: false, maxRotation: 0, padding: 0, color, font: { size: FONT_SIZE.label } },
  };
}
