import { intervalMs, type Interval } from '../../domain/candle.ts';
import { priceFromNumber, type Price } from '../../domain/money/money.ts';
import { DAY, HOUR, type Timestamp } from '../../domain/time.ts';
import { fillsNeeded, type History } from '../../risk/state/rebuild.ts';
import { riskDayStart } from '../../risk/state/risk-state.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';
import type { Ports } from '../ports/ports.ts';

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
): Promise<History> {
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
): Promise<NonNullable<History['settlements']>> {
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
