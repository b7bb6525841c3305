import type { Instrument, Ticker } from '../domain/instrument.ts';
import type { Price } from '../domain/money.ts';
import type { Proposal } from '../domain/proposal.ts';
import type { Signal } from '../domain/signal.ts';
import { check, type Verdict } from '../risk/gate.ts';
import type { GateInput } from '../risk/gate-input.ts';
import type { RiskLimits } from '../risk/limits.ts';
import { categoryOf } from '../signals/categories.ts';
import { bandOf } from '../signals/levels.ts';
import { readEntryMemory, type EntryMemory } from './entry-memory.ts';
import { readCorrelatedSameSide } from './market-returns.ts';
import type { AccountSnapshot, Ports } from './ports.ts';
import { fetchSnapshot } from './read-account.ts';
import { readMarketRisk } from './read-market-risk.ts';

/** The gate's verdict with the limits it was given. */
export type Judgement =
  | (Extract<Verdict, { kind: 'approved' }> & { readonly limits: RiskLimits })
  | Extract<Verdict, { kind: 'refused' }>;

/**
 * Judges a proposal with the account, prices, rules and trading mode of this moment. What cannot be read stays unknown, and the
 * gate refuses it by name.
 */
export async function judgeProposal(ports: Ports, proposal: Proposal): Promise<Judgement> {
  const input = await gateInputFor(ports, proposal.signal, proposal.id);
  const verdict = check(sealed(input, proposal));
  return verdict.kind === 'refused' ? verdict : { ...verdict, limits: input.limits };
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
  const [memory, correlated, market] = await Promise.all([
    readEntryMemory(ports, exceptId),
    readCorrelatedSameSide(ports, signal, snapshot?.positions),
    readMarketFor(ports, snapshot),
  ]);
  return composeGateInput(
    { ports, snapshot, instruments, tickers, market, memory },
    { signal, tiers, entry: undefined, correlated },
  );
}

/** What is the same for all candidates of one moment. */
export interface GateFacts {
  readonly ports: Pick<Ports, 'clock'>;
  readonly snapshot: AccountSnapshot | undefined;
  readonly instruments: readonly Instrument[] | undefined;
  readonly tickers: readonly Ticker[] | undefined;
  readonly market: GateInput['market'];
  readonly memory: EntryMemory;
}

/** Volatility and margin ratio of this moment; nothing is known of them while the account is not. */
export const readMarketFor = async (
  ports: Pick<Ports, 'market' | 'clock'>,
  snapshot: AccountSnapshot | undefined,
): Promise<GateInput['market']> => (snapshot === undefined ? {} : readMarketRisk(ports, snapshot));

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
    ...facts.memory,
    instrument,
    tiers: candidate.tiers,
    mark,
    categories,
    correlatedSameSide: candidate.correlated,
    market: facts.market,
    now,
  };
}
