import type { ChartConfig } from './chart-config.ts';

/** Size of a picture: `width` x `height` in layout pixels, drawn `scale` times larger (1 when left out). */
export interface ChartSize {
  readonly width: number;
  readonly height: number;
  readonly scale?: number;
}

/** Draws a chart as a PNG. Rejects with `ChartRenderError` and a clear message; the caller sends the text twin anyway. */
export interface ChartRenderer {
  render(config: ChartConfig, size: ChartSize): Promise<Uint8Array>;
}

/** The picture failed; the message says what failed and what to do. */
export class ChartRenderError extends Error {
  override readonly name = 'ChartRenderError';
}

/** The size that fonts and labels are made for. */
export const CHART_SIZE: ChartSize = { width: 900, height: 500, scale: 1 };

/** Throws `ChartRenderError` for sizes that no phone needs or that would take the memory of the machine. */
export function checkSize(size: ChartSize): Required<ChartSize> {
  const { width, height, scale = 1 } = size;
  const fits = (side: number): boolean => Number.isInteger(side) && side >= 100 && side <= 2000;
  if (fits(width) && fits(height) && scale >= 0.5 && scale <= 3) return { width, height, scale };
  throw new ChartRenderError(
    `Chart size ${width}x${height} at scale ${scale} is not allowed: sides are whole numbers from 100 to 2000, the scale is 0.5 to 3.`,
  );
}

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

export function isPng(bytes: Uint8Array): boolean {
  return PNG_SIGNATURE.every((byte, i) => bytes[i] === byte);
}
