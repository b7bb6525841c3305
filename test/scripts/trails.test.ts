/** The replay of stops that follow the price: what it looks at, and that it sees what is wrong for a moment only. */
import { expect, it } from 'vitest';
import { runTrails, type TrailRun } from '../../scripts/replay/trails.ts';
import { percent } from '../../src/domain/money/money.ts';
import { MINUTE } from '../../src/domain/time.ts';

const FROM = Date.UTC(2025, 0, 10);
const RUN: TrailRun = {
  market: { kind: 'generated', seed: 7, symbols: 3, from: FROM },
  to: FROM + 60 * MINUTE,
  symbols: ['BTCUSDT'],
  share: percent('0.6'),
  stepMs: 20 * MINUTE,
};

it('looks at each minute and at each request, and a stop that is away between two requests is told', async () => {
  const well = await runTrails(RUN);
  console.info(`${well.looks} looks, ${well.steps} steps, ${well.fills.length} filled`);
  expect(well.looks).toBeGreaterThanOrEqual(60);
  expect(well.steps).toBeGreaterThan(0);
  expect(well.broken).toEqual([]);

  const over: TrailRun['over'] = ({ trading, account }) =>
    trading === undefined
      ? {}
      : {
          trading: {
            ...trading,
            placeProtection: async (asked) => {
              for (const { id, positionId, symbol } of await account.protections()) {
                if (positionId === asked.positionId) await trading.cancelProtection(symbol, id);
              }
              return trading.placeProtection(asked);
            },
          },
        };
  const { broken } = await runTrails({ ...RUN, over });
  expect(broken.filter((each) => each.includes('has no stop')).length).toBeGreaterThan(0);
});
