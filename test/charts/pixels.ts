import { createCanvas, loadImage } from '@napi-rs/canvas';

export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Pixels in the region that differ clearly from the one in the upper left corner. */
  readonly inked: (region?: Region) => number;
}

/** Decodes a PNG with a decoder of its own, as a phone would. */
export async function pixelsOf(png: Uint8Array): Promise<Pixels> {
  const image = await loadImage(Buffer.from(png));
  const { width, height } = image;
  const context = createCanvas(width, height).getContext('2d');
  context.drawImage(image, 0, 0);
  const all = { x: 0, y: 0, width, height };
  const ground = context.getImageData(0, 0, 1, 1).data;
  return {
    width,
    height,
    inked(region = all) {
      const { data } = context.getImageData(region.x, region.y, region.width, region.height);
      let count = 0;
      for (let i = 0; i < data.length; i += 4) {
        const distance = [0, 1, 2].reduce(
          (sum, k) => sum + Math.abs((data[i + k] ?? 0) - (ground[k] ?? 0)),
          0,
        );
        if (distance > 60) count += 1;
      }
      return count;
    },
  };
}
