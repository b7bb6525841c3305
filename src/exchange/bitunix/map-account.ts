import type { z } from 'zod';
import type { Account, PositionMode } from '../../domain/account.ts';
import {
  abs,
  add,
  divideBy,
  neg,
  notionalOf,
  price,
  qty,
  SCALE_DIGITS,
  stepOfDecimals,
  sub,
  usd,
  ZERO_USD,
  type Price,
  type Qty,
  type Usd,
} from '../../domain/money/money.ts';
import {
  pnlOf,
  type ClosedPosition,
  type MarginMode,
  type Position,
  type ProtectionEnd,
  type ProtectiveOrder,
  type Side,
} from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';
import { mapRow, type Mapped, type OnUnknown } from './mapped.ts';
import {
  accountRow,
  closedPositionRow,
  leverageRow,
  positionRow,
  protectionRow,
} from './schemas.ts';

export const POSITION_MODES: Readonly<Record<string, PositionMode>> = {
  HEDGE: 'hedge',
  ONE_WAY: 'one-way',
};
export const POSITION_SIDES: Readonly<Record<string, Side>> = {
  BUY: 'long',
  LONG: 'long',
  SELL: 'short',
  SHORT: 'short',
};

export const toAccount = (row: unknown, at: Timestamp, onUnknown: OnUnknown): Mapped<Account> =>
  mapRow(accountRow, row, (wire) => {
    const positionMode = POSITION_MODES[wire.positionMode ?? ''];
    // The balance is worth reading all the same; whoever places an order refuses.
    if (positionMode === undefined) onUnknown('positionMode', wire.positionMode ?? 'missing');
    return {
      value: {
        marginCoin: wire.marginCoin,
        available: usd(wire.available),
        frozen: usd(wire.frozen),
        margin: usd(wire.margin),
        unrealisedPnl: add(usd(wire.crossUnrealizedPNL), usd(wire.isolationUnrealizedPNL)),
        bonus: wire.bonus === undefined ? ZERO_USD : usd(wire.bonus),
        positionMode: positionMode ?? 'unknown',
        at,
      },
    };
  });

/** A word that is not known counts as cross: the whole balance is then taken to be at risk. */
function marginModeOf(word: string | undefined, onUnknown: OnUnknown): MarginMode {
  if (word === 'ISOLATION' || word === 'ISOLATED') return 'isolated';
  if (word !== 'CROSS') onUnknown('marginMode', word ?? 'missing');
  return 'cross';
}

export const toLeverage = (
  row: unknown,
  onUnknown: OnUnknown,
): Mapped<{ leverage: number; marginMode: MarginMode }> =>
  mapRow(leverageRow, row, (wire) => ({
    value: { leverage: wire.leverage, marginMode: marginModeOf(wire.marginMode, onUnknown) },
  }));

/**
 * Whether a row's realizedPNL already holds fees and funding: decided from the row, or from an earlier row of the same position,
 * or taken to be so as seen live.
 */
export type PnlBasis = 'net' | 'gross' | 'net, assumed';

/** What the same position's earlier rows showed, if there were any. */
export type PnlPrior = PnlBasis | undefined;

type Costs = { readonly fees: Usd; readonly funding: Usd };

/**
 * Open positions: before any partial close the price profit is 0, so the row shows its basis by being exactly the costs, or 0.
 * After a partial close it cannot be told from the row: then an earlier row decides, else it counts as net, as live captures had it.
 */
export function openBasis(realised: Usd, costs: Costs, prior?: PnlPrior): PnlBasis {
  if (realised === netCosts(costs)) return 'net';
  return realised === ZERO_USD ? 'gross' : (prior ?? 'net, assumed');
}

/** A figure decides when it is this much nearer: within a quarter of the costs of one reading. Rounded prices blur it. */
const CLEARLY_PARTS = 4n;
/** How far a printed figure may be off by rounding, beside that of the prices. */
const ROUNDED = usd('0.0001');

/** What follows from both printed prices and the largest size, and how far their last digits let it be off. */
interface PriceProfit {
  readonly profit: Usd;
  readonly blur: Usd;
}

function priceProfitOf(
  wire: { readonly entryPrice: string; readonly closePrice: string },
  of: { readonly side: Side; readonly qty: Qty },
): PriceProfit {
  const { entryPrice, closePrice } = wire;
  const blur = add(lastDigit(entryPrice), lastDigit(closePrice));
  return {
    profit: pnlOf(of, { entry: price(entryPrice), exit: price(closePrice) }),
    blur: add(notionalOf(blur, of.qty, 'up'), ROUNDED),
  };
}

/** One unit in the last place of a printed price. */
const lastDigit = (text: string): Price =>
  stepOfDecimals(Math.min(SCALE_DIGITS, (text.split('.')[1] ?? '').length)) as Price;

/**
 * Closed positions: the profit that follows from both prices, with or without the costs, is compared with the row's figure. When it
 * is clearly near neither, an earlier row of the position decides, else it counts as net. Of a position that was added to after a part
 * of it was closed the prices tell no profit, and its net may come near what they say by chance: gross is believed only as near as
 * rounding allows.
 */
export function closedBasis(
  realised: Usd,
  by: { readonly prices: PriceProfit; readonly costs: Costs },
  prior?: PnlPrior,
): PnlBasis {
  const costs = netCosts(by.costs);
  const { profit, blur } = by.prices;
  const off = (figure: Usd): Usd => abs(sub(realised, figure));
  const near = (figure: Usd): boolean => off(figure) * CLEARLY_PARTS <= abs(costs);
  if (costs === ZERO_USD || near(add(profit, costs))) return 'net';
  return near(profit) && off(profit) <= blur ? 'gross' : (prior ?? 'net, assumed');
}

/** Funding less fees; negative when they cost something together. */
const netCosts = ({ fees, funding }: Costs): Usd => sub(funding, fees);

const grossOf = (realised: Usd, basis: PnlBasis, costs: Costs): Usd =>
  basis === 'gross' ? realised : sub(add(realised, costs.fees), costs.funding);

/** Fees come with either sign, and under either name, and are always a cost. Undefined when the row has none. */
const feesOf = (wire: {
  readonly fee: string | undefined;
  readonly fees: string | undefined;
}): Usd | undefined => {
  const text = wire.fee ?? wire.fees;
  return text === undefined ? undefined : abs(usd(text));
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

/** What a level can be reached by; samples of the documentation shorten the words. */
const STOP_TYPES = new Set(['MARK_PRICE', 'MARK', 'LAST_PRICE', 'LAST']);

/** A resting TP/SL. Without a quantity it covers the whole position. */
export const toProtection = (row: unknown, onUnknown: OnUnknown): Mapped<ProtectiveOrder> =>
  mapRow(protectionRow, row, (wire) => {
    const id = wire.id ?? wire.orderId;
    if (id === undefined) return { problem: 'a stop or target without an id' };
    if (wire.slPrice === undefined && wire.tpPrice === undefined) {
      return { problem: `${id} is neither a stop nor a target` };
    }
    for (const word of [wire.slStopType, wire.tpStopType]) {
      if (word !== undefined && !STOP_TYPES.has(word)) onUnknown('stop type', word);
    }
    return {
      value: {
        id,
        positionId: wire.positionId,
        symbol: wire.symbol,
        ...(wire.slPrice === undefined ? {} : { stopPrice: price(wire.slPrice) }),
        ...(wire.tpPrice === undefined ? {} : { targetPrice: price(wire.tpPrice) }),
        ...(wire.slQty === undefined ? {} : { stopQty: qty(wire.slQty) }),
        ...(wire.tpQty === undefined ? {} : { targetQty: qty(wire.tpQty) }),
      },
    };
  });

export const PROTECTION_ENDS: Readonly<Record<string, ProtectionEnd>> = {
  FILLED: 'filled',
  CANCELED: 'cancelled',
  SYSTEM_CANCELED: 'cancelled by the exchange',
  FAILED: 'failed',
};

/** How a TP/SL of the history ended. */
export const toProtectionEnd = (row: unknown, onUnknown: OnUnknown): Mapped<ProtectionEnd> =>
  mapRow(protectionRow, row, (wire) => {
    const end = PROTECTION_ENDS[wire.status ?? ''];
    if (end === undefined) onUnknown('TP/SL status', wire.status ?? 'missing');
    return { value: end ?? 'unknown' };
  });
