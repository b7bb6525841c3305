/** Each write that Vigil makes, as the use case that makes it, with what the exchange shows when it was carried out and when not. */
import { executeProposal } from '../../src/app/approval/execute-proposal.ts';
import { flatten } from '../../src/app/halt/flatten.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import { placeSuggestedStop, suggestStop } from '../../src/app/account/suggest-stop.ts';
import { priceFromNumber, toNumber, toText, type Price } from '../../src/domain/money/money.ts';
import { approved } from '../../test/app/signals.ts';
import { restingOrder } from './rig.ts';
import type { Place } from './life.ts';
import type { Truth } from './promises.ts';

const SYMBOL = 'ETHUSDT';
const QTY = '0.5';

/** What was made ready, and how to make the write. */
export interface Ready {
  /** Makes the write; a text is what it said of itself where no alert does. */
  readonly make: (ports: Ports) => Promise<string | undefined>;
  /** What the exchange shows when it was carried out once, and when it was not at all. */
  readonly done: (truth: Truth) => boolean;
  readonly undone: (truth: Truth) => boolean;
  /** The beginning of the titles with which an alert says that it was not carried out, or that it is not known. */
  readonly notDone: RegExp;
}

export interface MatrixWrite {
  readonly name: string;
  /** Part of the path of the requests that the fault is aimed at. */
  readonly path: string;
  readonly prepare: (place: Place, ports: Ports) => Promise<Ready>;
}

const flat = ({ positions }: Truth): boolean => positions.length === 0;
const stopsOf = ({ tpsl }: Truth): number => tpsl.filter((each) => each.slPrice !== null).length;
const request = (ports: Ports) => ({ id: 'matrix', by: 1, at: ports.clock.now() }) as const;

/** A position as the owner opens it by hand. */
async function standing({ control }: Place, ports: Ports, stop?: Price) {
  const levels = stop === undefined ? {} : { stop: toText(stop) };
  await control('position', { symbol: SYMBOL, side: 'LONG', qty: QTY, leverage: 5, ...levels });
  const position = (await ports.account.positions()).find((each) => each.symbol === SYMBOL);
  if (position === undefined) throw new Error('there is no position');
  return position;
}

async function levelAt(ports: Ports, share: number): Promise<Price> {
  const [instruments, tickers] = await Promise.all([
    ports.market.instruments(),
    ports.market.tickers(),
  ]);
  const tick = instruments.find((each) => each.symbol === SYMBOL)?.tick;
  const mark = tickers.find((each) => each.symbol === SYMBOL)?.mark;
  if (tick === undefined || mark === undefined) throw new Error(`${SYMBOL} has no price`);
  return priceFromNumber(toNumber(mark) * share, tick, 'half-even');
}

async function entry(_place: Place, ports: Ports): Promise<Ready> {
  const { id, clientId, plan } = await approved(ports, { symbol: SYMBOL });
  const mine = (truth: Truth) =>
    [...truth.orders, ...truth.orderHistory].filter((each) => each.clientId === clientId);
  return {
    make: async (life) => {
      await executeProposal(life, id);
      return undefined;
    },
    // A part is what one call makes where the exchange cancels the rest.
    done: (truth) =>
      mine(truth).length === 1 &&
      truth.positions.length === 1 &&
      truth.positions.every(
        ({ qty }) => Number(qty) > 0 && Number(qty) <= Number(toText(plan.qty)),
      ),
    undone: (truth) => flat(truth) && mine(truth).every(({ tradeQty }) => Number(tradeQty) === 0),
    notDone: /^(?:Not opened|ETHUSDT: it is not known)/,
  };
}

async function protect(place: Place, ports: Ports): Promise<Ready> {
  const { id: positionId } = await standing(place, ports);
  const found = await suggestStop(ports, positionId);
  if (found.kind === 'none') throw new Error(found.reason);
  const { stop, target } = found;
  const levels = { stop, ...(target === undefined ? {} : { target }) };
  return {
    make: async (life) => {
      const asked = { id: 'matrix', positionId, symbol: SYMBOL, by: 1, ...levels };
      await placeSuggestedStop(life, asked);
      return undefined;
    },
    done: (truth) => truth.positions.length === 1 && stopsOf(truth) === 1,
    undone: (truth) => truth.positions.length === 1 && stopsOf(truth) === 0,
    notDone: /no stop was placed|without|unprotected|no stop/i,
  };
}

async function moveStop(place: Place, ports: Ports): Promise<Ready> {
  const { id: positionId } = await standing(place, ports);
  const [before, after] = [await levelAt(ports, 0.95), await levelAt(ports, 0.97)];
  await ports.trading?.placeProtection({ symbol: SYMBOL, positionId, stop: before });
  const at = (level: Price) => (truth: Truth) =>
    stopsOf(truth) === 1 && truth.tpsl.every(({ slPrice }) => slPrice === toText(level));
  return {
    make: async (life) => {
      const outcome = await life.trading?.placeProtection({
        symbol: SYMBOL,
        positionId,
        stop: after,
      });
      return outcome?.kind === 'accepted' ? undefined : outcome?.reason;
    },
    done: at(after),
    undone: at(before),
    notDone: /^ETHUSDT.*stop/i,
  };
}

async function cancel(place: Place): Promise<Ready> {
  await restingOrder(place.venue);
  return {
    make: async (life) => {
      await flatten(life, { ...request(life), closePositions: false });
      return undefined;
    },
    done: ({ orders }) => orders.length === 0,
    undone: ({ orders }) => orders.length === 1,
    notDone: /^Not (?:finished|confirmed)/,
  };
}

async function close(place: Place, ports: Ports): Promise<Ready> {
  const { id } = await standing(place, ports, await levelAt(ports, 0.95));
  return {
    make: async (life) => {
      await flatten(life, { ...request(life), closePositions: true, only: [id] });
      return undefined;
    },
    done: (truth) => flat(truth) && truth.closedPositions.length === 1,
    undone: (truth) => truth.positions.length === 1,
    notDone: /^Not (?:finished|confirmed)/,
  };
}

async function panic(place: Place, ports: Ports): Promise<Ready> {
  await standing(place, ports, await levelAt(ports, 0.95));
  await place.control('position', { symbol: 'SOLUSDT', side: 'SHORT', qty: '3', leverage: 5 });
  await restingOrder(place.venue);
  return {
    make: async (life) => {
      await flatten(life, { ...request(life), closePositions: true });
      return undefined;
    },
    done: (truth) =>
      flat(truth) &&
      truth.closedPositions.length === 2 &&
      truth.orders.length === 0 &&
      truth.tpsl.length === 0,
    undone: (truth) => !flat(truth) || truth.orders.length > 0 || truth.tpsl.length > 0,
    notDone: /^Not (?:finished|confirmed)/,
  };
}

export const MATRIX_WRITES: readonly MatrixWrite[] = [
  { name: 'leverage', path: 'account/change_leverage', prepare: entry },
  { name: 'entry', path: 'trade/place_order', prepare: entry },
  { name: 'protect', path: 'tpsl/position', prepare: protect },
  { name: 'move stop', path: 'tpsl/position', prepare: moveStop },
  { name: 'cancel', path: 'trade/cancel_orders', prepare: cancel },
  { name: 'close', path: 'trade/flash_close_position', prepare: close },
  { name: 'panic', path: 'trade/', prepare: panic },
];
