const WINDOW_MS = 1_000;
const SWEEP_ABOVE = 10_000;

/** Counts requests per key in a sliding second of venue time, so that limits scale with the venue's speed. */
export class RateLimit {
  readonly #times = new Map<string, number[]>();

  /** Counts one request; false when the key has had its share of the last second already. */
  take(key: string, limit: number, now: number): boolean {
    const recent = (this.#times.get(key) ?? []).filter((time) => time > now - WINDOW_MS);
    const allowed = recent.length < limit;
    if (allowed) recent.push(now);
    if (this.#times.size > SWEEP_ABOVE) this.#times.clear();
    this.#times.set(key, recent);
    return allowed;
  }
}
