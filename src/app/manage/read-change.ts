import type { ChangeRequest, PositionChange } from '../../domain/own-action.ts';
import { equityOf } from '../../domain/account.ts';
import { ratioFromNumber, toNumber, type Ratio } from '../../domain/money/money.ts';
import type { Position } from '../../domain/position.ts';
import { createAtr } from '../../indicators/atr.ts';
import { withoutBadTicks } from '../../indicators/bad-tick.ts';
import { candleFault } from '../../indicators/candle-fault.ts';
import type { Candle } from '../../domain/candle.ts';
import {
  checkChange,
  resolveChange,
  type ChangeFacts,
  type ChangeVerdict,
} from '../../risk/gate/change.ts';
import { hasClosed } from '../account/suggest-stop.ts';
import { fetchSnapshot } from '../reading/read-account.ts';
import { reasonOf } from '../reading/reading.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';
import type { Ports } from '../ports/ports.ts';

/** What these need of the world. */
type Doors = Pick<Ports, 'clock' | 'market' | 'account' | 'accounts' | 'mode' | 'limits'>;

/** One position and all that a verdict on a change of it needs, read now. */
export interface ChangeReading {
  readonly facts: ChangeFacts;
  readonly snapshot: AccountSnapshot;
}

/** A change as it can be confirmed, or why there is none. */
export type ChangeOffer =
  | {
      readonly kind: 'ready';
      readonly change: PositionChange;
      readonly verdict: Exclude<ChangeVerdict, { kind: 'refused' }>;
      readonly facts: ChangeFacts;
    }
  | { readonly kind: 'refused'; readonly reason: string };

const refused = (reason: string): ChangeOffer => ({ kind: 'refused', reason });

/** What a request would do to a position, from a fresh look. Changes nothing. Never rejects. */
export async function offerChange(
  ports: Doors,
  positionId: string,
  request: ChangeRequest,
): Promise<ChangeOffer> {
  const reading = await readChange(ports, positionId).catch(
    (error: unknown) => `It cannot be worked out now: ${reasonOf(error)}.`,
  );
  if (typeof reading === 'string') return refused(reading);
  const { facts } = reading;
  const change = resolveChange(request, facts, await awayOf(ports, request, facts));
  if (typeof change === 'string') return refused(change);
  const verdict = checkChange(change, facts);
  return verdict.kind === 'refused' ? verdict : { kind: 'ready', change, verdict, facts };
}

/** Candles that an average range of an hour is smoothed over before it is believed. */
const RANGE_CANDLES = 100;

/** The distance of a stop that follows, as a share of the price, where it was asked for in average ranges; undefined where they cannot be read. */
async function awayOf(
  { market }: Pick<Ports, 'market'>,
  request: ChangeRequest,
  { position: { symbol }, mark }: ChangeFacts,
): Promise<Ratio | undefined> {
  if (request.kind !== 'trail' || !('atr' in request.distance)) return undefined;
  const query = { symbol, interval: '1h', limit: RANGE_CANDLES } as const;
  const range = await market.candles(query).then(averageRange, () => undefined);
  if (range === undefined || mark <= 0n) return undefined;
  return ratioFromNumber((range * toNumber(request.distance.atr)) / toNumber(mark));
}

function averageRange(candles: readonly Candle[]): number | undefined {
  const atr = createAtr();
  // One that cannot be used ends what came before it.
  if (candles.some((each) => candleFault(each) !== undefined)) return undefined;
  for (const candle of withoutBadTicks(candles)) atr.update(candle);
  return atr.value();
}

/** Nothing can be changed any more; how it closed is told with the position. */
export const CLOSED = 'This position is closed.';

/** The facts of now, or why there are none: that a position is not listed says nothing, its close in the history does. Rejects with ExchangeFailure. */
export async function readChange(
  ports: Doors,
  positionId: string,
): Promise<ChangeReading | string> {
  const [snapshot, instruments, tickers, state, mode] = await Promise.all([
    fetchSnapshot(ports),
    ports.market.instruments(),
    ports.market.tickers(),
    ports.accounts.riskState().catch(() => undefined),
    ports.mode.read().catch(() => undefined),
  ]);
  const position = snapshot.positions.find((each) => each.id === positionId);
  if (position === undefined) {
    return (await hasClosed(ports, positionId))
      ? CLOSED
      : 'The exchange does not list this position right now, nor its close: ask again in a few seconds.';
  }
  const mark = tickers.find((each) => each.symbol === position.symbol)?.mark;
  const instrument = instruments.find((each) => each.symbol === position.symbol);
  if (mark === undefined || instrument === undefined) {
    return `There is no price for ${position.symbol} now. Change it in the exchange's app, or ask again.`;
  }
  const { positions, protections, account } = snapshot;
  const at = { mark, instrument, equity: equityOf(account), limits: ports.limits(), state, mode };
  return { facts: { position, positions, protections, ...at }, snapshot };
}

/** The open positions of a symbol, or of all; rejects with ExchangeFailure. */
export const openPositionsOf = async (
  { account }: Pick<Ports, 'account'>,
  symbol?: string,
): Promise<readonly Position[]> =>
  (await account.positions()).filter((each) => symbol === undefined || each.symbol === symbol);
