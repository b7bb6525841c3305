import { equityOf, isBackedByOtherCoins, walletOf } from '../../domain/account.ts';
import { add, sumUsd, type Usd } from '../../domain/money/money.ts';
import { MINUTE, type Timestamp } from '../../domain/time.ts';
import { tradingAlone } from '../../risk/state/cash-flow.ts';
import { equityFromFills } from '../../risk/state/fills-equity.ts';
import {
  decideFlatten,
  type ConditionEvidence,
  type ConditionSource,
  type FlattenPolicy,
} from '../../risk/stop/flatten-policy.ts';
import type { Position } from '../../domain/position.ts';
import type { RiskState } from '../../risk/state/risk-state.ts';
import type { RiskLimits } from '../../risk/terms/limits.ts';
import { lossConditions } from '../../risk/stop/stop-conditions.ts';
import type { Ports } from '../ports/ports.ts';

const NAMES: Record<ConditionSource, string> = {
  account: 'By the account itself',
  positions: 'By the open positions',
  fills: "By today's fills",
};

/** One independent reading of the equity; undefined where it cannot be had. */
type Reading = { readonly equity: Usd; readonly at: Timestamp } | undefined;

/**
 * Closes what the owner has signed for, and nothing without a signature. Two of three readings that share no request must say that
 * a covered limit is broken: the account's own equity; the wallet of the last read with each position's open result; and the fills
 * since the day began at the prices of now. One alone only holds entries, which others see to. Money that left and that is still
 * asked about is no loss here: closing positions would not bring it back.
 */
export async function flattenByPolicy(ports: Ports): Promise<void> {
  const policy = await ports.policies.read();
  if (policy === undefined || ports.trading === undefined) return;
  const [stored, snapshot] = await Promise.all([
    ports.accounts.riskState(),
    ports.accounts.snapshot(),
  ]);
  // While the wallet has just moved without a trade, nobody knows yet whether that is a loss.
  if (stored === undefined || snapshot?.ledger?.doubted !== undefined) return;
  const state = tradingAlone(stored);
  // An account that says that nearly everything is gone is one witness, and leaves too little to measure a loss against.
  if (state.dayStartEquity * 10n <= stored.dayStartEquity) return;
  const judge = (source: ConditionSource, reading: Reading): readonly ConditionEvidence[] =>
    evidenceOf(source, { reading, state, limits: ports.limits() });
  const now = ports.clock.now();
  const [account, positions] = await Promise.all([
    ports.account.account().catch(() => undefined),
    ports.account.positions().catch(() => undefined),
  ]);
  if (positions === undefined || positions.length === 0) return;
  // What the other coins are worth is not known: no loss can be measured.
  if (account !== undefined && isBackedByOtherCoins(account)) return;
  const wallet =
    snapshot === undefined || now - snapshot.at > ports.limits().accountMaxAgeMs
      ? undefined
      : walletOf(snapshot.account);
  const open = sumUsd(positions.map((each) => each.unrealisedPnl));
  const seen = [
    ...judge('account', account && { equity: equityOf(account), at: Math.min(account.at, now) }),
    ...judge(
      'positions',
      wallet === undefined ? undefined : { equity: add(wallet, open), at: now },
    ),
  ];
  // The third reading costs requests; it is needed only where one of the others speaks of a breach.
  if (!seen.some((each) => each.breached && policy.triggers.includes(each.trigger))) return;
  const evidence = [...seen, ...judge('fills', await readFills(ports, state, positions))];
  // The readings took time: what is signed now counts, and a revocation in between wins.
  const signed = await ports.policies.read();
  if (signed !== undefined) await act(ports, signed, { evidence, positions, now });
}

async function act(
  ports: Pick<Ports, 'limits' | 'work'>,
  policy: FlattenPolicy,
  seen: Omit<Parameters<typeof decideFlatten>[1], 'trigger'>,
): Promise<void> {
  for (const trigger of policy.triggers) {
    const decision = decideFlatten(policy, { ...seen, trigger }, ports.limits());
    if (decision.kind !== 'flatten') continue;
    await ports.work.flatten({
      id: `policy-${trigger}-${Math.floor(seen.now / MINUTE)}`,
      by: 'policy',
      closePositions: true,
      signedAt: policy.signedAt,
      only: decision.positionIds,
      because: decision.because.map(
        ({ source, sentence, breached }) =>
          `${NAMES[source]}${breached ? '' : ' (not over the limit)'}: ${sentence}`,
      ),
      at: seen.now,
    });
    return;
  }
}

const evidenceOf = (
  source: ConditionSource,
  to: { readonly reading: Reading; readonly state: RiskState; readonly limits: RiskLimits },
): readonly ConditionEvidence[] => {
  const { reading, state, limits } = to;
  if (reading === undefined) return [];
  return lossConditions(state, reading.equity, limits).map((each) => ({
    source,
    trigger: each.id,
    breached: each.tripped,
    sentence: each.sentence,
    at: reading.at,
  }));
};

/** The positions only say whether the fills are complete: fills that do not lead to them are no evidence. */
async function readFills(
  ports: Pick<Ports, 'clock' | 'market' | 'account'>,
  state: RiskState,
  positions: readonly Position[],
): Promise<Reading> {
  try {
    const { dayBook } = state;
    const [fills, tickers] = await Promise.all([
      ports.account.fills({ since: dayBook.at }),
      ports.market.tickers(),
    ]);
    const symbols = new Set([...dayBook.rows, ...fills, ...positions].map((each) => each.symbol));
    const settlements = [...symbols].map(
      async (symbol) => [symbol, await ports.market.fundingHistory(symbol, dayBook.at)] as const,
    );
    const equity = equityFromFills(dayBook, {
      fills,
      positions,
      settlements: new Map(await Promise.all(settlements)),
      marks: new Map(tickers.map((each) => [each.symbol, each.mark])),
      cashFlow: state.dayCashFlow,
    });
    const oldest = Math.min(ports.clock.now(), ...tickers.map((each) => each.at));
    return equity === undefined ? undefined : { equity, at: oldest };
  } catch {
    return undefined;
  }
}
