import { intervalMs, type CandleColumns } from '../../domain/candle.ts';
import { priceFromNumber } from '../../domain/money/money.ts';
import { HOUR } from '../../domain/time.ts';
import { atrColumn, createAtr } from '../../indicators/atr.ts';
import { shiftedColumn } from '../../indicators/column.ts';
import { bollingerColumns, createBollingerBands } from '../../indicators/bollinger-bands.ts';
import { createRsi, rsiColumn } from '../../indicators/rsi.ts';
import { createDayTurnover, dayTurnoverColumn } from '../day-turnover.ts';
import { ROUND_TRIP } from '../channel/prices.ts';
import { TRADABLE_STRATEGY } from '../parameters.ts';
import type { History, Strategy, View } from '../strategy.ts';

/** The rule in figures: the RSI below which it buys, and stop and target as fractions of the entry. */
export const REVERSION = { rsiBelow: 30, stop: 0.015, target: 0.03 } as const;

interface ReversionView extends View {
  readonly lowerBand: number;
  readonly rsi: number;
}

/** Whether the close lies below the lower band of 20 with a weak RSI of 14. */
export const isOversold = ({
  close,
  lowerBand,
  rsi,
}: Pick<ReversionView, 'close' | 'lowerBand' | 'rsi'>): boolean =>
  close < lowerBand && rsi < REVERSION.rsiBelow;

const CANDLE_MS = intervalMs('1h');

/** The rule by which backtest engines are compared. In a backtest it takes candles of any length. */
export const bandReversion: Strategy<ReversionView> = {
  name: 'band-reversion',
  about: 'The close lies below the lower Bollinger band with an RSI below 30: buy the fall.',
  interval: '1h',
  minHistory: 199,
  bridgedGap: 3,
  afterGap: 20,
  quietFor: 1,
  lapsesAfterMs: HOUR,
  leavesAfter: 336,
  isReference: true,
  place: 'watch',
  isScanned: false,
  parameters: TRADABLE_STRATEGY,
  // 3 % less costs over 1.5 % with them.
  rewardRisk: (REVERSION.target - ROUND_TRIP) / (REVERSION.stop + ROUND_TRIP),
  createHistory,
  columnsOf,
  viewAt: ({ closedAt, close, atr, lowerBand, rsi, dayTurnover }, row) => ({
    closedAt: closedAt[row] ?? NaN,
    close: close[row] ?? NaN,
    atr: atr[row] ?? NaN,
    lowerBand: lowerBand[row] ?? NaN,
    rsi: rsi[row] ?? NaN,
    dayTurnover: dayTurnover[row] ?? NaN,
  }),
  decidesBy: [],
  decide: (view) => (isOversold(view) ? { side: 'long' } : undefined),
  whyNot: () => ({
    why: 'not-oversold',
    reason: 'The close is not below its band with a weak RSI.',
  }),
  pricesOf({ view: { close } }, { tick }) {
    const stop = priceFromNumber(close * (1 - REVERSION.stop), tick, 'down');
    const target = priceFromNumber(close * (1 + REVERSION.target), tick, 'up');
    const entry = priceFromNumber(close, tick, 'half-even');
    return stop > 0n && stop < entry
      ? { entry, stop, target }
      : 'the price is too near to one tick';
  },
  explain: ({ view: { rsi } }) => [
    {
      id: 'oversold',
      label: 'Below the lower band',
      weight: 100,
      met: true,
      value: `RSI ${rsi.toFixed(1)}`,
      reason: `The close lies below its lower band and the RSI below ${REVERSION.rsiBelow}.`,
    },
  ],
};

function createHistory(): History<ReversionView> {
  const bands = createBollingerBands();
  const strength = createRsi();
  const range = createAtr();
  const turnover = createDayTurnover('1h');
  const all = [bands, strength, range];
  let last: { readonly openTime: number; readonly close: number } | undefined;
  return {
    push(candle) {
      for (const each of all) each.update(candle);
      turnover.push(candle);
      last = { ...candle };
    },
    replace(candle) {
      for (const each of all) each.replace(candle);
      turnover.replace(candle);
      last = { ...candle };
    },
    snapshot() {
      const band = bands.value();
      const rsi = strength.value();
      const atr = range.value();
      const dayTurnover = turnover.value();
      if (last === undefined || band === undefined || rsi === undefined) return undefined;
      if (atr === undefined || dayTurnover === undefined) return undefined;
      const { openTime, close } = last;
      return {
        closedAt: openTime + CANDLE_MS,
        close,
        atr,
        lowerBand: band.lower,
        rsi,
        dayTurnover,
      };
    },
  };
}

function columnsOf(candles: CandleColumns) {
  const { time, close } = candles;
  return {
    closedAt: shiftedColumn(time, CANDLE_MS),
    close,
    atr: atrColumn(candles),
    lowerBand: bollingerColumns(close).lower,
    rsi: rsiColumn(close),
    dayTurnover: dayTurnoverColumn(candles, '1h'),
  };
}
