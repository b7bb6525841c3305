import { typedChange } from '../manage/change-words.ts';
import { sumUsd, type Usd } from '../../domain/money/money.ts';
import { sureNet, type ClosedPosition } from '../../domain/position.ts';
import { DAY } from '../../domain/time.ts';
import type { Ports } from '../ports/ports.ts';
import { plannedOf, type PlannedTrade } from '../approval/planned-trade.ts';
import { reasonOf, type Reading } from '../reading/reading.ts';
import { resolveSymbol } from '../reading/resolve-symbol.ts';

/** How far back closed positions are listed. */
const TRADES_MS = 90 * DAY;
/** Signals that are looked through for what was planned. */
const SIGNALS = 1_000;

/** What the closed positions of one contract came to. */
export interface CoinResult {
  readonly symbol: string;
  readonly closed: number;
  /** With a gain that is sure: none counts of which the exchange does not say all costs. */
  readonly won: number;
  /** What is missing of costs is not in it. */
  readonly net: Usd;
  readonly longNet: Usd;
  readonly shortNet: Usd;
}

/** A closed position with what was planned and what its owner wrote about it. */
export interface TradeRow extends ClosedPosition {
  /** Absent: it was not opened by an approved signal, or too long ago. */
  readonly planned?: PlannedTrade;
  readonly note?: string;
}

export interface TradesView {
  /** The contract that was asked for; all when absent. */
  readonly symbol?: string;
  /** Newest first. */
  readonly trades: readonly TradeRow[];
  /** Best first. */
  readonly coins: readonly CoinResult[];
}

/**
 * The positions that were closed in the last 90 days, as the exchange lists them, by Vigil or not; of one contract where `about` names
 * it. `unknown`: no closed position has that name.
 */
export async function readTrades(
  ports: Pick<Ports, 'clock' | 'account' | 'proposals' | 'notes'>,
  about = '',
): Promise<Reading<TradesView | 'unknown'>> {
  const now = ports.clock.now();
  try {
    const [closed, proposals, notes] = await Promise.all([
      ports.account.closedPositions(now - TRADES_MS),
      // What was planned and written stands beside it; the exchange's figures do not wait for it.
      ports.proposals.recent(SIGNALS).catch(() => []),
      ports.notes.all().catch(() => new Map<string, string>()),
    ]);
    const symbol =
      about === ''
        ? undefined
        : resolveSymbol(typedChange(about).coin, [...new Set(closed.map((each) => each.symbol))]);
    if (about !== '' && symbol === undefined) return { kind: 'live', value: 'unknown', at: now };
    const trades = closed
      .filter((each) => symbol === undefined || each.symbol === symbol)
      .toSorted((one, other) => other.closedAt - one.closedAt)
      .map((each): TradeRow => {
        const [planned, note] = [plannedOf(each, proposals), notes.get(each.id)];
        return {
          ...each,
          ...(planned === undefined ? {} : { planned }),
          ...(note === undefined ? {} : { note }),
        };
      });
    const value = { trades, coins: coinsOf(trades) };
    return { kind: 'live', value: symbol === undefined ? value : { ...value, symbol }, at: now };
  } catch (error) {
    return { kind: 'unavailable', reason: reasonOf(error) };
  }
}

function coinsOf(trades: readonly ClosedPosition[]): readonly CoinResult[] {
  const symbols = new Set(trades.map((each) => each.symbol));
  return [...symbols]
    .map((symbol) => ({ symbol, rows: trades.filter((each) => each.symbol === symbol) }))
    .map(({ symbol, rows }) => ({
      symbol,
      closed: rows.length,
      won: rows.filter((each) => sureNet(each) > 0n).length,
      net: netOf(rows),
      longNet: netOf(rows.filter((each) => each.side === 'long')),
      shortNet: netOf(rows.filter((each) => each.side === 'short')),
    }))
    .toSorted((one, other) => Number(other.net - one.net));
}

const netOf = (rows: readonly ClosedPosition[]): Usd => sumUsd(rows.map((each) => each.net));
