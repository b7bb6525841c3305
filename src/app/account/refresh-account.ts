import { equityOf } from '../../domain/account.ts';
import type { Finding } from '../../domain/alert.ts';
import { ExchangeFailure, StoreUnreadable } from '../../domain/failure.ts';
import { toNumber } from '../../domain/money/money.ts';
import type { OwnAct } from '../../domain/own-act.ts';
import type { ClosedPosition } from '../../domain/position.ts';
import type { Proposal } from '../../domain/proposal.ts';
import { HOUR, type Timestamp } from '../../domain/time.ts';
import { isTighter, type ModeState, type TradingMode } from '../../domain/trading-mode.ts';
import { decideAlerts } from '../../alerts/decide.ts';
import { watchClock } from '../../alerts/watch/clock-watch.ts';
import { watchProtection } from '../../alerts/watch/protection-watch.ts';
import { connectionBack } from '../../alerts/rules/connection-back.ts';
import { connectionLost } from '../../alerts/rules/connection-lost.ts';
import { limitWarning } from '../../alerts/rules/limit-warning.ts';
import { evaluateStop, type StopReport } from '../../risk/stop/emergency-stop.ts';
import type { RiskLimits } from '../../risk/terms/limits.ts';
import type { MarketReading } from '../../risk/terms/market-reading.ts';
import type { AccountHistory } from '../../risk/state/history-day.ts';
import type { RiskState } from '../../risk/state/risk-state.ts';
import { accountChanges } from './account-changes.ts';
import { readEndedStops, type EndedStop } from './ended-stops.ts';
import type { AccountSnapshot, EquityPoint } from '../ports/account-store.ts';
import type { Ports } from '../ports/ports.ts';
import {
  CLOSES_OVERLAP_MS,
  fromHistory,
  nextRiskState,
  type NextRiskState,
} from './next-risk-state.ts';
import { repairEntryMemory } from '../approval/entry-memory.ts';
import { fetchSnapshot } from '../reading/read-account.ts';
import { readContracts } from './read-contracts.ts';
import { readHistory, withRecordedWeek } from './read-history.ts';
import { readMarketRisk } from '../reading/read-market-risk.ts';
import { tighten } from '../halt/tighten.ts';
import { unconfirmedHalt } from './lone-reading.ts';
import { keepUnlisted, LISTS_LAG_MS, unprotectedBefore } from '../reading/unlisted.ts';
import { messageOf, reasonOf } from '../reading/reading.ts';
import { watchHealth } from './watch-health.ts';

/** How many of Vigil's own trades are remembered when it is asked who did something. */
const OWN_TRADES = 100;

/**
 * One account cycle: read, decide (what changed, what it means for the limits, whether to tighten), store all of it together
 * with its alerts. A read that fails is counted and told; it never becomes a number.
 */
export async function refreshAccount(ports: Ports): Promise<void> {
  await repairEntryMemory(ports);
  // Before the memory: what a resume forgives while the account is read is then no news, and does not halt again.
  const mode = await ports.mode.read().catch(unlessUnreadable);
  const memory = await readMemory(ports);
  const reading = await readAll(ports, memory).catch((error: unknown) => ({ error }));
  if ('error' in reading) return readFailed(ports, reading.error);
  const lost = whatIsLost(memory, mode);
  if (lost !== undefined) await tighten(ports, memoryLost(lost, reading.snapshot.at));
  const decision = decide({
    limits: ports.limits(),
    clock: { speed: ports.clock.speed, offsetMs: ports.clock.offsetMs?.() ?? 0 },
    memory,
    mode,
    reading,
    lost: lost ?? bootedWithout(memory, mode),
  });
  if (decision.unproven.length > 0)
    await tighten(ports, dayUnproven(decision.unproven, reading.snapshot.at));
  for (const event of decision.stop.tightenings) await tighten(ports, event);
  await ports.accounts.commit({
    ...(memory.state === undefined ? {} : { basedOn: memory.state }),
    snapshot: decision.snapshot,
    riskState: decision.state,
    ...equityPointOf(decision),
    findings: decision.findings,
  });
}

const equityPointOf = ({ snapshot, state }: Decision) =>
  snapshot.ledger?.doubted === undefined
    ? {
        equity: {
          at: snapshot.at,
          equity: toNumber(equityOf(snapshot.account)),
          peak: toNumber(state.peakEquity),
        },
      }
    : {};

/** What was stored of this account; what is damaged counts as gone, because the exchange can tell it anew. */
interface Memory {
  readonly before: AccountSnapshot | undefined;
  readonly state: RiskState | undefined;
  readonly damaged: boolean;
}

async function readMemory({ accounts }: Pick<Ports, 'accounts'>): Promise<Memory> {
  let damaged = false;
  const orGone = (error: unknown): undefined => {
    unlessUnreadable(error);
    damaged = true;
  };
  const [before, state] = await Promise.all([
    accounts.snapshot().catch(orGone),
    accounts.riskState().catch(orGone),
  ]);
  return { before, state, damaged };
}

/** A store that does not answer is another matter than one that holds nonsense. */
function unlessUnreadable(error: unknown): undefined {
  if (!(error instanceof StoreUnreadable)) throw error;
}

/** Undefined: nothing; a first start has nothing to lose. */
function whatIsLost(
  { before, state, damaged }: Memory,
  mode: ModeState | undefined,
): string | undefined {
  if (mode === undefined) return 'What Vigil had stored is gone.';
  if (damaged) return 'What Vigil had stored about the account is damaged.';
  if (state === undefined && before !== undefined)
    return 'What Vigil had stored about the day and your losses is gone.';
  return before === undefined && state !== undefined
    ? 'The account that Vigil had read last is gone, and with it what it knew of deposits and stops.'
    : undefined;
}

/** What the start has already said of a store that was empty. */
const bootedWithout = ({ state }: Memory, mode: ModeState | undefined): string | undefined =>
  state === undefined
    ? mode?.reasons.find(({ trigger }) => trigger === 'memory-lost')?.evidence
    : undefined;

/** The store was emptied under a running Vigil: entries were refused from that moment on, and now the owner hears of it. */
const memoryLost = (evidence: string, at: Timestamp) =>
  ({ kind: 'tighten', to: 'halted', reason: { trigger: 'store-emptied', evidence, at } }) as const;

/** Limits of the day cannot be judged on a guess: entries wait for the owner. */
const dayUnproven = (symbols: readonly string[], at: Timestamp) =>
  ({
    kind: 'tighten',
    to: 'reducing',
    reason: {
      trigger: 'day-unproven',
      evidence: `The fills of ${symbols.join(', ')} do not add up to what is open, or the exchange does not say all of their costs: today's result is not known.`,
      at,
    },
  }) as const;

interface AccountReading {
  readonly snapshot: AccountSnapshot;
  readonly closed: readonly ClosedPosition[];
  /** What is remembered, with the week of a state that was stored without. */
  readonly state: RiskState | undefined;
  /** Read only where nothing is remembered. */
  readonly history: AccountHistory | undefined;
  readonly priceAt: ReadonlyMap<string, Timestamp>;
  readonly failedBefore: number;
  readonly proposals: readonly Proposal[];
  readonly acts: readonly OwnAct[];
  readonly endedStops: readonly EndedStop[];
  readonly market: MarketReading;
  /** Of the last hour; empty where they cannot be read: then a warning has no trend. */
  readonly equityPoints: readonly EquityPoint[];
}

async function readAll(ports: Ports, { before, state }: Memory): Promise<AccountReading> {
  const snapshot = await fetchSnapshot(ports);
  // After the positions, so that one which closed in between is seen as closed at the next read and never as both.
  const since = (before?.at ?? snapshot.at) - CLOSES_OVERLAP_MS;
  const [closed, priceAt, failedBefore, proposals, acts, endedStops, market, contracts] =
    await Promise.all([
      ports.account.closedPositions(since),
      pollPrices(ports, snapshot),
      ports.accounts.failedReads(),
      ports.proposals.recent(OWN_TRADES),
      ownActs(ports, since),
      readEndedStops(ports, before, snapshot),
      readMarketRisk(ports, snapshot),
      readContracts(
        ports,
        snapshot.positions.map((each) => each.symbol),
        before?.contracts,
      ),
    ]);
  const history = state === undefined ? await readHistory(ports, snapshot) : undefined;
  const remembered = state && (await withRecordedWeek(ports, state, snapshot.at));
  const equityPoints = await ports.accounts.equity(snapshot.at - HOUR).catch(() => []);
  const known = { priceAt, failedBefore, proposals, acts, endedStops, market, equityPoints };
  const listed = { ...snapshot, contracts };
  const kept = keepUnlisted(before, listed, {
    closed,
    stops: endedStops,
    acts,
    lagMs: LISTS_LAG_MS * ports.clock.speed,
  });
  return { snapshot: kept, closed, state: remembered, history, ...known };
}

/** What cannot be read costs only the knowledge of who did something. */
const ownActs = (
  ports: Pick<Ports, 'acts' | 'log'>,
  since: Timestamp,
): Promise<readonly OwnAct[]> =>
  ports.acts.since(since).catch((error: unknown) => {
    ports.log.warn('own acts could not be read', { reason: messageOf(error) });
    return [];
  });

/** Prices of open positions by poll: the backstop of the stream. A poll that fails leaves the known times to grow old. */
async function pollPrices(
  ports: Pick<Ports, 'market' | 'accounts'>,
  snapshot: AccountSnapshot,
): Promise<ReadonlyMap<string, Timestamp>> {
  const held = new Set(snapshot.positions.map((each) => each.symbol));
  const known = await ports.accounts.priceTimes();
  if (held.size === 0) return known;
  try {
    const tickers = await ports.market.tickers();
    const seen = tickers
      .filter((each) => held.has(each.symbol))
      .map((each) => [each.symbol, each.at] as const);
    await ports.accounts.savePriceTimes(new Map(seen));
    return new Map([...known, ...seen]);
  } catch {
    return known;
  }
}

interface Decision {
  readonly snapshot: AccountSnapshot;
  readonly state: RiskState;
  readonly stop: StopReport;
  readonly findings: readonly Finding[];
  /** Symbols whose result of today could not be worked out. */
  readonly unproven: readonly string[];
}

function decide(input: {
  readonly limits: RiskLimits;
  readonly clock: { readonly speed: number; readonly offsetMs: number };
  readonly memory: Memory;
  readonly mode: ModeState | undefined;
  readonly reading: AccountReading;
  readonly lost: string | undefined;
}): Decision {
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
    now,
  });
  const changes = accountChanges({
    before,
    ...reading,
    protection,
    ledger: step.ledger,
    speed: input.clock.speed,
  });
  const clock = watchClock({
    since: before?.clockOffSince,
    offsetMs: input.clock.offsetMs,
    now,
  });
  const found = [
    ...clock.findings,
    ...changes.findings,
    ...stop.warnings.map((each) => limitWarning(each, now)),
    ...unconfirmedHalt(before, mode, { snapshot, readings: stop.readings }),
    ...backFindings(before, reading, limits.maxFailedReads),
    ...step.findings,
  ];
  return {
    snapshot: {
      ...changes.after,
      ...(clock.since === undefined ? {} : { clockOffSince: clock.since }),
    },
    state: step.state,
    stop,
    findings: decideAlerts(found, modeAfter(mode.mode, stop.tighten?.to)),
    unproven: step.unproven,
  };
}

/** The risk state after the read: carried on from what is remembered, or from what the exchange knows of the past. */
function stateAfter({
  limits,
  memory,
  reading,
  lost,
}: {
  readonly limits: RiskLimits;
  readonly memory: Memory;
  readonly reading: AccountReading;
  readonly lost: string | undefined;
}): NextRiskState & Pick<Decision, 'unproven'> {
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
  { snapshot, failedBefore }: AccountReading,
  lostAfter: number,
): readonly Finding[] {
  if (before === undefined || failedBefore < lostAfter) return [];
  const openPositions = snapshot.positions.length;
  return [connectionBack({ feed: 'account', lostAt: before.at, openPositions }, snapshot.at)];
}

const isRefusal = (error: unknown): boolean =>
  error instanceof ExchangeFailure && (error.kind === 'auth' || error.kind === 'account');

const isUnusable = (error: unknown): boolean =>
  error instanceof ExchangeFailure && error.kind === 'shape';

/** A failed read: counted, and from the limit on told and followed by holding entries. */
async function readFailed(ports: Ports, error: unknown): Promise<void> {
  const failed = await ports.accounts.recordFailedRead();
  const reason = reasonOf(error);
  const refused = isRefusal(error);
  ports.log.warn('the account could not be read', { failed, reason: messageOf(error) });
  if (failed < ports.limits().maxFailedReads) return;
  const snapshot = await ports.accounts.snapshot().catch(unlessUnreadable);
  const now = ports.clock.now();
  const known =
    snapshot === undefined
      ? { startedAt: ports.startedAt }
      : { lastAt: snapshot.at, openPositions: snapshot.positions.length };
  const lost = { feed: 'account', reason, refused, unusable: isUnusable(error), ...known };
  await ports.outbox.raise(connectionLost(lost, now));
  await watchHealth(ports);
}
