import type { Instrument, Ticker } from '../../domain/instrument.ts';
import { unseenFrozen } from '../../domain/money/locked-money.ts';
import type { Position } from '../../domain/position.ts';
import type { Proposal } from '../../domain/proposal.ts';
import type { Signal } from '../../domain/signal.ts';
import type { Timestamp } from '../../domain/time.ts';
import type { Candidate } from '../../risk/gate/gate-facts.ts';
import type { GateInput } from '../../risk/gate/gate-input.ts';
import { correlatedSameSide, type Returns } from '../../risk/portfolio/correlation.ts';
import { categoryOf } from '../../signals/categories.ts';
import { bandOf, rewardRiskAfterFees } from '../../signals/levels.ts';
import { anchored, anchorsToMark } from '../../signals/ordering/anchor.ts';
import { lapseOf } from '../../signals/ordering/lapse.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';
import type { EntryMemory } from './entry-memory.ts';

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
