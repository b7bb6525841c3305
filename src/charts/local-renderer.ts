import { createRequire } from 'node:module';
import { createCanvas, GlobalFonts, type Canvas } from '@napi-rs/canvas';
import { Chart, registerables, type ChartConfiguration, type ChartItem } from 'chart.js';
import { ChartRenderError, drawingOf, type Drawing, type PngRenderer } from './renderer.ts';

const SUBSETS = ['latin', 'latin-ext', 'greek', 'cyrillic', 'vietnamese'];
const WEIGHTS = [400, 700];
let ready = false;

/**
 * Chart.js on a native canvas, in this thread: about 30 ms of blocking a picture, so use the threaded renderer beside
 * a stream. Inter is registered from its package: without fonts on the system all text would silently vanish.
 */
export function createLocalRenderer(): PngRenderer {
  return {
    async render(config, size) {
      const drawing = drawingOf(config, size);
      prepare();
      const canvas = createCanvas(drawing.size.width, drawing.size.height);
      const chart = draw(canvas, drawing);
      try {
        // Encoding off this thread also gives the garbage collector the turn it needs to return the canvas.
        return await canvas.encode('png');
      } finally {
        // Not before: destroying a chart wipes its canvas.
        chart.destroy();
      }
    },
  };
}

function prepare(): void {
  if (ready) return;
  const require = createRequire(import.meta.url);
  for (const subset of SUBSETS) {
    for (const weight of WEIGHTS) {
      const file = `@fontsource/inter/files/inter-${subset}-${weight}-normal.woff2`;
      if (GlobalFonts.registerFromPath(require.resolve(file), 'Inter') === null) {
        throw new ChartRenderError(
          `The chart font could not be loaded from ${file}. Run the setup again.`,
        );
      }
    }
  }
  Chart.register(...registerables);
  ready = true;
}

function draw(canvas: Canvas, { config, size }: Drawing): Chart {
  try {
    // Chart.js writes into the configuration it is given.
    const copy = structuredClone(config);
    const configuration = {
      ...copy,
      options: { ...copy.options, devicePixelRatio: size.scale },
    } as unknown as ChartConfiguration;
    const chart = new Chart(canvas as unknown as ChartItem, configuration);
    const context = canvas.getContext('2d');
    context.resetTransform();
    context.globalCompositeOperation = 'destination-over';
    context.fillStyle = config.options.backgroundColor;
    context.fillRect(0, 0, canvas.width, canvas.height);
    return chart;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ChartRenderError(`The chart could not be drawn: ${reason}`, { cause: error });
  }
}
