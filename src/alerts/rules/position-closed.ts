import { averageText } from '../../domain/words/words.ts';
import { formatDuration } from '../../domain/time.ts';
import type { Finding, Revision } from '../../domain/alert.ts';
import {
  abs,
  add,
  mulDiv,
  ONE_RATIO,
  ratioOf,
  sub,
  type Price,
  type Qty,
  type Usd,
} from '../../domain/money/money.ts';
import {
  distance,
  pnlOf,
  stopReached,
  sureNet,
  targetReached,
  towardsProfit,
  type ClosedPosition,
} from '../../domain/position.ts';
import { costsLine, resultText } from './closed-result.ts';
import { liquidated } from './liquidated.ts';
import { notVigilOf } from './not-ours.ts';
import { nameOf, numberText, percentText, signedUsd } from '../phrase.ts';
import { goneKey } from './position-gone.ts';
import { stopHitKey } from './stop-hit.ts';
import { targetHitKey } from './target-hit.ts';

/** What is known of a position from before it closed; tells how it ended. */
export interface KnownBefore {
  /** What rested at the exchange: the stop that covered most, */
  readonly stop?: Price;
  /** where several cover all of it: the average at which they close it together, */
  readonly stopsTogether?: Price;
  /** and the target. */
  readonly target?: Price;
  /** The targets that were placed for a part: a position no larger than that closes at one. */
  readonly partTargets?: readonly Price[];
  /** Every stop that rested. */
  readonly stops?: readonly Price[];
  /** The stop that Vigil asked for since it was seen: it may have filled before it was seen to rest. */
  readonly askedStop?: Price;
  /** Its size then, */
  readonly size?: Qty;
  /** and the price profit that earlier parts had brought. */
  readonly realised?: Usd;
  /** Who asked for the close, if it was neither stop nor target; absent: not known. */
  readonly by?: 'vigil' | 'somebody else';
}

/** A fill counts as the stop's or target's when it is this near: one part in five of the way from entry to the level. */
const NEAR_PARTS = 5n;

/**
 * Levels fire on the mark price and fill at the last, so a fill may lie a little on either side. Beyond the level counts in any
 * case: that is a gap.
 */
function filledAt(
  { entry, exit }: { readonly entry: Price; readonly exit: Price },
  level: Price | undefined,
  reached: boolean,
): boolean {
  if (level === undefined) return false;
  return reached || distance(exit, level) * NEAR_PARTS <= distance(entry, level);
}

/** Where what was left of it closed; the exchange tells the average of all parts, which stands for it where nothing is known of earlier ones. */
function lastExit(closed: ClosedPosition, { size, realised }: KnownBefore): Price {
  const { closePrice, entryPrice, gross, maxQty, side } = closed;
  if (size === undefined || realised === undefined || size <= 0n || size >= maxQty)
    return closePrice;
  const way = mulDiv(sub(gross, realised), ONE_RATIO, { c: size, rounding: 'half-even' }) as Price;
  return towardsProfit(entryPrice, way, side);
}

/** The exchange's price is the average of all parts: what was left closed elsewhere. */
function outText(closed: ClosedPosition, before: KnownBefore): string {
  const { size = closed.maxQty, realised } = before;
  const average = averageText(closed.closePrice);
  if (size >= closed.maxQty) return average;
  const isUnsure = closed.costsUnknown === true || closed.basisAssumed === true;
  return realised === undefined || isUnsure
    ? `${average} on average, with the part closed before`
    : `${averageText(lastExit(closed, before))} with the last ${numberText(size)} (${average} on average, with the part closed before)`;
}

/** Which stop it was, if it was one: the newest that closes there. */
function filledStop(closed: ClosedPosition, before: KnownBefore): Price | undefined {
  const exit = lastExit(closed, before);
  const ways = { entry: closed.entryPrice, exit };
  return [before.askedStop, before.stop].find(
    (each) => each !== undefined && filledAt(ways, each, stopReached(closed.side, each, exit)),
  );
}

const targetsOf = ({ target, partTargets = [] }: KnownBefore): readonly Price[] => [
  ...(target === undefined ? [] : [target]),
  ...partTargets,
];

function howItEnded(closed: ClosedPosition, before: KnownBefore): string {
  const { side, entryPrice } = closed;
  const exit = lastExit(closed, before);
  const ways = { entry: entryPrice, exit };
  if (filledAt(ways, before.stopsTogether, false)) return 'stops filled';
  if (filledStop(closed, before) !== undefined) return 'stop filled';
  const isTarget = targetsOf(before).some((each) =>
    filledAt(ways, each, targetReached(side, each, exit)),
  );
  return isTarget ? 'target filled' : 'closed';
}

/** Closer to what was planned is as planned: one part in fifty. */
const AS_PLANNED_PARTS = 50n;

/** " (planned -198.00 USDT: the price jumped 0.7 % past the stop)" where one stop that covered all filled at a worse price; else nothing. */
function plannedText(closed: ClosedPosition, before: KnownBefore): string {
  const { askedStop, stops = [], size } = before;
  const stop = filledStop(closed, before);
  if (stop === undefined || size !== closed.maxQty) return '';
  if (stop !== askedStop && stops.length !== 1) return '';
  if (!stopReached(closed.side, stop, closed.closePrice)) return '';
  const costs = sub(closed.net, closed.gross);
  const atStop = pnlOf({ side: closed.side, qty: size }, { entry: closed.entryPrice, exit: stop });
  const planned = add(atStop, costs);
  const more = sub(planned, closed.net);
  if (closed.net >= 0n || more * AS_PLANNED_PARTS <= abs(planned)) return '';
  const jumped = ratioOf(distance(closed.closePrice, stop), stop, 'half-even');
  return ` (planned ${signedUsd(planned)}: the price jumped ${percentText(jumped)} past the stop)`;
}

/**
 * What said that a level was reached is brought to its end in words of its own: an edit makes no sound, so the result comes in a message
 * of its own, and two with one title would read as two happenings.
 */
function endsOf(closed: ClosedPosition, before: KnownBefore, result: string): readonly Revision[] {
  const { side, entryPrice, liquidated: byForce } = closed;
  const { stops = [], askedStop } = before;
  const ways = { entry: entryPrice, exit: lastExit(closed, before) };
  const name = nameOf(closed);
  const good = sureNet(closed) > 0n ? ({ good: true } as const) : {};
  const lines = [`Result ${result}: its own message has the figures.`];
  const end = (key: string, level: string, isFilled: boolean): Revision => {
    const how = byForce ? 'but it was LIQUIDATED' : isFilled ? 'and filled' : 'and closed since';
    return { key, title: `${name}: ${level} reached, ${how}`, lines, ...good };
  };
  const stopsSeen = [...stops, ...(askedStop === undefined ? [] : [askedStop])];
  return [
    ...stopsSeen.map((each) => {
      const isFilled = filledAt(ways, each, stopReached(side, each, ways.exit));
      return end(stopHitKey(closed.id, each), `stop at ${numberText(each)}`, isFilled);
    }),
    ...targetsOf(before).map((each) => {
      const isFilled = filledAt(ways, each, targetReached(side, each, ways.exit));
      return end(targetHitKey(closed.id, each), `target at ${numberText(each)}`, isFilled);
    }),
    {
      key: goneKey(closed.id),
      title: `${name} is no longer open: its result is known`,
      lines,
      ...good,
    },
  ];
}

/** A loss is never silent; a gain that was meant is a good end. */
function loudness(
  closed: ClosedPosition,
  elsewhere: boolean,
): Pick<Finding, 'severity' | 'stakes' | 'good'> {
  if (sureNet(closed) < 0n) return { severity: 'warning', stakes: 'cost' };
  if (elsewhere) return { severity: 'warning' };
  return sureNet(closed) > 0n ? { severity: 'info', good: true } : { severity: 'info' };
}

/** A position that is no more, with its result split into price, fees and funding. */
export function positionClosed(closed: ClosedPosition, before: KnownBefore = {}): Finding {
  if (closed.liquidated) {
    const revises = endsOf(closed, before, resultText(closed));
    return { ...liquidated(closed, before.stop), revises };
  }
  const how = howItEnded(closed, before);
  const elsewhere = how === 'closed' && before.by === 'somebody else';
  const planned = how === 'stop filled' ? plannedText(closed, before) : '';
  const result = `${resultText(closed)}${planned}`;
  return {
    key: `position-closed:${closed.id}`,
    kind: 'position-closed',
    ...loudness(closed, elsewhere),
    title: `${nameOf(closed)} ${how}: ${result}`,
    lines: [
      `In at ${averageText(closed.entryPrice)}, out at ${outText(closed, before)}, held ${formatDuration(closed.closedAt - closed.openedAt)}.`,
      costsLine(closed),
      ...(closed.basisAssumed === true
        ? [
            'Vigil cannot tell whether the exchange has already included fees and funding; it is assumed to have.',
          ]
        : []),
      ...(elsewhere ? [`Neither stop nor target closed it. ${notVigilOf(closed.gross)}`] : []),
    ],
    revises: endsOf(closed, before, result),
    chart: { kind: 'position', id: closed.id },
    at: closed.closedAt,
  };
}
