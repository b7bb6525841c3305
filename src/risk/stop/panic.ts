import { usdText, type Usd } from '../../domain/money/money.ts';
import type { Order } from '../../domain/order.ts';
import type { Position, ProtectiveOrder } from '../../domain/position.ts';
import { SECOND, type Timestamp } from '../../domain/time.ts';
import type { TradingMode } from '../../domain/trading-mode.ts';
import { priceText } from '../terms/phrase.ts';
import { checkReduce, type ApprovedReduce } from '../gate/reduce.ts';
import { countText } from '../../domain/words/words.ts';

/** What was tried for one position, stop or target. */
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
  /** Money that the account says is locked and that nothing in the lists accounts for: above 0 something is missing from them. */
  readonly unseen: Usd | undefined;
  /** Entries that were sent and may still arrive, because what became of them is not known yet, by name. */
  readonly inFlight: readonly string[] | undefined;
  readonly readAt: Timestamp | undefined;
  /** By the id of a position, stop or target. */
  readonly attempts: ReadonlyMap<string, CloseAttempt>;
  /** When the last close, or cancel of an entry, was sent; undefined: none yet. What is left over is no matter here. */
  readonly lastActionAt: Timestamp | undefined;
  /** As the step before gave it back. */
  readonly flatSince: Timestamp | undefined;
  /** As the step before gave it back. */
  readonly emptySince: Timestamp | undefined;
  readonly now: Timestamp;
}

export type PanicAction =
  | { readonly kind: 'latch' }
  | { readonly kind: 'cancel-order'; readonly orderId: string; readonly symbol: string }
  | { readonly kind: 'close'; readonly reduce: ApprovedReduce; readonly attempt: number }
  /** Only once two looks apart say flat: what protected positions that are no more. */
  | {
      readonly kind: 'cancel-protection';
      readonly protectionId: string;
      readonly symbol: string;
      readonly attempt: number;
    }
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
  /**
   * The `readAt` of the first flat look that nothing has contradicted since. Flat: asked for after the last action, no position, no
   * entry order, none in flight, no locked money that nothing accounts for. A look that failed neither begins nor ends it.
   */
  readonly flatSince: Timestamp | undefined;
  /** The `readAt` of the first look since which no list has shown a position. */
  readonly emptySince: Timestamp | undefined;
  /** True only when flat looks are far enough apart that the venue's lists cannot both lag, and nothing is left over. */
  readonly done: boolean;
  /** No position has been listed for long, and what the exchange says besides does not agree: stops stay, somebody must look. */
  readonly unconfirmed: boolean;
}

/** A close is tried again after this long; market closes fill or fail within it. */
export const RETRY_AFTER_MS = 3 * SECOND;
/** The venue's lists lag each other by a second or two: an entry that fills at the last moment may be in neither. */
export const CONFIRM_AFTER_MS = 3 * SECOND;
/** Lists that still disagree after this long do not lag. */
export const UNCONFIRMED_AFTER_MS = 20 * SECOND;
/** From this many tries on the owner is told to act at the exchange as well. Trying goes on. */
export const TRIES_BEFORE_HELP = 3;

/** What one truth means. */
interface Seen {
  readonly entries: readonly Order[] | undefined;
  readonly open: readonly Position[] | undefined;
  readonly flatSince: Timestamp | undefined;
  readonly emptySince: Timestamp | undefined;
  /** Two flat looks, far enough apart. */
  readonly confirmed: boolean;
  readonly done: boolean;
  readonly unconfirmed: boolean;
}

/**
 * The next step of the emergency close: latch the halt, cancel entries, close every position reduce-only, keep its stops until two
 * looks apart say flat, and call it done on evidence alone. A pure function of what the venue says, so that a restart in the middle
 * goes on where it was.
 */
export function nextPanicStep(truth: PanicTruth): PanicStep {
  const seen = judge(truth);
  const { entries = [], open = [], done, unconfirmed, flatSince, emptySince } = seen;
  const actions: PanicAction[] = truth.mode === 'halted' ? [] : [{ kind: 'latch' }];
  for (const order of entries)
    actions.push({ kind: 'cancel-order', orderId: order.id, symbol: order.symbol });
  for (const position of open) actions.push(...closing(position, truth));
  if (seen.confirmed) actions.push(...leftovers(truth));
  if (!done) actions.push({ kind: 'read' });
  return { actions, checklist: checklist(truth, seen), flatSince, emptySince, done, unconfirmed };
}

function judge(truth: PanicTruth): Seen {
  const { protections, readAt, lastActionAt = Number.NEGATIVE_INFINITY } = truth;
  const entries = truth.orders?.filter((order) => !order.reduceOnly);
  const open = truth.positions?.filter((each) => each.qty > 0n);
  const evident = readAt !== undefined && readAt > lastActionAt;
  const found = [entries?.length, open?.length, truth.inFlight?.length, truth.unseen];
  const against = found.some((each) => each !== undefined && each > 0);
  const flat = evident && !against && !found.includes(undefined);
  const flatSince = against ? undefined : (truth.flatSince ?? (flat ? readAt : undefined));
  const empty = evident && open?.length === 0 ? readAt : undefined;
  const emptySince =
    open !== undefined && open.length > 0 ? undefined : (truth.emptySince ?? empty);
  const confirmed =
    flat && flatSince !== undefined && flatSince > lastActionAt && apart(flatSince, readAt);
  const done = confirmed && truth.mode === 'halted' && protections?.length === 0;
  const disagrees = truth.unseen !== 0n || protections?.length !== 0;
  const unconfirmed =
    disagrees &&
    readAt !== undefined &&
    emptySince !== undefined &&
    readAt - emptySince >= UNCONFIRMED_AFTER_MS;
  return { entries, open, flatSince, emptySince, confirmed, done, unconfirmed };
}

const apart = (since: Timestamp, readAt: Timestamp): boolean => readAt - since >= CONFIRM_AFTER_MS;

/** What was tried and has not had its time yet is not tried again. */
const isUnderWay = ({ attempts, now }: PanicTruth, id: string): boolean => {
  const before = attempts.get(id);
  return before !== undefined && now - before.lastAt < RETRY_AFTER_MS;
};

function closing(position: Position, truth: PanicTruth): PanicAction[] {
  if (isUnderWay(truth, position.id)) return [];
  const verdict = checkReduce({ position, qty: position.qty });
  if (verdict.kind === 'refused') return [];
  const attempt = (truth.attempts.get(position.id)?.count ?? 0) + 1;
  return [{ kind: 'close', reduce: verdict.reduce, attempt }];
}

const leftovers = (truth: PanicTruth): PanicAction[] =>
  (truth.protections ?? [])
    .filter((each) => !isUnderWay(truth, each.id))
    .map((each) => ({
      kind: 'cancel-protection',
      protectionId: each.id,
      symbol: each.symbol,
      attempt: (truth.attempts.get(each.id)?.count ?? 0) + 1,
    }));

function checklist(truth: PanicTruth, seen: Seen): PanicLine[] {
  const halted = truth.mode === 'halted';
  return [
    { text: 'Trading is halted', state: halted ? 'done' : 'working' },
    entriesLine(seen),
    ...inFlightLines(truth),
    ...positionLines(truth, seen),
    ...(seen.open?.length === 0 ? [...moneyLines(truth, seen), ...stopLines(truth, seen)] : []),
    proofLine(seen),
  ];
}

function proofLine({ done, unconfirmed }: Seen): PanicLine {
  if (done) return { text: 'The exchange confirms: flat', state: 'done' };
  return unconfirmed
    ? { text: 'Not confirmed: look at the exchange', state: 'needs you' }
    : { text: 'Waiting for the exchange to confirm', state: 'working' };
}

function entriesLine({ entries, confirmed }: Seen): PanicLine {
  if (entries === undefined) return { text: 'Open orders cannot be read', state: 'needs you' };
  if (entries.length > 0)
    return {
      text: `${countText(entries.length, 'entry order is', 'entry orders are')} being cancelled`,
      state: 'working',
    };
  return confirmed
    ? { text: 'No entry order is open', state: 'done' }
    : { text: 'No entry order is listed, looking again', state: 'working' };
}

function inFlightLines({ inFlight }: PanicTruth): PanicLine[] {
  if (inFlight === undefined)
    return [{ text: 'Entries on their way cannot be read', state: 'needs you' }];
  return inFlight.map((name) => ({
    text: `${name} was sent and may still arrive: if it does, it is closed`,
    state: 'working',
  }));
}

function positionLines(truth: PanicTruth, { open, confirmed }: Seen): PanicLine[] {
  if (open === undefined) return [{ text: 'Positions cannot be read', state: 'needs you' }];
  if (open.length === 0) {
    return confirmed
      ? [{ text: 'No position is open', state: 'done' }]
      : [{ text: 'No position is listed, looking again', state: 'working' }];
  }
  return open.map((position) => {
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

/** Locked money speaks against lists that show nothing. */
function moneyLines({ unseen }: PanicTruth, { unconfirmed }: Seen): PanicLine[] {
  if (unseen === undefined) return [{ text: 'Margin in use cannot be read', state: 'needs you' }];
  if (unseen <= 0n) return [];
  return [
    {
      text: `${usdText(unseen)} are still locked as margin: something may be open that is not listed`,
      state: unconfirmed ? 'needs you' : 'working',
    },
  ];
}

function stopLines({ protections }: PanicTruth, seen: Seen): PanicLine[] {
  if (protections === undefined)
    return [{ text: 'Stops and targets cannot be read', state: 'needs you' }];
  if (seen.unconfirmed) {
    return protections.map((each) => ({ text: `Kept: ${levelText(each)}`, state: 'needs you' }));
  }
  return protections.map((each) => ({
    text: seen.confirmed
      ? `${levelText(each)} is left over and is being removed`
      : `${levelText(each)} stays until flat is certain`,
    state: 'working',
  }));
}

/** "BTCUSDT stop 98, target 104". */
function levelText({ symbol, stopPrice, targetPrice }: ProtectiveOrder): string {
  const stop = stopPrice === undefined ? [] : [`stop ${priceText(stopPrice)}`];
  const target = targetPrice === undefined ? [] : [`target ${priceText(targetPrice)}`];
  return `${symbol} ${[...stop, ...target].join(', ')}`;
}
