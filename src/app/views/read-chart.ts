import { INTERVALS, type Candle, type Interval } from '../../domain/candle.ts';
import type { Fill } from '../../domain/order.ts';
import type { Price } from '../../domain/money/money.ts';
import { SIDES, stopsOf, type Position, type Side } from '../../domain/position.ts';
import { levelsOf, type Proposal } from '../../domain/proposal.ts';
import type { Ports } from '../ports/ports.ts';
import { ownFills } from './taken-so-far.ts';
import { reasonOf } from '../reading/reading.ts';
import { didYouMean, resolveSymbol } from '../reading/resolve-symbol.ts';

/** What is drawn over the candles: an open position, or the plan of a signal that waits. */
export interface ChartTrade {
  readonly side: Side;
  /** The same coin is open on the other side as well, which is not drawn (hedge mode). */
  readonly otherToo: boolean;
  readonly entry: Price;
  readonly stop: Price | undefined;
  readonly target: Price | undefined;
  /** Of an open position, where the exchange names one. */
  readonly liquidation: Price | undefined;
  /** The executions of an open position; a text says why they could not be read; undefined for a plan. */
  readonly fills: readonly Fill[] | string | undefined;
}

export type ChartReading =
  | {
      readonly kind: 'chart';
      readonly symbol: string;
      readonly interval: Interval;
      /** Closed ones, oldest first; at least one. */
      readonly candles: readonly Candle[];
      readonly mark: Price | undefined;
      readonly trade: ChartTrade | undefined;
      /** What could not be read of the account; undefined: all of it was. */
      readonly without: string | undefined;
    }
  /** Plain words on what to write instead, or on what could not be read. */
  | { readonly kind: 'refused'; readonly reason: string };

const CANDLES = 120;
const USUAL: Interval = '1h';
/** How a chart is asked for. */
export const CHART_EXAMPLE = 'Write a coin and, if you like, how long a candle is: /chart BTC 4h.';

interface ChartWords {
  readonly coin: string;
  readonly interval: Interval;
  /** Which position is meant where the coin is open on both sides. */
  readonly side?: Side;
}

/** A coin, the length of its candles and a side as people write them: "BTC 4h", "eth 1D", "sol", "btc short". */
export function chartWords(words: string): ChartWords | string {
  const typed = words.trim().split(/\s+/);
  const side = SIDES.find((each) => typed.some((word) => word.toLowerCase() === each));
  const [coin = '', written = USUAL, ...more] = typed.filter((word) => word.toLowerCase() !== side);
  if (coin === '' || more.length > 0) return CHART_EXAMPLE;
  const interval = INTERVALS.find((each) => each === written.toLowerCase());
  return interval === undefined
    ? `I know no candles of "${written.slice(0, 20)}". There are ${INTERVALS.join(', ')}.`
    : { coin, interval, ...(side === undefined ? {} : { side }) };
}

/** Candles of a coin, with what is open in it or waits for an answer. Never rejects. */
export async function readChart(
  ports: Pick<Ports, 'market' | 'account' | 'proposals'>,
  words: string,
): Promise<ChartReading> {
  const asked = chartWords(words);
  if (typeof asked === 'string') return { kind: 'refused', reason: asked };
  try {
    const [instruments, tickers] = await Promise.all([
      ports.market.instruments(),
      ports.market.tickers(),
    ]);
    const symbols = instruments.map((each) => each.symbol);
    const symbol = resolveSymbol(asked.coin, symbols);
    if (symbol === undefined) return { kind: 'refused', reason: unknownCoin(asked.coin, symbols) };
    const { interval } = asked;
    const [candles, trade] = await Promise.all([
      ports.market.candles({ symbol, interval, limit: CANDLES }),
      readTrade(ports, symbol, asked.side),
    ]);
    if (candles.length === 0)
      return {
        kind: 'refused',
        reason: `The exchange has no ${interval} candles of ${symbol} yet.`,
      };
    const mark = tickers.find((each) => each.symbol === symbol)?.mark;
    return { kind: 'chart', symbol, interval, candles, mark, ...trade };
  } catch (error) {
    return {
      kind: 'refused',
      reason: `The candles cannot be read right now (${reasonOf(error)}).`,
    };
  }
}

function unknownCoin(coin: string, symbols: readonly string[]): string {
  const hint = didYouMean(coin, symbols);
  return `The exchange lists no "${coin.slice(0, 30)}".${hint === undefined ? '' : ` ${hint}`}`;
}

async function readTrade(
  ports: Pick<Ports, 'account' | 'proposals'>,
  symbol: string,
  side: Side | undefined,
): Promise<{ readonly trade: ChartTrade | undefined; readonly without: string | undefined }> {
  try {
    const [positions, protections] = await Promise.all([
      ports.account.positions(),
      ports.account.protections(),
    ]);
    const open = positions.filter((each) => each.symbol === symbol);
    const position = open.find((each) => each.side === side) ?? open[0];
    if (position !== undefined) {
      const { largest, target, partTargets } = stopsOf(position, protections);
      const trade = {
        side: position.side,
        otherToo: open.length > 1,
        entry: position.entryPrice,
        stop: largest?.price,
        target: target ?? partTargets[0]?.price,
        liquidation: position.liquidationPrice,
        fills: await fillsOf(ports, position, open),
      };
      return { trade, without: undefined };
    }
    const pending = await ports.proposals.withStatus('pending');
    const plan = pending.find(({ signal }) => signal.symbol === symbol);
    return { trade: plan && planOf(plan), without: undefined };
  } catch (error) {
    return { trade: undefined, without: reasonOf(error) };
  }
}

/** What was bought and sold of the position, without what belongs to the other side of its coin; or why that cannot be read. */
async function fillsOf(
  { account }: Pick<Ports, 'account'>,
  position: Position,
  open: readonly Position[],
): Promise<readonly Fill[] | string> {
  const { symbol, openedAt: start } = position;
  try {
    const fills = await account.fills({ symbol, since: start });
    return ownFills(position, { fills, start, others: open });
  } catch (error) {
    return reasonOf(error);
  }
}

function planOf(proposal: Proposal): ChartTrade {
  const { stop, target } = levelsOf(proposal);
  const { side } = proposal.signal;
  return {
    side,
    otherToo: false,
    entry: proposal.plan.entry,
    stop,
    target,
    liquidation: undefined,
    fills: undefined,
  };
}
