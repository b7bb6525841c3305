/**
 * Who goes first when requests wait for their turn: `protect` (cancel, close, stop loss) before `trade` (entries, settings)
 * before `account` (reads of the account) before `market` (what anybody may read, which a reading of the account, an approval or the owner
 * waits for) before `scan` (the candles of a sweep or a backtest, hundreds at a time).
 */
export const PRIORITIES = ['protect', 'trade', 'account', 'market', 'scan'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** One call of the exchange with the limit that its page documents. `scope`: counted by IP, or by user and signed. */
export interface Endpoint {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly scope: 'public' | 'private';
  readonly perSecond: number;
  readonly priority: Priority;
}
