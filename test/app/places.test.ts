import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { judgeAndPropose } from '../../src/app/approval/propose.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { placesOf, putStrategy, readPlaces } from '../../src/app/scan/places.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { aSignal } from './signals.ts';
import { openVigil, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil?.close());

describe('where strategies stand', () => {
  it('is pushed in demo and on paper as the strategy says, and watched with real money', () => {
    for (const mode of ['demo', 'paper'] as const) {
      expect(placesOf(new Map(), mode).get('breakdown')).toBe('push');
      expect(placesOf(new Map(), mode).get('breakout')).toBe('watch');
    }
    for (const mode of ['live', 'watch'] as const) {
      expect(new Set(placesOf(new Map(), mode).values())).toEqual(new Set(['watch']));
    }
    const put = new Map([['breakdown', { place: 'push', by: 'owner', at: 1 } as const]]);
    expect(placesOf(put, 'live').get('breakdown')).toBe('push');
  });

  it('is kept in the store, and a place that cannot be read pushes nothing', async () => {
    vigil = await openVigil({ redis });
    const { ports } = vigil;
    expect(await putStrategy(ports, 'breakout', 'push')).toBeUndefined();
    expect((await readPlaces(ports)).get('breakout')).toBe('push');
    expect(await putStrategy(ports, 'band-reversion', 'push')).toContain('There is no strategy');
    const broken = { ...ports.places, read: () => Promise.reject(new Error('damaged')) };
    expect(new Set((await readPlaces({ ...ports, places: broken })).values())).toEqual(
      new Set(['watch']),
    );
  });

  it('decides whether a signal becomes a card or is only followed', async () => {
    vigil = await openVigil({ redis });
    const { ports } = vigil;
    await refreshAccount(ports);
    const signal = await aSignal(ports);
    await putStrategy(ports, signal.strategy, 'watch');
    expect(await judgeAndPropose(ports, [signal])).toEqual([
      { signal, fate: 'watched', refusals: [] },
    ]);
    expect((await vigil.alerts()).filter(({ kind }) => kind === 'signal')).toEqual([]);
    await putStrategy(ports, signal.strategy, 'push');
    expect(await judgeAndPropose(ports, [signal])).toMatchObject([{ fate: 'proposed' }]);
  });
});
