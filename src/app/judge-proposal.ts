import type { Instrument, Ticker } from '../domain/instrument.ts';
import type { Price } from '../domain/money.ts';
import type { Proposal } from '../domain/proposal.ts';
import type { Signal } from '../domain/signal.ts';
import { check, type Verdict } from '../risk/gate.ts';
import type { GateInput, InFlightEntry } from '../risk/gate-input.ts';
import { categoryOf } from '../signals/categories.ts';
import { bandOf } from '../signals/levels.ts';
import { readCorrelatedSameSide } from './market-returns.ts';
import type { AccountSnapshot, Ports } from './ports.ts';
import { fetchSnapshot } from './read-account.ts';
import { readMarketRisk } from './read-market-risk.ts';

/** The gate's verdict with the mark price it was given. */
export type Judgement =
  | (Extract<Verdict, { kind: 'approved' }> & { readonly mark: Price })
  | Extract<Verdict, { kind: 'refused' }>;

/**
 * Judges a proposal with the account, prices, rules and trading mode of this moment. What cannot be read stays unknown, and the
 * gate refuses it by name.
 */
export async function judgeProposal(ports: Ports, proposal: Proposal): Promise<Judgement> {
  const input = await gateInputFor(ports, proposal.signal, proposal.id);
  const verdict = check(sealed(input, proposal));
  const mark = input.mark?.price ?? input.candidate.entry;
  return verdict.kind === 'refused' ? verdict : { ...verdict, mark };
}

/** The band is the one that was shown. Once approved, the size that was shown is a limit of its own. */
function sealed(input: GateInput, { status, plan, band }: Proposal): GateInput {
  const candidate = { ...input.candidate, band };
  return {
    ...input,
    candidate: status === 'pending' ? candidate : { ...candidate, maxQty: plan.qty },
  };
}

/** Every reason of a refusal as a plain sentence. */
export const describeVerdict = (
  verdict: Extract<Verdict, { kind: 'refused' }>,
): readonly string[] => verdict.refusals.map((each) => each.sentence);

/** Everything the gate asks for about one signal, read now. `exceptId`: the proposal that is being judged is not in its own way. */
export async function gateInputFor(
  ports: Ports,
  signal: Signal,
  exceptId: string | undefined,
): Promise<GateInput> {
  const [snapshot, instruments, tickers, tiers] = await Promise.all([
    fetchSnapshot(ports).catch(() => undefined),
    ports.market.instruments().catch(() => undefined),
    ports.market.tickers().catch(() => undefined),
    ports.market.riskTiers(signal.symbol).catch(() => undefined),
  ]);
  const [shared, correlated, market] = await Promise.all([
    readShared(ports, exceptId),
    readCorrelatedSameSide(ports, signal, snapshot?.positions),
    readMarketFor(ports, snapshot),
  ]);
  return composeGateInput(
    { ports, snapshot, instruments, tickers, market, ...shared },
    { signal, tiers, entry: undefined, correlated },
  );
}

/** What is the same for all candidates of one moment. */
export interface GateFacts {
  readonly ports: Pick<Ports, 'limits' | 'clock'>;
  readonly snapshot: AccountSnapshot | undefined;
  readonly instruments: readonly Instrument[] | undefined;
  readonly tickers: readonly Ticker[] | undefined;
  readonly market: GateInput['market'];
  readonly state: GateInput['state'];
  readonly mode: GateInput['mode'];
  readonly inFlight: readonly InFlightEntry[];
}

/** Volatility and margin ratio of this moment; nothing is known of them while the account is not. */
export const readMarketFor = async (
  ports: Pick<Ports, 'market' | 'clock'>,
  snapshot: AccountSnapshot | undefined,
): Promise<GateInput['market']> => (snapshot === undefined ? {} : readMarketRisk(ports, snapshot));

/** The stored part: risk state, mode, entries on their way. Unreadable is undefined. */
export async function readShared(
  ports: Ports,
  exceptId: string | undefined,
): Promise<Pick<GateFacts, 'state' | 'mode' | 'inFlight'>> {
  const [state, mode, recent] = await Promise.all([
    readState(ports).catch(() => undefined),
    ports.mode.read().catch(() => undefined),
    ports.proposals.recent(50),
  ]);
  const onTheWay = recent.filter(
    (each) => each.id !== exceptId && ['approved', 'executing', 'unknown'].includes(each.status),
  );
  return { state, mode, inFlight: onTheWay.map(inFlightOf) };
}

/** The stored risk state with the failed reads since then, which are counted apart from it. */
async function readState({ accounts }: Ports): Promise<GateInput['state']> {
  const [state, failedReads] = await Promise.all([accounts.riskState(), accounts.failedReads()]);
  if (state === undefined || !Number.isInteger(failedReads)) return undefined;
  return { ...state, failedReads: Math.max(state.failedReads, failedReads) };
}

const inFlightOf = ({ signal, plan }: Proposal): InFlightEntry => ({
  symbol: signal.symbol,
  side: signal.side,
  category: signal.category,
  risk: plan.risk,
  margin: plan.margin,
});

/** Puts the gate's input together. Pure but for the clock. `entry` overrides the mark price as reference. */
export function composeGateInput(
  facts: GateFacts,
  candidate: {
    signal: Signal;
    tiers: GateInput['tiers'];
    entry: Price | undefined;
    /** Open positions of its side that move with it; undefined: the gate counts every one of that side. */
    correlated: number | undefined;
  },
): GateInput {
  const { signal } = candidate;
  const instrument = facts.instruments?.find((each) => each.symbol === signal.symbol);
  const ticker = facts.tickers?.find((each) => each.symbol === signal.symbol);
  const mark = ticker === undefined ? undefined : { price: ticker.mark, at: ticker.at };
  const now = facts.ports.clock.now();
  const categories = new Map(
    (facts.snapshot?.positions ?? []).map((each) => [each.symbol, categoryOf(each.symbol)]),
  );
  return {
    candidate: {
      symbol: signal.symbol,
      side: signal.side,
      entry: candidate.entry ?? mark?.price ?? signal.entry,
      stop: signal.stop,
      target: signal.target,
      score: signal.score,
      rewardRisk: signal.rewardRisk,
      category: signal.category,
      atrFraction: signal.atrFraction,
      signalAgeMs: Math.max(0, now - signal.candleClosedAt),
      band: bandOf(signal, instrument),
    },
    account: facts.snapshot?.account,
    positions: facts.snapshot?.positions,
    protections: facts.snapshot?.protections,
    openEntryOrders: facts.snapshot?.openOrders,
    inFlight: facts.inFlight,
    instrument,
    tiers: candidate.tiers,
    mark,
    state: facts.state,
    mode: facts.mode,
    categories,
    correlatedSameSide: candidate.correlated,
    market: facts.market,
    limits: facts.ports.limits,
    now,
  };
}
