import { divDec, maxDec, money, moneyUp, mulDec, type Dec } from '../../decimal.ts';
import { tierFor } from '../../market/instrument.ts';
import type { Account, Position } from '../account.ts';
import { instrumentAt, quoteOf, type EngineContext, type Desk } from '../context.ts';

const ONE = 10n ** 12n;

/** Notional of a quantity at a price, to eight decimals. */
export function notional(qty: Dec, price: Dec): Dec {
  return money(mulDec(qty, price));
}

/** Margin that a notional needs at a leverage, rounded up. */
export function initialMargin(value: Dec, leverage: number): Dec {
  return moneyUp(value / BigInt(leverage) + (value % BigInt(leverage) === 0n ? 0n : 1n));
}

/** Open profit of a position at a price. */
export function profitAt(position: Position, price: Dec): Dec {
  const value = notional(position.qty, price);
  return position.side === 'LONG' ? value - position.entryValue : position.entryValue - value;
}

export function profitOf(ctx: EngineContext, position: Position): Dec {
  return profitAt(position, quoteOf(ctx, position.index).mark);
}

/** Maintenance margin rate: that of the tier in which the position's entry notional lies. */
export function maintenanceRate(ctx: EngineContext, position: Position): Dec {
  return tierFor(instrumentAt(ctx, position.index), position.entryValue).maintenance;
}

export function maintenanceOf(ctx: EngineContext, position: Position): Dec {
  const { mark } = quoteOf(ctx, position.index);
  return moneyUp(mulDec(notional(position.qty, mark), maintenanceRate(ctx, position)));
}

/** The account's figures at the moment being processed, USDT. */
export interface Balance {
  /** Free: wallet minus what positions and orders lock; open profit is not in it. May be negative. */
  readonly available: Dec;
  readonly frozen: Dec;
  readonly isolatedFrozen: Dec;
  readonly margin: Dec;
  readonly isolatedMargin: Dec;
  readonly crossProfit: Dec;
  readonly isolatedProfit: Dec;
  readonly equity: Dec;
}

export function balanceOf(desk: Desk): Balance {
  const { ctx, account } = desk;
  let frozen = 0n;
  let isolatedFrozen = 0n;
  let margin = 0n;
  let isolatedMargin = 0n;
  let crossProfit = 0n;
  let isolatedProfit = 0n;
  for (const order of account.orders.values()) {
    frozen += order.frozen;
    if (order.marginMode === 'ISOLATION') isolatedFrozen += order.frozen;
  }
  for (const position of account.positions.values()) {
    margin += position.margin;
    const profit = profitOf(ctx, position);
    if (position.marginMode === 'ISOLATION') {
      isolatedMargin += position.margin;
      isolatedProfit += profit;
    } else crossProfit += profit;
  }
  const available = account.wallet - margin - frozen;
  const equity = account.wallet + crossProfit + isolatedProfit;
  return {
    available,
    frozen,
    isolatedFrozen,
    margin,
    isolatedMargin,
    crossProfit,
    isolatedProfit,
    equity,
  };
}

/** What a new order may use: free balance plus the open profit (or loss) of cross positions. */
export function spendable(balance: Balance): Dec {
  return balance.available + balance.crossProfit;
}

/** Money behind the cross positions, before their open profit. */
export function crossBalance(account: Account): Dec {
  let isolated = 0n;
  for (const position of account.positions.values()) {
    if (position.marginMode === 'ISOLATION') isolated += position.margin;
  }
  return account.wallet - isolated;
}

/** The mark price at which a position is liquidated, and on which side of it; undefined when no price does it. */
export interface LiquidationLine {
  readonly price: Dec;
  readonly side: 'below' | 'above';
}

/** Isolated: where its margin plus open profit equals maintenance. Long (entry - margin) / (qty (1 - mmr)), short mirrored. */
export function isolatedLine(ctx: EngineContext, position: Position): LiquidationLine | undefined {
  const rate = maintenanceRate(ctx, position);
  if (ctx.quirks.isolatedLine === 'entry') return lineAtEntry(position, rate);
  if (position.side === 'LONG') {
    const price = divDec(position.entryValue - position.margin, mulDec(position.qty, ONE - rate));
    return price > 0n ? { price, side: 'below' } : undefined;
  }
  return {
    price: divDec(position.entryValue + position.margin, mulDec(position.qty, ONE + rate)),
    side: 'above',
  };
}

/** The other reading: maintenance is that of the entry value, so it does not move with the price. */
function lineAtEntry(position: Position, rate: Dec): LiquidationLine | undefined {
  const { entryValue, margin, qty } = position;
  const maintenance = mulDec(entryValue, rate);
  if (position.side === 'SHORT')
    return { price: divDec(entryValue - maintenance + margin, qty), side: 'above' };
  const price = divDec(entryValue + maintenance - margin, qty);
  return price > 0n ? { price, side: 'below' } : undefined;
}

/** Cross: where cross balance plus all cross profit equals all cross maintenance while every other contract stands still. */
export function crossLine(desk: Desk, index: number): LiquidationLine | undefined {
  const { ctx, account } = desk;
  let constant = crossBalance(account);
  let slope = 0n;
  for (const position of account.positions.values()) {
    if (position.marginMode !== 'CROSS') continue;
    if (position.index !== index) {
      constant += profitOf(ctx, position) - maintenanceOf(ctx, position);
      continue;
    }
    const rate = maintenanceRate(ctx, position);
    const long = position.side === 'LONG';
    constant += long ? -position.entryValue : position.entryValue;
    slope += mulDec(position.qty, long ? ONE - rate : -ONE - rate);
  }
  if (slope === 0n) return undefined;
  const price = divDec(-constant, slope);
  if (slope > 0n) return price > 0n ? { price, side: 'below' } : undefined;
  return { price: maxDec(price, 0n), side: 'above' };
}

export function liquidationLine(desk: Desk, position: Position): LiquidationLine | undefined {
  const { ctx } = desk;
  if (position.marginMode === 'ISOLATION') return isolatedLine(ctx, position);
  const line = crossLine(desk, position.index);
  const wanted = position.side === 'LONG' ? 'below' : 'above';
  return line?.side === wanted ? line : undefined;
}

/**
 * Maintenance margin over margin balance: of the position when isolated, of the whole cross account when cross. In the other
 * reading margin balance over notional.
 */
export function marginRate(desk: Desk, position: Position): Dec {
  const { ctx, account } = desk;
  let need = 0n;
  let worth = 0n;
  let have = position.marginMode === 'CROSS' ? crossBalance(account) : position.margin;
  for (const other of account.positions.values()) {
    const counts =
      position.marginMode === 'CROSS' ? other.marginMode === 'CROSS' : other.id === position.id;
    if (!counts) continue;
    need += maintenanceOf(ctx, other);
    worth += notional(other.qty, quoteOf(ctx, other.index).mark);
    have += profitOf(ctx, other);
  }
  if (ctx.quirks.marginRate === 'cover') return worth > 0n ? divDec(have, worth) : ONE;
  return have > 0n ? divDec(need, have) : ONE;
}

/** The one place that changes the wallet: its parts and its whole move together. */
export function bookMoney(
  account: Account,
  change: {
    readonly realized?: Dec;
    readonly fee?: Dec;
    readonly funding?: Dec;
    readonly deposit?: Dec;
  },
): void {
  const { realized = 0n, fee = 0n, funding = 0n, deposit = 0n } = change;
  account.realizedTotal += realized;
  account.feeTotal += fee;
  account.fundingTotal += funding;
  account.deposits += deposit;
  account.wallet += realized - fee + funding + deposit;
}
