import type { ContractState, Ticker } from '../../domain/instrument.ts';
import {
  ratioOf,
  sub,
  sumUsd,
  type Price,
  type Ratio,
  type Usd,
} from '../../domain/money/money.ts';
import {
  pnlOf,
  stopsOf,
  type PartTarget,
  uncoveredQty,
  type Position,
  type StopPart,
} from '../../domain/position.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';
import type { Ports } from '../ports/ports.ts';
import { readAccount } from '../reading/read-account.ts';
import { readContracts } from '../account/read-contracts.ts';
import { reasonOf, type Reading } from '../reading/reading.ts';

/** One open position with what protects it. */
export interface PositionView {
  readonly position: Position;
  readonly contract: ContractState;
  /** Undefined when no price could be read; never the entry price in its place. */
  readonly mark?: Price;
  /** The resting stops, first reached first, each with the part that it closes. */
  readonly stops: readonly StopPart[];
  /** Of all of it. */
  readonly target?: Price;
  readonly partTargets: readonly PartTarget[];
  /** Whether resting stops that work together cover the full size, as the unprotected watch judges it. */
  readonly protected: boolean;
  /** Result of the parts that the stops close if all fill at their prices, before fees; undefined without a stop. */
  readonly resultAtStops?: Usd;
  /** (mark - first stop) ÷ mark, positive while it is not reached. */
  readonly distanceToStop?: Ratio;
}

export interface PositionsView {
  readonly snapshot: AccountSnapshot;
  readonly positions: readonly PositionView[];
  /** Why prices are missing, if they are. */
  readonly pricesUnavailable?: string;
}

/** Open positions with mark price, stop, target and the result if the stop fills. */
export async function readPositions(
  ports: Pick<Ports, 'clock' | 'market' | 'account' | 'accounts'>,
): Promise<Reading<PositionsView>> {
  const reading = await readAccount(ports);
  if (reading.kind === 'unavailable') return reading;
  const symbols = reading.value.positions.map((each) => each.symbol);
  const stored = await ports.accounts.snapshot().catch(() => undefined);
  const [prices, contracts] = await Promise.all([
    marks(ports),
    readContracts(ports, symbols, stored?.contracts),
  ]);
  const view = describePositions({ ...reading.value, contracts }, prices);
  return { ...reading, value: view };
}

async function marks(ports: Pick<Ports, 'market'>): Promise<readonly Ticker[] | string> {
  try {
    return await ports.market.tickers();
  } catch (error) {
    return reasonOf(error);
  }
}

/** Joins a snapshot with prices. Pure. */
export function describePositions(
  snapshot: AccountSnapshot,
  prices: readonly Ticker[] | string,
): PositionsView {
  const bySymbol = new Map<string, Price>();
  if (typeof prices !== 'string') for (const each of prices) bySymbol.set(each.symbol, each.mark);
  const positions = snapshot.positions.map((position) =>
    describePosition(snapshot, position, bySymbol.get(position.symbol)),
  );
  return {
    snapshot,
    positions,
    ...(typeof prices === 'string' ? { pricesUnavailable: prices } : {}),
  };
}

function describePosition(
  snapshot: AccountSnapshot,
  position: Position,
  mark: Price | undefined,
): PositionView {
  const { parts: stops, target, partTargets } = stopsOf(position, snapshot.protections);
  const [first] = stops;
  const away =
    mark === undefined || first === undefined
      ? undefined
      : position.side === 'long'
        ? sub(mark, first.price)
        : sub(first.price, mark);
  return {
    position,
    contract: snapshot.contracts?.get(position.symbol) ?? { kind: 'unknown' },
    stops,
    partTargets,
    protected: uncoveredQty(position, snapshot.protections, mark) <= 0n,
    ...(mark === undefined ? {} : { mark }),
    ...(target === undefined ? {} : { target }),
    ...(first === undefined ? {} : { resultAtStops: sumUsd(stops.map(resultOf(position))) }),
    ...(away === undefined || mark === undefined || mark === 0n
      ? {}
      : { distanceToStop: ratioOf(away, mark, 'down') }),
  };
}

const resultOf =
  ({ side, entryPrice: entry }: Position) =>
  ({ price: exit, covers: qty }: StopPart): Usd =>
    pnlOf({ side, qty }, { entry, exit });
