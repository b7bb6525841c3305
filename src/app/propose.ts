import type { Finding } from '../domain/alert.ts';
import type { Instrument } from '../domain/instrument.ts';
import { roundToStep } from '../domain/money.ts';
import { MINUTE } from '../domain/time.ts';
import { towardsLoss, towardsProfit } from '../domain/position.ts';
import type { PriceBand, Proposal } from '../domain/proposal.ts';
import type { Signal } from '../domain/signal.ts';
import { signalFound } from '../alerts/rules/signal.ts';
import { check } from '../risk/gate.ts';
import { approvalDrift } from '../signals/levels.ts';
import {
  composeGateInput,
  describeVerdict,
  readMarketFor,
  readShared,
  type GateFacts,
} from './judge-proposal.ts';
import { readCorrelatedSameSide } from './market-returns.ts';
import type { Ports } from './ports.ts';
import type { ScanEntry } from '../domain/scan-report.ts';
import { fetchSnapshot } from './read-account.ts';
import { signalEvidence } from './read-evidence.ts';

/** Signals of one scan that are looked at by the gate at most: beyond, the best ones were refused for a common reason. */
const JUDGED = 20;
/** How long the owner has, in venue time, and never less than this in wall time. */
const LIFETIME_MS = 15 * MINUTE;
const LEAST_WALL_MS = MINUTE;

/**
 * Passes signals, best first, through the gate with the account and prices of now. Those that pass become proposals and go to
 * the outbox, no more than there are free positions. Each is sized as if it were the only one; the gate runs again at the tap, when the others count.
 */
export async function judgeAndPropose(
  ports: Ports,
  signals: readonly Signal[],
): Promise<readonly ScanEntry[]> {
  if (signals.length === 0) return [];
  const facts = await readFacts(ports);
  const entries: ScanEntry[] = [];
  const room = await freeSlots(ports, facts);
  let proposed = 0;
  for (const signal of signals) {
    if (proposed >= room || entries.length >= JUDGED) {
      entries.push({ signal, fate: 'not best', reasons: [] });
      continue;
    }
    const entry = await judgeOne(ports, facts, signal);
    if (entry.fate === 'proposed') proposed += 1;
    entries.push(entry);
  }
  return entries;
}

/** Positions that could still be opened if every open proposal were approved: more cards would only be noise. */
async function freeSlots(ports: Ports, facts: GateFacts): Promise<number> {
  const pending = await ports.proposals.withStatus('pending');
  const taken = (facts.snapshot?.positions.length ?? 0) + facts.inFlight.length + pending.length;
  return Math.max(0, ports.limits.maxPositions - taken);
}

async function readFacts(ports: Ports): Promise<GateFacts> {
  const [snapshot, instruments, tickers, shared] = await Promise.all([
    fetchSnapshot(ports).catch(() => undefined),
    ports.market.instruments().catch(() => undefined),
    ports.market.tickers().catch(() => undefined),
    readShared(ports, undefined),
  ]);
  const market = await readMarketFor(ports, snapshot);
  return { ports, snapshot, instruments, tickers, market, ...shared };
}

async function judgeOne(ports: Ports, facts: GateFacts, signal: Signal): Promise<ScanEntry> {
  const [tiers, correlated] = await Promise.all([
    ports.market.riskTiers(signal.symbol).catch(() => undefined),
    readCorrelatedSameSide(ports, signal, facts.snapshot?.positions),
  ]);
  const input = composeGateInput(facts, { signal, tiers, entry: undefined, correlated });
  const verdict = check(input);
  if (verdict.kind === 'refused') {
    return { signal, fate: 'refused', reasons: describeVerdict(verdict) };
  }
  const { plan } = verdict.entry;
  await create(ports, { signal, plan, band: bandOf(signal, input.instrument) });
  return { signal, fate: 'proposed', reasons: [] };
}

/** Stores the proposal with its card. The same signal again, as when a job is repeated, changes nothing. */
async function create(
  ports: Ports,
  { signal, plan, band }: Pick<Proposal, 'signal' | 'plan' | 'band'>,
): Promise<void> {
  const now = ports.clock.now();
  const lifetime = Math.max(LIFETIME_MS, LEAST_WALL_MS * ports.clock.speed);
  const nonce = ports.nonce();
  const proposal: Proposal = {
    id: signal.id,
    nonce,
    signal,
    plan,
    band,
    status: 'pending',
    createdAt: now,
    deadline: now + lifetime,
    // Alphanumeric and at most 32 long, as the exchange's users found safe; random, so that it is never used before.
    clientId: `vg${nonce.replaceAll(/[^A-Za-z0-9]/g, '0')}`,
  };
  const evidence = await signalEvidence(ports, signal);
  const stored = await ports.proposals.create(proposal, cardOf(proposal, evidence));
  if (stored) await ports.work.expire(proposal.id, lifetime / Math.max(1, ports.clock.speed));
}

/**
 * Prices at which the signal still is what was shown: reward to risk holds at the bad end, the stop is not close at the good end.
 * Both ends are prices that the exchange knows, rounded inwards.
 */
export function bandOf(signal: Signal, instrument: Instrument | undefined): PriceBand {
  const drift = approvalDrift(signal);
  const worse = towardsProfit(signal.entry, drift.adverse, signal.side);
  const better = towardsLoss(signal.entry, drift.favourable, signal.side);
  const [low, high] = worse > better ? [better, worse] : [worse, better];
  if (instrument === undefined) return { low, high };
  const { tick } = instrument;
  return { low: roundToStep(low, tick, 'up'), high: roundToStep(high, tick, 'down') };
}

function cardOf(proposal: Proposal, evidence: readonly string[]): readonly Finding[] {
  const finding = signalFound(proposal);
  if (finding === undefined) return [];
  const { nonce } = proposal;
  const buttons = [
    { label: 'Approve', data: `a:${nonce}` },
    { label: 'Reject', data: `r:${nonce}` },
    { label: 'Details', data: `d:${nonce}` },
  ];
  return [{ ...finding, lines: [...finding.lines, ...evidence], buttons: [buttons] }];
}
