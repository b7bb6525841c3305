import type { z } from 'zod';
import {
  abs,
  add,
  divideBy,
  neg,
  notionalOf,
  price,
  qty,
  usd,
  ZERO_USD,
  type Qty,
  type Usd,
} from '../../domain/money/money.ts';
import type { ClosedPosition, Position, Side } from '../../domain/position.ts';
import { marginModeOf } from './map-account.ts';
import { mapRow, type Mapped, type OnUnknown } from './mapped.ts';
import {
  closedBasis,
  feesOf,
  grossOf,
  openBasis,
  priceProfitOf,
  type Costs,
  type PnlBasis,
  type PnlPrior,
  type PriceProfit,
} from './pnl-basis.ts';
import { closedPositionRow, positionRow } from './schemas.ts';

const POSITION_SIDES: Readonly<Record<string, Side>> = {
  BUY: 'long',
  LONG: 'long',
  SELL: 'short',
  SHORT: 'short',
};

/** What one row of open positions says, and on which basis its profit was read. */
export interface MappedPosition {
  readonly position: Position;
  readonly basis: PnlBasis;
}

/** `priors`: how earlier rows of the same positions were read, by position id. */
export const toPosition = (
  row: unknown,
  onUnknown: OnUnknown,
  priors: ReadonlyMap<string, PnlBasis> = new Map(),
): Mapped<MappedPosition> =>
  mapRow(positionRow, row, (wire) => {
    const side = POSITION_SIDES[wire.side];
    if (side === undefined) return unknownSide(wire);
    const size = sizeOf(wire.qty, side);
    if (size === undefined) return wrongSize(wire.positionId, wire.qty);
    const openedAt = wire.ctime ?? wire.mtime;
    if (openedAt === undefined) return { problem: `position ${wire.positionId} has no time` };
    const entryPrice = price(wire.avgOpenPrice);
    const { costs, basis } = costsOf(wire, priors.get(wire.positionId));
    const position: Position = {
      id: wire.positionId,
      symbol: wire.symbol,
      side,
      qty: size,
      entryPrice,
      leverage: wire.leverage,
      marginMode: marginModeOf(wire.marginMode, onUnknown),
      ...marginOf(wire, notionalOf(entryPrice, size, 'up')),
      unrealisedPnl: usd(wire.unrealizedPNL),
      ...costs,
      ...assumed(basis),
      ...(wire.liqPrice === undefined ? {} : { liquidationPrice: price(wire.liqPrice) }),
      openedAt,
      updatedAt: wire.mtime ?? openedAt,
    };
    return { value: { position, basis } };
  });

type PositionWire = z.output<typeof positionRow>;

/** The size without its sign, which some write for a short; undefined when the sign contradicts the side. */
const sizeOf = (text: string, side: Side): Qty | undefined => {
  const size = qty(text);
  return size < 0n && side === 'long' ? undefined : abs(size);
};

const wrongSize = (positionId: string, size: string): { readonly problem: string } => ({
  problem: `position ${positionId} is long and has the size ${size}`,
});

/** Initial margin is the value at entry divided by the leverage; it stands in where a row names no margin, or one below 0. */
function marginOf(
  { margin, leverage }: PositionWire,
  value: Usd,
): Pick<Position, 'margin' | 'marginAssumed'> {
  if (margin !== undefined && usd(margin) >= 0n) return { margin: usd(margin) };
  return { margin: divideBy(value, leverage, 'up'), marginAssumed: true };
}

/** Costs so far and the profit taken so far; what the row lacks is 0 and said to be unknown. */
function costsOf(
  wire: PositionWire,
  prior: PnlPrior,
): {
  readonly costs: Pick<Position, 'realisedGross' | 'fees' | 'funding' | 'costsUnknown'>;
  readonly basis: PnlBasis;
} {
  const fees = feesOf(wire);
  const { funding, realizedPNL } = wire;
  if (fees === undefined || funding === undefined || realizedPNL === undefined) {
    const known = { fees: fees ?? ZERO_USD, funding: usd(funding ?? '0') };
    return {
      costs: { realisedGross: ZERO_USD, ...known, costsUnknown: true },
      basis: prior ?? 'net, assumed',
    };
  }
  const costs = { fees, funding: usd(funding) };
  const realised = usd(realizedPNL);
  const basis = openBasis(realised, costs, prior);
  return { costs: { realisedGross: grossOf(realised, basis, costs), ...costs }, basis };
}

const unknownSide = (wire: {
  readonly positionId: string;
  readonly side: string;
}): { readonly problem: string } => ({
  problem: `position ${wire.positionId} has the unknown side "${wire.side}": it is not guessed`,
});

export interface MappedClosedPosition {
  readonly position: ClosedPosition;
  readonly basis: PnlBasis;
}

export const toClosedPosition = (
  row: unknown,
  priors: ReadonlyMap<string, PnlBasis> = new Map(),
): Mapped<MappedClosedPosition> =>
  mapRow(closedPositionRow, row, (wire) => {
    const side = POSITION_SIDES[wire.side];
    if (side === undefined) return unknownSide(wire);
    const maxQty = sizeOf(wire.maxQty, side);
    if (maxQty === undefined) return wrongSize(wire.positionId, wire.maxQty);
    return { value: closedPosition(wire, { side, maxQty }, priors.get(wire.positionId)) };
  });

const assumed = (basis: PnlBasis): { readonly basisAssumed?: true } =>
  basis === 'net, assumed' ? { basisAssumed: true } : {};

function closedPosition(
  wire: z.output<typeof closedPositionRow>,
  { side, maxQty }: { readonly side: Side; readonly maxQty: Qty },
  prior: PnlPrior,
): MappedClosedPosition {
  const prices = { entry: price(wire.entryPrice), exit: price(wire.closePrice) };
  const byPrices = priceProfitOf(wire, { side, qty: maxQty });
  const { gross, costs, basis, costsUnknown } = resultOf(wire, byPrices, prior);
  const position: ClosedPosition = {
    id: wire.positionId,
    symbol: wire.symbol,
    side,
    maxQty,
    entryPrice: prices.entry,
    closePrice: prices.exit,
    ...(wire.leverage === undefined ? {} : { leverage: wire.leverage }),
    fees: costs.fees,
    funding: costs.funding,
    gross,
    net: add(add(gross, neg(costs.fees)), costs.funding),
    ...(costsUnknown ? { costsUnknown } : assumed(basis)),
    liquidated: wire.liqQty !== undefined && /[1-9]/.test(wire.liqQty),
    openedAt: wire.ctime ?? wire.mtime,
    closedAt: wire.mtime,
  };
  return { position, basis };
}

/** What a closed position earned and cost. What the row lacks is 0, but a profit, which follows from the prices; and is said to be unknown. */
function resultOf(
  wire: z.output<typeof closedPositionRow>,
  prices: PriceProfit,
  prior: PnlPrior,
): {
  readonly gross: Usd;
  readonly costs: Costs;
  readonly basis: PnlBasis;
  readonly costsUnknown: boolean;
} {
  const { funding, realizedPNL } = wire;
  const fees = feesOf(wire);
  const costs = { fees: fees ?? ZERO_USD, funding: usd(funding ?? '0') };
  const costsUnknown = [fees, funding, realizedPNL].includes(undefined);
  if (realizedPNL === undefined) {
    return { gross: prices.profit, costs, basis: prior ?? 'net, assumed', costsUnknown };
  }
  const realised = usd(realizedPNL);
  const basis = costsUnknown
    ? (prior ?? 'net, assumed')
    : closedBasis(realised, { prices, costs }, prior);
  return { gross: grossOf(realised, basis, costs), costs, basis, costsUnknown };
}
