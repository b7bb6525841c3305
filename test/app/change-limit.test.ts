import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  cancelLimitChange,
  changeLimit,
  previewLimitChange,
  settleLimits,
  type LimitChange,
} from '../../src/app/limits/change-limit.ts';
import { parseLimitRequest, type LimitRequest } from '../../src/app/limits/limit-request.ts';
import { limitsOf } from '../../src/app/limits/limits-in-force.ts';
import { readLimits } from '../../src/app/limits/read-limits.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import { HOUR } from '../../src/domain/time.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { first } from './failing.ts';
import { openVigil, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;
let ports: Ports;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil.close());

async function open(): Promise<void> {
  vigil = await openVigil({ redis, venue: { speed: 1 } });
  ports = vigil.wiring.ports;
  await refreshAccount(ports);
}
function request(words: string): LimitRequest {
  const found = parseLimitRequest(words);
  if (typeof found === 'string') throw new Error(found);
  return found;
}
const change = async (words: string): Promise<LimitChange> => {
  const { kind } = await previewLimitChange(ports, request(words));
  return changeLimit(ports, { request: request(words), by: 7, shown: kind });
};
/** The limit as this process sees it, once it has heard of a change. */
const inForce = async (id: 'maxPositions' | 'maxTradesPerDay', value: number): Promise<number> => {
  for (let tries = 0; tries < 200 && ports.limits()[id] !== value; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return ports.limits()[id];
};
const titles = async (): Promise<string[]> => (await vigil.alerts()).map((each) => each.title);

describe('a tighter limit', () => {
  it('counts at once in every process, and is shown with source and last change', async () => {
    await open();
    expect((await change('open positions 2')).kind).toBe('applied');
    expect(await inForce('maxPositions', 2)).toBe(2);
    const line = (await readLimits(ports)).find((each) => each.id === 'maxPositions');
    expect(line).toMatchObject({
      value: '2',
      source: 'changed',
      fallback: '3',
      last: { by: 7, from: '3', to: '2' },
      use: { text: '0 of 2' },
    });
  });

  it('is possible while trading is halted', async () => {
    await open();
    const reason = { trigger: 'owner', evidence: 'halted', at: ports.clock.now() };
    await ports.mode.apply({ kind: 'tighten', to: 'halted', reason });
    expect((await change('daily loss 2 %')).kind).toBe('applied');
    expect((await change('daily loss 2.5 %')).sentence).toContain('halted');
  });
});

describe('a looser limit', () => {
  it('waits 12 hours, is announced, and then counts', async () => {
    await open();
    expect((await change('trades a day 5')).kind).toBe('waits');
    await settleLimits(ports);
    expect(ports.limits().maxTradesPerDay).toBe(3);
    expect(await titles()).toContain('A limit will become looser: trades a day');
    await vigil.leap(12 * HOUR);
    // Nobody guards the limits: it goes on waiting.
    await settleLimits(ports);
    expect(ports.limits().maxTradesPerDay).toBe(3);
    await refreshAccount(ports);
    await settleLimits({ ...ports, permission: { refusal: async () => 'nobody hears the owner' } });
    expect((await ports.limitsStore.read()).values).toEqual({});
    await settleLimits(ports);
    expect(await inForce('maxTradesPerDay', 5)).toBe(5);
    expect(await titles()).toContain('The waiting change is in force: trades a day');
  });

  it('that was cancelled never counts', async () => {
    await open();
    await change('trades a day 5');
    expect(await cancelLimitChange(ports, 'maxTradesPerDay')).toBe(true);
    expect(await cancelLimitChange(ports, 'maxTradesPerDay')).toBe(false);
    await vigil.leap(12 * HOUR);
    await settleLimits(ports);
    expect((await ports.limitsStore.read()).values).toEqual({});
  });

  it('is taken back although another limit changes at the same moment', async () => {
    await open();
    await change('trades a day 5');
    const tightening = async () => void (await change('open positions 2'));
    const busy: Ports = { ...ports, limitsStore: first(ports.limitsStore, 'save', tightening) };
    expect(await cancelLimitChange(busy, 'maxTradesPerDay')).toBe(true);
    expect(await ports.limitsStore.read()).toMatchObject({
      pending: [],
      values: { maxPositions: 2 },
    });
    expect(await cancelLimitChange(ports, 'maxTradesPerDay')).toBe(false);
  });

  it('is dropped by a tightening of the same limit', async () => {
    await open();
    await change('trades a day 5');
    await change('trades a day 2');
    expect(await ports.limitsStore.read()).toMatchObject({ pending: [] });
  });

  it('is dropped when trading is halted as its time comes', async () => {
    await open();
    await change('trades a day 5');
    const reason = { trigger: 'owner', evidence: 'halted', at: ports.clock.now() };
    await ports.mode.apply({ kind: 'tighten', to: 'halted', reason });
    await vigil.leap(12 * HOUR);
    await settleLimits(ports);
    expect((await ports.limitsStore.read()).values).toEqual({});
    expect(await titles()).toContain('The waiting change was dropped: trades a day');
  });

  it.each([
    ['risk per trade 1.51 %', '1.5 %'],
    ['leverage 6x', '5x'],
    ['daily loss 3.01 %', '3 %'],
    ['drawdown 10.01 %', '10 %'],
  ])('never passes a hard ceiling: %s', async (words, most) => {
    await open();
    const answer = await change(words);
    expect(answer.kind).toBe('refused');
    expect(answer.sentence).toContain(`never be looser than ${most}`);
  });

  it('is refused while the account has not been read for 15 s, a tighter one is not', async () => {
    await open();
    const shown = await previewLimitChange(ports, request('trades a day 5'));
    expect(shown.kind).toBe('waits');
    await vigil.leap(15_001 * ports.clock.speed);
    for (const asked of [
      await previewLimitChange(ports, request('trades a day 5')),
      await changeLimit(ports, { request: request('trades a day 5'), by: 1, shown: 'waits' }),
    ]) {
      expect(asked).toMatchObject({ kind: 'refused' });
      expect(asked.sentence).toContain('so nobody guards your limits now');
    }
    expect((await ports.limitsStore.read()).pending).toEqual([]);
    expect((await change('trades a day 2')).kind).toBe('applied');
  });

  it('is refused in a drawdown of 60 % of its limit, and while nothing is known', async () => {
    await open();
    const state = await ports.accounts.riskState();
    if (state === undefined) throw new Error('nothing is stored');
    const fallen = (parts: bigint) =>
      ports.accounts.reviseRiskState(() => ({
        ...state,
        lastEquity: ((state.peakEquity * (1000n - parts)) / 1000n) as typeof state.peakEquity,
      }));
    await fallen(59n);
    expect((await previewLimitChange(ports, request('trades a day 5'))).kind).toBe('waits');
    await fallen(60n);
    expect((await previewLimitChange(ports, request('trades a day 5'))).sentence).toContain(
      'drawdown',
    );
  });
});

describe('a waiting change of a limit that this version does not have', () => {
  it('is dropped and told in plain words, and the others go on', async () => {
    await open();
    await change('trades a day 5');
    const before = await ports.limitsStore.read();
    const unknown = { id: 'moonLoss', to: 5, by: 7, askedAt: 1, effectiveAt: 2 };
    const after = { ...before, pending: [unknown, ...before.pending] };
    await ports.limitsStore.save({ before, after, findings: [] });
    await settleLimits(ports);
    const { pending } = await ports.limitsStore.read();
    expect(pending.map(({ id }) => id)).toEqual(['maxTradesPerDay']);
    const told = (await vigil.alerts()).find(
      ({ title }) => title === 'A waiting change was dropped',
    );
    expect(told?.lines[0]).toBe(
      'It was stored for "moonLoss", and this version of Vigil has no limit of that name.',
    );
  });
});

describe('stored limits', () => {
  it('that were changed and are gone are damaged, not the defaults again', async () => {
    await open();
    await change('open positions 2');
    await vigil.wiring.redis.del(vigil.wiring.store.keys.limits);
    await expect(ports.limitsStore.read()).rejects.toThrow('limits');
  });

  it.each([
    ['no JSON', 'garbage'],
    [
      'a value past a ceiling',
      JSON.stringify({ values: { maxLeverage: 50 }, last: {}, pending: [] }),
    ],
    ['an unknown limit', JSON.stringify({ values: { maxFun: 1 }, last: {}, pending: [] })],
  ])('that are damaged (%s) allow no entries', async (_name, text) => {
    await open();
    const { keys } = vigil.wiring.store;
    await vigil.wiring.redis.set(keys.limits, text);
    await vigil.wiring.redis.publish(keys.limitsChanged, '1');
    expect(await inForce('maxPositions', 0)).toBe(0);
    await expect(
      changeLimit(ports, { request: request('open positions 2'), by: 7, shown: 'applied' }),
    ).rejects.toThrow('limits');
  });
});

describe('values in the store', () => {
  it.each([
    ['maxPositions', 1.5],
    ['maxPositions', 0],
    ['maxLeverage', 1.5],
    ['lossStreak', Number.NaN],
    ['minScore', 101],
    ['dailyLoss', 0n],
    ['dailyLoss', 0.02],
    ['nothing', 1],
  ])('%s of %s is damaged: it is none that the limit may have', (id, value) => {
    expect(() => limitsOf({ values: { [id]: value } })).toThrow('the stored limits cannot be read');
  });
});

describe('a request', () => {
  it.each([
    ['open positions 2', { id: 'maxPositions', to: 2 }],
    ['Daily loss: 2.5%', { id: 'dailyLoss', to: 25n * 10n ** 15n }],
    ['pause per symbol 6 h', { id: 'symbolCoolDownMs', to: 6 * HOUR }],
    ['leverage 3x', { id: 'maxLeverage', to: 3 }],
  ])('"%s" is understood', (words, expected) => {
    expect(parseLimitRequest(words)).toEqual(expected);
  });

  it.each([
    ['nonsense 3', 'There is no limit called "nonsense"'],
    ['open positions', 'I cannot read a name and a value'],
    ['open positions 2 %', 'as a plain number'],
    ['daily loss 2x', 'in percent'],
    ['pause per symbol 6', 'with s, min, h or d'],
    ['daily loss 1.2.3 %', 'is not a number'],
  ])('"%s" is answered with what is allowed', (words, said) => {
    expect(parseLimitRequest(words)).toContain(said);
  });
});
