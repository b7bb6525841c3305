/** A stretch of time over which a price is multiplied by a factor that moves straight from `a` to `b`. */
interface Stretch {
  readonly start: number;
  readonly a: number;
  readonly b: number;
}

/**
 * What was done to a contract's price from outside: steps (a hand moved the market) and one ramp (a scripted crash).
 * Sorted by start; each stretch lasts until the next one, the last for ever.
 */
export class Overlay {
  readonly #stretches: Stretch[] = [{ start: -Infinity, a: 1, b: 1 }];

  /** Adds the knots of a ramp. Times ascend; the factor of the last knot stays. */
  ramp(knots: ReadonlyArray<{ readonly time: number; readonly factor: number }>): void {
    knots.forEach((knot, at) => {
      const next = knots[at + 1];
      this.#stretches.push({ start: knot.time, a: knot.factor, b: next?.factor ?? knot.factor });
    });
    this.#stretches.sort((x, y) => x.start - y.start);
  }

  /** Multiplies everything from `time` on. */
  step(time: number, factor: number): void {
    const at = this.#find(time);
    const here = this.#stretches[at];
    if (here === undefined) return;
    const value = this.factor(time);
    for (let later = at + 1; later < this.#stretches.length; later += 1) {
      const stretch = this.#stretches[later];
      if (stretch === undefined) continue;
      this.#stretches[later] = {
        start: stretch.start,
        a: stretch.a * factor,
        b: stretch.b * factor,
      };
    }
    if (here.start < time) this.#stretches[at] = { ...here, b: value };
    const replaced = here.start < time ? 0 : 1;
    this.#stretches.splice(at + 1 - replaced, replaced, {
      start: time,
      a: value * factor,
      b: here.b * factor,
    });
  }

  factor(time: number): number {
    const at = this.#find(time);
    const here = this.#stretches[at];
    if (here === undefined) return 1;
    const next = this.#stretches[at + 1];
    if (here.a === here.b || next === undefined) return here.a;
    return here.a + ((here.b - here.a) * (time - here.start)) / (next.start - here.start);
  }

  /** The one factor of the whole of [from, to), or undefined when it changes inside. */
  constant(from: number, to: number): number | undefined {
    const at = this.#find(from);
    const here = this.#stretches[at];
    const next = this.#stretches[at + 1];
    if (here === undefined || here.a !== here.b) return undefined;
    return next === undefined || next.start >= to ? here.a : undefined;
  }

  /** Times inside (from, to) at which a stretch begins. */
  bends(from: number, to: number): number[] {
    return this.#stretches.map((s) => s.start).filter((start) => start > from && start < to);
  }

  get untouched(): boolean {
    return this.#stretches.length === 1;
  }

  #find(time: number): number {
    let at = this.#stretches.length - 1;
    while (at > 0 && (this.#stretches[at]?.start ?? 0) > time) at -= 1;
    return at;
  }
}
