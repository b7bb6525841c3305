import { suggestLeverage } from '../../risk/terms/leverage.ts';
import type { RiskLimits } from '../../risk/terms/limits.ts';
import type { Timestamp } from '../../domain/time.ts';
import { rowAt } from '../candles/candle-columns.ts';
import { viewAt } from '../candles/snapshot-columns.ts';
import { MARK_MS, type Outcome } from './outcomes.ts';
import { followAll, type StudyInput } from '../study/signal-study.ts';

/** Every close after the entry up to the open of the candle that it ended in. */
const closesBetween = (entryTime: Timestamp, exitTime: Timestamp): readonly Timestamp[] =>
  Array.from(
    { length: Math.max(0, Math.floor((exitTime - entryTime) / MARK_MS)) },
    (_, n) => entryTime + (n + 1) * MARK_MS,
  );

/**
 * Every signal followed on its own as the account holds it, with stop and target at the price of its entry, in the order in which the
 * gate is asked: by time, clean ones first, then by turnover. Those that were open at the end are left out.
 */
export function accountOutcomes(
  input: StudyInput,
  limits: Pick<RiskLimits, 'maxStop'>,
): readonly Outcome[] {
  const { markets, parameters } = input;
  const numbers = new Map(markets.map(({ instrument }, index) => [instrument.symbol, index]));
  const categories = [...new Set(markets.map(({ category }) => category))];
  const trades = followAll({ ...input, atMark: limits });
  return trades
    .flatMap(({ symbol, side, entryTime, exitTime, entryPrice, quantity, reason, ...trade }) => {
      const number = numbers.get(symbol) ?? NaN;
      const columns = markets[number]?.columns;
      const view = columns && viewAt(columns, rowAt(columns.candles, entryTime) - 1);
      if (reason === 'end' || view === undefined) return [];
      const { pnl, risk } = trade;
      const clean = columns?.strategy.isClean?.({ view, parameters, side }) === true;
      const sign = side === 'short' ? -1 : 1;
      const marks = closesBetween(entryTime, exitTime).map((at) => {
        const close = columns?.candles.close[rowAt(columns.candles, at) - 1] ?? NaN;
        return (sign * (close - entryPrice) * quantity) / risk;
      });
      const ends = exitTime + MARK_MS;
      const outcome = {
        symbol: number,
        category: categories.indexOf(trade.category),
        leverage: suggestLeverage(view.atr / view.close, Infinity),
        unit: risk / (quantity * entryPrice),
        entryTime,
        exitTime: ends,
        r: pnl / risk,
        marks,
        clean,
      };
      return [{ outcome, turnover: view.dayTurnover }];
    })
    .toSorted(
      (one, other) =>
        one.outcome.entryTime - other.outcome.entryTime ||
        Number(other.outcome.clean) - Number(one.outcome.clean) ||
        other.turnover - one.turnover,
    )
    .map(({ outcome }) => outcome);
}
