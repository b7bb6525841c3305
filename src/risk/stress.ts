import {
  add,
  max,
  mulDiv,
  neg,
  ONE_RATIO,
  ratioFromNumber,
  ratioOf,
  scaleBy,
  sub,
  sumUsd,
  ZERO_RATIO,
  ZERO_USD,
  type Price,
  type Ratio,
  type Usd,
} from '../domain/money.ts';
import { equityOf, type Account } from '../domain/account.ts';
import type { FundingRate } from '../domain/instrument.ts';
import {
  leftBy,
  pnlOf,
  stopReached,
  stopsOf,
  type Position,
  type ProtectiveOrder,
  type StopPart,
} from '../domain/position.ts';
import { pnlOfExit, type Costs } from './costs.ts';
import { markOf, valueOf } from '../domain/position.ts';

export interface StressInput {
  readonly account: Account;
  readonly positions: readonly Position[];
  readonly protections: readonly ProtectiveOrder[];
  /** Move of each symbol for a move of Bitcoin of 1. An unknown one is taken as 1 in the direction that hurts. */
  readonly betas: ReadonlyMap<string, number>;
  readonly costs: Costs;
}

/** How one position comes out of a scenario. */
export interface StressRow {
  readonly positionId: string;
  readonly symbol: string;
  /** Change of equity from now. */
  readonly change: Usd;
  readonly end: 'still open' | 'stopped' | 'liquidated';
  /** No beta is known: 1 was assumed, against the position. */
  readonly assumed: boolean;
}

export interface StressResult {
  readonly label: string;
  /** Change of equity from now; negative is a loss. */
  readonly change: Usd;
  readonly equityAfter: Usd;
  /** `change` ÷ equity; undefined when equity is not above 0. */
  readonly fraction: Ratio | undefined;
  readonly rows: readonly StressRow[];
}

/** Moves of Bitcoin that the stress card shows. */
export const BTC_SHOCKS = [-0.05, -0.1, -0.2] as const;
/** How much worse than its price a stop fills in the gap scenario. */
export const STOP_GAP: Ratio = ratioFromNumber(0.02);

const shifted = (price: Price, by: Ratio): Price =>
  max(mulDiv(price, ONE_RATIO + by, { c: ONE_RATIO, rounding: 'half-even' }) as Price, 0n as Price);

function moveOf(
  position: Position,
  btcMove: number,
  betas: ReadonlyMap<string, number>,
): { move: Ratio; assumed: boolean } {
  const beta = betas.get(position.symbol);
  if (beta !== undefined) return { move: ratioFromNumber(beta * btcMove), assumed: false };
  const hurts = position.side === 'long' ? -Math.abs(btcMove) : Math.abs(btcMove);
  return { move: ratioFromNumber(hurts), assumed: true };
}

const fromNow = (position: Position, pnl: Usd): Usd => sub(pnl, position.unrealisedPnl);

const isLiquidated = (position: Position, at: Price): boolean =>
  position.liquidationPrice !== undefined &&
  stopReached(position.side, position.liquidationPrice, at);

/** An isolated position loses its margin at liquidation and no more; a cross one is measured at its price. */
function lossAtLiquidation(position: Position, at: Price): Usd {
  return position.marginMode === 'isolated'
    ? neg(position.margin)
    : pnlOf(position, { entry: position.entryPrice, exit: at });
}

/** The stops of a position that close all of it together; undefined when they leave a part. */
function fullStops(
  position: Position,
  { protections }: StressInput,
): readonly StopPart[] | undefined {
  const stops = stopsOf(position, protections);
  return leftBy(position, stops) > 0n ? undefined : stops;
}

const pnlAt = (position: Position, { price, covers: qty }: StopPart, costs: Costs): Usd =>
  pnlOfExit({ ...position, qty }, price, costs);

function shockRow(position: Position, btcMove: number, input: StressInput): StressRow {
  const { move, assumed } = moveOf(position, btcMove, input.betas);
  const base = { positionId: position.id, symbol: position.symbol, assumed };
  const mark = markOf(position) ?? position.entryPrice;
  const price = shifted(mark, move);
  const stops = fullStops(position, input);
  if (stops?.every((stop) => stopReached(position.side, stop.price, price)) === true) {
    const pnl = sumUsd(stops.map((stop) => pnlAt(position, stop, input.costs)));
    return { ...base, change: fromNow(position, pnl), end: 'stopped' };
  }
  if (isLiquidated(position, price)) {
    return {
      ...base,
      change: fromNow(position, lossAtLiquidation(position, price)),
      end: 'liquidated',
    };
  }
  const pnl = pnlOf(position, { entry: position.entryPrice, exit: price });
  return { ...base, change: fromNow(position, pnl), end: 'still open' };
}

function resultOf(label: string, rows: readonly StressRow[], account: Account): StressResult {
  const change = sumUsd(rows.map((row) => row.change));
  const equity = equityOf(account);
  return {
    label,
    change,
    equityAfter: add(equity, change),
    fraction: equity > 0n ? ratioOf(change, equity, 'half-even') : undefined,
    rows,
  };
}

/** Bitcoin moves by `btcMove` (-0.1 is -10 %) and every coin by its beta, smoothly: stops on the way fill with the assumed slippage. */
export const btcShock = (input: StressInput, btcMove: number): StressResult =>
  resultOf(
    `Bitcoin ${btcMove < 0 ? '' : '+'}${Math.round(btcMove * 100)} %`,
    input.positions.map((each) => shockRow(each, btcMove, input)),
    input.account,
  );

/** Every stop fills `gap` worse than its price, and what has no full stop is liquidated or loses its margin. */
export function gapThroughStops(input: StressInput, gap: Ratio = STOP_GAP): StressResult {
  const rows = input.positions.map((position): StressRow => {
    const base = { positionId: position.id, symbol: position.symbol, assumed: false };
    const stops = fullStops(position, input);
    const last = stops?.at(-1);
    if (stops === undefined || last === undefined) {
      const pnl = lossAtLiquidation(position, position.liquidationPrice ?? (0n as Price));
      return { ...base, change: fromNow(position, pnl), end: 'liquidated' };
    }
    const away = position.side === 'long' ? neg(gap) : gap;
    const farthest = shifted(last.price, away);
    if (isLiquidated(position, farthest)) {
      return {
        ...base,
        change: fromNow(position, lossAtLiquidation(position, farthest)),
        end: 'liquidated',
      };
    }
    const filled = stops.map((stop) => ({ ...stop, price: shifted(stop.price, away) }));
    const pnl = sumUsd(filled.map((stop) => pnlAt(position, stop, input.costs)));
    return { ...base, change: fromNow(position, pnl), end: 'stopped' };
  });
  return resultOf('gap through all stops', rows, input.account);
}

/**
 * Funding of the next 24 h at today's rates: negative is paid. Positive rates are paid by longs. Symbols without a known rate are
 * listed, not guessed.
 */
export function fundingForADay(
  positions: readonly Position[],
  rates: ReadonlyMap<string, FundingRate>,
): { readonly change: Usd; readonly unknown: readonly string[] } {
  const unknown: string[] = [];
  let change = ZERO_USD;
  for (const position of positions) {
    const funding = rates.get(position.symbol);
    if (funding === undefined || funding.intervalHours <= 0) {
      unknown.push(position.symbol);
      continue;
    }
    const once = scaleBy(valueOf(position), funding.rate, 'half-even');
    const day = mulDiv(once, 24n, {
      c: BigInt(Math.round(funding.intervalHours)),
      rounding: 'half-even',
    }) as Usd;
    change = position.side === 'long' ? sub(change, day) : add(change, day);
  }
  return { change, unknown };
}

/** A position with the move of its own price that liquidates it, as an unsigned fraction of the mark. */
export interface LiquidationRow {
  readonly positionId: string;
  readonly symbol: string;
  readonly price: Price;
  readonly distance: Ratio;
}

/** Which position is liquidated first if every price moves against it alike: nearest first; ones without a liquidation price last, left out. */
export function liquidationOrder(positions: readonly Position[]): readonly LiquidationRow[] {
  const rows = positions.flatMap((position): LiquidationRow[] => {
    const mark = markOf(position);
    const price = position.liquidationPrice;
    if (mark === undefined || mark <= 0n || price === undefined) return [];
    const away = position.side === 'long' ? sub(mark, price) : sub(price, mark);
    const distance = ratioOf(max(away, 0n as Price), mark, 'down');
    return [
      {
        positionId: position.id,
        symbol: position.symbol,
        price,
        distance: max(distance, ZERO_RATIO),
      },
    ];
  });
  return rows.toSorted((a, b) => (a.distance < b.distance ? -1 : a.distance > b.distance ? 1 : 0));
}
