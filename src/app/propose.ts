import type { Finding } from '../domain/alert.ts';
import { MINUTE } from '../domain/time.ts';
import { towardsLoss, towardsProfit } from '../domain/position.ts';
import type { PriceBand, Proposal, TradePlan } from '../domain/proposal.ts';
import type { Signal } from '../domain/signal.ts';
import { signalFound } from '../alerts/rules/signal.ts';
import { check } from '../risk/gate.ts';
import { approvalDrift } from '../signals/levels.ts';
import { composeGateInput, describeVerdict, readShared, type GateFacts } from './judge-proposal.ts';
import type { Ports, ScanEntry } from './ports.ts';
import { fetchSnapshot } from './read-account.ts';

/** Signals of one scan that are shown to the owner at most; the rest are listed in /signals. */
const BEST = 3;
/** How long the owner has, in venue time, and never less than this in wall time. */
const LIFETIME_MS = 15 * MINUTE;
const LEAST_WALL_MS = MINUTE;

/**
 * Passes signals, best first, through the gate with the account and prices of now. Those that pass become proposals and go to
 * the outbox, up to the best three. Each is sized as if it were the only one; the gate runs again at the tap, when the others count.
 */
export async function judgeAndPropose(
  ports: Ports,
  signals: readonly Signal[],
): Promise<readonly ScanEntry[]> {
  if (signals.length === 0) return [];
  const facts = await readFacts(ports);
  const entries: ScanEntry[] = [];
  let proposed = 0;
  for (const signal of signals) {
    if (proposed >= BEST) {
      entries.push({
        signal,
        fate: 'not best',
        reasons: [`Only the best ${BEST} of a scan are proposed.`],
      });
      continue;
    }
    const entry = await judgeOne(ports, facts, signal);
    if (entry.fate === 'proposed') proposed += 1;
    entries.push(entry);
  }
  return entries;
}

async function readFacts(ports: Ports): Promise<GateFacts> {
  const [snapshot, instruments, tickers, shared] = await Promise.all([
    fetchSnapshot(ports).catch(() => undefined),
    ports.market.instruments().catch(() => undefined),
    ports.market.tickers().catch(() => undefined),
    readShared(ports, undefined),
  ]);
  return { ports, snapshot, instruments, tickers, ...shared };
}

async function judgeOne(ports: Ports, facts: GateFacts, signal: Signal): Promise<ScanEntry> {
  const tiers = await ports.market.riskTiers(signal.symbol).catch(() => undefined);
  const verdict = check(composeGateInput(facts, { signal, tiers, entry: undefined }));
  if (verdict.kind === 'refused') {
    return { signal, fate: 'refused', reasons: describeVerdict(verdict) };
  }
  const created = await create(ports, signal, verdict.entry.plan);
  return created
    ? { signal, fate: 'proposed', reasons: [] }
    : { signal, fate: 'refused', reasons: ['It was proposed before.'] };
}

async function create(ports: Ports, signal: Signal, plan: TradePlan): Promise<boolean> {
  const now = ports.clock.now();
  const lifetime = Math.max(LIFETIME_MS, LEAST_WALL_MS * ports.clock.speed);
  const nonce = ports.nonce();
  const proposal: Proposal = {
    id: signal.id,
    nonce,
    signal,
    plan,
    band: bandOf(signal),
    status: 'pending',
    createdAt: now,
    deadline: now + lifetime,
    // Alphanumeric and at most 32 long, as the exchange's users found safe; random, so that it is never used before.
    clientId: `vg${nonce.replaceAll(/[^A-Za-z0-9]/g, '0')}`,
  };
  const stored = await ports.proposals.create(proposal, cardOf(proposal));
  if (stored) await ports.work.expire(proposal.id, lifetime / ports.clock.speed);
  return stored;
}

/** Prices at which the signal still is what was shown: reward to risk holds at the bad end, the stop is not close at the good end. */
export function bandOf(signal: Signal): PriceBand {
  const drift = approvalDrift(signal);
  const worse = towardsProfit(signal.entry, drift.adverse, signal.side);
  const better = towardsLoss(signal.entry, drift.favourable, signal.side);
  return worse > better ? { low: better, high: worse } : { low: worse, high: better };
}

function cardOf(proposal: Proposal): readonly Finding[] {
  const finding = signalFound(proposal);
  if (finding === undefined) return [];
  const { nonce } = proposal;
  const buttons = [
    { label: 'Approve', data: `a:${nonce}` },
    { label: 'Reject', data: `r:${nonce}` },
    { label: 'Details', data: `d:${nonce}` },
  ];
  const honest =
    'A score counts confirmations; it is not a probability. How often such signals were right is not measured yet.';
  return [{ ...finding, lines: [...finding.lines, honest], buttons: [buttons] }];
}
