import type { Instrument } from './instrument.ts';
import {
  candlesBySpan,
  MOST_TICKS,
  type Candle,
  type CandleEnd,
  type CandleRequest,
  type Market,
  type MarketMove,
  type PathPoint,
  type Stretch,
} from './market.ts';
import { Overlay } from './overlay.ts';

/** A point of the path inside one bar; time is relative to the bar's open. */
export interface Anchor {
  readonly at: number;
  readonly ticks: number;
}

/** A source of bars and of the way the price went through each of its shortest bars. */
export interface PathSource {
  readonly instruments: readonly Instrument[];
  /** Bar lengths that the source gives directly, ms, longest first; the last is the shortest there is. */
  readonly steps: readonly number[];
  bar(index: number, step: number, open: number): Candle | undefined;
  /** The path through the shortest bar opening at `open`: first anchor at 0, last at its close. */
  anchors(index: number, open: number, first?: CandleEnd): readonly Anchor[];
  /** Open of the shortest bar that last traded at or before `time`. */
  lastOpen(index: number, time: number): number | undefined;
}

interface Sum {
  open: number;
  high: number;
  low: number;
  close: number;
  base: number;
  quote: number;
}

/** A market over a path source, with what was done to it from outside laid on top. */
export class PathMarket implements Market {
  readonly instruments: readonly Instrument[];
  readonly finest: number;
  readonly #source: PathSource;
  readonly #index: ReadonlyMap<string, number>;
  readonly #overlays: Overlay[];
  readonly #moves: MarketMove[] = [];

  constructor(source: PathSource) {
    this.#source = source;
    this.instruments = source.instruments;
    this.finest = source.steps.at(-1) ?? 0;
    this.#index = new Map(source.instruments.map((instrument, at) => [instrument.symbol, at]));
    this.#overlays = source.instruments.map(() => new Overlay());
  }

  indexOf(symbol: string): number | undefined {
    return this.#index.get(symbol);
  }

  overlay(index: number): Overlay | undefined {
    return this.#overlays[index];
  }

  last(index: number, time: number): number | undefined {
    const ticks = this.#untouched(index, time);
    return ticks === undefined ? undefined : this.#scaled(index, ticks, time);
  }

  path(index: number, stretch: Stretch): PathPoint[] {
    const { from, to } = stretch;
    const points: PathPoint[] = [];
    const end = this.last(index, to);
    if (end === undefined || to <= from) return points;
    for (const bend of this.#overlays[index]?.bends(from, to) ?? []) {
      points.push({ time: bend, ticks: this.last(index, bend) ?? end, jump: false });
    }
    const first = Math.floor(from / this.finest) * this.finest;
    for (let open = first; open <= to; open += this.finest) {
      if (this.#source.bar(index, this.finest, open) === undefined) continue;
      this.#addAnchors(index, { open, ...stretch }, points);
    }
    points.sort((a, b) => a.time - b.time);
    if (points.at(-1)?.time !== to) points.push({ time: to, ticks: end, jump: false });
    return points;
  }

  span(index: number, from: number, to: number): Candle | undefined {
    const sum: Sum = { open: 0, high: 0, low: 0, close: 0, base: 0, quote: 0 };
    let at = from;
    while (at < to) {
      const step = this.#source.steps.find((ms) => at % ms === 0 && at + ms <= to);
      const fits = step !== undefined && this.#addBar(index, { open: at, step }, sum);
      if (fits) at += step;
      else at = this.#addPiece(index, { from: at, to }, sum);
    }
    if (sum.open === 0) return undefined;
    const { open, high, low, close } = sum;
    return { time: from, open, high, low, close, baseVolume: sum.base, quoteVolume: sum.quote };
  }

  candles(index: number, request: CandleRequest): Candle[] {
    const { interval } = request;
    if (interval.ms < this.finest || interval.ms % this.finest !== 0) return [];
    return candlesBySpan(this, index, request);
  }

  move(index: number, time: number, factor: number): void {
    const symbol = this.instruments[index]?.symbol;
    if (symbol === undefined) return;
    const ticks = this.#unrounded(index, time);
    const within =
      ticks === undefined ? factor : Math.min(Math.max(factor, 1 / ticks), MOST_TICKS / ticks);
    this.#overlays[index]?.step(time, within);
    this.#moves.push({ symbol, time, factor: within });
  }

  moveTo(index: number, time: number, ticks: number): void {
    const before = this.#unrounded(index, time);
    if (before !== undefined) this.move(index, time, ticks / before);
  }

  moves(): readonly MarketMove[] {
    return this.#moves;
  }

  #addAnchors(
    index: number,
    range: Stretch & { readonly open: number },
    points: PathPoint[],
  ): void {
    const { open, from, to, first } = range;
    for (const anchor of this.#source.anchors(index, open, first)) {
      const time = open + anchor.at;
      if (time <= from || time > to) continue;
      const ticks = this.#scaled(index, anchor.ticks, time);
      const jump = anchor.at === 0 && this.last(index, time - 1) !== ticks;
      points.push({ time, ticks, jump });
    }
  }

  /** Adds a whole bar when its factor is one number; false when it has to be taken apart. */
  #addBar(index: number, bar: { open: number; step: number }, sum: Sum): boolean {
    const factor = this.#overlays[index]?.constant(bar.open, bar.open + bar.step) ?? undefined;
    if (factor === undefined) return false;
    const candle = this.#source.bar(index, bar.step, bar.open);
    if (candle === undefined) return true;
    const scale = (ticks: number): number =>
      factor === 1 ? ticks : Math.max(1, Math.round(ticks * factor));
    const open = scale(candle.open);
    if (sum.open === 0) Object.assign(sum, { open, high: open, low: open });
    sum.high = Math.max(sum.high, scale(candle.high));
    sum.low = Math.min(sum.low, scale(candle.low));
    sum.close = scale(candle.close);
    sum.base += candle.baseVolume;
    sum.quote += candle.quoteVolume * factor;
    return true;
  }

  /** Adds the part of one shortest bar that lies in the range, from its path; returns where that part ends. */
  #addPiece(index: number, range: { from: number; to: number }, sum: Sum): number {
    const step = this.#source.steps.find(
      (ms) => ms > this.finest && range.from % ms === 0 && range.from + ms <= range.to,
    );
    if (step !== undefined)
      return this.#addSplit(index, { from: range.from, to: range.from + step }, sum);
    const open = Math.floor(range.from / this.finest) * this.finest;
    const end = Math.min(range.to, open + this.finest);
    const candle = this.#source.bar(index, this.finest, open);
    if (candle === undefined) return end;
    const bends = this.#overlays[index]?.bends(range.from, end) ?? [];
    const times = this.#source.anchors(index, open).map((anchor) => open + anchor.at);
    const inside = times.filter((time) => time > range.from && time < end);
    for (const time of [
      range.from,
      ...inside,
      ...bends.flatMap((bend) => [bend - 1, bend]),
      end - 1,
    ].sort((a, b) => a - b)) {
      const ticks = this.last(index, time);
      if (ticks === undefined) continue;
      if (sum.open === 0) Object.assign(sum, { open: ticks, high: ticks, low: ticks });
      sum.high = Math.max(sum.high, ticks);
      sum.low = Math.min(sum.low, ticks);
      sum.close = ticks;
    }
    const share = (end - range.from) / this.finest;
    sum.base += candle.baseVolume * share;
    sum.quote += candle.quoteVolume * share * (this.#overlays[index]?.factor(range.from) ?? 1);
    return end;
  }

  #addSplit(index: number, range: { from: number; to: number }, sum: Sum): number {
    let at = range.from;
    while (at < range.to) {
      const bar = { open: at, step: this.finest };
      if (!this.#addBar(index, bar, sum))
        this.#addPiece(index, { from: at, to: at + this.finest }, sum);
      at += this.finest;
    }
    return range.to;
  }

  /** The source's own price at a time, whatever was laid on top. */
  #untouched(index: number, time: number): number | undefined {
    const open = this.#source.lastOpen(index, time);
    if (open === undefined) return undefined;
    return this.#along(this.#source.anchors(index, open), time - open);
  }

  /** The price before it is brought to whole ticks: what a move by a factor starts from. */
  #unrounded(index: number, time: number): number | undefined {
    const ticks = this.#untouched(index, time);
    return ticks === undefined ? undefined : ticks * (this.#overlays[index]?.factor(time) ?? 1);
  }

  #scaled(index: number, ticks: number, time: number): number {
    const overlay = this.#overlays[index];
    if (overlay === undefined || overlay.untouched) return Math.round(ticks);
    return Math.max(1, Math.round(ticks * overlay.factor(time)));
  }

  #along(anchors: readonly Anchor[], at: number): number {
    let before = anchors[0];
    for (const anchor of anchors) {
      if (anchor.at > at) {
        if (before === undefined || anchor.at === before.at) return anchor.ticks;
        return (
          before.ticks +
          ((anchor.ticks - before.ticks) * (at - before.at)) / (anchor.at - before.at)
        );
      }
      before = anchor;
    }
    return before?.ticks ?? 0;
  }
}
