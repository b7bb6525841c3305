import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { flattenByPolicy } from '../../src/app/flatten-by-policy.ts';
import type { Ports } from '../../src/app/ports.ts';
import { refreshAccount } from '../../src/app/refresh-account.ts';
import { parsePolicy, revokePolicy, signPolicy } from '../../src/app/sign-policy.ts';
import { usd, ZERO_USD } from '../../src/domain/money.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { failing } from './failing.ts';
import { openVigil, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;
let ports: Ports;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil.close());

/** A long that has lost 3.6 % of the account and a small short that gains. */
async function open(loss = -3.6): Promise<void> {
  vigil = await openVigil({ redis, venue: { speed: 10 } });
  ({ ports } = vigil);
  await refreshAccount(ports);
  const position = { leverage: 10, side: 'LONG', symbol: 'ETHUSDT', notional: '10000' };
  await vigil.control('position', position);
  const other = { ...position, side: 'SHORT', symbol: 'SOLUSDT', notional: '100' };
  await vigil.control('position', other);
  await vigil.control('price', { symbol: 'ETHUSDT', percent: loss });
  await vigil.control('price', { symbol: 'SOLUSDT', percent: -2 });
  await refreshAccount(ports);
}
const sign = async (words: string): Promise<void> => {
  const wish = parsePolicy(words);
  if (typeof wish === 'string') throw new Error(wish);
  await signPolicy(ports, wish, 7);
};
/** The account's doors, of which the account's own figures are made up. */
const answering = (doors: Ports['account'], account: Ports['account']['account']): typeof doors =>
  new Proxy(doors, {
    get: (target, key) => {
      if (key === 'account') return account;
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
const closing = async (): Promise<readonly { by: unknown; only: unknown[] }[]> =>
  (await vigil.jobs('orders'))
    .map((each) => each.data as { by: unknown; only: unknown[] })
    .filter((each) => each.by === 'policy');

describe('closing without asking', () => {
  it('never happens without a signature, or after it was taken back', async () => {
    await open();
    await flattenByPolicy(ports);
    expect(await closing()).toEqual([]);
    await sign('daily-loss all');
    await revokePolicy(ports);
    await flattenByPolicy(ports);
    expect(await closing()).toEqual([]);
  });

  it('happens when two sources say that a signed limit is broken', async () => {
    await open();
    await sign('daily-loss all');
    await flattenByPolicy(ports);
    await flattenByPolicy(ports);
    const jobs = await closing();
    expect(jobs.length).toBeGreaterThanOrEqual(1);
    expect(jobs[0]?.only).toHaveLength(2);
  });

  it('goes as far as was signed and no further', async () => {
    await open();
    await sign('daily-loss losing');
    await flattenByPolicy(ports);
    const losing = (await ports.account.positions()).find((each) => each.symbol === 'ETHUSDT');
    expect((await closing())[0]?.only).toEqual([losing?.id]);
  });

  it('does not happen for a limit that was not signed, nor one that holds', async () => {
    await open();
    await sign('drawdown all');
    await flattenByPolicy(ports);
    expect(await closing()).toEqual([]);
  });

  it.each([
    ['an account that says zero', { account: 'zero' }],
    ['no prices', { prices: 'gone' }],
    ['an account that does not answer', { account: 'gone' }],
  ] as const)('does not happen on one source alone: %s', async (_name, fault) => {
    await open('account' in fault && fault.account === 'zero' ? 0 : -3.6);
    await sign('daily-loss all');
    const zero = async () => ({
      ...(await ports.account.account()),
      available: ZERO_USD,
      margin: usd('1'),
      unrealisedPnl: ZERO_USD,
    });
    const account =
      'prices' in fault
        ? ports.account
        : fault.account === 'zero'
          ? answering(ports.account, zero)
          : failing(ports.account, 'account');
    const market = 'prices' in fault ? failing(ports.market, 'tickers') : ports.market;
    await flattenByPolicy({ ...ports, account, market });
    expect(await closing()).toEqual([]);
  });

  it('is refused by a damaged signature', async () => {
    await open();
    await vigil.wiring.redis.set(vigil.wiring.store.keys.policy, '{"triggers":["daily-loss"]}');
    await expect(flattenByPolicy(ports)).rejects.toThrow('flatten policy');
    expect(await closing()).toEqual([]);
  });
});

describe('words for a policy', () => {
  it.each([
    ['', 'How far is missing'],
    ['daily-loss', 'How far is missing'],
    ['all', 'No limit is named'],
    ['weather all', '"weather" is no limit'],
  ])('"%s" are answered with what is allowed', (words, said) => {
    expect(parsePolicy(words)).toContain(said);
    expect(parsePolicy(words)).toContain('daily-loss, drawdown, balance-floor');
  });
});
