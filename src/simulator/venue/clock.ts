import { performance } from 'node:perf_hooks';

/** The venue's own time: Unix milliseconds that run `speed` times as fast as real time, and never backwards. */
export class VenueClock {
  #base: number;
  #realBase = performance.now();
  #speed: number;
  /** Real milliseconds that it has stood still. */
  #still = 0;

  constructor(start: number, speed: number) {
    this.#base = Math.floor(start);
    this.#speed = speed;
  }

  get speed(): number {
    return this.#speed;
  }

  now(): number {
    return this.#base + Math.floor((performance.now() - this.#realBase) * this.#speed);
  }

  /** Milliseconds in which requests are counted: its own, and real ones while it stands still. */
  counted(): number {
    const still = this.#speed === 0 ? performance.now() - this.#realBase : 0;
    return this.now() + this.#still + still;
  }

  /** Changes the speed from this moment on; 0 freezes the venue. */
  setSpeed(speed: number): void {
    this.#rebase(this.now());
    this.#speed = speed;
  }

  /** Jumps forward to the given venue time; an earlier time is ignored. */
  jumpTo(time: number): void {
    this.#rebase(Math.max(Math.floor(time), this.now()));
  }

  #rebase(time: number): void {
    const real = performance.now();
    if (this.#speed === 0) this.#still += real - this.#realBase;
    this.#base = time;
    this.#realBase = real;
  }
}
