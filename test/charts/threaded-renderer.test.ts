import { afterEach, describe, expect, it, vi } from 'vitest';
import { createLocalRenderer } from '../../src/charts/local-renderer.ts';
import { exposureChart } from '../../src/bot/charts/exposure-chart.ts';
import { riskChart } from '../../src/bot/charts/risk-chart.ts';
import {
  createThreadedRenderer,
  type ThreadedOptions,
  type ThreadedRenderer,
} from '../../src/charts/threaded-renderer.ts';
import { exposureData, riskData } from '../bot/charts/samples.ts';
import { PATIENCE_MS } from '../patience.ts';

const config = riskChart(riskData);
const open: ThreadedRenderer[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map(async (renderer) => renderer.close()));
});

function threaded(options: ThreadedOptions = {}): ThreadedRenderer {
  const renderer = createThreadedRenderer(options);
  open.push(renderer);
  return renderer;
}

/** Takes seconds and a few hundred MB to draw. */
function heavyConfig(count: number): unknown {
  return {
    type: 'line',
    data: {
      labels: Array.from({ length: count }, () => ''),
      datasets: [{ data: Array.from({ length: count }, (_, i) => i % 7) }],
    },
    options: { ...config.options, scales: {} },
  };
}

describe('threaded renderer', () => {
  it('draws what the local renderer draws', async () => {
    const picture = await threaded().render(config);
    expect(Buffer.from(picture).equals(await createLocalRenderer().render(config))).toBe(true);
  });

  it('starts no thread before the first picture and keeps one for all', async () => {
    const renderer = threaded();
    expect(renderer.threadId()).toBeUndefined();
    const pictures = await Promise.all([
      renderer.render(config),
      renderer.render(exposureChart(exposureData)),
      renderer.render(config),
    ]);
    expect(Buffer.from(pictures[0]).equals(pictures[2])).toBe(true);
    expect(Buffer.from(pictures[0]).equals(pictures[1])).toBe(false);
    const id = renderer.threadId();
    await renderer.render(config);
    expect(renderer.threadId()).toBe(id);
  });

  it('replaces a thread that dies, and the next picture is drawn', async () => {
    const renderer = threaded({ maxHeapMb: 64, timeoutMs: 5 * PATIENCE_MS });
    await renderer.render(config);
    const id = renderer.threadId();
    // Far beyond its memory: just beyond, it would spend its time on looking for room.
    const results = await Promise.allSettled([
      renderer.render(heavyConfig(1_000_000)),
      renderer.render(config),
    ]);
    expect(results[0]).toMatchObject({
      reason: {
        name: 'ChartRenderError',
        message: expect.stringMatching(/chart thread stopped while drawing: .*memory/),
      },
    });
    expect(results[1].status).toBe('fulfilled');
    expect(renderer.threadId()).not.toBe(id);
  });

  it('gives up at its deadline and draws the next picture in a new thread', async () => {
    // As long as this machine needs now for a thread and a picture, with room; the heavy one takes longer on any.
    const start = performance.now();
    await threaded({ timeoutMs: PATIENCE_MS }).render(config);
    const timeoutMs = Math.max(1_500, Math.ceil((performance.now() - start) * 3));
    const renderer = threaded({ timeoutMs, maxHeapMb: 2_000 });
    // On a machine that has become busier since, a small picture may come too late as well; one after it does not.
    const drawn = (): Promise<boolean> =>
      vi.waitUntil(
        () =>
          renderer.render(config).then(
            () => true,
            () => false,
          ),
        { timeout: 2 * PATIENCE_MS },
      );
    await drawn();
    const id = renderer.threadId();
    await expect(renderer.render(heavyConfig(600_000))).rejects.toThrow(
      `The chart was not drawn within ${timeoutMs} ms.`,
    );
    await drawn();
    expect(renderer.threadId()).not.toBe(id);
  });

  it('ends its thread when idle and starts another when needed', async () => {
    const renderer = threaded({ idleMs: 20 });
    await renderer.render(config);
    await vi.waitUntil(() => renderer.threadId() === undefined, { timeout: PATIENCE_MS });
    expect((await renderer.render(config)).length).toBeGreaterThan(1_000);
  });

  it('refuses more pictures than may wait', async () => {
    const renderer = threaded({ maxWaiting: 1 });
    const first = renderer.render(config);
    const second = renderer.render(config);
    await expect(renderer.render(config)).rejects.toThrow(/Charts already waiting: 1\. Ask again/);
    await Promise.all([first, second]);
  });

  it('passes on what cannot be drawn and goes on', async () => {
    const renderer = threaded();
    const broken = { ...config, options: { ...config.options, scales: { x: { type: 'time' } } } };
    await expect(renderer.render(broken)).rejects.toThrow(/could not be drawn/);
    const withCode = { ...config, options: { ...config.options, onClick: () => 1 } };
    await expect(renderer.render(withCode)).rejects.toThrow(/could not be drawn/);
    await expect(renderer.render({})).rejects.toThrow(/is not a chart/);
    expect((await renderer.render(config)).length).toBeGreaterThan(1_000);
  });

  it('rejects what is under way and what comes later once closed', async () => {
    const renderer = threaded();
    const results = Promise.allSettled([renderer.render(config), renderer.render(config)]);
    await renderer.close();
    for (const result of await results) {
      expect(result).toMatchObject({ reason: { message: 'The chart renderer is closed.' } });
    }
    await expect(renderer.render(config)).rejects.toThrow('The chart renderer is closed.');
    expect(renderer.threadId()).toBeUndefined();
  });
});
