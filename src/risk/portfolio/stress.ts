import {
  add,
  max,
  mulDiv,
  neg,
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
} from '../../domain/money/money.ts';
import { equityOf, type Account } from '../../domain/account.ts';
import type { FundingRate } from '../../domain/instrument.ts';
import {
  markOf,
  pnlOf,
  stopReached,
  stopsOf,
  valueOf,
  workingProtections,
  type Position,
  type ProtectiveOrder,
  type StopPart,
} from '../../domain/position.ts';
import { pnlOfExit, type Costs } from '../terms/costs.ts';
import { heatOfPosition, together, withinMargin } from '../terms/heat.ts';
import { jumpedPrice, lossInJump, movedBy } from '../terms/jump.ts';

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

/** The stops that close all of a position together, of those that still protect; undefined when they leave a part. */
function fullStops(
  position: Position,
  { protections }: StressInput,
): readonly StopPart[] | undefined {
  const mark = markOf(position);
  if (mark === undefined) return undefined;
  const stops = stopsOf(position, workingProtections(position, protections, mark));
  return stops.uncovered > 0n ? undefined : stops.parts;
}

const pnlAt = (position: Position, { price, covers: qty }: StopPart, costs: Costs): Usd =>
  pnlOfExit({ ...position, qty }, price, costs);

/** A position whose price is at `price` now: an isolated one has lost no more than its margin, and all of it at liquidation. */
function openAt(position: Position, price: Price, costs: Costs): Pick<StressRow, 'change' | 'end'> {
  const pnl = pnlOf(position, { entry: position.entryPrice, exit: price });
  const change = fromNow(position, withinMargin(position, pnl, costs));
  return { change, end: isLiquidated(position, price) ? 'liquidated' : 'still open' };
}

function shockRow(position: Position, btcMove: number, input: StressInput): StressRow {
  const { move, assumed } = moveOf(position, btcMove, input.betas);
  const base = { positionId: position.id, symbol: position.symbol, assumed };
  const price = movedBy(markOf(position) ?? position.entryPrice, move);
  const stops = fullStops(position, input);
  if (stops?.every((stop) => stopReached(position.side, stop.price, price)) === true) {
    const pnl = sumUsd(stops.map((stop) => pnlAt(position, stop, input.costs)));
    const end = fromNow(position, withinMargin(position, pnl, input.costs));
    return { ...base, change: end, end: 'stopped' };
  }
  return { ...base, ...openAt(position, price, input.costs) };
}

/** Cross positions share the account: together they take no more than what is in it. */
function resultOf(
  label: string,
  rows: readonly StressRow[],
  { account, positions }: StressInput,
): StressResult {
  const equity = equityOf(account);
  const cross = new Set(
    positions.filter((each) => each.marginMode === 'cross').map((each) => each.id),
  );
  const lost = (shared: boolean): Usd =>
    neg(
      sumUsd(rows.filter((row) => cross.has(row.positionId) === shared).map((row) => row.change)),
    );
  const change = neg(together(lost(false), lost(true), equity));
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
    input,
  );

/** Every stop fills `gap` worse than its price; what has no full stop loses all that it can lose. */
export function gapThroughStops(input: StressInput, gap: Ratio = STOP_GAP): StressResult {
  const { account, protections, costs } = input;
  const scale = { equity: equityOf(account), costs };
  const rows = input.positions.map((position): StressRow => {
    const base = { positionId: position.id, symbol: position.symbol, assumed: false };
    const stops = fullStops(position, input);
    const last = stops?.at(-1);
    if (stops === undefined || last === undefined) {
      const { further } = heatOfPosition(position, protections, scale);
      return { ...base, change: neg(further ?? valueOf(position)), end: 'liquidated' };
    }
    const filled = stops.map((stop) => ({
      ...stop,
      price: jumpedPrice(stop.price, position.side, gap),
    }));
    const pnl = sumUsd(filled.map((stop) => pnlAt(position, stop, costs)));
    const end = isLiquidated(position, jumpedPrice(last.price, position.side, gap));
    const change = fromNow(position, withinMargin(position, pnl, costs));
    return { ...base, change, end: end ? 'liquidated' : 'stopped' };
  });
  return resultOf('gap through all stops', rows, input);
}

/** Every price jumps by `by` against its position at once, through the stops: what the limit for a jump counts. */
export function jumpAgainst(input: StressInput, by: Ratio): StressResult {
  const rows = input.positions.map((position): StressRow => {
    const base = { positionId: position.id, symbol: position.symbol, assumed: false };
    const lost = lossInJump(position, input.costs, by) ?? valueOf(position);
    const price = jumpedPrice(markOf(position) ?? position.entryPrice, position.side, by);
    const stops = fullStops(position, input);
    const stopped = stops?.every((stop) => stopReached(position.side, stop.price, price)) === true;
    const open = stopped ? 'stopped' : 'still open';
    return {
      ...base,
      change: neg(lost),
      end: isLiquidated(position, price) ? 'liquidated' : open,
    };
  });
  return resultOf('jump against every position', rows, input);
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
