import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { watchPrices } from '../../src/app/feeds/watch-prices.ts';
import type { Alert } from '../../src/domain/alert.ts';
import { toText } from '../../src/domain/money/money.ts';
import { priceAfter } from '../../src/alerts/watch/liquidation-watch.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { openVigil, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;
beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil.close());

const near = async (): Promise<readonly Alert[]> =>
  (await vigil.alerts()).filter(({ kind }) => kind === 'liquidation-near');
const left = (alerts: readonly Alert[]): string[] =>
  alerts.flatMap(({ title }) => /(\d+) % of its way/.exec(title)?.[1] ?? []);

/** One naked position, and how its price comes to so many percent of the way. */
async function naked(over: object) {
  vigil = await openVigil({ redis });
  await vigil.control('position', { symbol: 'ETHUSDT', notional: '2000', ...over });
  await refreshAccount(vigil.ports);
  const [position] = (await vigil.ports.accounts.snapshot())?.positions ?? [];
  if (position === undefined) throw new Error('no position is open');
  return {
    position,
    goTo: async (percent: number): Promise<void> => {
      const price = priceAfter(position, percent);
      if (price === undefined) throw new Error('there is no way to liquidation');
      await vigil.control('price', { symbol: 'ETHUSDT', price: toText(price) });
    },
  };
}

describe('a naked position on its way to liquidation', () => {
  it.each([
    ['long in isolated margin', { side: 'LONG', leverage: 20, marginMode: 'ISOLATION' }],
    ['short in isolated margin', { side: 'SHORT', leverage: 50, marginMode: 'ISOLATION' }],
    ['long in isolated margin', { side: 'LONG', leverage: 5, marginMode: 'ISOLATION' }],
  ])('%s: each step is told by the reading that sees it', async (_name, over) => {
    const { goTo } = await naked(over);
    const told: string[][] = [];
    for (const percent of [30, 55, 80, 93]) {
      await goTo(percent);
      await refreshAccount(vigil.ports);
      told.push(left(await near()));
    }
    expect(told).toEqual([[], ['50'], ['50', '25'], ['50', '25', '10']]);
    const last = (await near()).findLast(({ title }) => title.includes('its way'));
    expect(last?.severity).toBe('critical');
    expect(last?.lines.join(' ')).toContain('NO STOP');
  });

  it('is told by the stream before the next reading, and not again by that', async () => {
    const { position, goTo } = await naked({ side: 'LONG', leverage: 20, marginMode: 'ISOLATION' });
    let push = (_percent: number): void => undefined;
    const stream = {
      onTick: (listener: (tick: { symbol: string; mark: never; at: number }) => void) => {
        push = (percent) =>
          listener({
            symbol: 'ETHUSDT',
            mark: priceAfter(position, percent) as never,
            at: vigil.venue.now(),
          });
        return () => undefined;
      },
      follow: () => undefined,
    };
    const sent: Alert[] = [];
    const watch = watchPrices(vigil.ports, stream as never, {
      send: (alert) => sent.push(alert),
    });
    await watch.reload();
    push(80);
    await expect.poll(() => left(sent)).toEqual(['25']);
    await goTo(80);
    await refreshAccount(vigil.ports);
    expect(left(await near())).toEqual(['25']);
  });
});
