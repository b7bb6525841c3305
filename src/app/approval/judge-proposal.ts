import type { Qty } from '../../domain/money/money.ts';
import type { Position } from '../../domain/position.ts';
import type { Proposal } from '../../domain/proposal.ts';
import type { Signal } from '../../domain/signal.ts';
import type { Timestamp } from '../../domain/time.ts';
import type { Returns } from '../../risk/portfolio/correlation.ts';
import { checkEntry, type GateVerdict } from '../../risk/gate/gate.ts';
import type { GateInput } from '../../risk/gate/gate-input.ts';
import { anchorsToMark } from '../../signals/ordering/anchor.ts';
import { MARKET_SYMBOL } from '../../signals/market-volatility.ts';
import { composeGateInput, type GateFacts, type Judged } from './compose-gate-input.ts';
import { readEntryMemory, type StoredMemory } from './entry-memory.ts';
import { presentMemory } from './present-memory.ts';
import { readReturns } from '../reading/market-returns.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';
import type { Ports } from '../ports/ports.ts';
import { fetchSnapshot } from '../reading/read-account.ts';
import { readMarketRisk } from '../reading/read-market-risk.ts';

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
