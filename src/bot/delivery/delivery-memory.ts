/** How many numbers are remembered after they were sent. */
const REMEMBERED = 1_000;

/** What this process knows of each alert on its way, so that the fast path and the loop never send the same one twice. */
export interface DeliveryMemory {
  /** Takes it for sending; false when it is on its way or was sent. */
  take(number: number): boolean;
  /** It arrived. */
  sent(number: number): void;
  /** It did not arrive; `delivered`: whether it may have all the same. It is free again after `waitMs`. */
  failed(number: number, outcome: { delivered: boolean; waitMs: number }): void;
  /** Gives it back untouched. */
  letGo(number: number): void;
  /** Whether an earlier attempt may have reached the phone, given how often it was attempted by anybody. */
  mayBeRepeat(number: number, attempts: number): boolean;
}

export function createDeliveryMemory(monotonicNow: () => number): DeliveryMemory {
  const taken = new Set<number>();
  const done = new Set<number>();
  const waits = new Map<number, number>();
  const surelyLost = new Map<number, number>();
  return {
    take: (number) => {
      const waiting = (waits.get(number) ?? 0) > monotonicNow();
      if (taken.has(number) || done.has(number) || waiting) return false;
      taken.add(number);
      return true;
    },
    sent: (number) => {
      taken.delete(number);
      waits.delete(number);
      surelyLost.delete(number);
      done.add(number);
      const [oldest] = done;
      if (done.size > REMEMBERED && oldest !== undefined) done.delete(oldest);
    },
    failed: (number, { delivered, waitMs }) => {
      taken.delete(number);
      waits.set(number, monotonicNow() + waitMs);
      if (!delivered) surelyLost.set(number, (surelyLost.get(number) ?? 0) + 1);
    },
    letGo: (number) => {
      taken.delete(number);
    },
    mayBeRepeat: (number, attempts) => attempts > (surelyLost.get(number) ?? 0),
  };
}
