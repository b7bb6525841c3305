import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Ports } from '../../src/app/ports/ports.ts';
import type { ProtectRequest } from '../../src/app/ports/work.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { placeSuggestedStop, suggestStop } from '../../src/app/account/suggest-stop.ts';
import { add, price, toNumber } from '../../src/domain/money/money.ts';
import { stopsOf } from '../../src/domain/position.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { openVigil, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;
let ports: Ports;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil.close());

/** One position opened by hand, without a stop; returns its id. */
async function open(side: 'LONG' | 'SHORT', over: object = {}): Promise<string> {
  vigil = await openVigil({
    redis,
    venue: { open: [{ symbol: 'ETHUSDT', side, leverage: 5, notional: '1000', ...over }] },
  });
  ({ ports } = vigil);
  return (await ports.account.positions())[0]?.id ?? '';
}
async function suggested(id: string) {
  const found = await suggestStop(ports, id);
  if (found.kind === 'none') throw new Error(found.reason);
  return found;
}
async function request(id: string, over: Partial<ProtectRequest> = {}): Promise<ProtectRequest> {
  const { stop, target } = await suggested(id);
  const levels = { stop, ...(target === undefined ? {} : { target }) };
  return { id: 'one', positionId: id, symbol: 'ETHUSDT', ...levels, by: 1, ...over };
}
const told = async () => (await vigil.alerts()).findLast((each) => each.key.startsWith('protect:'));

describe('the suggested stop', () => {
  it.each([
    ['LONG', -1],
    ['SHORT', 1],
  ] as const)('of a %s is 1.5 %% from entry, its target 3 %%', async (side, way) => {
    const id = await open(side);
    const { stop, target, position } = await suggested(id);
    const away = (level: number): number => level / toNumber(position.entryPrice) - 1;
    expect(away(toNumber(stop))).toBeCloseTo(way * 0.015, 4);
    expect(away(target === undefined ? 0 : toNumber(target))).toBeCloseTo(-way * 0.03, 4);
  });

  it('is measured from the price of now when that has passed it already', async () => {
    const id = await open('LONG');
    await vigil.control('price', { symbol: 'ETHUSDT', percent: -4 });
    const { stop, mark } = await suggested(id);
    expect(toNumber(stop) / toNumber(mark) - 1).toBeCloseTo(-0.015, 4);
  });

  it('is placed, read back and told with what rests', async () => {
    const id = await open('LONG');
    const wanted = await request(id);
    await placeSuggestedStop(ports, wanted);
    const [position] = await ports.account.positions();
    const protections = await ports.account.protections();
    if (position === undefined) throw new Error('it is gone');
    expect(stopsOf(position, protections)).toMatchObject({
      largest: { price: wanted.stop, covers: position.qty },
      target: wanted.target,
    });
    expect((await told())?.title).toMatch(/ETHUSDT: a stop rests at \d+/);
    // As after a crash between placing and telling.
    await placeSuggestedStop(ports, { ...wanted, id: 'again' });
    expect(await told()).toMatchObject({
      key: 'protect:again',
      title: expect.stringContaining('a stop rests at'),
      lines: [expect.any(String), expect.stringMatching(/^Stop resting at [\d.,]+\.$/)],
    });
  });

  it('is not placed when the price has passed it, when one rests by now, or when it is closed', async () => {
    const id = await open('LONG');
    await placeSuggestedStop(ports, await request(id, { stop: price('999999') }));
    expect((await told())?.lines.join(' ')).toContain('the price has passed that stop');
    expect(await ports.account.protections()).toEqual([]);
    const wanted = await request(id);
    await placeSuggestedStop(ports, { ...wanted, id: 'two' });
    await placeSuggestedStop(ports, { ...wanted, id: 'three', stop: add(wanted.stop, price('1')) });
    expect((await told())?.lines.join(' ')).toContain('is fully protected now');
    expect(await suggestStop(ports, '12345')).toMatchObject({ kind: 'none' });
  });

  it('is not placed when liquidation has moved past it', async () => {
    const id = await open('LONG', { marginMode: 'ISOLATION' });
    const [position] = await ports.account.positions();
    const stop = position?.liquidationPrice;
    if (stop === undefined) throw new Error('it has no liquidation price');
    await placeSuggestedStop(ports, await request(id, { stop }));
    expect((await told())?.lines.join(' ')).toContain('would now liquidate before that stop');
    expect(await ports.account.protections()).toEqual([]);
  });

  it('says critically that nothing rests when the exchange refuses', async () => {
    const id = await open('LONG');
    const wanted = await request(id);
    const { trading } = ports;
    if (trading === undefined) throw new Error('nothing can trade');
    const refusing: Ports = {
      ...ports,
      trading: {
        ...trading,
        placeProtection: async () => ({ kind: 'rejected', code: '1', reason: 'not now' }),
      },
    };
    await placeSuggestedStop(refusing, wanted);
    expect(await told()).toMatchObject({
      severity: 'critical',
      title: 'ETHUSDT: no stop was placed',
    });
  });
});

describe('the time without a stop', () => {
  it('adds up over the day, and the alert has the button', async () => {
    const id = await open('LONG');
    await refreshAccount(ports);
    await vigil.leap(20_000);
    await refreshAccount(ports);
    const day = (await ports.accounts.snapshot())?.unprotectedDay;
    expect(day?.ms).toBeGreaterThanOrEqual(20_000);
    expect(day?.ms).toBeLessThan(120_000);
    await placeSuggestedStop(ports, await request(id));
    await refreshAccount(ports);
    const stopped = (await ports.accounts.snapshot())?.unprotectedDay?.ms;
    await vigil.leap(20_000);
    await refreshAccount(ports);
    expect((await ports.accounts.snapshot())?.unprotectedDay?.ms).toBe(stopped);
    const alert = (await vigil.alerts()).find((each) => each.kind === 'unprotected');
    expect(alert?.buttons?.flat()).toMatchObject([{ action: 'place-stop', id }]);
  });
});
