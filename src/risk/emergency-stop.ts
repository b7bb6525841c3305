import { equityOf, type Account } from '../domain/account.ts';
import type { Position } from '../domain/position.ts';
import type { Timestamp } from '../domain/time.ts';
import {
  isTighter,
  type ModeEvent,
  type ModeReason,
  type ModeState,
} from '../domain/trading-mode.ts';
import type { RiskLimits } from './limits.ts';
import { usdText } from './phrase.ts';
import type { MarketReading } from './market-reading.ts';
import type { RiskState } from './risk-state.ts';
import {
  healthTriggers,
  lossTriggers,
  marketTriggers,
  type Health,
  type TriggerReading,
} from './triggers.ts';

export interface StopInput {
  readonly state: RiskState | undefined;
  readonly account: Account | undefined;
  readonly positions: readonly Position[] | undefined;
  readonly health: Health;
  /** Volatility and margin ratio, as far as they are known. */
  readonly market?: MarketReading;
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
}

export interface StopReport {
  /** The strictest of the new tightenings. */
  readonly tighten?: Tightening;
  /** All new ones, to be applied in this order. A trigger that is already a reason of the mode is not repeated. */
  readonly tightenings: readonly Tightening[];
  readonly warnings: readonly StopWarning[];
  /** Every trigger as measured, for /status. */
  readonly readings: readonly TriggerReading[];
}

const WARNING_LEVELS = [80, 60] as const;

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
      : lossTriggers(state, equityOf(account), limits);
  const health = healthTriggers(input, limits);
  const market = marketTriggers(input.market ?? {}, limits);
  const readings = [...losses, ...health, ...market];
  const tightenings = readings
    .filter((each) => each.tripped && isNews(each, mode))
    .map((each) => tightening(each, now));
  const strictest = tightenings.find((each) => each.to === 'halted') ?? tightenings[0];
  const day = state?.dayStart ?? 0;
  return {
    ...(strictest === undefined ? {} : { tighten: strictest }),
    tightenings,
    warnings: [...losses, ...market].flatMap((each) => warningOf(each, day, input.positions ?? [])),
    readings,
  };
}

const isNews = (reading: TriggerReading, mode: ModeState): boolean =>
  isTighter(reading.to, mode.mode) ||
  !mode.reasons.some((reason) => reason.trigger === reading.id) ||
  (reading.coolOffUntil ?? 0) > (mode.coolOffUntil ?? 0);

function tightening(reading: TriggerReading, now: Timestamp): Tightening {
  const reason: ModeReason = { trigger: reading.id, evidence: reading.sentence, at: now };
  return {
    kind: 'tighten',
    to: reading.to,
    reason,
    ...(reading.coolOffUntil === undefined ? {} : { coolOffUntil: reading.coolOffUntil }),
  };
}

function warningOf(
  reading: TriggerReading,
  day: Timestamp,
  positions: readonly Position[],
): StopWarning[] {
  if (reading.tripped) return [];
  const level = WARNING_LEVELS.find((each) => reading.usedPercent >= each);
  if (level === undefined) return [];
  return [
    {
      key: `${reading.id}:${level}:${day}`,
      id: reading.id,
      label: reading.label,
      level,
      usedPercent: reading.usedPercent,
      sentence: reading.sentence,
      contributors: worst(positions),
    },
  ];
}

/** The open losers, worst first, at most three. */
function worst(positions: readonly Position[]): string[] {
  return positions
    .filter((each) => each.unrealisedPnl < 0n)
    .toSorted((a, b) => (a.unrealisedPnl < b.unrealisedPnl ? -1 : 1))
    .slice(0, 3)
    .map((each) => `${each.symbol} ${each.side}: ${usdText(each.unrealisedPnl)} open`);
}
