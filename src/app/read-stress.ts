import type { FundingRate } from '../domain/instrument.ts';
import { ratioOf, ZERO_USD, type Price, type Ratio, type Usd } from '../domain/money.ts';
import { equityOf } from '../domain/account.ts';
import type { Position, ProtectiveOrder } from '../domain/position.ts';
import type { Proposal } from '../domain/proposal.ts';
import { betaOf, type Beta } from '../risk/beta.ts';
import {
  btcShock,
  BTC_SHOCKS,
  fundingForADay,
  gapThroughStops,
  liquidationOrder,
  type LiquidationRow,
  type StressInput,
  type StressResult,
} from '../risk/stress.ts';
import { readReturns } from './market-returns.ts';
import type { AccountSnapshot, Ports } from './ports.ts';
import { readAccount } from './read-account.ts';
import { MARKET_SYMBOL } from './market-hours.ts';
import type { Reading } from './reading.ts';

/** What would happen to the open positions. Changes are of equity, from now. */
export interface StressView {
  readonly positions: readonly Position[];
  readonly equity: Usd;
  readonly shocks: readonly StressResult[];
  readonly gap: StressResult;
  /** `unknown`: symbols whose rate could not be read. */
  readonly funding: { readonly change: Usd; readonly unknown: readonly string[] };
  readonly liquidations: readonly LiquidationRow[];
  readonly betas: ReadonlyMap<string, Beta>;
}

/** The stress card of /stress, from one read of the account and the stored candles of the last 7 days. */
export async function readStress(ports: Ports): Promise<Reading<StressView>> {
  const reading = await readAccount(ports);
  if (reading.kind === 'unavailable') return reading;
  const snapshot = reading.value;
  const { positions } = snapshot;
  const [betas, rates] = await Promise.all([
    readBetas(ports, positions),
    ports.market.fundingRates().catch((): readonly FundingRate[] => []),
  ]);
  const input = inputOf(ports, snapshot, betas);
  return {
    ...reading,
    value: {
      positions,
      equity: equityOf(snapshot.account),
      shocks: BTC_SHOCKS.map((move) => btcShock(input, move)),
      gap: gapThroughStops(input),
      funding: fundingForADay(positions, new Map(rates.map((each) => [each.symbol, each]))),
      liquidations: liquidationOrder(positions),
      betas,
    },
  };
}

/** The worst of Bitcoin's ±10 % and a gap through all stops with the proposed trade open beside the others. */
export interface ProposalStress {
  readonly label: string;
  readonly change: Usd;
  /** `change` ÷ equity of now; undefined when equity is not above 0. */
  readonly fraction: Ratio | undefined;
  readonly gap: Usd;
}

/** Undefined when the account was never read: no figure is better than a guess. Never rejects. */
export async function stressWith(
  ports: Ports,
  proposal: Proposal,
  mark: Price,
): Promise<ProposalStress | undefined> {
  try {
    const stored = await ports.accounts.snapshot();
    if (stored === undefined) return undefined;
    const snapshot = withTrade(stored, proposal, mark);
    const input = inputOf(ports, snapshot, await readBetas(ports, snapshot.positions));
    const down = btcShock(input, -0.1);
    const up = btcShock(input, 0.1);
    const worst = up.change < down.change ? up : down;
    const equity = equityOf(stored.account);
    return {
      label: worst.label,
      change: worst.change,
      fraction: equity > 0n ? ratioOf(worst.change, equity, 'half-even') : undefined,
      gap: gapThroughStops(input).change,
    };
  } catch {
    return undefined;
  }
}

function withTrade(snapshot: AccountSnapshot, proposal: Proposal, mark: Price): AccountSnapshot {
  const { signal, plan, id } = proposal;
  const position: Position = {
    id,
    symbol: signal.symbol,
    side: signal.side,
    qty: plan.qty,
    entryPrice: mark,
    leverage: plan.leverage,
    marginMode: 'isolated',
    margin: plan.margin,
    unrealisedPnl: ZERO_USD,
    realisedGross: ZERO_USD,
    fees: ZERO_USD,
    funding: ZERO_USD,
    ...(plan.liquidationPrice === undefined ? {} : { liquidationPrice: plan.liquidationPrice }),
    openedAt: snapshot.at,
    updatedAt: snapshot.at,
  };
  const stop: ProtectiveOrder = {
    id,
    positionId: id,
    symbol: signal.symbol,
    stopPrice: signal.stop,
  };
  return {
    ...snapshot,
    positions: [...snapshot.positions, position],
    protections: [...snapshot.protections, stop],
  };
}

const inputOf = (
  { limits }: Pick<Ports, 'limits'>,
  { account, positions, protections }: AccountSnapshot,
  betas: ReadonlyMap<string, Beta>,
): StressInput => ({
  account,
  positions,
  protections,
  betas: new Map([...betas].map(([symbol, { value }]) => [symbol, value])),
  costs: limits,
});

/** Beta of each symbol against Bitcoin; one that cannot be measured is absent and taken as 1 against the position. */
async function readBetas(
  ports: Ports,
  positions: readonly Position[],
): Promise<ReadonlyMap<string, Beta>> {
  const symbols = [...new Set(positions.map((each) => each.symbol))];
  const returns = await readReturns(ports, [MARKET_SYMBOL, ...symbols]);
  const market = returns.get(MARKET_SYMBOL);
  if (market === undefined) return new Map();
  return new Map(
    symbols.flatMap((symbol): [string, Beta][] => {
      const own = returns.get(symbol);
      const beta = own === undefined ? undefined : betaOf(own, market);
      return beta === undefined ? [] : [[symbol, beta]];
    }),
  );
}
