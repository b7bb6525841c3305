import fc from 'fast-check';
import { expect, it } from 'vitest';
import { candleAt, columnsOf } from '../../src/backtest/candles/candle-columns.ts';
import { snapshotColumns } from '../../src/backtest/candles/snapshot-columns.ts';
import { parseCandleCsv } from '../../src/backtest/files/csv.ts';
import { followAll } from '../../src/backtest/study/signal-study.ts';
import { DEFAULT_COSTS } from '../../src/backtest/trade/costs.ts';
import { RECORDED_TIERS } from '../../src/backtest/trade/instrument.ts';
import {
  admitSignal,
  advanceSignal,
  endSilent,
  hasEnded,
  type Ended,
  type OpenSignal,
} from '../../src/backtest/trade/ledger.ts';
import type { Candle } from '../../src/domain/candle.ts';
import { price } from '../../src/domain/money/money.ts';
import { HOUR } from '../../src/domain/time.ts';
import { withoutBadTicks } from '../../src/indicators/bad-tick.ts';
import { breakdown } from '../../src/signals/strategies/breakdown.ts';
import { createTracker } from '../../src/signals/tracker.ts';
import { at } from '../indicators/market.ts';
import { gap, market, recordingOf, STEP } from '../signals/gapped.ts';
import { instrument } from '../signals/samples.ts';

const FINE = instrument('XUSDT', { tick: price('0.000001'), priceDecimals: 6 });
const { parameters } = breakdown;

/** What a file of them gives a backtest. */
function read(candles: readonly Candle[]): readonly Candle[] {
  const rows = candles.map((each) =>
    [each.openTime, each.open, each.high, each.low, each.close, each.volume].join(','),
  );
  const { columns } = parseCandleCsv(['time,open,high,low,close,volume', ...rows].join('\n'));
  return Array.from({ length: columns.length }, (_, row) => candleAt(columns, row));
}

/** What the backtest makes of the candles: entry, exit and result of what came to an end. */
function studied(candles: readonly Candle[]) {
  const columns = snapshotColumns(columnsOf(candles), breakdown);
  const market = { instrument: FINE, category: 'other', tiers: RECORDED_TIERS, columns };
  const window = { from: -Infinity, to: Infinity };
  return followAll({ markets: [market], window, parameters, costs: DEFAULT_COSTS })
    .filter(({ reason }) => reason !== 'end')
    .map(({ entryTime, exitTime, exitPrice, pnl }) => ({ entryTime, exitTime, exitPrice, pnl }));
}

/** What the live ledger makes of them, looking every hour: it is handed no bad tick. */
function followedLive(candles: readonly Candle[]) {
  const tracker = createTracker('XUSDT', breakdown);
  const held = new Set(withoutBadTicks(candles));
  let known: readonly OpenSignal[] = [];
  const over: Ended[] = [];
  const keep = (after: OpenSignal | Ended): readonly OpenSignal[] => {
    if (!hasEnded(after)) return [after];
    over.push(after);
    return [];
  };
  for (const candle of candles) {
    // The last look before this candle has closed, and the one that sees it.
    known = known.flatMap((each) => keep(endSilent(each, candle.openTime + STEP - 2 * HOUR)));
    if (held.has(candle)) known = known.flatMap((each) => keep(advanceSignal(each, [candle])));
    if (tracker.feed(candle).kind === 'refused') continue;
    const found = tracker.evaluate(FINE);
    if (found.kind === 'signal') known = admitSignal(known, found.signal, 'refused');
  }
  return over.flatMap(({ counted, result }) => {
    if (!counted || result === undefined) return [];
    const { entryTime, exitTime, exitPrice, pnl } = result;
    return [{ entryTime, exitTime, exitPrice, pnl }];
  });
}

it('trades end live as in a backtest, to the last digit, whatever is missing', () => {
  let trades = 0;
  const bridged = gap.filter(({ missing }) => missing < 42);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      fc.array(bridged, { maxLength: 8 }),
      (seed, gaps) => {
        const { candles } = recordingOf(market(seed, 1_000), gaps);
        const expected = studied(read(candles));
        expect(followedLive(candles)).toEqual(expected);
        trades += expected.length;
      },
    ),
    { numRuns: 40 },
  );
  expect(trades).toBeGreaterThan(30);
});

it.each([1, 3, 4, 12, 41, 42])('a trade goes on behind a gap of %i in it', (missing) => {
  for (const seed of [1, 2, 3, 4]) {
    const all = market(seed, 1_500);
    const long = studied(all).find(({ entryTime, exitTime }) => exitTime > entryTime);
    const row = all.findIndex(({ openTime }) => openTime === long?.entryTime) + 1;
    const candles = all.toSpliced(row, missing);
    const trades = studied(candles);
    const held = trades.find(({ entryTime }) => entryTime === long?.entryTime);
    expect(held?.exitTime).toBeGreaterThanOrEqual(at(candles, row).openTime);
    expect(followedLive(candles)).toEqual(trades);
  }
});
