import { equityOf, walletOf, type Account } from '../domain/account.ts';
import type { Ticker } from '../domain/instrument.ts';
import { add, sumUsd, type Usd } from '../domain/money.ts';
import { pnlOf, type Position } from '../domain/position.ts';
import { MINUTE, type Timestamp } from '../domain/time.ts';
import { decideFlatten, type Evidence, type EvidenceSource } from '../risk/flatten-policy.ts';
import { lossTriggers } from '../risk/triggers.ts';
import type { AccountSnapshot, Ports } from './ports.ts';

/**
 * Closes what the owner has signed for, and nothing without a signature. The account's own equity and the positions valued at
 * market prices must both say that a covered limit is broken; one source alone only holds entries, which others see to.
 */
export async function flattenByPolicy(ports: Ports): Promise<void> {
  const policy = await ports.policies.read();
  if (policy === undefined || ports.trading === undefined) return;
  const [state, stored, account, positions, tickers] = await Promise.all([
    ports.accounts.riskState(),
    ports.accounts.snapshot(),
    ports.account.account().catch(() => undefined),
    ports.account.positions().catch(() => undefined),
    ports.market.tickers().catch(() => undefined),
  ]);
  if (state === undefined || positions === undefined || positions.length === 0) return;
  const now = ports.clock.now();
  const { limits } = ports;
  const judge = (source: EvidenceSource, equity: Usd, at: Timestamp): Evidence[] =>
    lossTriggers(state, equity, limits).map((each) => ({
      source,
      trigger: each.id,
      breached: each.tripped,
      at,
    }));
  const marked = markedEquity(stored, {
    positions,
    tickers,
    now,
    maxAgeMs: limits.accountMaxAgeMs,
  });
  const evidence = [
    ...(account === undefined ? [] : judge('account', equityOf(account), readAt(account, now))),
    ...(marked === undefined ? [] : judge('positions', marked.equity, marked.at)),
  ];
  for (const trigger of policy.triggers) {
    const decision = decideFlatten(policy, { trigger, evidence, positions, now }, limits);
    if (decision.kind !== 'flatten') continue;
    const id = `policy-${trigger}-${Math.floor(now / MINUTE)}`;
    const only = decision.positionIds;
    await ports.work.flatten({ id, by: 'policy', closePositions: true, only, at: now });
    return;
  }
}

/** Machines read their clocks at slightly different moments; an answer from "the future" is a fresh one. */
const readAt = (account: Account, now: Timestamp): Timestamp => Math.min(account.at, now);

/**
 * Equity without the account's own figure for it: the wallet of the last stored read plus every position at its mark price.
 * Undefined when a price is missing or the stored read is too old.
 */
function markedEquity(
  stored: AccountSnapshot | undefined,
  seen: {
    readonly positions: readonly Position[];
    readonly tickers: readonly Ticker[] | undefined;
    readonly now: Timestamp;
    readonly maxAgeMs: number;
  },
): { readonly equity: Usd; readonly at: Timestamp } | undefined {
  if (stored === undefined || seen.now - stored.at > seen.maxAgeMs) return undefined;
  const bySymbol = new Map((seen.tickers ?? []).map((each) => [each.symbol, each]));
  const open: Usd[] = [];
  let at = seen.now;
  for (const position of seen.positions) {
    const ticker = bySymbol.get(position.symbol);
    if (ticker === undefined) return undefined;
    open.push(pnlOf(position, { entry: position.entryPrice, exit: ticker.mark }));
    at = Math.min(at, ticker.at);
  }
  return { equity: add(walletOf(stored.account), sumUsd(open)), at };
}
