import { equityOf, walletOf } from '../domain/account.ts';
import type { Finding } from '../domain/alert.ts';
import { ExchangeFailure } from '../domain/failure.ts';
import { toFixed, toNumber, type Usd } from '../domain/money.ts';
import type { OwnAct } from '../domain/own-act.ts';
import type { ClosedPosition } from '../domain/position.ts';
import type { Proposal } from '../domain/proposal.ts';
import { HOUR, type Timestamp } from '../domain/time.ts';
import type { ModeState } from '../domain/trading-mode.ts';
import { decideAlerts } from '../alerts/decide.ts';
import { watchProtection } from '../alerts/protection-watch.ts';
import { connectionBack } from '../alerts/rules/connection-back.ts';
import { connectionLost } from '../alerts/rules/connection-lost.ts';
import { limitWarning } from '../alerts/rules/limit-warning.ts';
import { evaluateStop, type StopReport } from '../risk/emergency-stop.ts';
import type { MarketReading } from '../risk/market-reading.ts';
import { updateRiskState, type RiskState } from '../risk/risk-state.ts';
import { accountChanges } from './account-changes.ts';
import { readEndedStops, type EndedStop } from './ended-stops.ts';
import type { AccountSnapshot, Ports } from './ports.ts';
import { fetchSnapshot } from './read-account.ts';
import { readMarketRisk } from './read-market-risk.ts';
import { tighten } from './tighten.ts';
import { reasonOf } from './reading.ts';
import { advanceLedger, type WalletLedger } from './wallet-ledger.ts';
import { watchHealth } from './watch-health.ts';

/** How many of Vigil's own trades are remembered when it is asked who did something. */
const OWN_TRADES = 100;

/** Overlap with what was read before; positions are counted once by id, so overlap is harmless. */
const OVERLAP_MS = HOUR;

/**
 * One account cycle: read, decide (what changed, what it means for the limits, whether to tighten), store all of it together
 * with its alerts. A read that fails is counted and told; it never becomes a number.
 */
export async function refreshAccount(ports: Ports): Promise<void> {
  const [before, state] = await Promise.all([
    ports.accounts.snapshot(),
    ports.accounts.riskState(),
  ]);
  const reading = await readAll(ports, before).catch((error: unknown) => ({ error }));
  if ('error' in reading) return readFailed(ports, reading.error);
  const mode = await ports.mode.read();
  if (mode === undefined) await tighten(ports, memoryLost(reading.snapshot.at));
  const decision = decide({ ports, before, state, mode, reading });
  for (const event of decision.stop.tightenings) await tighten(ports, event);
  await ports.accounts.commit({
    ...(state === undefined ? {} : { basedOn: state }),
    snapshot: decision.snapshot,
    riskState: decision.state,
    equity: { at: reading.snapshot.at, equity: toNumber(equityOf(reading.snapshot.account)) },
    findings: decision.findings,
  });
}

/** The store was emptied under a running Vigil: entries were refused from that moment on, and now the owner hears of it. */
const memoryLost = (at: Timestamp) =>
  ({
    kind: 'tighten',
    to: 'halted',
    reason: { trigger: 'store-emptied', evidence: 'What Vigil had stored is gone.', at },
  }) as const;

interface AccountReading {
  readonly snapshot: AccountSnapshot;
  readonly closed: readonly ClosedPosition[];
  readonly priceAt: ReadonlyMap<string, Timestamp>;
  readonly failedBefore: number;
  readonly proposals: readonly Proposal[];
  readonly acts: readonly OwnAct[];
  readonly endedStops: readonly EndedStop[];
  readonly market: MarketReading;
}

async function readAll(ports: Ports, before: AccountSnapshot | undefined): Promise<AccountReading> {
  const snapshot = await fetchSnapshot(ports);
  // After the positions, so that one which closed in between is seen as closed at the next read and never as both.
  const since = (before?.at ?? snapshot.at) - OVERLAP_MS;
  const [closed, priceAt, failedBefore, proposals, acts, endedStops, market] = await Promise.all([
    ports.account.closedPositions(since),
    pollPrices(ports, snapshot),
    ports.accounts.failedReads(),
    ports.proposals.recent(OWN_TRADES),
    ownActs(ports, since),
    readEndedStops(ports, before, snapshot),
    readMarketRisk(ports, snapshot),
  ]);
  return { snapshot, closed, priceAt, failedBefore, proposals, acts, endedStops, market };
}

/** What cannot be read costs only the knowledge of who did something. */
const ownActs = (ports: Ports, since: Timestamp): Promise<readonly OwnAct[]> =>
  ports.acts.since(since).catch((error: unknown) => {
    ports.log.warn('own acts could not be read', { reason: reasonOf(error) });
    return [];
  });

/** Prices of open positions by poll: the backstop of the stream. A poll that fails leaves the known times to grow old. */
async function pollPrices(
  ports: Ports,
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
}

function decide(input: {
  readonly ports: Ports;
  readonly before: AccountSnapshot | undefined;
  readonly state: RiskState | undefined;
  readonly mode: ModeState | undefined;
  readonly reading: AccountReading;
}): Decision {
  const { ports, before, reading } = input;
  const { snapshot } = reading;
  const now = snapshot.at;
  // A mode that is gone counts as halted; the first tightening or the start writes it down with the reason.
  const mode = input.mode ?? { mode: 'halted', reasons: [], since: now };
  const step = updateState(input.state, { before, reading }, ports);
  const stop = evaluateStop({
    state: step.state,
    account: snapshot.account,
    positions: snapshot.positions,
    health: { accountReadAt: now, failedReads: 0, priceAt: notLaterThan(now, reading.priceAt) },
    market: reading.market,
    limits: ports.limits,
    mode,
    now,
  });
  const protection = watchProtection({
    ...snapshot,
    previous: before?.unprotectedSince ?? new Map(),
    now,
  });
  const changes = accountChanges({
    before,
    ...reading,
    protection,
    ledger: step.ledger,
    speed: ports.clock.speed,
  });
  const found = [
    ...changes.findings,
    ...stop.warnings.map((each) => limitWarning(each, now)),
    ...backFindings(before, reading, ports.limits.maxFailedReads),
    ...step.findings,
  ];
  return {
    snapshot: changes.after,
    state: step.state,
    stop,
    findings: worthTelling(found, { mode, tightens: stop.tighten !== undefined, now }),
  };
}

/** Threads and machines read their clocks at slightly different moments; a price from "the future" is a fresh one. */
const notLaterThan = (
  now: Timestamp,
  times: ReadonlyMap<string, Timestamp>,
): ReadonlyMap<string, Timestamp> =>
  new Map([...times].map(([symbol, at]) => [symbol, Math.min(at, now)]));

function worthTelling(
  found: readonly Finding[],
  at: { readonly mode: ModeState; readonly tightens: boolean; readonly now: Timestamp },
): readonly Finding[] {
  const { send } = decideAlerts(found, {
    situation: { mode: at.tightens ? 'halted' : at.mode.mode, connectionLost: false },
    quietHours: undefined,
    muted: new Set(),
    // The outbox knows what was told; it refuses a key that it has.
    told: new Set<string>(),
    now: at.now,
  });
  return send;
}

function updateState(
  state: RiskState | undefined,
  seen: { readonly before: AccountSnapshot | undefined; readonly reading: AccountReading },
  ports: Ports,
): {
  readonly state: RiskState;
  readonly ledger: WalletLedger;
  readonly findings: readonly Finding[];
} {
  const { snapshot, closed } = seen.reading;
  const counted = new Set(state?.closesCounted);
  const { ledger, step } = advanceLedger(state === undefined ? undefined : seen.before?.ledger, {
    wallet: walletOf(snapshot.account),
    positions: snapshot.positions,
    fresh: closed.filter((each) => !counted.has(each.id)),
  });
  // Money that came in raises the baselines, so that it hides no loss. Money that is missing counts as a loss until a person
  // says otherwise: the careful reading in both directions.
  const { account, positions } = snapshot;
  const arrived = step > 0n ? { cashFlow: step } : {};
  const next = updateRiskState(
    state,
    { account, positions, closed, now: snapshot.at, ...arrived },
    ports.limits,
  );
  return {
    state: next.state,
    ledger,
    findings: step === 0n ? [] : [stepFinding(step, snapshot.at)],
  };
}

const stepFinding = (amount: Usd, at: Timestamp): Finding => ({
  key: `wallet-step:${at}`,
  kind: 'notice',
  severity: 'warning',
  title: `The wallet changed by ${toFixed(amount, 2)} USDT that no trade explains`,
  lines: [
    amount > 0n
      ? 'Vigil takes it as a deposit: day and drawdown baselines were raised by it.'
      : 'If you took it out, all is well. Until then Vigil counts it as a loss of the day.',
  ],
  at,
});

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

/** A failed read: counted, and from the limit on told and followed by holding entries. */
async function readFailed(ports: Ports, error: unknown): Promise<void> {
  const failed = await ports.accounts.recordFailedRead();
  const reason = reasonOf(error);
  const refused = isRefusal(error);
  ports.log.warn('the account could not be read', { failed, reason });
  if (failed < ports.limits.maxFailedReads) return;
  const snapshot = await ports.accounts.snapshot();
  const now = ports.clock.now();
  const known =
    snapshot === undefined
      ? { startedAt: ports.startedAt }
      : { lastAt: snapshot.at, openPositions: snapshot.positions.length };
  await ports.outbox.raise(connectionLost({ feed: 'account', reason, refused, ...known }, now));
  await watchHealth(ports);
}
