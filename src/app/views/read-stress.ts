import type { FundingRate } from '../../domain/instrument.ts';
import { ZERO_USD, type Ratio, type Usd } from '../../domain/money/money.ts';
import { equityOf } from '../../domain/account.ts';
import type { Position, ProtectiveOrder } from '../../domain/position.ts';
import { levelsOf, type Proposal } from '../../domain/proposal.ts';
import { betaOf, type Beta } from '../../risk/portfolio/beta.ts';
import type { Returns } from '../../risk/portfolio/correlation.ts';
import {
  btcShock,
  BTC_SHOCKS,
  fundingForADay,
  gapThroughStops,
  jumpAgainst,
  liquidationOrder,
  type LiquidationRow,
  type StressInput,
  type StressResult,
} from '../../risk/portfolio/stress.ts';
import type { Look } from '../approval/judge-proposal.ts';
import { readReturns } from '../reading/market-returns.ts';
import type { Costs } from '../../risk/terms/costs.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';
import type { Ports } from '../ports/ports.ts';
import { readAccount } from '../reading/read-account.ts';
import { MARKET_SYMBOL } from '../../signals/market-volatility.ts';
import type { Reading } from '../reading/reading.ts';

/** What would happen to the open positions. Changes are of equity, from now. */
export interface StressView {
  readonly positions: readonly Position[];
  readonly equity: Usd;
  readonly shocks: readonly StressResult[];
  readonly gap: StressResult;
  /** Every price jumps by `jumpMove` against its position, and the most that it may cost, ÷ equity. */
  readonly jump: StressResult;
  readonly jumpMove: Ratio;
  readonly jumpLimit: Ratio;
  /** `unknown`: symbols whose rate could not be read. */
  readonly funding: { readonly change: Usd; readonly unknown: readonly string[] };
  readonly liquidations: readonly LiquidationRow[];
  readonly betas: ReadonlyMap<string, Beta>;
}

/** The stress card of /stress, from one read of the account and the stored candles of the last 7 days. */
export async function readStress(
  ports: Pick<Ports, 'clock' | 'limits' | 'market' | 'account' | 'accounts' | 'candles'>,
): Promise<Reading<StressView>> {
  const reading = await readAccount(ports);
  if (reading.kind === 'unavailable') return reading;
  const snapshot = reading.value;
  const { positions } = snapshot;
  const [betas, rates] = await Promise.all([
    readBetas(ports, positions),
    ports.market.fundingRates().catch((): readonly FundingRate[] => []),
  ]);
  const limits = ports.limits();
  const input = inputOf(limits, snapshot, betas);
  return {
    ...reading,
    value: {
      positions,
      equity: equityOf(snapshot.account),
      shocks: BTC_SHOCKS.map((move) => btcShock(input, move)),
      gap: gapThroughStops(input),
      jump: jumpAgainst(input, limits.jumpMove),
      jumpMove: limits.jumpMove,
      jumpLimit: limits.maxJumpLoss,
      funding: fundingForADay(positions, bySymbol(rates)),
      liquidations: liquidationOrder(positions),
      betas,
    },
  };
}

/** What bad markets would do with the proposed trade open beside the others. Changes are of equity, from now. */
export interface ProposalStress {
  /** Bitcoin's moves; a rise of 10 % beside the falls where that is worse than the same fall. */
  readonly shocks: readonly StressResult[];
  readonly gap: StressResult;
  readonly funding: StressView['funding'];
  /** How the proposed coin moves for Bitcoin's 1; undefined: not measured, taken as 1 against the trade. */
  readonly beta: Beta | undefined;
  /** What is liquidated first if every price goes against the owner; undefined where no price is known. */
  readonly first: LiquidationRow | undefined;
}

/** The stress of a proposed trade, by the look that judged it. Pure; undefined while the account is not known. */
export function proposalStress(
  proposal: Proposal,
  look: Pick<Look, 'snapshot' | 'returns' | 'memory'>,
  rates: readonly FundingRate[],
): ProposalStress | undefined {
  if (look.snapshot === undefined) return undefined;
  const snapshot = withTrade(look.snapshot, proposal);
  const { positions } = snapshot;
  const betas = betasOf(positions, look.returns);
  const input = inputOf(look.memory.limits, snapshot, betas);
  const up = btcShock(input, 0.1);
  const worseUp = up.change < btcShock(input, -0.1).change;
  return {
    shocks: [...BTC_SHOCKS.map((move) => btcShock(input, move)), ...(worseUp ? [up] : [])],
    gap: gapThroughStops(input),
    funding: fundingForADay(positions, bySymbol(rates)),
    beta: betas.get(proposal.signal.symbol),
    first: liquidationOrder(positions)[0],
  };
}

function withTrade(snapshot: AccountSnapshot, proposal: Proposal): AccountSnapshot {
  const { signal, plan, id } = proposal;
  const position: Position = {
    id,
    symbol: signal.symbol,
    side: signal.side,
    qty: plan.qty,
    entryPrice: plan.entry,
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
    stopPrice: levelsOf(proposal).stop,
  };
  return {
    ...snapshot,
    positions: [...snapshot.positions, position],
    protections: [...snapshot.protections, stop],
  };
}

const inputOf = (
  costs: Costs,
  { account, positions, protections }: AccountSnapshot,
  betas: ReadonlyMap<string, Beta>,
): StressInput => ({
  account,
  positions,
  protections,
  betas: new Map([...betas].map(([symbol, { value }]) => [symbol, value])),
  costs,
});

const bySymbol = (rates: readonly FundingRate[]): ReadonlyMap<string, FundingRate> =>
  new Map(rates.map((each) => [each.symbol, each]));

async function readBetas(
  ports: Pick<Ports, 'clock' | 'candles'>,
  positions: readonly Position[],
): Promise<ReadonlyMap<string, Beta>> {
  const symbols = positions.map((each) => each.symbol);
  return betasOf(positions, await readReturns(ports, [MARKET_SYMBOL, ...symbols]));
}

/** Beta of each symbol against Bitcoin; one that cannot be measured is absent and taken as 1 against the position. */
function betasOf(
  positions: readonly Position[],
  returns: ReadonlyMap<string, Returns>,
): ReadonlyMap<string, Beta> {
  const market = returns.get(MARKET_SYMBOL);
  if (market === undefined) return new Map();
  const symbols = new Set(positions.map((each) => each.symbol));
  return new Map(
    [...symbols].flatMap((symbol): [string, Beta][] => {
      const own = returns.get(symbol);
      const beta = own === undefined ? undefined : betaOf(own, market);
      return beta === undefined ? [] : [[symbol, beta]];
    }),
  );
}
