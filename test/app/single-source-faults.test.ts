/** One source that lies holds entries and never closes anything, whatever was signed; what is true acts within two polls. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { flattenByPolicy } from '../../src/app/halt/flatten-by-policy.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { parsePolicy, signPolicy } from '../../src/app/halt/sign-policy.ts';
import type { Account } from '../../src/domain/account.ts';
import type { Ticker } from '../../src/domain/instrument.ts';
import { usd, ZERO_USD, type Price } from '../../src/domain/money/money.ts';
import type { Position } from '../../src/domain/position.ts';
import { MINUTE } from '../../src/domain/time.ts';
import { checkEntry } from '../../src/risk/gate/gate.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { aSignal, gateInputFor } from './signals.ts';
import { openVigil, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;
let ports: Ports;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil.close());

/** A long by hand, and a policy signed for every limit and every position. */
async function open(over = {}): Promise<void> {
  vigil = await openVigil({ redis, venue: { speed: 10 } });
  ({ ports } = vigil);
  await refreshAccount(ports);
  const long = { symbol: 'ETHUSDT', side: 'LONG', notional: '4000', leverage: 10, stop: '5000' };
  await vigil.control('position', { ...long, ...over });
  await refreshAccount(ports);
  await refreshAccount(ports);
  const request = parsePolicy('daily-loss drawdown balance-floor all');
  if (typeof request === 'string') throw new Error(request);
  await signPolicy(ports, request, 7);
}

/** A part of the ports of which one method gives something else. */
const lying = <Part extends object, Key extends keyof Part>(
  part: Part,
  name: Key,
  instead: Part[Key],
): Part =>
  new Proxy(part, {
    get: (target, key) => {
      if (key === name) return instead;
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });

const account =
  (change: (account: Account) => Partial<Account>) =>
  (honest: Ports): Ports => {
    const read = async (): Promise<Account> => {
      const told = await honest.account.account();
      return { ...told, ...change(told) };
    };
    return { ...honest, account: lying(honest.account, 'account', read) };
  };
const positions =
  (change: (positions: readonly Position[]) => readonly Position[]) =>
  (honest: Ports): Ports => {
    const read = async () => change(await honest.account.positions());
    return { ...honest, account: lying(honest.account, 'positions', read) };
  };
const tickers =
  (change: (tickers: readonly Ticker[]) => readonly Ticker[]) =>
  (honest: Ports): Ports => {
    const read = async () => change(await honest.market.tickers());
    return { ...honest, market: lying(honest.market, 'tickers', read) };
  };

const FAULTS: readonly (readonly [string, (honest: Ports) => Ports])[] = [
  [
    'zero equity',
    account(() => ({ available: ZERO_USD, margin: ZERO_USD, unrealisedPnl: ZERO_USD })),
  ],
  ['a negative balance', account(() => ({ available: usd('-500') }))],
  [
    'balance and margin swapped',
    account((told) => ({ available: told.margin, margin: told.available })),
  ],
  ['a loss that is not there', account(() => ({ unrealisedPnl: usd('-900') }))],
  ['an account reading of two minutes ago', account((told) => ({ at: told.at - 20 * MINUTE }))],
  ['an empty list of positions', positions(() => [])],
  ['a doubled position', positions((told) => [...told, ...told])],
  [
    'entry price and result swapped with another contract',
    positions((told) => told.map((each) => ({ ...each, unrealisedPnl: usd('-2000') }))),
  ],
  [
    'prices of ten times',
    tickers((told) => told.map((each) => ({ ...each, mark: (each.mark * 10n) as Price }))),
  ],
  [
    'prices of a tenth',
    tickers((told) => told.map((each) => ({ ...each, mark: (each.mark / 10n) as Price }))),
  ],
  [
    'prices of twenty minutes ago',
    tickers((told) => told.map((each) => ({ ...each, at: each.at - 20 * MINUTE }))),
  ],
  ['no prices', tickers(() => [])],
];

const closing = async (): Promise<readonly unknown[]> =>
  (await vigil.jobs('orders'))
    .map((each) => each.data as { closePositions?: boolean })
    .filter((each) => each.closePositions === true);

describe('one source that lies', () => {
  it.each(FAULTS)('%s: holds entries and closes nothing', async (_name, fault) => {
    await open();
    const signal = await aSignal(ports, { symbol: 'SOLUSDT' });
    const honest = checkEntry(await gateInputFor(ports, signal, undefined));
    expect(honest.kind === 'refused' ? honest.refusals : []).toEqual([]);
    const faulty = fault(ports);
    // A candle feed of its own would tell nothing new: the signal is the honest one.
    const verdict = checkEntry(await gateInputFor(faulty, signal, undefined));
    expect(verdict.kind).toBe('refused');
    for (let poll = 0; poll < 4; poll += 1) {
      await refreshAccount(faulty).catch(() => undefined);
      await flattenByPolicy(faulty).catch(() => undefined);
    }
    expect(await closing()).toEqual([]);
    expect((await vigil.truth()).positions).toHaveLength(1);
    expect(checkEntry(await gateInputFor(faulty, signal, undefined)).kind).toBe('refused');
  });
});

describe('a loss that is true', () => {
  it('halts at the first poll and closes what was signed within two', async () => {
    await open({ notional: '9000', stop: '4000' });
    await vigil.control('price', { symbol: 'ETHUSDT', percent: -3.6 });
    await refreshAccount(ports);
    expect((await ports.mode.read())?.mode).toBe('halted');
    await flattenByPolicy(ports);
    await refreshAccount(ports);
    await flattenByPolicy(ports);
    expect((await closing()).length).toBeGreaterThan(0);
  });
});
