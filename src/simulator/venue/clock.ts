import { performance } from 'node:perf_hooks';

/** The venue's own time: Unix milliseconds that run `speed` times as fast as real time, and never backwards. */
export class VenueClock {
  #base: number;
  #realBase = performance.now();
  #speed: number;

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
    this.#base = time;
    this.#realBase = performance.now();
  }
}
