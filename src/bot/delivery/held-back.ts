import type { Voice } from '../../app/telling/voice.ts';
import type { Alert } from '../../domain/alert.ts';

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
