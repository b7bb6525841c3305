import { StoreUnreadable } from '../../domain/failure.ts';
import { intervalMs, type Interval } from '../../domain/candle.ts';
import { priceFromNumber, usdFromNumber, type Price } from '../../domain/money/money.ts';
import { DAY, HOUR, type Timestamp } from '../../domain/time.ts';
import { fillsNeeded, type AccountHistory } from '../../risk/state/history-day.ts';
import { riskDayStart, weekOf, type RiskState } from '../../risk/state/risk-state.ts';
import { WEEK_MS, withMark, type EquityMark } from '../../risk/state/week.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';
import type { Ports } from '../ports/ports.ts';
import { clearedHistory } from './equity-history.ts';

/** How far back closed trades are looked at, for the losing streak and the high-water mark. */
export const HISTORY_MS = 90 * DAY;
/** Candle prices are numbers; this is finer than any tick. */
const FINEST = 1_000_000_000n as Price;

/**
 * What the exchange itself still knows of an account: closed trades of 90 days; fills, settlements of funding and starting prices only
 * for what was held over the day's start. Rejects with ExchangeFailure: half a history would forget a loss.
 */
export async function readHistory(
  ports: Pick<Ports, 'account' | 'market' | 'limits'>,
  { account, positions, at }: AccountSnapshot,
): Promise<AccountHistory> {
  const closed = await ports.account.closedPositions(at - HISTORY_MS);
  const start = riskDayStart(at, ports.limits());
  const needed = [...fillsNeeded({ positions, closed }, start)];
  const held = needed.map(([symbol]) => symbol);
  const [fills, settlements, startPrices] = await Promise.all([
    Promise.all(needed.map(([symbol, since]) => ports.account.fills({ symbol, since }))),
    readSettlements(ports, needed),
    readStartPrices(ports, held, start),
  ]);
  return {
    account,
    positions,
    closed,
    fills: fills.flat().filter((each) => each.at <= at),
    settlements,
    startPrices,
    now: at,
  };
}

/** A symbol whose settlements cannot be read is left out: then its funding is not split. */
async function readSettlements(
  { market }: Pick<Ports, 'market'>,
  needed: readonly (readonly [symbol: string, since: Timestamp])[],
): Promise<NonNullable<AccountHistory['settlements']>> {
  const found = needed.map(async ([symbol, since]) => {
    const rows = await market.fundingHistory(symbol, since).catch(() => []);
    return [symbol, rows] as const;
  });
  return new Map(await Promise.all(found));
}

/** The mark price, by which positions are valued: the close of the candle that ended when the day began; a symbol whose candle is not there is left out. */
async function readStartPrices(
  { market }: Pick<Ports, 'market'>,
  symbols: readonly string[],
  start: Timestamp,
): Promise<ReadonlyMap<string, Price>> {
  const interval: Interval = start % HOUR === 0 ? '1h' : '1m';
  const found = symbols.map(async (symbol) => {
    const candles = await market
      .candles({ symbol, interval, limit: 1, endTime: start, of: 'mark' })
      .catch(() => []);
    const last = candles.find((each) => each.openTime + intervalMs(interval) === start);
    return last === undefined
      ? []
      : [[symbol, priceFromNumber(last.close, FINEST, 'half-even')] as const];
  });
  return new Map((await Promise.all(found)).flat());
}

/**
 * The state with the equity of the last 7 days, where the version that stored it kept none: from the recorded equity curve, as far as
 * it can be compared, else from where the day began. Rejects while the store does not answer, because it is asked only once.
 */
export async function withRecordedWeek(
  { accounts }: Pick<Ports, 'accounts'>,
  state: RiskState,
  now: Timestamp,
): Promise<RiskState> {
  if (state.week !== undefined) return state;
  const recorded = await accounts.equity(now - 2 * WEEK_MS).catch((error: unknown) => {
    if (error instanceof StoreUnreadable) return [];
    throw error;
  });
  const week = clearedHistory(recorded, state)
    .points.filter(({ at, equity }) => at <= state.accountAt && equity > 0)
    .map(({ at, equity }) => ({ at, equity: usdFromNumber(equity) }))
    .reduce((marks: readonly EquityMark[], each) => withMark(marks, each, now), []);
  return { ...state, week: week.length === 0 ? weekOf(state) : week };
}
