import { rules } from '../../alerts/explain/with-basis.ts';
import { numberText, restingStops } from '../../alerts/phrase.ts';
import type { Finding } from '../../domain/alert.ts';
import { percent, roundToStep, scaleBy, type Price, type Ratio } from '../../domain/money/money.ts';
import {
  protects,
  stopReached,
  stopsOf,
  towardsLoss,
  towardsProfit,
  uncoveredQty,
  type Position,
} from '../../domain/position.ts';
import { DAY, type Timestamp } from '../../domain/time.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';
import type { Ports } from '../ports/ports.ts';
import type { ProtectRequest } from '../ports/work.ts';
import { fetchSnapshot } from '../reading/read-account.ts';
import { reasonOf } from '../reading/reading.ts';
import { waitFor } from '../reading/wait-for.ts';

/** What is suggested for a position without a stop, as shares of its entry price, or of the price of now where that is past it. */
const STOP_AWAY: Ratio = percent('1.5');
const TARGET_AWAY: Ratio = percent('3');
const READ_BACK_MS = 5_000;

export type StopSuggestion =
  | {
      readonly kind: 'suggested';
      readonly position: Position;
      readonly mark: Price;
      readonly stop: Price;
      readonly target: Price | undefined;
    }
  /** Nothing to do or nothing possible: why, in a plain sentence. */
  | { readonly kind: 'none'; readonly reason: string };

/** The suggested stop and target for a position that has no full stop now. Never rejects. */
export async function suggestStop(
  ports: Pick<Ports, 'clock' | 'market' | 'account' | 'trading'>,
  positionId: string,
): Promise<StopSuggestion> {
  const none = (reason: string): StopSuggestion => ({ kind: 'none', reason });
  if (ports.trading === undefined) {
    return none('This is watch mode: Vigil cannot place a stop. Set one at the exchange.');
  }
  try {
    const [snapshot, instruments, tickers] = await Promise.all([
      fetchSnapshot(ports),
      ports.market.instruments(),
      ports.market.tickers(),
    ]);
    const position = snapshot.positions.find((each) => each.id === positionId);
    if (position === undefined) {
      const closed = await hasClosed(ports, positionId);
      return none(closed ? 'This position is closed; it needs no stop.' : NOT_LISTED);
    }
    const mark = tickers.find((each) => each.symbol === position.symbol)?.mark;
    const tick = instruments.find((each) => each.symbol === position.symbol)?.tick;
    if (mark === undefined || tick === undefined) {
      return none('There is no price for it now. Set a stop at the exchange.');
    }
    if (uncoveredQty(position, snapshot.protections, mark) <= 0n) {
      return none('This position is fully protected now.');
    }
    const { target: present } = stopsOf(position, snapshot.protections);
    return levelsFor(position, { mark, tick, present });
  } catch (error) {
    return none(`It cannot be worked out now: ${reasonOf(error)}.`);
  }
}

const NOT_LISTED =
  'The exchange does not list this position right now, nor its close: ask again in a few seconds';

/** That it is not listed says nothing; its close in the history does. */
export const hasClosed = async (
  { account, clock }: Pick<Ports, 'clock' | 'account'>,
  positionId: string,
): Promise<boolean> =>
  (await account.closedPositions(clock.now() - DAY)).some(({ id }) => id === positionId);

function levelsFor(
  position: Position,
  at: { readonly mark: Price; readonly tick: Price; readonly present: Price | undefined },
): StopSuggestion {
  const { mark, tick } = at;
  const { side, entryPrice } = position;
  const stopFrom = (base: Price): Price =>
    roundToStep(towardsLoss(base, scaleBy(base, STOP_AWAY, 'down'), side), tick, 'half-even');
  // A stop that the price has passed would close the position at once, which nobody asked for.
  const base = stopReached(side, stopFrom(entryPrice), mark) ? mark : entryPrice;
  const stop = stopFrom(base);
  const liquidation = position.liquidationPrice;
  if (liquidation !== undefined && !protects(position, stop, mark)) {
    const reason = `Liquidation (${numberText(liquidation)}) comes before a stop ${numberText(stop)}: reduce or close this position.`;
    return { kind: 'none', reason };
  }
  const better = towardsProfit(base, scaleBy(base, TARGET_AWAY, 'down'), side);
  const target = at.present === undefined ? roundToStep(better, tick, 'half-even') : undefined;
  return { kind: 'suggested', position, mark, stop, target };
}

/** Places what the owner confirmed, reads it back and tells what rests now. Running it again is harmless. */
export async function placeSuggestedStop(ports: Ports, request: ProtectRequest): Promise<void> {
  const { trading } = ports;
  const { positionId, symbol, stop, target } = request;
  if (trading === undefined) return tell(ports, request, { problem: 'this is watch mode' });
  const before = await fetchSnapshot(ports).catch(() => undefined);
  if (before !== undefined && rests(before, request))
    return tell(ports, request, { found: before });
  const now = await suggestStop(ports, positionId);
  if (now.kind === 'none') return tell(ports, request, { problem: now.reason });
  if (stopReached(now.position.side, stop, now.mark)) {
    const problem = 'the price has passed that stop in the meantime; ask for a fresh one';
    return tell(ports, request, { problem });
  }
  if (!protects(now.position, stop, now.mark)) {
    const problem = 'the exchange would now liquidate before that stop; ask for a fresh one';
    return tell(ports, request, { problem });
  }
  const levels = { symbol, positionId, stop, ...(target === undefined ? {} : { target }) };
  const outcome = await trading.placeProtection(levels);
  const look = (): Promise<AccountSnapshot | undefined> => readBack(ports, positionId);
  const found = await waitFor(ports, look, {
    deadlineMs: outcome.kind === 'rejected' ? 0 : READ_BACK_MS,
    until: (snapshot) => snapshot !== undefined,
  });
  const done = found !== undefined;
  const why = outcome.kind === 'accepted' ? 'the exchange does not show it' : outcome.reason;
  await tell(ports, request, done ? { found } : { problem: why });
  await ports.work.refreshAccount();
}

/** A run that was cut off after placing it: what was confirmed rests already. */
const rests = (snapshot: AccountSnapshot, { positionId, stop }: ProtectRequest): boolean =>
  isCovered(snapshot, positionId) &&
  snapshot.protections.some((each) => each.positionId === positionId && each.stopPrice === stop);

function isCovered({ positions, protections }: AccountSnapshot, id: string): boolean {
  const position = positions.find((each) => each.id === id);
  return position !== undefined && uncoveredQty(position, protections) <= 0n;
}

/** A reading that shows the position covered, or closed meanwhile; undefined while it does not. */
async function readBack(
  ports: Pick<Ports, 'clock' | 'account'>,
  id: string,
): Promise<AccountSnapshot | undefined> {
  try {
    const snapshot = await fetchSnapshot(ports);
    const listed = snapshot.positions.some((each) => each.id === id);
    const done = listed ? isCovered(snapshot, id) : await hasClosed(ports, id);
    return done ? snapshot : undefined;
  } catch {
    return undefined;
  }
}

async function tell(
  ports: Pick<Ports, 'clock' | 'outbox'>,
  request: ProtectRequest,
  end: { readonly problem: string } | { readonly found: AccountSnapshot },
): Promise<void> {
  const now = ports.clock.now();
  await ports.outbox.raise(
    'problem' in end
      ? rules.stopNotPlaced(request, end.problem, now)
      : restingNow(end.found, request, now),
  );
}

function restingNow(
  { positions, protections }: AccountSnapshot,
  request: ProtectRequest,
  now: Timestamp,
): Finding {
  const position = positions.find((each) => each.id === request.positionId);
  return position === undefined
    ? rules.stopNotNeeded(request, now)
    : rules.stopPlaced(request, restingStops(position, protections), now);
}
