import { formatDec, readDec, toNumber, type Dec } from './decimal.ts';
import type { Account } from './engine/account.ts';
import type { Engine } from './engine/engine.ts';
import { openByHand, sideFrom } from './engine/open-by-hand.ts';
import { endTpsl } from './engine/tpsl-end.ts';
import { WAITING_FAULTS, type Faults, type FaultSchedule } from './faults.ts';
import type { VenueClock } from './clock.ts';
import { VenueError } from './venue-error.ts';
import { orderRow, tpslRow, type Row } from './wire/rows.ts';
import type { SocketServer } from './wire/socket-server.ts';

/** What the control API may reach. */
export interface ControlContext {
  readonly engine: Engine;
  readonly clock: VenueClock;
  readonly faults: Faults;
  readonly sockets: SocketServer;
}

export type ControlBody = Readonly<Record<string, unknown>>;

function bad(message: string): VenueError {
  return new VenueError(400, message);
}

function number(body: ControlBody, key: string): number | undefined {
  const value = body[key];
  if (value === undefined || value === null) return undefined;
  const found = Number(value);
  if (!Number.isFinite(found)) throw bad(`${key} must be a number, not ${JSON.stringify(value)}`);
  return found;
}

function amount(body: ControlBody, key: string): Dec | undefined {
  const value = body[key];
  if (value === undefined || value === null) return undefined;
  const found = readDec(value);
  if (found === undefined)
    throw bad(`${key} must be a decimal such as "12.5", not ${JSON.stringify(value)}`);
  return found;
}

/** The account of `apiKey`, or the first one. */
export function accountOf(control: ControlContext, body: ControlBody): Account {
  const wanted = body['apiKey'];
  const { accounts } = control.engine;
  const account =
    wanted === undefined ? accounts[0] : accounts.find((one) => one.apiKey === wanted);
  if (account === undefined) throw bad('There is no account with this apiKey');
  return account;
}

function indexesOf(control: ControlContext, symbol: unknown): number[] {
  const { market } = control.engine.ctx;
  if (symbol === '*') return market.instruments.map((_, index) => index);
  const index = typeof symbol === 'string' ? market.indexOf(symbol.toUpperCase()) : undefined;
  if (index === undefined)
    throw bad(`symbol must be a listed contract or "*", not "${String(symbol)}"`);
  return [index];
}

/** Moves one contract or the whole market, by percent or to a price. */
export function movePrice(control: ControlContext, body: ControlBody): Row {
  const { engine } = control;
  const percent = number(body, 'percent');
  const price = amount(body, 'price');
  const indexes = indexesOf(control, body['symbol']);
  if ((percent === undefined) === (price === undefined))
    throw bad('Give either "percent" or "price"');
  if (percent !== undefined && percent <= -100) throw bad('percent must be above -100');
  if (price !== undefined && (price <= 0n || indexes.length > 1))
    throw bad('price must be positive and for one symbol');
  for (const index of indexes) {
    const last = engine.lastPrice(index);
    if (last === undefined) continue;
    engine.move(
      index,
      price === undefined ? 1 + (percent ?? 0) / 100 : toNumber(price) / toNumber(last),
    );
  }
  const [first] = indexes;
  const after = first === undefined ? undefined : engine.lastPrice(first);
  return { moved: indexes.length, last: after === undefined ? null : formatDec(after) };
}

export function openPosition(control: ControlContext, body: ControlBody): Row {
  const qty = amount(body, 'qty');
  const notional = amount(body, 'notional');
  const leverage = number(body, 'leverage');
  const stop = amount(body, 'stop');
  const target = amount(body, 'target');
  const mode = body['marginMode'];
  if (qty === undefined && notional === undefined)
    throw bad('Give "qty" (base coin) or "notional" (USDT)');
  const order = openByHand(
    { ctx: control.engine.ctx, account: accountOf(control, body) },
    {
      symbol: typeof body['symbol'] === 'string' ? body['symbol'] : '',
      side: sideFrom(body['side']),
      ...(qty === undefined ? {} : { qty }),
      ...(notional === undefined ? {} : { notional }),
      ...(leverage === undefined ? {} : { leverage }),
      ...(stop === undefined ? {} : { stop }),
      ...(target === undefined ? {} : { target }),
      ...(mode === 'ISOLATION' || mode === 'CROSS' ? { marginMode: mode } : {}),
    },
  );
  return orderRow(control.engine.ctx, order);
}

export function deposit(control: ControlContext, body: ControlBody): Row {
  const value = amount(body, 'amount');
  if (value === undefined) throw bad('Give "amount" in USDT; a negative one is a withdrawal');
  const account = accountOf(control, body);
  control.engine.deposit(account, value);
  return { wallet: formatDec(account.wallet) };
}

/** Lets the venue's time leap forward; everything between happens. */
export function setClock(control: ControlContext, body: ControlBody): Row {
  const now = number(body, 'now');
  const by = number(body, 'advanceMs');
  if (now === undefined && by === undefined) throw bad('Give "now" (Unix ms) or "advanceMs"');
  control.clock.jumpTo(now ?? control.clock.now() + (by ?? 0));
  control.engine.advance(control.clock.now());
  return { now: control.clock.now() };
}

export function setSpeed(control: ControlContext, body: ControlBody): Row {
  const speed = number(body, 'speed');
  if (speed === undefined || speed < 0 || speed > 100_000)
    throw bad('speed must lie between 0 and 100000');
  control.clock.setSpeed(speed);
  return { speed };
}

/** Arms a fault, or lets an instant one happen. */
export function causeFault(control: ControlContext, body: ControlBody): Row {
  const { engine, faults, sockets } = control;
  const symbol = typeof body['symbol'] === 'string' ? body['symbol'].toUpperCase() : undefined;
  switch (body['fault']) {
    case 'clear':
      faults.clear();
      return { active: [] };
    case 'by-chance':
      faults.byChance(scheduleOf(body));
      return { active: faults.list() };
    case 'drop-sockets': {
      const kind = body['channel'];
      return { dropped: sockets.drop(kind === 'public' || kind === 'private' ? kind : undefined) };
    }
    case 'tpsl-system-cancel':
      return { cancelled: cancelTpsl(control, accountOf(control, body), symbol) };
    case 'delist':
      for (const index of indexesOf(control, symbol))
        Object.assign(engine.ctx.market.instruments[index] ?? {}, { status: 'STOP' });
      return { delisted: symbol };
    default:
      return armFault(control, body, symbol);
  }
}

function scheduleOf(body: ControlBody): FaultSchedule {
  const asked: unknown[] = Array.isArray(body['kinds']) ? body['kinds'] : [];
  const kinds = WAITING_FAULTS.filter((each) => asked.includes(each));
  if (kinds.length === 0 || kinds.length < asked.length)
    throw bad(`kinds must be a list of ${WAITING_FAULTS.join(', ')}`);
  const slow = number(body, 'slowMs');
  return {
    seed: number(body, 'seed') ?? 1,
    rate: number(body, 'rate') ?? 0.1,
    kinds,
    ...(slow === undefined ? {} : { amounts: { slow } }),
  };
}

function cancelTpsl(control: ControlContext, account: Account, symbol: string | undefined): number {
  const found = [...account.tpsl.values()].filter(
    (tpsl) => symbol === undefined || tpsl.symbol === symbol,
  );
  for (const tpsl of found) endTpsl({ ctx: control.engine.ctx, account }, tpsl, 'SYSTEM_CANCELED');
  return found.length;
}

function armFault(control: ControlContext, body: ControlBody, symbol: string | undefined): Row {
  const fault = WAITING_FAULTS.find((one) => one === body['fault']);
  if (fault === undefined)
    throw bad(
      `fault must be one of ${WAITING_FAULTS.join(', ')}, drop-sockets, tpsl-system-cancel, delist, by-chance, clear`,
    );
  const count = number(body, 'count');
  const forMs = number(body, 'forMs');
  const size = number(body, 'amount');
  const { path, channel } = body;
  control.faults.add({
    fault,
    ...(count === undefined ? {} : { count }),
    ...(forMs === undefined ? {} : { forMs }),
    ...(size === undefined ? {} : { amount: size }),
    ...(typeof path === 'string' ? { path } : {}),
    ...(symbol === undefined ? {} : { symbol }),
    ...(typeof channel === 'string' ? { channel } : {}),
  });
  if (fault === 'stale-tpsl') {
    const { ctx, accounts } = control.engine;
    const lists = accounts.map(
      (one) => [one.uid, [...one.tpsl.values()].map((tpsl) => tpslRow(ctx, tpsl))] as const,
    );
    control.faults.rememberTpsl(new Map(lists));
  }
  return { active: control.faults.list() };
}
