import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { AccountCommit, AccountSnapshot, AccountStore, EquityPoint } from '../app/ports.ts';
import { DAY, type Timestamp } from '../domain/time.ts';
import { decode, encode, money } from './codec.ts';
import type { StoreKeys } from './keys.ts';
import type { News } from './news.ts';
import { commit } from './transaction.ts';

type RiskState = NonNullable<Awaited<ReturnType<AccountStore['riskState']>>>;

const snapshotSchema = z.object({
  account: z.looseObject({ available: money, frozen: money, margin: money, unrealisedPnl: money }),
  positions: z.array(z.looseObject({ id: z.string(), symbol: z.string(), qty: money })),
  protections: z.array(z.looseObject({ id: z.string(), positionId: z.string() })),
  openOrders: z.array(z.looseObject({ id: z.string(), symbol: z.string() })),
  at: z.number(),
});
const riskSchema = z.looseObject({
  dayStart: z.number(),
  dayStartEquity: money,
  peakEquity: money,
});
const equitySchema = z.object({ at: z.number(), equity: z.number() });

const EQUITY_KEPT_MS = 400 * DAY;
/** Equity points are kept one a minute: a year of them stays under 60 MB and a chart needs no more. */
const EQUITY_STEP_MS = 60_000;

/** The last account read, the risk state and the equity history in Redis. */
export function createAccountStore(redis: Redis, keys: StoreKeys, news: News): AccountStore {
  const point = (text: string): EquityPoint =>
    decode<EquityPoint>(text, equitySchema, 'equity history');

  async function save(change: AccountCommit): Promise<void> {
    const slot = Math.floor(change.equity.at / EQUITY_STEP_MS) * EQUITY_STEP_MS;
    const { basedOn } = change;
    const stored = await commit(redis, keys, {
      ...(basedOn === undefined
        ? {}
        : { expect: [{ key: keys.riskState, value: encode(basedOn) }] }),
      set: [
        { key: keys.snapshot, value: encode(change.snapshot) },
        { key: keys.riskState, value: encode(change.riskState) },
        { key: keys.failedReads, value: '0' },
      ],
      cut: [
        { key: keys.equity, from: slot, to: slot + EQUITY_STEP_MS - 1 },
        { key: keys.equity, from: 0, to: change.equity.at - EQUITY_KEPT_MS },
      ],
      scored: [{ key: keys.equity, score: change.equity.at, member: encode(change.equity) }],
      findings: change.findings,
      publish: keys.committed,
    });
    if (stored === undefined) {
      throw new Error(
        'the risk state has changed while the account was read; the next read counts',
      );
    }
  }

  return {
    commit: save,
    snapshot: async () => {
      const text = await redis.get(keys.snapshot);
      return text === null
        ? undefined
        : decode<AccountSnapshot>(text, snapshotSchema, 'account read');
    },
    riskState: async () => {
      const text = await redis.get(keys.riskState);
      return text === null ? undefined : decode<RiskState>(text, riskSchema, 'risk state');
    },
    saveRiskState: async (state) => {
      await redis.set(keys.riskState, encode(state));
    },
    equity: async (since: Timestamp) =>
      (await redis.zrangebyscore(keys.equity, since, '+inf')).map(point),
    recordFailedRead: () => redis.incr(keys.failedReads),
    failedReads: async () => Number.parseInt((await redis.get(keys.failedReads)) ?? '0', 10),
    priceTimes: async () => {
      const stored = await redis.hgetall(keys.priceTimes);
      return new Map(
        Object.entries(stored).map(([symbol, at]) => [symbol, Number.parseInt(at, 10)]),
      );
    },
    savePriceTimes: async (times) => {
      if (times.size === 0) return;
      await redis.hset(keys.priceTimes, Object.fromEntries(times));
    },
    onCommit: (listener) => news.on(keys.committed, listener),
  };
}
