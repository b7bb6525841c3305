import { rules } from '../../../alerts/explain/with-basis.ts';
import type { Finding } from '../../../domain/alert.ts';
import type { Timestamp } from '../../../domain/time.ts';
import { isTighter, type ModeState, type TradingMode } from '../../../domain/trading-mode.ts';
import { decideAlerts } from '../../../alerts/decide.ts';
import { watchClock } from '../../../alerts/watch/clock-watch.ts';
import { standOnLimits, type LimitSteps } from '../../../alerts/watch/limit-steps.ts';
import { watchLiquidation } from '../../../alerts/watch/liquidation-watch.ts';
import { watchProtection } from '../../../alerts/watch/protection-watch.ts';
import {
  evaluateStop,
  WARNING_LEVELS,
  type StopReport,
  type StopWarning,
  type Tightening,
} from '../../../risk/stop/emergency-stop.ts';
import type { RiskLimits } from '../../../risk/terms/limits.ts';
import type { RiskState } from '../../../risk/state/risk-state.ts';
import { accountChanges } from '../account-changes.ts';
import type { AccountSnapshot } from '../../ports/account-store.ts';
import { fromHistory, nextRiskState, type NextRiskState } from '../next-risk-state.ts';
import { unconfirmedHalt } from './lone-reading.ts';
import { unprotectedBefore } from '../unlisted.ts';
import type { CycleMemory } from './memory.ts';
import type { CycleReading } from './read-cycle.ts';

/** What a cycle stores and does. */
export interface CycleDecision {
  readonly snapshot: AccountSnapshot;
  readonly state: RiskState;
  readonly stop: StopReport;
  readonly findings: readonly Finding[];
  /** To be applied in this order: for what is not known of today, and those of the stop. */
  readonly tightenings: readonly Tightening[];
}

/** What changed, what it means for the limits, and whether to tighten. Pure. */
export function decideCycle(input: {
  readonly limits: RiskLimits;
  readonly clock: { readonly speed: number; readonly offsetMs: number };
  readonly memory: CycleMemory;
  readonly mode: ModeState | undefined;
  readonly reading: CycleReading;
  readonly lost: string | undefined;
}): CycleDecision {
  const { reading, limits } = input;
  const { before } = input.memory;
  const { snapshot } = reading;
  const now = snapshot.at;
  // A mode that is gone counts as halted; the first tightening or the start writes it down with the reason.
  const mode = input.mode ?? { mode: 'halted', reasons: [], since: now };
  const step = stateAfter(input);
  const stop = evaluateStop({
    state: step.state,
    account: snapshot.account,
    positions: snapshot.positions,
    health: { accountReadAt: now, failedReads: 0, priceAt: notLaterThan(now, reading.priceAt) },
    market: reading.market,
    protections: snapshot.protections,
    equityPoints: reading.equityPoints,
    limits,
    mode,
    now,
  });
  const protection = watchProtection({
    ...snapshot,
    previous: unprotectedBefore(before),
    ...(before === undefined ? {} : { before: new Set(before.positions.map(({ id }) => id)) }),
    now,
  });
  const near = nearLiquidation(before, reading);
  const changes = accountChanges({
    before,
    ...reading,
    protection,
    ledger: step.ledger,
    speed: input.clock.speed,
  });
  const { offsetMs } = input.clock;
  const used = usedLimits(before, stop, now);
  const clock = watchClock({ since: before?.clockOffSince, offsetMs, now });
  const found = [
    ...clock.findings,
    ...changes.findings,
    ...near.findings,
    ...contractFindings(before, snapshot),
    ...snapshot.positions.flatMap((each) => rules.heldLong(each, now) ?? []),
    ...used.findings,
    ...unconfirmedHalt(before, mode, { snapshot, readings: stop.readings }),
    ...backFindings(before, reading, { lostAfter: limits.maxFailedReads, mode }),
    ...step.findings,
  ];
  return {
    snapshot: {
      ...changes.after,
      liquidation: near.standings,
      limitSteps: used.steps,
      nearLimits: used.near,
      ...(clock.since === undefined ? {} : { clockOffSince: clock.since }),
    },
    state: step.state,
    stop,
    findings: decideAlerts(found, modeAfter(mode.mode, stop.tighten?.to)),
    tightenings: [...dayUnproven(step.unproven, now), ...stop.tightenings],
  };
}

function usedLimits(
  before: AccountSnapshot | undefined,
  { warnings, readings }: Pick<StopReport, 'warnings' | 'readings'>,
  now: Timestamp,
): {
  readonly steps: LimitSteps;
  readonly near: NonNullable<AccountSnapshot['nearLimits']>;
  readonly findings: readonly Finding[];
} {
  const known = { before: before?.limitSteps ?? new Map(), lower: WARNING_LEVELS, now };
  // Worked out at each asking.
  const reached = warnings;
  const { steps, warnings: told } = standOnLimits(reached, known);
  const near = new Map<string, StopWarning | 'used up'>(reached.map((each) => [each.id, each]));
  for (const { id, tripped } of readings) if (tripped) near.set(id, 'used up');
  return { steps, near, findings: told.map((each) => rules.limitWarning(each, now)) };
}

/** A contract that is missing from a list counts once a second list lacks it too. */
const contractFindings = (
  before: AccountSnapshot | undefined,
  { positions, contracts, at }: AccountSnapshot,
): readonly Finding[] =>
  positions.flatMap((position) => {
    const state = contracts?.get(position.symbol);
    const lone =
      state?.kind === 'unlisted' && before?.contracts?.get(position.symbol)?.kind !== 'unlisted';
    const finding =
      state === undefined || lone ? undefined : rules.contractClosing(position, state, at);
    return finding === undefined ? [] : [finding];
  });

const nearLiquidation = (
  before: AccountSnapshot | undefined,
  { snapshot, marginUse }: CycleReading,
): ReturnType<typeof watchLiquidation> =>
  watchLiquidation({
    ...snapshot,
    marginUse,
    previous: before?.liquidation ?? new Map(),
    now: snapshot.at,
  });

/** The risk state after the read: carried on from what is remembered, or from what the exchange knows of the past. */
function stateAfter({
  limits,
  memory,
  reading,
  lost,
}: {
  readonly limits: RiskLimits;
  readonly memory: CycleMemory;
  readonly reading: CycleReading;
  readonly lost: string | undefined;
}): NextRiskState & { readonly unproven: readonly string[] } {
  const { snapshot, closed, state, history } = reading;
  const { before } = memory;
  if (state !== undefined)
    return { ...nextRiskState(state, { before, snapshot, closed }, limits), unproven: [] };
  if (history === undefined) throw new Error('nothing is remembered and no history was read');
  const rebuilt = fromHistory(history, lost !== undefined, limits);
  const seen = { before: undefined, snapshot, closed };
  const next = nextRiskState(rebuilt.state, seen, limits);
  const { unproven } = rebuilt;
  return { ...next, findings: [...rebuilt.findings, ...next.findings], unproven };
}

/**
 * Limits of the day cannot be judged on a guess: where the results of these symbols could not be worked out, entries wait for the owner.
 */
const dayUnproven = (symbols: readonly string[], at: Timestamp): readonly Tightening[] =>
  symbols.length === 0
    ? []
    : [
        {
          kind: 'tighten',
          to: 'reduceOnly',
          reason: {
            trigger: 'day-unproven',
            evidence: `The fills of ${symbols.join(', ')} do not add up to what is open, or the exchange does not say all of their costs: today's result is not known.`,
            at,
          },
        },
      ];

/** Threads and machines read their clocks at slightly different moments; a price from "the future" is a fresh one. */
const notLaterThan = (
  now: Timestamp,
  times: ReadonlyMap<string, Timestamp>,
): ReadonlyMap<string, Timestamp> =>
  new Map([...times].map(([symbol, at]) => [symbol, Math.min(at, now)]));

const modeAfter = (mode: TradingMode, to: TradingMode = 'normal'): TradingMode =>
  isTighter(to, mode) ? to : mode;

function backFindings(
  before: AccountSnapshot | undefined,
  { snapshot, failedBefore }: CycleReading,
  { lostAfter, mode }: { readonly lostAfter: number; readonly mode: ModeState },
): readonly Finding[] {
  if (before === undefined || failedBefore < lostAfter) return [];
  const openPositions = snapshot.positions.length;
  const paused = mode.mode !== 'normal';
  return [
    rules.connectionBack(
      { feed: 'account', lostAt: before.at, openPositions, paused },
      snapshot.at,
    ),
  ];
}
