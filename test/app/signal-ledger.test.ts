import { expect, it } from 'vitest';
import type { LedgerStore } from '../../src/app/ports/ledger-store.ts';
import { followLiveSignals } from '../../src/app/scan/signal-ledger.ts';
import type { FinishedSignal, OpenSignal } from '../../src/backtest/trade/ledger.ts';
import type { Candle } from '../../src/domain/candle.ts';
import type { Proposal } from '../../src/domain/proposal.ts';
import { toNumber } from '../../src/domain/money/money.ts';
import { HOUR } from '../../src/domain/time.ts';
import { createFakeWorld, portsOf } from '../bot/fakes.ts';
import { PROPOSAL } from '../bot/samples.ts';

const { signal } = PROPOSAL;
const AT = signal.candleClosedAt;

/** A ledger in memory. */
function memory(): LedgerStore & { readonly ended: FinishedSignal[] } {
  const open = new Map<string, readonly OpenSignal[]>();
  const ended: FinishedSignal[] = [];
  return {
    ended,
    open: async () => [...open.values()].flat(),
    finished: async () => ended,
    save: async (change) => {
      for (const [symbol, signals] of change.open) open.set(symbol, signals);
      ended.push(...change.finished);
    },
  };
}

/** The next candle opens far beyond the target or the stop: there is no entry, and the signal ends. */
const next: Candle = { openTime: AT, open: 1e9, high: 1e9, low: 1e9, close: 1e9, volume: 1 };

async function fateOf(status: Proposal['status'] | undefined): Promise<string | undefined> {
  const world = createFakeWorld();
  if (status !== undefined) world.proposals.push({ ...PROPOSAL, status });
  const ledger = memory();
  const stored: Candle[] = [];
  const candles = {
    append: async () => undefined,
    newest: async () => new Map(stored.map((each) => [signal.symbol, each.openTime])),
    since: async () => stored,
  };
  const ports = portsOf(world, { ledger, candles });
  await followLiveSignals(ports, [{ signal, fate: 'proposed', refusals: [] }], AT - HOUR);
  expect(await ledger.open()).toMatchObject([{ id: signal.id, fate: 'proposed' }]);
  stored.push(next);
  await followLiveSignals(ports, [], AT);
  expect(await ledger.open()).toEqual([]);
  const [ended] = ledger.ended;
  // The size of its card goes with it.
  expect(ended?.riskUsdt).toBe(status === undefined ? undefined : toNumber(PROPOSAL.plan.risk));
  return ended?.fate;
}

it.each([
  ['done', 'taken'],
  ['unknown', 'taken'],
  ['rejected', 'rejected'],
  ['expired', 'expired'],
  ['pending', 'expired'],
  ['refused', 'refused'],
  [undefined, 'unknown'],
] as const)('a card that ended as %s counts as %s', async (status, fate) => {
  expect(await fateOf(status)).toBe(fate);
});

it('ends without a result what got no candle for two days', async () => {
  const ledger = memory();
  const ports = portsOf(createFakeWorld(), { ledger });
  await followLiveSignals(ports, [{ signal, fate: 'refused', refusals: [] }], AT - HOUR);
  await followLiveSignals(ports, [], AT + 40 * HOUR);
  expect(ledger.ended).toEqual([]);
  await followLiveSignals(ports, [], AT + 50 * HOUR);
  expect(ledger.ended).toMatchObject([{ end: 'no data', fate: 'refused' }]);
});

it('remembers what was decided when the card is long forgotten', async () => {
  const world = createFakeWorld();
  world.proposals.push({ ...PROPOSAL, status: 'rejected' });
  const ledger = memory();
  const stored: Candle[] = [];
  const candles = {
    append: async () => undefined,
    newest: async () => new Map(stored.map((each) => [signal.symbol, each.openTime])),
    since: async () => stored,
  };
  const ports = portsOf(world, { ledger, candles });
  await followLiveSignals(ports, [{ signal, fate: 'proposed', refusals: [] }], AT - HOUR);
  await followLiveSignals(ports, [], AT);
  expect(await ledger.open()).toMatchObject([{ fate: 'rejected' }]);
  world.proposals.length = 0;
  stored.push(next);
  await followLiveSignals(ports, [], AT + HOUR);
  expect(ledger.ended).toMatchObject([
    { fate: 'rejected', riskUsdt: toNumber(PROPOSAL.plan.risk) },
  ]);
});

it('plays no bad tick, behind a hole either, as the scan refuses it and a backtest leaves it out', async () => {
  const ledger = memory();
  const stored: Candle[] = [];
  const candles = {
    append: async () => undefined,
    newest: async () => new Map(stored.slice(-1).map((each) => [signal.symbol, each.openTime])),
    since: async (_symbol: string, _interval: string, after: number) =>
      stored.filter(({ openTime }) => openTime > after),
  };
  const ports = portsOf(createFakeWorld(), { ledger, candles });
  await followLiveSignals(ports, [{ signal, fate: 'refused', refusals: [] }], AT - HOUR);
  const price = toNumber(signal.entry);
  const at = (hour: number, factor = 1): Candle => {
    const level = price * factor;
    const openTime = AT + hour * HOUR;
    return { openTime, open: level, high: level, low: level, close: level, volume: 1 };
  };
  for (const each of [at(0), at(1, 10), at(2), at(30, 0.1), at(31), at(32, 10), at(33, 0.1)]) {
    stored.push(each);
    await followLiveSignals(ports, [], each.openTime);
    expect(ledger.ended).toEqual([]);
  }
  const [open] = await ledger.open();
  expect(open?.held?.candles).toBe(3);
  // As the third in a row it is the price.
  for (const hour of [34, 35]) stored.push(at(hour, 0.1));
  await followLiveSignals(ports, [], AT + 35 * HOUR);
  expect(ledger.ended).toHaveLength(1);
});
