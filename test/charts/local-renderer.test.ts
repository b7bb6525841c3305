import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { candleChart } from '../../src/bot/charts/candle-chart.ts';
import { equityChart } from '../../src/bot/charts/equity-chart.ts';
import { exposureChart } from '../../src/bot/charts/exposure-chart.ts';
import { createLocalRenderer } from '../../src/charts/local-renderer.ts';
import { isPng } from '../../src/charts/renderer.ts';
import { riskChart } from '../../src/bot/charts/risk-chart.ts';
import { nodeArgs } from '../programs.ts';
import { pixelsOf } from './pixels.ts';
import { candleData, equityData, exposureData, riskData } from '../bot/charts/samples.ts';

const renderer = createLocalRenderer();
const folder = new URL('../../test-output/charts/', import.meta.url);
const TITLE = { x: 10, y: 10, width: 500, height: 40 };

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
});

const charts = {
  equity: equityChart(equityData(720)),
  'equity-one': equityChart(equityData(1)),
  'equity-dark': equityChart(equityData(20_000), 'dark'),
  candles: candleChart(candleData(100, 64_000)),
  'candles-one': candleChart(candleData(1, 120_000)),
  'candles-tiny-dark': candleChart(candleData(80, 0.00000123), 'dark'),
  risk: riskChart(riskData, 'dark'),
  exposure: exposureChart(exposureData),
};

/** A copy that throws when anything writes into it. */
function frozenCopy(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, inner: unknown) => Object.freeze(inner));
}

/** Draws the limits in a process that sees no system fonts; undefined where such a process cannot be made. */
async function drawWithoutFonts(): Promise<Buffer | undefined> {
  const run = promisify(execFile);
  const hidden = (command: string): readonly [string, string[]] => [
    'unshare',
    [
      '--user',
      '--map-root-user',
      '--mount',
      'sh',
      '-c',
      `mount -t tmpfs tmpfs /usr/share/fonts && ${command}`,
    ],
  ];
  try {
    await run(...hidden('true'));
  } catch {
    return undefined;
  }
  const command = [process.execPath, ...nodeArgs('test/charts/draw-to-stdout.ts')];
  const [file, args] = hidden(`exec ${command.map((word) => `'${word}'`).join(' ')}`);
  const { stdout } = await run(file, args, { encoding: 'buffer', maxBuffer: 8_000_000 });
  return stdout;
}

describe('local renderer', () => {
  it.each(Object.entries(charts))(
    'draws %s with a title, a plot and labels',
    async (name, config) => {
      const png = await renderer.render(config);
      writeFileSync(new URL(`${name}.png`, folder), png);
      const pixels = await pixelsOf(png);
      expect(isPng(png)).toBe(true);
      expect(pixels.width).toBe(900);
      expect(pixels.inked(TITLE)).toBeGreaterThan(300);
      const plot = { x: 20, y: 110, width: 500, height: pixels.height - 180 };
      expect(pixels.inked(plot)).toBeGreaterThan(50);
      const below = { x: 20, y: pixels.height - 45, width: 860, height: 40 };
      expect(pixels.inked(below)).toBeGreaterThan(100);
    },
  );

  it('leaves the outermost pixels free: nothing is cut off at the edges', async () => {
    for (const config of Object.values(charts)) {
      const { width, height, inked } = await pixelsOf(await renderer.render(config));
      expect(inked({ x: 0, y: 0, width: 4, height })).toBe(0);
      expect(inked({ x: width - 4, y: 0, width: 4, height })).toBe(0);
      expect(inked({ x: 0, y: 0, width, height: 4 })).toBe(0);
      expect(inked({ x: 0, y: height - 4, width, height: 4 })).toBe(0);
    }
  });

  it('draws the size and scale that are asked for', async () => {
    const png = await renderer.render(charts.equity, { width: 600, height: 400, scale: 2 });
    expect(await pixelsOf(png)).toMatchObject({ width: 1200, height: 800 });
  });

  it('only reads the configuration and draws it the same again', async () => {
    const frozen = frozenCopy(charts.candles);
    const first = await renderer.render(frozen);
    expect(Buffer.from(await renderer.render(frozen)).equals(first)).toBe(true);
  });

  it('writes in the bundled font, not in one of the system', async () => {
    const bundled = await renderer.render(charts.risk);
    const other = JSON.parse(JSON.stringify(charts.risk).replaceAll('Inter, ', '')) as unknown;
    expect(bundled.length).toBeGreaterThan(0);
    expect(Buffer.from(await renderer.render(other)).equals(bundled)).toBe(false);
  });

  it('draws the same text on a machine without any font', async ({ skip }) => {
    const png = await drawWithoutFonts();
    if (png === undefined)
      return skip('this machine does not allow a private mount to hide its fonts');
    expect((await pixelsOf(png)).inked(TITLE)).toBeGreaterThan(300);
    expect(png.equals(await renderer.render(riskChart(riskData)))).toBe(true);
  });

  it('says clearly what it cannot draw', async () => {
    await expect(renderer.render({ type: 'pie' })).rejects.toThrow(/is not a chart/);
    await expect(renderer.render(charts.equity, { width: 9000, height: 500 })).rejects.toThrow(
      /Chart size 9000x500 at scale 1 is not allowed: sides are whole numbers from 100 to 2000/,
    );
    const broken = {
      ...charts.equity,
      options: { ...charts.equity.options, scales: { x: { type: 'time' } } },
    };
    await expect(renderer.render(broken)).rejects.toThrow(/The chart could not be drawn: /);
  });
});
