import { equityOf, type Account } from '../../domain/account.ts';
import { ratioOf, scaleBy, usdFromNumber, usdText, ZERO_USD } from '../../domain/money/money.ts';
import type { Position, ProtectiveOrder } from '../../domain/position.ts';
import { formatUtc, type Timestamp } from '../../domain/time.ts';
import {
  isTighter,
  type ModeEvent,
  type ModeReason,
  type ModeState,
} from '../../domain/trading-mode.ts';
import { unexplainedSum } from '../state/cash-flow.ts';
import { LOSS_STOPS } from '../limits/all.ts';
import { heatOf, type HeatBasis } from '../terms/heat.ts';
import { limitOf, type RiskLimits } from '../terms/limits.ts';
import { percentText } from '../terms/phrase.ts';
import type { MarketReading } from '../terms/market-reading.ts';
import type { RiskState } from '../state/risk-state.ts';
import { trendBase, trendText, type EquityAt } from '../terms/trend.ts';
import {
  healthConditions,
  lossConditions,
  marketConditions,
  type Health,
  type StopCondition,
} from './stop-conditions.ts';

export interface StopInput {
  readonly state: RiskState | undefined;
  readonly account: Account | undefined;
  readonly positions: readonly Position[] | undefined;
  readonly health: Health;
  /** Volatility and margin ratio, as far as they are known. */
  readonly market?: MarketReading;
  /** Resting stops, for the warning about the loss at all of them. */
  readonly protections?: readonly ProtectiveOrder[] | undefined;
  /** Equity of the last hour, oldest first, for the trend in a warning. */
  readonly equityPoints?: readonly EquityAt[];
  readonly limits: RiskLimits;
  readonly mode: ModeState;
  readonly now: Timestamp;
}

export type Tightening = Extract<ModeEvent, { kind: 'tighten' }>;

/** A limit that is nearly used up. `key` is the same for the same limit and level on the same day. */
export interface StopWarning {
  readonly key: string;
  readonly id: string;
  readonly label: string;
  /** The level that was reached. */
  readonly level: 60 | 80;
  readonly usedPercent: number;
  readonly sentence: string;
  /** What weighs most, worst first, one line each. */
  readonly contributors: readonly string[];
  /** How it has changed and when the limit would be reached; absent where it is not measured. */
  readonly trend?: string;
}

export interface StopReport {
  /** The strictest of the new tightenings. */
  readonly tighten?: Tightening;
  /** All new ones, to be applied in this order. A condition that is already a reason of the mode is not repeated. */
  readonly tightenings: readonly Tightening[];
  /** Worked out when they are read. */
  readonly warnings: readonly StopWarning[];
  /** Every condition as measured, for /status. */
  readonly readings: readonly StopCondition[];
}

/** Percent of a limit at which it is told, highest first. */
export const WARNING_LEVELS = [80, 60] as const;

/**
 * The emergency stop. Tightens at the first bad reading and never loosens: a wrong halt costs a missed trade, a missed halt
 * costs money. Loss limits halt, unreadable data only holds entries, and nothing here closes a position. Without a state only
 * the data's health is judged: the gate refuses entries then by itself.
 */
export function evaluateStop(input: StopInput): StopReport {
  const { state, account, limits, mode, now } = input;
  const losses =
    state === undefined || account === undefined
      ? []
      : lossConditions(state, equityOf(account), limits);
  const health = healthConditions(input, limits);
  const market = marketConditions(input.market ?? {}, limits);
  const readings = [...losses, ...health, ...market];
  const tightenings = readings
    .filter((each) => each.tripped && isNews(each, mode))
    .map((each) => tightening(each, now));
  const strictest = tightenings.find((each) => each.to === 'halted') ?? tightenings[0];
  return {
    ...(strictest === undefined ? {} : { tighten: strictest }),
    tightenings,
    get warnings() {
      return warningsOf(input, { losses, market });
    },
    readings,
  };
}

const isNews = (reading: StopCondition, mode: ModeState): boolean =>
  isTighter(reading.to, mode.mode) ||
  !mode.reasons.some((reason) => reason.trigger === reading.id) ||
  (reading.coolOffUntil ?? 0) > (mode.coolOffUntil ?? 0);

function tightening(reading: StopCondition, now: Timestamp): Tightening {
  const reason: ModeReason = { trigger: reading.id, evidence: reading.sentence, at: now };
  return {
    kind: 'tighten',
    to: reading.to,
    reason,
    ...(reading.coolOffUntil === undefined ? {} : { coolOffUntil: reading.coolOffUntil }),
  };
}

function warningsOf(
  input: StopInput,
  found: { readonly losses: readonly StopCondition[]; readonly market: readonly StopCondition[] },
): StopWarning[] {
  const { state } = input;
  const positions = input.positions ?? [];
  const day = state?.dayStart ?? 0;
  const market = found.market.flatMap((each) => warningOf(each, day, () => openLosers(positions)));
  if (state === undefined) return market;
  const losses = found.losses.flatMap((each) => {
    const contributors = (): readonly string[] =>
      each.id === 'loss-streak'
        ? state.losers.map(loserText).slice(-3)
        : lossContributors(state, positions);
    return warningOf(each, day, contributors).map((warning) => {
      const trend = trendFor(each, state, input);
      return trend === undefined ? warning : { ...warning, trend };
    });
  });
  return [...losses, ...market, ...heatWarning(input, day)];
}

function warningOf(
  reading: Pick<StopCondition, 'id' | 'label' | 'usedPercent' | 'tripped' | 'sentence'>,
  day: Timestamp,
  contributors: () => readonly string[],
): StopWarning[] {
  if (reading.tripped) return [];
  const level = WARNING_LEVELS.find((each) => reading.usedPercent >= each);
  if (level === undefined) return [];
  const { id, label, usedPercent, sentence } = reading;
  const key = `${id}:${level}:${day}`;
  return [{ key, id, label, level, usedPercent, sentence, contributors: contributors() }];
}

/** Against the same baselines as now; a streak of trades has no pace. */
function trendFor(
  { id, usedPercent }: StopCondition,
  state: RiskState,
  { equityPoints = [], limits, now }: StopInput,
): string | undefined {
  const begun = LOSS_STOPS.find((each) => each.id === id)?.since;
  if (begun === undefined) return undefined;
  // Equity from before money moved is measured against other baselines; money that left unexplained is no pace either.
  const since = Math.max(
    state.flowAt ?? 0,
    state.flows?.since ?? 0,
    begun(state),
    ...state.steps.map((each) => each.at),
  );
  const base = trendBase(equityPoints, { since, now });
  if (base === undefined) return trendText(usedPercent, undefined);
  const then = lossConditions(state, usdFromNumber(base.equity), limits);
  const was = then.find((each) => each.id === id)?.usedPercent ?? 0;
  return trendText(usedPercent, { was, agoMs: now - base.at });
}

/** Where the loss of a position was measured, after its amount. */
const AT: Record<HeatBasis, string> = {
  stop: 'at its stop',
  'stop for a part': 'at its stop and where the rest ends',
  liquidation: 'at its liquidation, for want of a stop',
  margin: 'with its whole margin, for want of a stop',
  notional: 'if it goes to zero, for want of a stop',
  account: 'with the account, for want of a stop',
  unknown: 'unknown',
};

/** The loss at all stops halts nothing: it refuses new trades. It is told all the same before it does. */
function heatWarning(
  { account, positions = [], protections, limits }: StopInput,
  day: Timestamp,
): StopWarning[] {
  const equity = account === undefined ? ZERO_USD : equityOf(account);
  if (protections === undefined || equity <= 0n) return [];
  const { loss, rows: known } = heatOf(positions, protections, { equity, costs: limits });
  if (loss === undefined) return [];
  const limit = scaleBy(equity, limits.maxHeat, 'down');
  const usedPercent = limit <= 0n ? 0 : Number((loss * 100n) / limit);
  const rows = known
    .flatMap((row) => (row.loss === undefined ? [] : [{ ...row, loss: row.loss }]))
    .filter((row) => row.loss > 0n)
    .toSorted((a, b) => (a.loss > b.loss ? -1 : 1));
  return warningOf(
    {
      id: 'heat',
      label: limitOf('maxHeat').label,
      usedPercent,
      tripped: false,
      sentence: `If every stop fills, ${usdText(loss)} are lost = ${percentText(ratioOf(loss, equity, 'up'))} of equity; from ${percentText(limits.maxHeat)} on no new trade is possible.`,
    },
    day,
    () =>
      rows
        .slice(0, 3)
        .map((row) => `${row.symbol} ${row.side}: ${usdText(row.loss)} ${AT[row.basis]}`),
  );
}

/** The open losers and the symbols that lost today, worst first, at most three of each; and money that left unexplained. */
function lossContributors(state: RiskState, positions: readonly Position[]): string[] {
  const closed = Object.entries(state.dayResults)
    .filter(([, net]) => net < 0n)
    .toSorted(([, a], [, b]) => (a < b ? -1 : 1))
    .slice(0, 3)
    .map(([symbol, net]) => `${symbol}: ${usdText(net)} closed today`);
  const gone = unexplainedSum(state);
  return [
    ...openLosers(positions),
    ...closed,
    ...(gone < 0n ? [`${usdText(gone)} left the account unexplained`] : []),
  ];
}

const loserText = ({ symbol, side, net, at }: RiskState['losers'][number]): string =>
  `${symbol} ${side}: ${usdText(net)}, closed ${formatUtc(at)}`;

/** The open losers, worst first, at most three. */
function openLosers(positions: readonly Position[]): string[] {
  return positions
    .filter((each) => each.unrealisedPnl < 0n)
    .toSorted((a, b) => (a.unrealisedPnl < b.unrealisedPnl ? -1 : 1))
    .slice(0, 3)
    .map((each) => `${each.symbol} ${each.side}: ${usdText(each.unrealisedPnl)} open`);
}
