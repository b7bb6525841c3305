import type { ChartRenderer } from '../app/ports/chart-renderer.ts';
import type { ChartConfig } from '../app/ports/chart-renderer.ts';

/** Size of a picture: `width` x `height` in layout pixels, drawn `scale` times larger (1 when left out). */
export interface ChartSize {
  readonly width: number;
  readonly height: number;
  readonly scale?: number;
}

/**
 * Draws a chart as a PNG. Without a size: laid out 600 wide, drawn 900 wide, and as high as the configuration's `aspectRatio` says. Rejects
 * with `ChartRenderError` and a clear message; the caller sends the text twin anyway.
 */
export interface PngRenderer extends ChartRenderer {
  render(config: unknown, size?: ChartSize): Promise<Uint8Array>;
}

/** The picture failed; the message says what failed and what to do. */
export class ChartRenderError extends Error {
  override readonly name = 'ChartRenderError';
}

/** Width that fonts and labels are made for, and how much larger a phone needs it. */
export const CHART_WIDTH = 600;
const USUAL_SCALE = 1.5;
const USUAL_RATIO = 1.8;

/** A configuration and a size that can be drawn. */
export interface Drawing {
  readonly config: ChartConfig;
  readonly size: Required<ChartSize>;
}

/** Throws `ChartRenderError` for what is no chart, and for sizes that would take the memory of the machine. */
export function drawingOf(config: unknown, size: ChartSize | undefined): Drawing {
  if (!isChartConfig(config)) {
    throw new ChartRenderError(
      'What was given to the chart renderer is not a chart: type, data.labels, data.datasets and options.backgroundColor are needed.',
    );
  }
  const given = size ?? usualSize(config);
  const { width, height, scale = 1 } = given;
  const fits = (side: number): boolean => Number.isInteger(side) && side >= 100 && side <= 2000;
  if (fits(width) && fits(height) && scale >= 0.5 && scale <= 3) {
    return { config, size: { width, height, scale } };
  }
  throw new ChartRenderError(
    `Chart size ${width}x${height} at scale ${scale} is not allowed: sides are whole numbers from 100 to 2000, the scale is 0.5 to 3.`,
  );
}

function usualSize(config: ChartConfig): ChartSize {
  const ratio = config.options['aspectRatio'];
  const known = typeof ratio === 'number' && ratio > 0 ? ratio : USUAL_RATIO;
  return { width: CHART_WIDTH, height: Math.round(CHART_WIDTH / known), scale: USUAL_SCALE };
}

function isChartConfig(config: unknown): config is ChartConfig {
  if (!isRecord(config) || !isRecord(config['data']) || !isRecord(config['options'])) return false;
  return (
    (config['type'] === 'line' || config['type'] === 'bar') &&
    Array.isArray(config['data']['labels']) &&
    Array.isArray(config['data']['datasets']) &&
    typeof config['options']['backgroundColor'] === 'string'
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

export function isPng(bytes: Uint8Array): boolean {
  return PNG_SIGNATURE.every((byte, i) => bytes[i] === byte);
}
