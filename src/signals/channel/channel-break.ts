import { intervalMs, type CandleColumns } from '../../domain/candle.ts';
import type { Side } from '../../domain/position.ts';
import type { CriterionResult, Place } from '../../domain/signal.ts';
import { DAY, HOUR } from '../../domain/time.ts';
import { shareText } from '../../domain/words/words.ts';
import { atrAfter, atrColumn, createAtr } from '../../indicators/atr.ts';
import { shiftedColumn } from '../../indicators/column.ts';
import { createSma, smaColumn } from '../../indicators/sma.ts';
import { createDayTurnover, dayTurnoverColumn } from '../day-turnover.ts';
import { TRADABLE_STRATEGY } from '../parameters.ts';
import type { History, Question, Strategy, View, ViewColumns } from '../strategy.ts';
import { CHANNEL, createEdge, edgeColumn } from './edge.ts';
import { channelPrices, isClean, levelsBy, usualStop } from './prices.ts';

const INTERVAL = '4h';
const CANDLE_MS = intervalMs(INTERVAL);
const TREND = 200;
/** A week: extremes of the 330 candles that are there stand for 55 days as long as few are missing; beyond it the levels are of another market. */
const BRIDGED = (7 * DAY) / CANDLE_MS;
/** What a price may move between the close of a candle and the look at it. */
const NEAR = 0.005;

export interface ChannelView extends View {
  /** Lowest low, or highest high, of the 330 candles before. */
  readonly edge: number;
  /** SMA 200 that the close must lie above; 0 where the rule asks for none. */
  readonly trend: number;
}

export interface ChannelRule {
  readonly name: string;
  readonly about: string;
  readonly side: Side;
  readonly place: Place;
  /** Whether the close must also lie above its SMA 200. */
  readonly withTrend: boolean;
}

/** A strategy whose event is the first 4 h close beyond the extreme of the 55 days before it. */
export function channelBreak(rule: ChannelRule): Strategy<ChannelView> {
  const { name, about, side, place } = rule;
  const isBeyond = ({ close, edge, trend }: ChannelView): boolean =>
    side === 'short' ? close < edge : close > edge && close > trend;
  // The edge of the next candle lies where this one's does or, as this candle is part of it then, further out; nearer only where the
  // extreme of 55 days is that old and leaves it: so came 13 of 6,394 recorded events, which are found once all is read.
  const isNear = ({ edge }: ChannelView, price: number): boolean =>
    side === 'short' ? price < edge * (1 + NEAR) : price > edge * (1 - NEAR);
  const edgeName = side === 'short' ? 'lowest' : 'highest';
  return {
    name,
    about,
    interval: INTERVAL,
    minHistory: CHANNEL + 1,
    bridgedGap: BRIDGED,
    afterGap: 1,
    quietFor: 1,
    lapsesAfterMs: 2 * HOUR,
    anchorsToMark: true,
    leavesAfter: 84,
    place,
    isScanned: true,
    parameters: TRADABLE_STRATEGY,
    rewardRisk: TRADABLE_STRATEGY.targetStops,
    createHistory: () => createHistory(rule),
    columnsOf: (candles) => columnsOf(candles, rule),
    viewAt: ({ closedAt, close, atr, dayTurnover, edge, trend }, row) => ({
      closedAt: closedAt[row] ?? NaN,
      close: close[row] ?? NaN,
      atr: atr[row] ?? NaN,
      dayTurnover: dayTurnover[row] ?? NaN,
      edge: edge[row] ?? NaN,
      trend: trend[row] ?? NaN,
    }),
    mayStand: ({ close, edge }, row) =>
      (side === 'short' ? 1 : -1) * ((edge[row] ?? NaN) - (close[row] ?? NaN)) > 0,
    decidesBy: [],
    decide: (view) => (isBeyond(view) ? { side } : undefined),
    whyNot: () => ({
      why: 'not-beyond',
      reason: `The close does not lie beyond the ${edgeName} price of 55 days.`,
    }),
    pricesOf: channelPrices,
    levelsBy,
    outlook(view, price, parameters) {
      // Where it stands already the next one is no crossing.
      if (isBeyond(view) || !isNear(view, price)) return undefined;
      return isClean(calmest(view, price), parameters) ? 'clean' : 'capped';
    },
    isClean: ({ view, parameters }) => isClean(view, parameters),
    explain: (question) => explain(question, edgeName),
  };
}

/** The next view as a clean one has it: the highest close that the price allows, and no range beyond the way from close to close. */
function calmest(view: View, price: number): View {
  const close = price * (1 + NEAR);
  const way = Math.max(0, Math.abs(price - view.close) - price * NEAR);
  return { ...view, close, atr: atrAfter(view.atr, way) };
}

function explain(
  { view, parameters }: Question<ChannelView>,
  edgeName: string,
): readonly CriterionResult[] {
  const { close, edge, dayTurnover } = view;
  const usual = shareText(usualStop(view, parameters));
  const clean = isClean(view, parameters);
  return [
    {
      id: 'beyond-edge',
      label: `Beyond the ${edgeName} price of 55 days`,
      weight: 0,
      met: true,
      value: shareText(Math.abs(1 - close / edge)),
      reason: 'The close before was not.',
    },
    {
      id: 'day-turnover',
      label: 'Traded enough',
      weight: 0,
      met: true,
      value: `${(dayTurnover / 1e6).toFixed(1)} million USDT in 24 h`,
      reason: `At least ${parameters.minDayTurnover / 1e6} million USDT were traded in 24 h.`,
    },
    {
      id: 'clean-stop',
      label: 'Stop at its usual distance',
      weight: 0,
      met: clean,
      value: usual,
      reason: clean
        ? 'The stop stands at 2 ATR: a clean signal.'
        : `At most ${shareText(parameters.maxStop)} is allowed, so the stop is nearer than this rule's usual.`,
    },
  ];
}

function createHistory({ side, withTrend }: ChannelRule): History<ChannelView> {
  const range = createAtr();
  const mean = withTrend ? createSma(TREND) : undefined;
  const edge = createEdge(side);
  const turnover = createDayTurnover(INTERVAL);
  let [openTime, close] = [NaN, NaN];
  return {
    push(candle) {
      range.update(candle);
      mean?.update(candle);
      edge.push(candle);
      turnover.push(candle);
      ({ openTime, close } = candle);
    },
    replace(candle) {
      range.replace(candle);
      mean?.replace(candle);
      edge.replace(candle);
      turnover.replace(candle);
      ({ openTime, close } = candle);
    },
    snapshot() {
      const beyond = edge.value();
      // Asked first: the others have their value long before.
      if (beyond === undefined) return undefined;
      const atr = range.value();
      const dayTurnover = turnover.value();
      const trend = mean === undefined ? 0 : mean.value();
      if (atr === undefined || dayTurnover === undefined || trend === undefined) return undefined;
      return { closedAt: openTime + CANDLE_MS, close, atr, dayTurnover, edge: beyond, trend };
    },
  };
}

function columnsOf(
  candles: CandleColumns,
  { side, withTrend }: ChannelRule,
): ViewColumns<ChannelView> {
  const { time, close, length } = candles;
  return {
    closedAt: shiftedColumn(time, CANDLE_MS),
    close,
    atr: atrColumn(candles),
    dayTurnover: dayTurnoverColumn(candles, INTERVAL),
    edge: edgeColumn(candles, side),
    trend: withTrend ? smaColumn(close, TREND) : new Float64Array(length),
  };
}
