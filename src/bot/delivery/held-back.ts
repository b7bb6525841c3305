import type { Voice } from '../../app/telling/voice.ts';
import type { Alert } from '../../domain/alert.ts';
import { SECOND } from '../../domain/time.ts';

/** What of the outbox may be told now. */
export interface Sorted {
  readonly due: readonly Alert[];
  /** Of those, what the quiet hours have held back until now. */
  readonly morning: readonly Alert[];
  /** Of kinds that the owner turned off. */
  readonly off: readonly Alert[];
}

/** Keeps what the quiet hours hold back apart, and knows it when they are over. */
export function createHeldBack({ loudness }: Pick<Voice, 'loudness'>): {
  sort(pending: readonly Alert[]): Sorted;
} {
  const night = new Set<number>();
  return {
    sort: (pending) => {
      const due: Alert[] = [];
      const morning: Alert[] = [];
      const off: Alert[] = [];
      for (const alert of pending) {
        const how = loudness(alert);
        if (how === 'held') night.add(alert.number);
        else if (how === 'off') off.push(alert);
        else {
          due.push(alert);
          if (night.has(alert.number)) morning.push(alert);
        }
      }
      const waiting = new Set(pending.map(({ number }) => number));
      for (const each of night) if (!waiting.has(each)) night.delete(each);
      return { due, morning, off };
    },
  };
}

/** So long what needs a look, but no haste, waits for more of its kind. */
const GATHER_MS = 30 * SECOND;

/** What may be told now; `overtaken`: what a halt has made old while it waited. */
interface Gathered {
  readonly due: readonly Alert[];
  readonly overtaken?: { readonly by: Alert; readonly alerts: readonly Alert[] };
}

/** Lets limits that are nearly used through together: in a crash one after the other gets there. `monotonicNow`: a steady clock, milliseconds. */
export function createGathering(
  monotonicNow: () => number,
  gatherMs = GATHER_MS,
): (due: readonly Alert[]) => Gathered {
  let since: number | undefined;
  let by: Alert | undefined;
  return (due) => {
    const waiting = due.filter(({ kind }) => kind === 'limit-warning');
    if (waiting.length === 0) {
      since = undefined;
      by = undefined;
      return { due };
    }
    since ??= monotonicNow();
    by ??= due.find(({ kind, severity }) => kind === 'halt' && severity === 'critical');
    const others = due.filter((each) => !waiting.includes(each));
    if (monotonicNow() - since < gatherMs) return { due: others };
    return by === undefined ? { due } : { due: others, overtaken: { by, alerts: waiting } };
  };
}
