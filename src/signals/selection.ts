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
