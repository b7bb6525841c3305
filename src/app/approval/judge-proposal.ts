import type { Instrument, Ticker } from '../../domain/instrument.ts';
import type { Qty } from '../../domain/money/money.ts';
import type { Position } from '../../domain/position.ts';
import { unseenFrozen } from '../../domain/money/locked-money.ts';
import type { Proposal } from '../../domain/proposal.ts';
import type { Signal } from '../../domain/signal.ts';
import type { Timestamp } from '../../domain/time.ts';
import { correlatedSameSide, type Returns } from '../../risk/portfolio/correlation.ts';
import { checkEntry, type GateVerdict } from '../../risk/gate/gate.ts';
import type { Candidate } from '../../risk/gate/gate-facts.ts';
import type { GateInput } from '../../risk/gate/gate-input.ts';
import { categoryOf } from '../../signals/categories.ts';
import { anchored, anchorsToMark } from '../../signals/ordering/anchor.ts';
import { lapseOf } from '../../signals/ordering/lapse.ts';
import { bandOf, rewardRiskAfterFees } from '../../signals/levels.ts';
import { MARKET_SYMBOL } from '../../signals/market-volatility.ts';
import { readEntryMemory, type EntryMemory, type StoredMemory } from './entry-memory.ts';
import { readReturns } from '../reading/market-returns.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';
import type { Ports } from '../ports/ports.ts';
import { fetchSnapshot } from '../reading/read-account.ts';
import { presentMemory } from '../account/present-memory.ts';
import { readMarketRisk } from '../reading/read-market-risk.ts';

/** What is the same for all candidates of one moment. What could not be read is undefined, and the gate refuses it by name. */
export interface GateFacts {
  readonly snapshot: AccountSnapshot | undefined;
  readonly instruments: readonly Instrument[] | undefined;
  readonly tickers: readonly Ticker[] | undefined;
  readonly market: GateInput['market'];
  readonly memory: EntryMemory;
}

/** One signal with what was read for it. */
export interface Judged {
  readonly signal: Signal;
  readonly tiers: GateInput['tiers'];
  /** Hourly returns of the signal's coin and of those that are open; who is missing counts as moving with it. */
  readonly returns: ReadonlyMap<string, Returns>;
  /** What a card has bound: its band, the size it showed, the leverage that is set. */
  readonly terms?: Partial<Pick<Candidate, 'band' | 'maxQty' | 'leverage' | 'stop' | 'target'>>;
}

/** Everything that a verdict on one signal leans on, and when each part was asked for: a verdict does not keep. */
export interface Look extends GateFacts, Judged {
  readonly askedAt: {
    readonly account: Timestamp;
    readonly mark: Timestamp;
    readonly memory: Timestamp;
  };
  /** Why the process that hears /halt gives no permission; it is asked in the last look, as old as `askedAt.memory` then. */
  readonly withheld?: string | undefined;
}

/** The gate's verdict with the look it was made from. */
export type Judgement = GateVerdict & { readonly look: Look; readonly input: GateInput };

/**
 * Judges a proposal with the account, prices, rules and trading mode of this moment. What cannot be read stays unknown, and the
 * gate refuses it by name. `maxQty`: the owner wants no more than that.
 */
export async function judgeProposal(
  ports: Ports,
  proposal: Proposal,
  maxQty?: Qty,
): Promise<Judgement> {
  const look = await lookFor(ports, proposal.signal, proposal.id);
  const terms = { ...(maxQty === undefined ? {} : { maxQty }), ...termsOf(proposal) };
  const bound = { ...look, terms };
  const input = composeGateInput(bound, bound, ports.clock.now());
  return { ...checkEntry(input), look: bound, input };
}

/**
 * The band is the one that was shown, until a card is shown with stop and target at the price of now. Once approved, size, stop and
 * target that were shown are what counts.
 */
function termsOf(proposal: Proposal): NonNullable<Judged['terms']> {
  const { status, plan, band, levels, signal } = proposal;
  if (status === 'pending') return anchorsToMark(signal) ? {} : { band };
  return { band, maxQty: plan.qty, ...levels };
}

/** Every reason of a refusal as a plain sentence. */
export const describeVerdict = (
  verdict: Extract<GateVerdict, { kind: 'refused' }>,
): readonly string[] => verdict.refusals.map((each) => each.sentence);

/** Everything the gate asks for about one signal, read now. `exceptId`: the proposal that is being judged is not in its own way. */
export async function lookFor(
  ports: Ports,
  signal: Signal,
  exceptId: string | undefined,
): Promise<Look> {
  const asked = ports.clock.now();
  const [snapshot, instruments, tickers, tiers] = await Promise.all([
    fetchSnapshot(ports).catch(() => undefined),
    ports.market.instruments().catch(() => undefined),
    ports.market.tickers().catch(() => undefined),
    ports.market.riskTiers(signal.symbol).catch(() => undefined),
  ]);
  const [around, remembered] = await Promise.all([
    lookAround(ports, signal, snapshot),
    remember(ports, exceptId),
  ]);
  return {
    signal,
    snapshot,
    instruments,
    tickers,
    tiers,
    ...around,
    memory: await presentMemory(ports, remembered.memory, snapshot),
    askedAt: { account: asked, mark: asked, memory: remembered.askedAt },
  };
}

/** The same look with the price read anew, the account too where that is wanted; last the store and the process that hears /halt. */
export async function lookAgain(
  ports: Ports,
  look: Look,
  wanted: { readonly account: boolean; readonly exceptId: string },
): Promise<Look> {
  const mark = ports.clock.now();
  const [tickers, renewed] = await Promise.all([
    ports.market.tickers().catch(() => undefined),
    wanted.account ? lookAtAccount(ports, look.signal) : undefined,
  ]);
  const remembered = await remember(ports, wanted.exceptId);
  const snapshot = renewed === undefined ? look.snapshot : renewed.snapshot;
  const memory = await presentMemory(ports, remembered.memory, snapshot);
  // Last of all: a halt holds in the process that hears it before the store knows.
  const withheld = await ports.permission.refusal();
  const account = renewed === undefined ? look.askedAt.account : mark;
  return {
    ...look,
    ...renewed,
    tickers,
    memory,
    withheld,
    askedAt: { account, mark, memory: remembered.askedAt },
  };
}

async function lookAtAccount(
  ports: Pick<Ports, 'clock' | 'market' | 'account' | 'candles'>,
  signal: Signal,
): Promise<Pick<Look, 'snapshot' | 'returns' | 'market'>> {
  const snapshot = await fetchSnapshot(ports).catch(() => undefined);
  return { snapshot, ...(await lookAround(ports, signal, snapshot)) };
}

/** What follows from the account that was read. */
async function lookAround(
  ports: Pick<Ports, 'clock' | 'market' | 'candles'>,
  { symbol }: Signal,
  snapshot: AccountSnapshot | undefined,
): Promise<Pick<Look, 'returns' | 'market'>> {
  const positions = snapshot?.positions ?? [];
  const [returns, market] = await Promise.all([
    returnsAround(ports, symbol, positions),
    readMarketFor(ports, snapshot),
  ]);
  return { returns, market };
}

async function remember(
  ports: Ports,
  exceptId: string | undefined,
): Promise<{ readonly memory: StoredMemory; readonly askedAt: Timestamp }> {
  const askedAt = ports.clock.now();
  return { memory: await readEntryMemory(ports, exceptId), askedAt };
}

/** Returns of a coin, of those that are open, and of Bitcoin, against which the card measures them. */
export const returnsAround = (
  ports: Pick<Ports, 'candles' | 'clock'>,
  symbol: string,
  positions: readonly Position[],
): Promise<ReadonlyMap<string, Returns>> =>
  readReturns(ports, [MARKET_SYMBOL, symbol, ...positions.map((each) => each.symbol)]);

/** Volatility and margin ratio of this moment; nothing is known of them while the account is not. */
export const readMarketFor = async (
  ports: Pick<Ports, 'market' | 'clock'>,
  snapshot: AccountSnapshot | undefined,
): Promise<GateInput['market']> => (snapshot === undefined ? {} : readMarketRisk(ports, snapshot));

/** Unknown where money is locked by entry orders and none is listed: what they could cost cannot be counted. */
const listedOrders = (snapshot: AccountSnapshot | undefined): GateInput['openEntryOrders'] =>
  snapshot === undefined || unseenFrozen(snapshot.account, snapshot.openOrders) > 0n
    ? undefined
    : snapshot.openOrders;

/** What the account lists, and what this reading alone lacks: one absence is no end. Pure. */
export const openPositions = (
  { positions }: AccountSnapshot,
  { unlisted = [] }: EntryMemory,
): readonly Position[] => [...positions, ...unlisted];

/** Puts the gate's input together, the only place where that is done: the reference price is the mark of the look. Pure. */
export function composeGateInput(facts: GateFacts, judged: Judged, now: Timestamp): GateInput {
  const { signal } = judged;
  const instrument = facts.instruments?.find((each) => each.symbol === signal.symbol);
  const ticker = facts.tickers?.find((each) => each.symbol === signal.symbol);
  const mark = ticker === undefined ? undefined : { price: ticker.mark, at: ticker.at };
  const positions = facts.snapshot && openPositions(facts.snapshot, facts.memory);
  const { limits } = facts.memory;
  const levels = mark && instrument && anchored(signal, { mark: mark.price, instrument, limits });
  const rewardRisk = levels
    ? rewardRiskAfterFees({ side: signal.side, ...levels }, limits.takerFee)
    : signal.rewardRisk;
  return {
    candidate: {
      symbol: signal.symbol,
      side: signal.side,
      entry: mark?.price ?? signal.entry,
      stop: (levels ?? signal).stop,
      target: (levels ?? signal).target,
      ...(signal.score === undefined ? {} : { score: signal.score }),
      rewardRisk,
      category: signal.category,
      atrFraction: signal.atrFraction,
      signalAgeMs: Math.max(0, now - signal.candleClosedAt),
      ...lapseOf(signal),
      band: bandOf({ ...signal, ...levels }, instrument),
      ...judged.terms,
    },
    account: facts.snapshot?.account,
    positions,
    protections: facts.snapshot?.protections,
    openEntryOrders: listedOrders(facts.snapshot),
    ...facts.memory,
    instrument,
    tiers: judged.tiers,
    mark,
    categories: new Map((positions ?? []).map(({ symbol }) => [symbol, categoryOf(symbol)])),
    correlatedSameSide:
      positions === undefined
        ? undefined
        : correlatedSameSide(signal, { positions, returns: judged.returns }, facts.memory.limits),
    market: facts.market,
    now,
  };
}

/** Band, stop and target that belong to the card of a verdict: those that the gate has judged. Pure. */
export function shownWith(
  signal: Signal,
  { candidate: { stop, target, band }, instrument }: GateInput,
): Pick<Proposal, 'band' | 'levels'> {
  return {
    band: band ?? bandOf(signal, instrument),
    ...(anchorsToMark(signal) ? { levels: { stop, target } } : {}),
  };
}
