import type { Redis } from 'ioredis';
import { z } from 'zod';
import type {
  AccountCommit,
  AccountSnapshot,
  AccountStore,
  EquityPoint,
} from '../../app/ports/account-store.ts';
import { DAY, HOUR, MINUTE, type Timestamp } from '../../domain/time.ts';
import { decode, encode, isOtherKind, money, textAt } from '../codec.ts';
import type { StoreKeys } from '../keys.ts';
import type { News } from '../news.ts';
import { commit } from '../transaction.ts';

type RiskState = NonNullable<Awaited<ReturnType<AccountStore['riskState']>>>;

const snapshotSchema = z.object({
  account: z.looseObject({ available: money, frozen: money, margin: money, unrealisedPnl: money }),
  positions: z.array(z.looseObject({ id: z.string(), symbol: z.string(), qty: money })),
  protections: z.array(z.looseObject({ id: z.string(), positionId: z.string() })),
  openOrders: z.array(z.looseObject({ id: z.string(), symbol: z.string() })),
  at: z.number(),
});
const leg = z.strictObject({ qty: money, cost: money });
/** Whole: a state in which one figure is missing would be one that forgot a loss. */
const riskSchema = z.strictObject({
  dayStart: z.number(),
  dayStartEquity: money,
  dayFirstEquity: money,
  dayCashFlow: money,
  dayBook: z.strictObject({
    at: z.number(),
    equity: money,
    rows: z.array(
      z.strictObject({
        symbol: z.string(),
        qty: money,
        value: money,
        legs: z.strictObject({ long: leg, short: leg }).optional(),
      }),
    ),
  }),
  dayResults: z.record(z.string(), money),
  peakEquity: money,
  lastEquity: money,
  week: z.array(z.strictObject({ at: z.number(), equity: money })).optional(),
  steps: z.array(
    z.strictObject({
      id: z.string(),
      amount: money,
      at: z.number(),
      equity: money,
      highSince: money,
    }),
  ),
  flowAt: z.number().optional(),
  flows: z
    .strictObject({
      since: z.number(),
      list: z.array(
        z.strictObject({ at: z.number(), amount: money, equity: money, countedFrom: z.number() }),
      ),
    })
    .optional(),
  accountAt: z.number(),
  failedReads: z.number().int(),
  lossStreak: z.number().int(),
  losers: z.array(
    z.strictObject({
      symbol: z.string(),
      side: z.enum(['long', 'short']),
      net: money,
      at: z.number(),
    }),
  ),
  coolOffUntil: z.number().optional(),
  tradesToday: z.number().int(),
  entriesCounted: z.array(z.string()),
  closesCounted: z.array(z.string()),
  lossCloses: z.record(z.string(), z.number()),
});

/** Each try that fails means that somebody else's succeeded. */
const TRIES = 100;
const equitySchema = z.object({
  at: z.number(),
  equity: z.number(),
  peak: z.number().optional(),
});

const EQUITY_KEPT_MS = 400 * DAY;
/** Equity points are kept one a minute for the days that limits look at, and one an hour before: a chart needs no more. */
const EQUITY_STEP_MS = MINUTE;
const EQUITY_FINE_MS = 8 * DAY;

async function revise(
  redis: Redis,
  keys: StoreKeys,
  change: (state: RiskState) => RiskState | undefined,
): Promise<RiskState | undefined> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const text = await textAt(redis, keys.riskState, 'risk state');
    if (text === undefined) return undefined;
    const next = change(decodeRiskState(text));
    if (next === undefined) return undefined;
    const stored = await commit(redis, keys, {
      expect: [{ key: keys.riskState, value: text }],
      set: [{ key: keys.riskState, value: encode(next) }],
    });
    if (stored !== undefined) return next;
  }
  throw new Error('the risk state kept changing while it was being stored; try again');
}

/** Rejects with StoreUnreadable what is no whole risk state. */
export const decodeRiskState = (text: string): RiskState =>
  decode<RiskState>(text, riskSchema, 'risk state');

/** Does it again over nothing where the key holds something of another kind. */
async function fresh<T>(redis: Redis, key: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!isOtherKind(error)) throw error;
    await redis.del(key);
    return ask();
  }
}

/** One point a minute, later one an hour, the newest of each, and none that is too old. */
function pointOf(equity: EquityPoint, keys: StoreKeys) {
  const slot = Math.floor(equity.at / EQUITY_STEP_MS) * EQUITY_STEP_MS;
  const old = equity.at - EQUITY_FINE_MS;
  return {
    cut: [
      { key: keys.equity, from: slot, to: slot + EQUITY_STEP_MS - 1 },
      { key: keys.equity, from: 0, to: equity.at - EQUITY_KEPT_MS },
      { key: keys.equity, from: Math.floor(old / HOUR) * HOUR, to: old - 1 },
    ],
    scored: [{ key: keys.equity, score: equity.at, member: encode(equity) }],
  };
}

/** The last account read, the risk state and the equity history in Redis. */
export function createAccountStore(redis: Redis, keys: StoreKeys, news: News): AccountStore {
  const point = (text: string): EquityPoint =>
    decode<EquityPoint>(text, equitySchema, 'equity history');

  async function save(change: AccountCommit): Promise<void> {
    const { basedOn, equity } = change;
    const stored = await commit(redis, keys, {
      ...(basedOn === undefined
        ? {}
        : { expect: [{ key: keys.riskState, value: encode(basedOn) }] }),
      set: [
        { key: keys.snapshot, value: encode(change.snapshot) },
        { key: keys.riskState, value: encode(change.riskState) },
        { key: keys.failedReads, value: '0' },
      ],
      ...(equity === undefined ? {} : pointOf(equity, keys)),
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
      const text = await textAt(redis, keys.snapshot, 'account read');
      return text === undefined
        ? undefined
        : decode<AccountSnapshot>(text, snapshotSchema, 'account read');
    },
    riskState: async () => {
      const text = await textAt(redis, keys.riskState, 'risk state');
      return text === undefined ? undefined : decodeRiskState(text);
    },
    reviseRiskState: (change) => revise(redis, keys, change),
    equity: async (since: Timestamp) =>
      (await redis.zrangebyscore(keys.equity, since, '+inf')).map(point),
    recordFailedRead: () => fresh(redis, keys.failedReads, () => redis.incr(keys.failedReads)),
    failedReads: async () => {
      const text = (await textAt(redis, keys.failedReads, 'count of failed reads')) ?? '0';
      return Number.parseInt(text, 10);
    },
    // A time that is not known counts as never seen, so that what is damaged may begin anew.
    priceTimes: async () => {
      const stored = await fresh(redis, keys.priceTimes, () => redis.hgetall(keys.priceTimes));
      return new Map(
        Object.entries(stored).map(([symbol, at]) => [symbol, Number.parseInt(at, 10)]),
      );
    },
    savePriceTimes: async (times) => {
      if (times.size === 0) return;
      const row = Object.fromEntries(times);
      await fresh(redis, keys.priceTimes, () => redis.hset(keys.priceTimes, row));
    },
    onCommit: (listener) => news.on(keys.committed, listener),
  };
}
