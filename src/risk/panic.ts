import type { Order } from '../domain/order.ts';
import type { Position, ProtectiveOrder } from '../domain/position.ts';
import { SECOND, type Timestamp } from '../domain/time.ts';
import type { TradingMode } from '../domain/trading-mode.ts';
import { checkReduce, type ApprovedReduce } from './reduce.ts';

/** What was tried for one position. */
export interface CloseAttempt {
  readonly count: number;
  readonly lastAt: Timestamp;
}

/** What is known right now. Undefined could not be read. `readAt` is when the reads were asked for, not answered. */
export interface PanicTruth {
  readonly mode: TradingMode;
  readonly orders: readonly Order[] | undefined;
  readonly positions: readonly Position[] | undefined;
  readonly protections: readonly ProtectiveOrder[] | undefined;
  /** Entries that were sent and may still arrive, because what became of them is not known yet, by name. */
  readonly inFlight: readonly string[] | undefined;
  readonly readAt: Timestamp | undefined;
  readonly attempts: ReadonlyMap<string, CloseAttempt>;
  /** When the last cancel or close was sent; undefined: none yet. */
  readonly lastActionAt: Timestamp | undefined;
  /** The `readAt` of the first of the flat reads in a row before this one; undefined when the last one was not flat. */
  readonly flatSince: Timestamp | undefined;
  readonly now: Timestamp;
}

export type PanicAction =
  | { readonly kind: 'latch' }
  | { readonly kind: 'cancel-order'; readonly orderId: string; readonly symbol: string }
  | { readonly kind: 'close'; readonly reduce: ApprovedReduce; readonly attempt: number }
  /** Only once the venue says flat: what protected positions that are no more. */
  | { readonly kind: 'cancel-protection'; readonly protectionId: string; readonly symbol: string }
  | { readonly kind: 'read' };

/** One line of the live checklist. */
export interface PanicLine {
  readonly text: string;
  readonly state: 'done' | 'working' | 'needs you';
}

export interface PanicStep {
  /** What to do now, all of it independent; empty while waiting for the venue to show the last ones. */
  readonly actions: readonly PanicAction[];
  readonly checklist: readonly PanicLine[];
  /** This read was asked for after the last action and shows no entry order and no position. Give it back as `flatSince`. */
  readonly flat: boolean;
  /** True only when flat reads are far enough apart that the venue's lists cannot both lag. */
  readonly done: boolean;
}

/** A close is tried again after this long; market closes fill or fail within it. */
export const RETRY_AFTER_MS = 3 * SECOND;
/** The venue's lists lag each other by a second or two: an entry that fills at the last moment may be in neither. */
export const CONFIRM_AFTER_MS = 3 * SECOND;
/** From this many tries on the owner is told to act at the exchange as well. Trying goes on. */
export const TRIES_BEFORE_HELP = 3;

/**
 * The next step of the emergency close: latch the halt, cancel entries, close every position reduce-only, keep its stops until
 * the venue says flat, read again, and call it done on evidence alone. A pure function of what the venue says, so that a restart
 * in the middle goes on where it was.
 */
export function nextPanicStep(truth: PanicTruth): PanicStep {
  const { orders, positions, protections } = truth;
  const latched = truth.mode === 'halted';
  const actions: PanicAction[] = latched ? [] : [{ kind: 'latch' }];
  const entries = orders?.filter((order) => !order.reduceOnly);
  const open = positions?.filter((each) => each.qty > 0n);
  for (const order of entries ?? []) {
    actions.push({ kind: 'cancel-order', orderId: order.id, symbol: order.symbol });
  }
  for (const position of open ?? []) actions.push(...closing(position, truth));
  const evident =
    truth.readAt !== undefined && truth.readAt > (truth.lastActionAt ?? Number.NEGATIVE_INFINITY);
  const flat = evident && entries?.length === 0 && open?.length === 0;
  if (flat) actions.push(...leftovers(protections ?? []));
  const clean = flat && protections?.length === 0;
  // An order that is still on its way would open a position behind a "done".
  const landed = truth.inFlight?.length === 0;
  const done = latched && clean && landed && actions.length === 0 && confirmed(truth);
  if (!done) actions.push({ kind: 'read' });
  // A reading is flat only when no entry can still arrive: one that was under way may stand behind a list that lags.
  const settled = flat && landed;
  return {
    actions,
    checklist: checklist(truth, { entries, open, evident, done }),
    flat: settled,
    done,
  };
}

function confirmed({ flatSince, readAt, lastActionAt }: PanicTruth): boolean {
  if (flatSince === undefined || readAt === undefined) return false;
  return (
    flatSince > (lastActionAt ?? Number.NEGATIVE_INFINITY) && readAt - flatSince >= CONFIRM_AFTER_MS
  );
}

function closing(position: Position, truth: PanicTruth): PanicAction[] {
  const before = truth.attempts.get(position.id);
  if (before !== undefined && truth.now - before.lastAt < RETRY_AFTER_MS) return [];
  const verdict = checkReduce({ position, qty: position.qty });
  if (verdict.kind === 'refused') return [];
  return [{ kind: 'close', reduce: verdict.reduce, attempt: (before?.count ?? 0) + 1 }];
}

const leftovers = (protections: readonly ProtectiveOrder[]): PanicAction[] =>
  protections.map((each) => ({
    kind: 'cancel-protection',
    protectionId: each.id,
    symbol: each.symbol,
  }));

function checklist(
  truth: PanicTruth,
  seen: {
    readonly entries: readonly Order[] | undefined;
    readonly open: readonly Position[] | undefined;
    readonly evident: boolean;
    readonly done: boolean;
  },
): PanicLine[] {
  const lines: PanicLine[] = [
    { text: 'Trading is halted', state: truth.mode === 'halted' ? 'done' : 'working' },
    entriesLine(seen),
    ...inFlightLines(truth),
    ...positionLines(truth, seen),
  ];
  const proof = seen.done ? 'The exchange confirms: flat' : 'Waiting for the exchange to confirm';
  return [...lines, { text: proof, state: seen.done ? 'done' : 'working' }];
}

function entriesLine(seen: {
  readonly entries: readonly Order[] | undefined;
  readonly evident: boolean;
}): PanicLine {
  if (seen.entries === undefined) return { text: 'Open orders cannot be read', state: 'needs you' };
  if (seen.entries.length > 0) {
    return { text: `${seen.entries.length} entry orders are being cancelled`, state: 'working' };
  }
  return { text: 'No entry order is open', state: seen.evident ? 'done' : 'working' };
}

function inFlightLines({ inFlight }: PanicTruth): PanicLine[] {
  if (inFlight === undefined)
    return [{ text: 'Entries on their way cannot be read', state: 'needs you' }];
  return inFlight.map((name) => ({
    text: `${name} was sent and may still arrive: if it does, it is closed`,
    state: 'working',
  }));
}

function positionLines(
  truth: PanicTruth,
  seen: { readonly open: readonly Position[] | undefined; readonly evident: boolean },
): PanicLine[] {
  if (seen.open === undefined) return [{ text: 'Positions cannot be read', state: 'needs you' }];
  if (seen.open.length === 0)
    return [{ text: 'No position is open', state: seen.evident ? 'done' : 'working' }];
  return seen.open.map((position) => {
    const tries = truth.attempts.get(position.id)?.count ?? 0;
    const name = `${position.symbol} ${position.side}`;
    if (tries >= TRIES_BEFORE_HELP) {
      return {
        text: `${name} is still open after ${tries} tries: close it at the exchange too`,
        state: 'needs you',
      };
    }
    return { text: `${name} is being closed`, state: 'working' };
  });
}
