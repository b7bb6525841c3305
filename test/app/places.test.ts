import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { judgeAndPropose } from '../../src/app/approval/propose.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { placesOf, putStrategy, readPlaces } from '../../src/app/scan/places.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import type { FinishedSignal } from '../../src/backtest/trade/ledger.ts';
import { withdrawByRecord } from '../../src/app/scan/withdraw.ts';
import { DAY } from '../../src/domain/time.ts';
import { trade } from '../backtest/samples.ts';
import { aSignal } from './signals.ts';
import { openVigil, START, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil?.close());

/** A live signal of agreement that ended a day after its candle; one in ten won. */
const endedAt = (closedAt: number, at: number): FinishedSignal => ({
  id: `s${at}`,
  symbol: 'SOLUSDT',
  side: 'long',
  strategy: 'agreement',
  rewardRisk: 2.2,
  closedAt,
  fate: 'watched',
  counted: true,
  repeats: 0,
  end: at % 10 === 0 ? 'target' : 'stop',
  endedAt: closedAt + DAY,
  result: trade({
    entryTime: closedAt,
    exitTime: closedAt + DAY,
    pnl: at % 10 === 0 ? 4 : -2,
    risk: 2,
  }),
});

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

  it('is put on watch by its own live record, told once, and counts anew when the owner turns it on', async () => {
    vigil = await openVigil({ redis });
    const { ports } = vigil;
    const list = Array.from({ length: 60 }, (_, at) => endedAt(START + at * 7 * DAY, at));
    const ledger = {
      open: async () => [],
      save: async () => undefined,
      finished: async () => list,
    };
    await withdrawByRecord({ ...ports, ledger });
    expect((await readPlaces(ports)).get('agreement')).toBe('watch');
    expect((await readPlaces(ports)).get('breakdown')).toBe('push');
    await withdrawByRecord({ ...ports, ledger });
    const told = (await vigil.alerts()).filter(({ title }) => title.startsWith('Withdrawn'));
    expect(told).toHaveLength(1);
    expect(told[0]?.lines[0]).toContain('Its 60 live signals lost');
    const later = START + 100 * 7 * DAY;
    const clock = { ...ports.clock, now: () => later };
    await putStrategy({ ...ports, clock }, 'agreement', 'push');
    await withdrawByRecord({ ...ports, ledger });
    expect((await readPlaces(ports)).get('agreement')).toBe('push');
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
