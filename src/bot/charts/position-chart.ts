import type { ChartConfig } from '../../app/ports/chart-renderer.ts';
import type { ChartReading } from '../../app/views/read-chart.ts';
import type { ClosedTrade } from '../../app/telling/closed-trade.ts';
import { levelsOf, type Proposal } from '../../domain/proposal.ts';
import { toNumber, type Price } from '../../domain/money/money.ts';
import { candleChart, describeCandles, type CandleChartData } from './candle-chart.ts';
import type { Picture } from './chart.ts';
import type { ThemeName } from './theme.ts';

/** The picture of a signal: the candles before it, with the prices of its plan. */
export function signalPicture(
  proposal: Proposal,
  candles: CandleChartData['candles'],
  theme: ThemeName,
): Picture {
  const { signal, plan } = proposal;
  const { stop, target } = levelsOf(proposal);
  const { symbol, side } = signal;
  const data: CandleChartData = {
    symbol,
    side,
    candles,
    interval: '1h',
    title: `${symbol} ${side}, 1h`,
    onCard: true,
    entry: toNumber(plan.entry),
    stop: toNumber(stop),
    target: toNumber(target),
  };
  return { config: candleChart(data, theme), caption: describeCandles(data) };
}

/** The picture of a trade that is over: where it went in and out, and what rested for it at last. */
export function tradePicture(
  { closed, stop, target, interval, candles }: ClosedTrade,
  theme: ThemeName,
): Picture {
  const { symbol, side } = closed;
  const data: CandleChartData = {
    symbol,
    side,
    candles,
    interval,
    title: `${symbol} ${side}, closed`,
    entry: toNumber(closed.entryPrice),
    exit: toNumber(closed.closePrice),
    ...(stop === undefined ? {} : { stop: toNumber(stop) }),
    ...(target === undefined ? {} : { target: toNumber(target) }),
  };
  return { config: candleChart(data, theme), caption: describeCandles(data) };
}

/** The candles of a coin with what is open in it: entry, stop, target, liquidation, price now and fills. Its words are a view. */
export function chartPicture(
  { symbol, interval, candles, mark, trade }: Extract<ChartReading, { kind: 'chart' }>,
  theme: ThemeName,
): ChartConfig {
  const fills = typeof trade?.fills === 'object' ? trade.fills : [];
  return candleChart(
    {
      symbol,
      interval,
      candles,
      title: trade === undefined ? symbol : `${symbol} ${trade.side}`,
      ...(trade === undefined ? {} : { side: trade.side }),
      ...level('entry', trade?.entry),
      ...level('stop', trade?.stop),
      ...level('target', trade?.target),
      ...level('liquidation', trade?.liquidation),
      ...level('mark', mark),
      fills: fills.map(({ at, price, side }) => ({ at, price: toNumber(price), side })),
    },
    theme,
  );
}

const level = <Name extends string>(name: Name, price: Price | undefined) =>
  (price === undefined ? {} : { [name]: toNumber(price) }) as Partial<Record<Name, number>>;
