import { describe, expect, it } from 'vitest';
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
import type { Signal } from '../../src/domain/signal.ts';
import { DAY, HOUR } from '../../src/domain/time.ts';

const AT = 1_760_122_800_000;

const signal = (over: Partial<Signal> = {}): Signal => ({
  id: `SOLUSDT-long-${over.candleClosedAt ?? AT}`,
  symbol: 'SOLUSDT',
  side: 'long',
  entry: price('100'),
  stop: price('98'),
  target: price('104'),
  rewardRisk: 1.8,
  strategy: 'agreement',
  score: 80,
  criteria: [],
  atrFraction: 0.01,
  turnover: 5_000_000,
  category: 'layer 1',
  candleClosedAt: AT,
  ...over,
});

const candle = (hour: number, over: Partial<Candle> = {}): Candle => ({
  openTime: AT + hour * HOUR,
  open: 100,
  high: 101,
  low: 99,
  close: 100,
  volume: 1,
  ...over,
});

function admitted(over: Partial<Signal> = {}): OpenSignal {
  const [first] = admitSignal([], signal(over), 'refused');
  if (first === undefined) throw new Error('nothing admitted');
  return first;
}

function ended(after: OpenSignal | Ended): Ended {
  if (!hasEnded(after)) throw new Error('it is still open');
  return after;
}

describe('a followed signal', () => {
  it('is entered at the open of the next candle with slippage and ends at its stop with costs, by hand', () => {
    const { end, result } = ended(advanceSignal(admitted(), [candle(0), candle(1, { low: 97 })]));
    expect(end).toBe('stop');
    expect(result?.entryPrice).toBe(100 * 1.0005);
    expect(result?.exitPrice).toBe(98 * 0.9995);
    const fees = 0.0006 * (100 / 100.05) * (100.05 + 97.951);
    expect(result?.pnl).toBeCloseTo((100 / 100.05) * (97.951 - 100.05) - fees, 12);
    expect((result?.pnl ?? 0) / (result?.risk ?? 1)).toBeCloseTo(-1, 12);
    expect(result?.candles).toBe(2);
  });

  it('pays slippage at its target too, and twice of it behind a gap', () => {
    const exit = (last: Candle): number | undefined =>
      ended(advanceSignal(admitted(), [candle(0), last])).result?.exitPrice;
    expect(exit(candle(1, { high: 104 }))).toBe(104 * 0.9995);
    expect(exit(candle(1, { open: 106, high: 106 }))).toBe(106 * 0.999);
    expect(exit(candle(1, { open: 95, low: 95 }))).toBe(95 * 0.999);
  });

  it('takes the stop first when one candle holds both', () => {
    expect(ended(advanceSignal(admitted(), [candle(0, { low: 90, high: 110 })])).end).toBe('stop');
    expect(ended(advanceSignal(admitted(), [candle(0, { high: 110 })])).end).toBe('target');
  });

  it('gives the same result candle by candle and all at once', () => {
    const path = [candle(0), candle(1), candle(8), candle(9, { high: 105 })];
    let step: OpenSignal | Ended = admitted();
    for (const each of path) {
      // As a restart does: the state goes through JSON.
      const stored = JSON.parse(JSON.stringify(step)) as OpenSignal;
      step = advanceSignal(stored, [each]);
    }
    expect(step).toEqual(advanceSignal(admitted(), path));
    expect(ended(step).result?.candles).toBe(4);
  });

  it('does not use a candle twice and leaves what it was given as it was', () => {
    const first = advanceSignal(admitted(), [candle(0)]);
    if (hasEnded(first)) throw new Error('ended');
    const before = JSON.stringify(first);
    const second = advanceSignal(first, [candle(0, { low: 1 }), candle(1)]);
    expect(hasEnded(second)).toBe(false);
    expect(JSON.stringify(first)).toBe(before);
  });

  it('has no entry when the next candle is missing or opens beyond the stop', () => {
    expect(ended(advanceSignal(admitted(), [candle(1)])).end).toBe('no entry');
    const gap = advanceSignal(admitted(), [candle(0, { open: 97, low: 96 })]);
    expect(ended(gap)).toMatchObject({ end: 'no entry' });
    expect(ended(gap).result).toBeUndefined();
  });

  it('expires at the close after 14 days', () => {
    const path = Array.from({ length: 14 * 24 }, (_, hour) => candle(hour));
    expect(hasEnded(advanceSignal(admitted(), path.slice(0, -1)))).toBe(false);
    const { end, result } = ended(advanceSignal(admitted(), path));
    expect(end).toBe('expiry');
    expect(result?.exitPrice).toBe(100 * 0.9995);
  });

  it('ends without a result when no candle came for two days', () => {
    expect(hasEnded(endSilent(admitted(), AT - HOUR + 2 * DAY))).toBe(false);
    expect(ended(endSilent(admitted(), AT + 2 * DAY))).toMatchObject({ end: 'no data' });
  });
});

it('is waited for as long as its strategy bridges a gap, and no longer', () => {
  const own = admitted({ strategy: 'breakdown' });
  // The last candle seen, 42 that are missing, and the one after them has closed.
  const back = own.seenTo + 44 * 4 * HOUR;
  expect(hasEnded(endSilent(own, back))).toBe(false);
  expect(ended(endSilent(own, back + 1))).toMatchObject({ end: 'no data' });
});

describe('taking up a signal', () => {
  const known = [admitted()];
  const next = signal({ candleClosedAt: AT + HOUR });

  it('counts a repeat instead of following it twice', () => {
    expect(admitSignal(known, next, 'not best')).toMatchObject([{ repeats: 1 }]);
    expect(admitSignal(known, signal(), 'refused')).toBe(known);
  });

  it('takes the next one into the record although a card outside of it is still followed', () => {
    const card = admitSignal(known, next, 'proposed').filter(({ counted }) => !counted);
    const later = signal({ candleClosedAt: AT + 2 * HOUR });
    expect(admitSignal(card, later, 'refused')).toMatchObject([
      { counted: false, repeats: 0 },
      { counted: true },
    ]);
  });

  it('follows every card and every other side, and leaves them out of the record', () => {
    expect(admitSignal(known, next, 'proposed')).toMatchObject([
      { counted: true },
      { counted: false, fate: 'proposed' },
    ]);
    const short = signal({ id: 'other', side: 'short', stop: price('102'), target: price('96') });
    expect(admitSignal(known, short, 'refused')).toMatchObject([{}, { counted: false }]);
  });
});
