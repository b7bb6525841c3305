import { formatDec, fromTicks, roundDec, toTicks, type Dec } from '../decimal.ts';
import { MOST_TICKS } from '../market/market.ts';
import { balanceOf } from '../engine/orders/book.ts';
import { deleverage } from '../engine/positions/deleverage.ts';
import { openByHand, sideFrom } from '../engine/positions/open-by-hand.ts';
import {
  accountOf,
  amount,
  bad,
  indexOf,
  number,
  onlyMembers,
  symbolOf,
  word,
  type ControlBody,
  type ControlContext,
} from './control-body.ts';
import { orderRow, type Row } from '../wire/routes/rows.ts';

/** A year: the farthest leap, so that a slip of the keyboard does not keep the venue busy for hours. */
const LONGEST_LEAP_MS = 366 * 86_400_000;
const FASTEST = 100_000;

/** Moves one contract or the whole market, by percent or to a price. */
export function movePrice(control: ControlContext, body: ControlBody): Row {
  onlyMembers(body, ['symbol', 'price', 'percent']);
  const { engine } = control;
  const all = body['symbol'] === '*';
  const percent = number(body, 'percent', { min: -99.99, max: 100_000 });
  const price = amount(body, 'price');
  if ((percent === undefined) === (price === undefined))
    throw bad('Give either "percent" or "price"');
  if (price !== undefined && (price <= 0n || all))
    throw bad('price must be positive and for one symbol; "*" goes with percent');
  const indexes = all
    ? engine.ctx.market.instruments.map((_, index) => index)
    : [indexOf(control, body)];
  let moved = 0;
  for (const index of indexes) {
    if (engine.lastPrice(index) === undefined) continue;
    moved += 1;
    if (price === undefined) engine.move(index, 1 + (percent ?? 0) / 100);
    else engine.moveTo(index, ticksOf(control, { index, price }));
  }
  const [first] = indexes;
  const after = first === undefined ? undefined : engine.lastPrice(first);
  return { moved, last: after === undefined ? null : formatDec(after) };
}

/** The price in ticks, rounded to the nearest. */
function ticksOf(
  { engine }: ControlContext,
  { index, price }: { readonly index: number; readonly price: Dec },
): number {
  const { symbol = '', quotePrecision = 0 } = engine.ctx.market.instruments[index] ?? {};
  const ticks = toTicks(roundDec(price, quotePrecision), quotePrecision, 'down');
  if (ticks >= 1 && ticks <= MOST_TICKS) return ticks;
  const [least, most] = [1, MOST_TICKS].map((one) => formatDec(fromTicks(one, quotePrecision)));
  throw bad(`The price of ${symbol} can be moved from ${least} to ${most}`);
}

/** Opens a position as the owner would on the exchange's own page. */
export function openPosition(control: ControlContext, body: ControlBody): Row {
  onlyMembers(body, [
    'symbol',
    'side',
    'qty',
    'notional',
    'leverage',
    'marginMode',
    'stop',
    'target',
    'apiKey',
  ]);
  const { maxLeverage = 1 } = control.engine.ctx.market.instruments[indexOf(control, body)] ?? {};
  const qty = amount(body, 'qty');
  const notional = amount(body, 'notional');
  const leverage = number(body, 'leverage', { min: 1, max: maxLeverage, whole: true });
  const stop = amount(body, 'stop');
  const target = amount(body, 'target');
  const marginMode = word(body, 'marginMode', ['ISOLATION', 'CROSS']);
  if ((qty === undefined) === (notional === undefined))
    throw bad('Give "qty" (base coin) or "notional" (USDT), and not both');
  const order = openByHand(
    { ctx: control.engine.ctx, account: accountOf(control, body) },
    {
      symbol: symbolOf(control, body) ?? '',
      side: sideFrom(body['side']),
      ...(qty === undefined ? {} : { qty }),
      ...(notional === undefined ? {} : { notional }),
      ...(leverage === undefined ? {} : { leverage }),
      ...(stop === undefined ? {} : { stop }),
      ...(target === undefined ? {} : { target }),
      ...(marginMode === undefined ? {} : { marginMode }),
    },
  );
  return orderRow(control.engine.ctx, order);
}

/** Deleverages a position of a symbol as the exchange does when somebody else's bankruptcy has to be borne. */
export function deleveragePosition(control: ControlContext, body: ControlBody): Row {
  onlyMembers(body, ['symbol', 'side', 'qty', 'price', 'apiKey']);
  const account = accountOf(control, body);
  const index = indexOf(control, body);
  const side = body['side'] === undefined ? undefined : sideFrom(body['side']);
  const held = [...account.positions.values()].filter(
    (one) => one.index === index && (side === undefined || one.side === side),
  );
  const [position] = held;
  if (position === undefined) throw bad('There is no such position');
  if (held.length > 1) throw bad('Give "side", LONG or SHORT: both are held');
  const qty = amount(body, 'qty');
  const price = amount(body, 'price');
  const { ctx } = control.engine;
  const how = {
    ...(qty === undefined ? {} : { qty }),
    ...(price === undefined ? {} : { price }),
  };
  return orderRow(ctx, deleverage({ ctx, account }, position, how));
}

/** Pays in, or out when negative: at most what is free. */
export function deposit(control: ControlContext, body: ControlBody): Row {
  onlyMembers(body, ['amount', 'apiKey']);
  const value = amount(body, 'amount');
  if (value === undefined || value === 0n)
    throw bad('Give "amount" in USDT; a negative one is a withdrawal');
  const account = accountOf(control, body);
  const { available } = balanceOf({ ctx: control.engine.ctx, account });
  if (value < 0n && -value > available)
    throw bad(`Only ${formatDec(available)} USDT are free to take out`);
  control.engine.deposit(account, value);
  return { wallet: formatDec(account.wallet) };
}

/** Suspends a contract, opens it again, or announces when it leaves; null takes an announcement back. Positions in it stay. */
export function changeContract(control: ControlContext, body: ControlBody): Row {
  onlyMembers(body, ['symbol', 'status', 'delistAt']);
  const instrument = control.engine.ctx.market.instruments[indexOf(control, body)];
  const status = word(body, 'status', STATUSES);
  const delistAt = number(body, 'delistAt', { min: 0, max: Number.MAX_SAFE_INTEGER, whole: true });
  if (instrument === undefined || (status === undefined && !('delistAt' in body)))
    throw bad(
      `Give "symbol" and "status" (${STATUSES.join(', ')}) or "delistAt" (Unix ms, null to take it back)`,
    );
  if (status !== undefined) instrument.status = status;
  if (delistAt !== undefined) instrument.delistTime = delistAt;
  else if ('delistAt' in body) delete instrument.delistTime;
  return {
    symbol: instrument.symbol,
    status: instrument.status,
    delistTime: instrument.delistTime ?? null,
  };
}

const STATUSES = ['OPEN', 'CANCEL_ONLY', 'STOP', 'PREVIEW'] as const;

/** Lets the venue's time leap forward; everything between happens. */
export function setClock({ clock, engine }: ControlContext, body: ControlBody): Row {
  onlyMembers(body, ['now', 'advanceMs']);
  const at = clock.now();
  const now = number(body, 'now', { min: at, max: at + LONGEST_LEAP_MS });
  const by = number(body, 'advanceMs', { min: 0, max: LONGEST_LEAP_MS });
  if ((now === undefined) === (by === undefined))
    throw bad('Give "now" (Unix ms) or "advanceMs", and not both');
  clock.jumpTo(now ?? at + (by ?? 0));
  engine.advance(clock.now());
  return { now: clock.now() };
}

export function setSpeed({ clock }: ControlContext, body: ControlBody): Row {
  onlyMembers(body, ['speed']);
  const speed = number(body, 'speed', { min: 0, max: FASTEST });
  if (speed === undefined) throw bad(`Give "speed", a number from 0 to ${FASTEST}`);
  clock.setSpeed(speed);
  return { speed };
}
