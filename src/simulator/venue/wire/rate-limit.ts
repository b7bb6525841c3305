const SWEEP_ABOVE = 10_000;

/** Counts requests per key in a sliding window, of venue time while the venue's clock goes, so that limits scale with its speed. */
export class RateLimit {
  readonly #times = new Map<string, number[]>();

  /** Counts one request; false when the key has had its share of the window already. */
  take(
    key: string,
    limit: { readonly most: number; readonly windowMs: number },
    now: number,
  ): boolean {
    const { most, windowMs } = limit;
    const recent = (this.#times.get(key) ?? []).filter((time) => time > now - windowMs);
    const allowed = recent.length < most;
    if (allowed) recent.push(now);
    if (this.#times.size > SWEEP_ABOVE) this.#times.clear();
    this.#times.set(key, recent);
    return allowed;
  }
}
