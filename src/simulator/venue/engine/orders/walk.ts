import type { CandleEnd, PathPoint } from '../../market/market.ts';
import type { Account } from '../account.ts';
import type { EngineContext } from '../context.ts';
import { settleFunding, settlementsIn } from '../positions/funding.ts';
import { touched, priceEventsOf, type PriceEvent } from '../protections/price-events.ts';

/** More than this many events of one contract at one point of its path is a fault of the engine, not a market. */
const MOST_EVENTS_PER_POINT = 10_000;
const MINUTE = 60_000;
const LONG_JUMP = 86_400_000;

interface Step {
  readonly time: number;
  readonly index: number;
  readonly point: PathPoint | undefined;
}

/** Contracts in which some account has a position or an order. */
export function activeIndexes(accounts: Iterable<Account>): Set<number> {
  const found = new Set<number>();
  for (const account of accounts) {
    for (const position of account.positions.values()) found.add(position.index);
    for (const order of account.orders.values()) found.add(order.index);
  }
  return found;
}

/**
 * Takes every account from the context's time to `to` along the price paths: each stop, limit, liquidation and funding
 * settlement between happens at its own price and moment, over all contracts in order of time.
 */
export function walk(ctx: EngineContext, accounts: readonly Account[], to: number): void {
  const stride = to - ctx.time > LONG_JUMP ? 5 * MINUTE : MINUTE;
  while (ctx.time < to) {
    const active = activeIndexes(accounts);
    if (active.size === 0) break;
    const end = Math.min(to, ctx.time + stride);
    walkStretch(ctx, accounts, { active, end });
    ctx.time = end;
  }
  ctx.time = Math.max(ctx.time, to);
  ctx.cursors.clear();
}

function walkStretch(
  ctx: EngineContext,
  accounts: readonly Account[],
  stretch: { active: Set<number>; end: number },
): void {
  const from = ctx.time;
  const steps: Step[] = [];
  ctx.cursors.clear();
  for (const index of stretch.active) {
    const ticks = ctx.market.last(index, from);
    if (ticks === undefined) continue;
    ctx.cursors.set(index, ticks);
    const way = { from, to: stretch.end, first: worstFirst(accounts, index) };
    for (const point of ctx.market.path(index, way)) steps.push({ time: point.time, index, point });
    for (const time of settlementsIn(ctx, index, { from, to: stretch.end }))
      steps.push({ time, index, point: undefined });
  }
  steps.sort((a, b) => a.time - b.time);
  for (const step of steps) {
    if (step.point === undefined) {
      ctx.time = Math.max(ctx.time, step.time);
      for (const account of accounts) settleFunding({ ctx, account }, step.index);
      serveHere(ctx, accounts, step.index);
    } else walkTo(ctx, accounts, { index: step.index, point: step.point });
  }
}

/** The end of a candle that hurts who holds the contract; the first holder's where there are several. */
function worstFirst(accounts: readonly Account[], index: number): CandleEnd | undefined {
  for (const account of accounts) {
    for (const position of account.positions.values()) {
      if (position.index === index) return position.side === 'LONG' ? 'low' : 'high';
    }
  }
  return undefined;
}

/** Moves one contract's price straight (or, into a gap, at once) to a point, serving what lies on the way. */
export function walkTo(
  ctx: EngineContext,
  accounts: readonly Account[],
  leg: { index: number; point: PathPoint },
): void {
  const { index, point } = leg;
  const start = ctx.cursors.get(index) ?? point.ticks;
  const begun = ctx.time;
  if (point.jump) {
    ctx.cursors.set(index, point.ticks);
    ctx.time = Math.max(ctx.time, point.time);
  }
  ctx.behindGap = point.jump;
  for (let count = 0; count < MOST_EVENTS_PER_POINT; count += 1) {
    const here = ctx.cursors.get(index) ?? point.ticks;
    const next = nearest(gather(ctx, accounts, index), here, point.ticks);
    if (next === undefined) break;
    const at = touched(next, here) ? here : next.ticks;
    ctx.cursors.set(index, at);
    const share = point.ticks === start ? 1 : (at - start) / (point.ticks - start);
    ctx.time = Math.max(
      ctx.time,
      Math.floor(begun + (point.time - begun) * Math.min(1, Math.max(0, share))),
    );
    next.run();
  }
  ctx.behindGap = false;
  ctx.cursors.set(index, point.ticks);
  ctx.time = Math.max(ctx.time, point.time);
}

/** Serves what the present price already touches, without moving it. */
export function serveHere(ctx: EngineContext, accounts: readonly Account[], index: number): void {
  const ticks = ctx.cursors.get(index);
  if (ticks !== undefined)
    walkTo(ctx, accounts, { index, point: { time: ctx.time, ticks, jump: false } });
}

function gather(ctx: EngineContext, accounts: readonly Account[], index: number): PriceEvent[] {
  return accounts.flatMap((account) => priceEventsOf({ ctx, account }, index));
}

/** The event that is touched now, else the first one met on the way to the target. */
function nearest(
  events: readonly PriceEvent[],
  here: number,
  target: number,
): PriceEvent | undefined {
  let best: PriceEvent | undefined;
  for (const event of events) {
    if (touched(event, here)) return event;
    if (!touched(event, target)) continue;
    if (best === undefined || Math.abs(event.ticks - here) < Math.abs(best.ticks - here))
      best = event;
  }
  return best;
}
