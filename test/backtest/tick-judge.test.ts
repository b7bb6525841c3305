/** What a file leaves out, the columns of a backtest and the live tracker are of one mind about bad ticks, however much is missing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candleAt, columnsOf } from '../../src/backtest/candles/candle-columns.ts';
import { snapshotColumns } from '../../src/backtest/candles/snapshot-columns.ts';
import { parseCandleCsv } from '../../src/backtest/files/csv.ts';
import { intervalMs, type Candle } from '../../src/domain/candle.ts';
import { LEVEL_LASTS } from '../../src/indicators/bad-tick.ts';
import { STRATEGIES } from '../../src/signals/strategies/list.ts';
import { breakdown } from '../../src/signals/strategies/breakdown.ts';
import { createTracker } from '../../src/signals/tracker.ts';
import { at } from '../indicators/market.ts';
import { market, STEP } from '../signals/gapped.ts';

const COUNT = 420;
const HEADER = 'time,open,high,low,close,volume';

const times = ({ openTime, open, high, low, close, volume }: Candle, factor: number): Candle => ({
  openTime,
  open: open * factor,
  high: high * factor,
  low: low * factor,
  close: close * factor,
  volume,
});

const read = (candles: readonly Candle[]) => {
  const rows = candles.map(({ openTime, open, high, low, close, volume }) =>
    [openTime, open, high, low, close, volume].join(','),
  );
  const { columns, faults } = parseCandleCsv([HEADER, ...rows].join('\n'));
  const kept = Array.from({ length: columns.length }, (_, row) => candleAt(columns, row));
  return { kept, faults };
};

/** Open times of the candles that a tracker uses since it started over last. */
function usedSince(candles: readonly Candle[]) {
  const tracker = createTracker('XUSDT', breakdown);
  let used: number[] = [];
  let all = 0;
  for (const candle of candles) {
    const { kind } = tracker.feed(candle);
    if (kind === 'refused' || kind === 'ignored') continue;
    if (kind === 'restarted') used = [];
    used.push(candle.openTime);
    all += 1;
  }
  return { used, all, view: tracker.snapshot() };
}

const timesOf = (candles: readonly Candle[]): number[] => candles.map(({ openTime }) => openTime);

/** Rows with holes before some of them, and the candles that a market made. */
function withHoles(seed: number, holes: readonly (readonly [number, number])[]): Candle[] {
  const missing = new Map(holes);
  let shift = 0;
  return market(seed, COUNT).map((candle, row) => {
    shift += missing.get(row) ?? 0;
    return { ...candle, openTime: candle.openTime + shift * STEP };
  });
}

const factor = fc.constantFrom(0.01, 0.1, 0.2, 6, 10, 1_000);
/** A row, and the candles that are missing before and behind it. */
const slip = fc.record({
  row: fc.oneof(fc.integer({ min: 3, max: COUNT - 1 }), fc.constantFrom(3, 4, 400, COUNT - 1)),
  by: factor,
  before: fc.nat(60),
  behind: fc.nat(60),
});

describe('a bad tick among holes of any length', () => {
  it('is left out of a file, and the live tracker and the columns use the same candles', () => {
    fc.assert(
      fc.property(
        fc.nat(1_000),
        fc.array(slip, { minLength: 1, maxLength: 2 }),
        fc.array(fc.tuple(fc.integer({ min: 1, max: COUNT - 1 }), fc.nat(60)), { maxLength: 2 }),
        (seed, slips, holes) => {
          const beside = slips.flatMap(({ row, before, behind }) => [
            [row, before] as const,
            [row + 1, behind] as const,
          ]);
          const sound = withHoles(seed, [...holes, ...beside]);
          const bad = new Map(slips.map(({ row, by }) => [row, by]));
          const candles = sound.map((each, row) => times(each, bad.get(row) ?? 1));
          const { kept, faults } = read(candles);
          expect(timesOf(kept)).toEqual(timesOf(sound.filter((_, row) => !bad.has(row))));
          expect(faults.map(({ line, kind }) => `${kind} ${line}`)).toEqual(
            [...bad.keys()].toSorted((a, b) => a - b).map((row) => `bad tick ${row + 2}`),
          );
          const live = usedSince(candles);
          expect(live).toEqual(usedSince(kept));
          expect(live.all).toBe(kept.length);
          const { counts } = snapshotColumns(columnsOf(candles), breakdown);
          expect(counts.refused).toBe(bad.size);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('at the beginning is left out too, and the live tracker starts over at the third candle behind it', () => {
    fc.assert(
      fc.property(
        fc.array(factor, { minLength: 1, maxLength: 2 }),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(60)), { maxLength: 3 }),
        (slips, holes) => {
          const sound = withHoles(3, holes);
          const candles = sound.map((each, row) => times(each, slips[row] ?? 1));
          const { kept, faults } = read(candles);
          expect(timesOf(kept)).toEqual(timesOf(sound.slice(slips.length)));
          expect(faults.map(({ line }) => line)).toEqual(slips.map((_, row) => row + 2));
          const { used } = usedSince(candles);
          const before = usedSince(kept).used;
          expect(before.slice(-used.length)).toEqual(used);
          expect(before.length - used.length).toBeLessThanOrEqual(2);
        },
      ),
    );
  });

  it('is told by what follows it at the beginning', () => {
    const [first, ...rest] = withHoles(3, []);
    const { faults } = read([times(at([first], 0) as Candle, 100), ...rest]);
    expect(faults[0]?.reason).toMatch(/^close \S+ is \d+ times the close of those after it, \S+$/);
  });

  it('of two rows that slip differently and one more is no level that stays', () => {
    const by = new Map([
      [200, 0.1],
      [201, 10],
      [202, 1_000],
    ]);
    const candles = withHoles(4, []).map((each, row) => times(each, by.get(row) ?? 1));
    const { kept } = read(candles);
    expect(kept.length).toBe(COUNT - 3);
    expect(usedSince(candles).all).toBe(COUNT - 3);
  });
});

describe('another level that stays', () => {
  const redenominated = (missing: number): Candle[] =>
    withHoles(5, [[200, missing]]).map((each, row) => (row < 200 ? each : times(each, 10)));

  it.each([0, 1, 6, 42])('is refused with its line behind %i missing candles', (missing) => {
    expect(() => read(redenominated(missing))).toThrow(/before line 202 and stay there/);
    const { used } = usedSince(redenominated(missing));
    expect(used.length).toBe(COUNT - 202);
  });

  it.each([43, 60])('is taken as it is behind %i, and what is known starts over', (missing) => {
    const { kept, faults } = read(redenominated(missing));
    expect(kept.length).toBe(COUNT);
    expect(faults).toEqual([]);
    expect(usedSince(kept).used.length).toBe(COUNT - 202);
  });

  it('lasts as long as the strategy bridges that bridges most', () => {
    const bridged = STRATEGIES.map((each) => (each.bridgedGap + 1) * intervalMs(each.interval));
    expect(LEVEL_LASTS).toBe(Math.max(...bridged));
  });
});
