import type { Signal } from '../domain/signal.ts';

/** Signals of one scan that are put before the gate at most: beyond, the best ones were refused for a common reason. */
export const MOST_JUDGED = 20;

/**
 * Whether the next best signal of a scan is put before the gate. No more are pushed than there are places for entries: what
 * waits for an answer has taken its place. With no place left the gate is asked all the same, to say why. `slots`: entries that
 * the limits on positions and on trades a day leave room for, may be below 0.
 */
export const isJudged = ({
  judged,
  waiting,
  slots,
}: {
  readonly judged: number;
  readonly waiting: number;
  readonly slots: number;
}): boolean => judged < MOST_JUDGED && (waiting === 0 || waiting < slots);

/** Where what may come of a contract that is not read yet stands at best. */
export interface Outlook {
  /** Whether it may be clean. */
  readonly clean: boolean;
  /** Quote currency traded in the 24 h before, as its ticker has it. */
  readonly turnover: number;
}

/** From best to worst, as `byRank` (scan.ts) orders what comes of them. */
export const byOutlook = (one: Outlook, other: Outlook): number => {
  if (one.clean !== other.clean) return one.clean ? -1 : 1;
  return other.turnover - one.turnover;
};

/** A signal's turnover is counted from closes, a ticker's from trades: so much more it may be, as a factor. */
const TURNOVER_ROOM = 1.1;

/** Whether a signal ranks before whatever may come of a contract that is not read yet. */
export const standsBefore = (
  { clean = false, turnover }: Pick<Signal, 'clean' | 'turnover'>,
  unread: Outlook,
): boolean =>
  byOutlook({ clean, turnover }, { ...unread, turnover: unread.turnover * TURNOVER_ROOM }) < 0;
