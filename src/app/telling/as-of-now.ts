import { rules } from '../../alerts/explain/with-basis.ts';
import type { Alert } from '../../domain/alert.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';

/** What waited to be told, as the last reading of the account has it. */
export interface AsOfNow {
  /** With the figures of now where they have changed. */
  readonly due: readonly Alert[];
  /** Does not hold any more; told anew where it holds again. */
  readonly over: readonly Alert[];
  /** Another one that waits says more of the same. */
  readonly passed: readonly Alert[];
}

/** Keys of what is told of a position as long as it is open, with its id in the second place. */
const OF_OPEN = /^(?:trail-stuck|time-stop|held-long|funding-ahead):([^:]+)/;

/** Whether what it says can have changed while it waited. */
export const mayHaveChanged = ({ kind, key }: Alert): boolean =>
  kind === 'limit-warning' || OF_OPEN.test(key);

/**
 * Judges again what waited, whatever it waited for: others of its kind, the end of the quiet hours, Telegram. What happened stays true, and
 * what lasts is ended by `watchStates`. Without a later reading all stays as it was raised.
 */
export function asOfNow(alerts: readonly Alert[], snapshot: AccountSnapshot | undefined): AsOfNow {
  const due: Alert[] = [];
  const over: Alert[] = [];
  const passed: Alert[] = [];
  for (const alert of alerts) {
    const now = snapshot === undefined ? alert : judged(alert, snapshot, alerts);
    if (now === 'over') over.push(alert);
    else if (now === 'passed') passed.push(alert);
    else due.push(now);
  }
  return { due, over, passed };
}

function judged(
  alert: Alert,
  snapshot: AccountSnapshot,
  others: readonly Alert[],
): Alert | 'over' | 'passed' {
  if (snapshot.at <= alert.at) return alert;
  const [, positionId] = OF_OPEN.exec(alert.key) ?? [];
  if (positionId !== undefined) {
    const [, , dueAt] = alert.key.startsWith('funding') ? alert.key.split(':') : [];
    const isOpen = snapshot.positions.some(({ id }) => id === positionId);
    return isOpen && !(Number(dueAt) <= snapshot.at) ? alert : 'over';
  }
  if (alert.kind !== 'limit-warning' || snapshot.nearLimits === undefined) return alert;
  const id = limitOf(alert);
  const now = snapshot.nearLimits.get(id);
  if (now === undefined) return 'over';
  // A further step of the same limit says it all.
  if (others.some((each) => each.number > alert.number && limitOf(each) === id)) return 'passed';
  if (now === 'used up') return alert;
  const { title, lines, basis, at } = rules.limitWarning(now, snapshot.at);
  return { ...alert, title, lines, at, ...(basis === undefined ? {} : { basis }) };
}

const limitOf = ({ kind, key }: Alert): string =>
  kind === 'limit-warning' ? (key.split(':')[1] ?? '') : '';
