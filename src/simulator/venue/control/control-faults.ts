import {
  accountOf,
  bad,
  indexOf,
  number,
  onlyMembers,
  symbolOf,
  word,
  type ControlBody,
  type ControlContext,
} from './control-body.ts';
import { withdrawOrder } from '../engine/orders/order-end.ts';
import { endTpsl } from '../engine/protections/tpsl-life.ts';
import { faultKind, faultNamed, FAULTS, type Fault } from '../fault-kinds.ts';
import type { FaultSchedule } from '../faults.ts';
import { PATHS } from '../wire/rest-server.ts';
import type { Row } from '../wire/routes/rows.ts';

/** Faults that this call lets happen now; by chance they strike at their own occasions. */
const AT_ONCE: Partial<
  Readonly<Record<Fault, (control: ControlContext, body: ControlBody) => Row>>
> = {
  'drop-sockets': dropSockets,
  'order-system-cancel': cancelOrders,
  'tpsl-system-cancel': cancelTpsl,
  delist,
};

/** What the amount of a fault may be; milliseconds and USDT are any number from 0. */
const SHARE: ReadonlySet<Fault> = new Set(['partial-then-cancel']);
const CODE: ReadonlySet<Fault> = new Set(['refused', 'network-error']);
const SIGNED: ReadonlySet<Fault> = new Set(['clock-skew', 'negative-available', 'wallet-step']);
const MOST = 1e12;

/** Arms a fault, lets one happen at once, draws them by chance from now on, or ends them all. */
export function causeFault(control: ControlContext, body: ControlBody): Row {
  const { faults } = control;
  if (body['fault'] === 'clear') {
    onlyMembers(body, ['fault']);
    faults.clear();
    return { active: [] };
  }
  if (body['fault'] === 'by-chance') {
    faults.byChance(scheduleOf(body));
    return { active: faults.list() };
  }
  const fault = faultNamed(body['fault']);
  if (fault === undefined)
    throw bad(`fault must be one of ${[...FAULTS, 'by-chance', 'clear'].join(', ')}`);
  return (AT_ONCE[fault] ?? ((): Row => arm(control, body, fault)))(control, body);
}

function scheduleOf(body: ControlBody): FaultSchedule {
  onlyMembers(body, ['fault', 'seed', 'rate', 'kinds', 'amounts']);
  const asked: unknown[] = Array.isArray(body['kinds']) ? body['kinds'] : [];
  const kinds = FAULTS.filter((each) => asked.includes(each));
  const odd = asked.find((each) => faultNamed(each) === undefined);
  if (kinds.length === 0 || odd !== undefined)
    throw bad(
      `kinds must be a list of ${FAULTS.join(', ')}, not ${JSON.stringify(odd ?? body['kinds'])}`,
    );
  return {
    seed: number(body, 'seed', { min: 0, max: 2 ** 32, whole: true }) ?? 1,
    rate: number(body, 'rate', { min: 0, max: 1 }) ?? 0.1,
    kinds,
    amounts: amountsOf(body['amounts']),
  };
}

function amountsOf(given: unknown): Partial<Record<Fault, number>> {
  if (given === undefined) return {};
  if (typeof given !== 'object' || given === null)
    throw bad('amounts must be an object such as {"slow": 300}');
  const amounts: Partial<Record<Fault, number>> = {};
  for (const name of Object.keys(given)) {
    const fault = faultNamed(name);
    if (fault === undefined) throw bad(`amounts knows ${FAULTS.join(', ')}, not "${name}"`);
    const amount = amountOf({ ...given }, { key: name, fault });
    if (amount !== undefined) amounts[fault] = amount;
  }
  return amounts;
}

function amountOf(
  body: ControlBody,
  { key, fault }: { readonly key: string; readonly fault: Fault },
): number | undefined {
  if (SHARE.has(fault)) return number(body, key, { min: 0, max: 1 });
  if (CODE.has(fault)) return number(body, key, { min: 1, max: 999_999, whole: true });
  return number(body, key, { min: SIGNED.has(fault) ? -MOST : 0, max: MOST });
}

function arm(control: ControlContext, body: ControlBody, fault: Fault): Row {
  const { faults } = control;
  const { of, lasts = false } = faultKind(fault);
  const narrowing = of === undefined ? [] : [of];
  onlyMembers(body, ['fault', ...(lasts ? [] : ['count']), 'forMs', 'amount', ...narrowing]);
  const count = number(body, 'count', { min: 1, max: 1_000_000, whole: true });
  const forMs = number(body, 'forMs', { min: 1, max: MOST });
  if (count !== undefined && forMs !== undefined) throw bad('Give "count" or "forMs", not both');
  if (lasts && forMs === undefined) throw bad('Give "forMs", the real milliseconds that it lasts');
  const amount = amountOf(body, { key: 'amount', fault });
  const symbol = symbolOf(control, body);
  const channel = word(body, 'channel', ['balance', 'position', 'order', 'tpsl']);
  const path = pathOf(body);
  faults.add({
    fault,
    ...(count === undefined ? {} : { count }),
    ...(forMs === undefined ? {} : { forMs }),
    ...(amount === undefined ? {} : { amount }),
    ...(path === undefined ? {} : { path }),
    ...(symbol === undefined ? {} : { symbol }),
    ...(channel === undefined ? {} : { channel }),
  });
  if (fault === 'stale-tpsl') faults.armTpsl(control.engine.accounts);
  return { active: faults.list() };
}

/** A part of the path of a call that there is. */
function pathOf(body: ControlBody): string | undefined {
  const { path } = body;
  if (path === undefined) return undefined;
  if (typeof path === 'string' && PATHS.some((one) => one.includes(path))) return path;
  throw bad(
    `path must be a part of one of the exchange's paths such as "trade/place_order", not ${JSON.stringify(path)}`,
  );
}

function dropSockets({ sockets }: ControlContext, body: ControlBody): Row {
  onlyMembers(body, ['fault', 'channel']);
  return { dropped: sockets.drop(word(body, 'channel', ['public', 'private'])) };
}

function cancelTpsl(control: ControlContext, body: ControlBody): Row {
  onlyMembers(body, ['fault', 'symbol', 'apiKey']);
  const symbol = symbolOf(control, body);
  const account = accountOf(control, body);
  const found = [...account.tpsl.values()].filter(
    (tpsl) => symbol === undefined || tpsl.symbol === symbol,
  );
  for (const tpsl of found) endTpsl({ ctx: control.engine.ctx, account }, tpsl, 'SYSTEM_CANCELED');
  return { cancelled: found.length };
}

function cancelOrders(control: ControlContext, body: ControlBody): Row {
  onlyMembers(body, ['fault', 'symbol', 'apiKey']);
  const symbol = symbolOf(control, body);
  const account = accountOf(control, body);
  const found = [...account.orders.values()].filter(
    (order) => symbol === undefined || order.symbol === symbol,
  );
  const { ctx } = control.engine;
  for (const order of found) withdrawOrder({ ctx, account }, order, 'system');
  if (found.length > 0) ctx.emit(account, { kind: 'balance' });
  return { cancelled: found.length };
}

function delist(control: ControlContext, body: ControlBody): Row {
  onlyMembers(body, ['fault', 'symbol']);
  const instrument = control.engine.ctx.market.instruments[indexOf(control, body)];
  if (instrument !== undefined) instrument.status = 'STOP';
  return { delisted: instrument?.symbol };
}
