import { rules } from '../../alerts/explain/with-basis.ts';
import type { Finding } from '../../domain/alert.ts';
import { MINUTE, type Timestamp } from '../../domain/time.ts';
import { clientIdFor } from '../../domain/order.ts';
import type { Proposal } from '../../domain/proposal.ts';
import { isPushed, type Signal } from '../../domain/signal.ts';
import { checkEntry } from '../../risk/gate/gate.ts';
import { entryPlaces } from '../../risk/gate/entry-places.ts';
import type { Refusal } from '../../risk/terms/refusal.ts';
import { isJudged } from '../../signals/selection.ts';
import {
  composeGateInput,
  openPositions,
  shownWith,
  type GateFacts,
} from './compose-gate-input.ts';
import { readMarketFor, returnsAround } from './judge-proposal.ts';
import { readEntryMemory } from './entry-memory.ts';
import { presentMemory } from './present-memory.ts';
import type { Ports } from '../ports/ports.ts';
import type { ScanEntry } from '../../domain/scan-report.ts';
import { fetchSnapshot } from '../reading/read-account.ts';
import { askedOf } from '../scan/scan-report.ts';
import { readPlaces } from '../scan/places.ts';
import { signalEvidence } from '../views/read-evidence.ts';

/** How long the owner has, in venue time, and never less than this in wall time. */
const LIFETIME_MS = 15 * MINUTE;
const LEAST_WALL_MS = 2 * MINUTE;
/** More than the cards of one scan, or those that wait, can be. */
const REMEMBERED = 100;

/**
 * Passes signals, best first, through the gate with the account and prices of now. Those that pass become proposals and go to
 * the outbox: one a symbol, and no more than there are places for. Those of strategies that are only watched are listed after them. Each is sized as if it were the only one; the gate runs again
 * at the tap, when the others count.
 */
export async function judgeAndPropose(
  ports: Ports,
  signals: readonly Signal[],
): Promise<readonly ScanEntry[]> {
  const places = await readPlaces(ports);
  const isForCard = ({ strategy, clean }: Signal): boolean =>
    isPushed(places.get(strategy), clean === true);
  return [
    ...(await judgePushed(ports, signals.filter(isForCard))),
    ...signals
      .filter((each) => !isForCard(each))
      .map((signal): ScanEntry => ({ signal, fate: 'watched', refusals: [] })),
  ];
}

async function judgePushed(
  ports: Ports,
  signals: readonly Signal[],
): Promise<readonly ScanEntry[]> {
  if (signals.length === 0) return [];
  const facts = await readFacts(ports);
  const entries: ScanEntry[] = [];
  const recent = await ports.proposals.recent(REMEMBERED);
  const known = new Set(recent.map(({ id }) => id));
  const waiting = waitingSymbols(recent, ports.clock.now());
  const slots = placesLeft(facts);
  const latest = await ports.scans.latest().catch(() => undefined);
  const asked = askedOf(latest, signals[0]?.candleClosedAt ?? 0);
  for (const signal of signals) {
    if (known.has(signal.id)) {
      // The step is run again: its card is out already.
      entries.push({ signal, fate: 'proposed', refusals: [] });
      continue;
    }
    if (waiting.has(signal.symbol)) {
      entries.push({ signal, fate: 'refused', refusals: [cardWaits(signal)] });
      continue;
    }
    if (!isJudged({ judged: asked + entries.length, waiting: waiting.size, slots })) {
      entries.push({ signal, fate: 'not best', refusals: [] });
      continue;
    }
    const entry = await judgeOne(ports, facts, signal);
    if (entry.fate === 'proposed') waiting.add(signal.symbol);
    entries.push(entry);
  }
  return entries;
}

/** Symbols whose card can still be answered. */
function waitingSymbols(recent: readonly Proposal[], now: Timestamp): Set<string> {
  const open = recent.filter(({ status, deadline }) => status === 'pending' && deadline >= now);
  return new Set(open.map(({ signal }) => signal.symbol));
}

const cardWaits = ({ symbol }: Signal) => ({
  code: 'card-waiting',
  sentence: `A signal for ${symbol} is already waiting for your answer.`,
});

/** Entries that today's limits leave room for. What could not be read leaves all of it: the gate refuses for that, and says so. */
function placesLeft({ snapshot, memory }: GateFacts): number {
  const { state, inFlight, limits } = memory;
  if (snapshot === undefined || state === undefined || inFlight === undefined)
    return limits.maxPositions;
  const { openOrders } = snapshot;
  const positions = openPositions(snapshot, memory);
  return entryPlaces({ state, positions, openEntryOrders: openOrders, inFlight }, limits);
}

async function readFacts(ports: Ports): Promise<GateFacts> {
  const [snapshot, instruments, tickers, memory] = await Promise.all([
    fetchSnapshot(ports).catch(() => undefined),
    ports.market.instruments().catch(() => undefined),
    ports.market.tickers().catch(() => undefined),
    readEntryMemory(ports, undefined),
  ]);
  const market = await readMarketFor(ports, snapshot);
  return {
    snapshot,
    instruments,
    tickers,
    market,
    memory: await presentMemory(ports, memory, snapshot),
  };
}

async function judgeOne(ports: Ports, facts: GateFacts, signal: Signal): Promise<ScanEntry> {
  const [tiers, returns] = await Promise.all([
    ports.market.riskTiers(signal.symbol).catch(() => undefined),
    returnsAround(ports, signal.symbol, facts.snapshot?.positions ?? []),
  ]);
  const input = composeGateInput(facts, { signal, tiers, returns }, ports.clock.now());
  const verdict = checkEntry(input);
  if (verdict.kind === 'refused') {
    return { signal, fate: 'refused', refusals: verdict.refusals.map(inShort) };
  }
  const { plan } = verdict.entry;
  await create(ports, { signal, plan, ...shownWith(signal, input) });
  return { signal, fate: 'proposed', refusals: [] };
}

const inShort = ({ code, sentence }: Refusal) => ({ code, sentence });

/** Stores the proposal with its card. The same signal again, as when a job is repeated, changes nothing. */
async function create(
  ports: Pick<Ports, 'clock' | 'trading' | 'proposals' | 'ledger' | 'work' | 'nonce'>,
  { signal, plan, band, levels }: Pick<Proposal, 'signal' | 'plan' | 'band' | 'levels'>,
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
    ...(levels === undefined ? {} : { levels }),
    status: 'pending',
    createdAt: now,
    deadline: now + lifetime,
    clientId: clientIdFor('entry', nonce),
  };
  const { line } = await signalEvidence(ports, signal);
  const stored = await ports.proposals.create(proposal, cardOf(ports, proposal, [line]));
  if (stored) await ports.work.expire(proposal.id, lifetime / Math.max(1, ports.clock.speed));
}

/** Where nothing can be ordered there is nothing to approve: the card is for reading. */
function cardOf(
  { clock, trading }: Pick<Ports, 'clock' | 'trading'>,
  proposal: Proposal,
  evidence: readonly string[],
): readonly Finding[] {
  const { speed } = clock;
  const finding = rules.signalFound(proposal, { speed, orders: trading !== undefined, evidence });
  return finding === undefined ? [] : [finding];
}
