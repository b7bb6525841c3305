import { equityOf, walletOf } from '../../domain/account.ts';
import type { FundingRate } from '../../domain/instrument.ts';
import {
  min,
  neg,
  ratioOf,
  scaleBy,
  ZERO_USD,
  type Ratio,
  type Usd,
} from '../../domain/money/money.ts';
import type { Position } from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';
import { dayLossOf, type DayLoss } from '../../risk/state/day-loss.ts';
import { heatOf, type Heat } from '../../risk/terms/heat.ts';
import { lossInJumpOf } from '../../risk/terms/jump.ts';
import { valueOf } from '../../domain/position.ts';
import { limitUse, type LimitUse } from '../../risk/portfolio/portfolio.ts';
import { liquidationOrder, type LiquidationRow } from '../../risk/portfolio/stress.ts';
import { tailRisk, type TailRisk } from '../../risk/portfolio/value-at-risk.ts';
import { readReturns } from '../reading/market-returns.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';
import type { Ports } from '../ports/ports.ts';
import { readAccount } from '../reading/read-account.ts';
import { readMarketRisk } from '../reading/read-market-risk.ts';
import { readPnl, type PnlView } from './read-pnl.ts';
import { reasonOf, type Reading } from '../reading/reading.ts';

/** Funding that is due next for one open position; a negative amount is paid. */
export interface FundingDue {
  readonly symbol: string;
  readonly at: Timestamp;
  readonly amount: Usd;
}

/** What is open, soonest first, and the symbols for which the exchange names no rate. */
export interface FundingNext {
  readonly due: readonly FundingDue[];
  readonly unknown: readonly string[];
}

/** The portfolio as /risk shows it. What cannot be known is undefined or says why. */
export interface RiskView {
  readonly snapshot: AccountSnapshot;
  readonly equity: Usd;
  readonly wallet: Usd;
  /** Free balance less open losses: what new margin may use. */
  readonly freeMargin: Usd;
  readonly day: DayLoss | undefined;
  readonly pnl: Reading<PnlView>;
  readonly heat: Heat;
  /** Loss if every price jumps by `jumpMove` against the positions, through the stops; undefined: unknown. */
  readonly jump: Usd | undefined;
  readonly jumpMove: Ratio;
  /** Heat ÷ equity; undefined when it is unknown or equity is not above 0. */
  readonly heatFraction: Ratio | undefined;
  readonly tail: TailRisk | undefined;
  readonly marginRatio: Ratio | undefined;
  /** Nearest to liquidation first. */
  readonly liquidations: readonly LiquidationRow[];
  /** Or why none of it is known. */
  readonly funding: FundingNext | string;
  readonly limits: readonly LimitUse[];
  /** Milliseconds of today with a position that no full stop protected; undefined: not measured yet. */
  readonly unprotectedMs: number | undefined;
}

/** Everything about the portfolio, from one read of the account. */
export async function readRisk(
  ports: Pick<Ports, 'clock' | 'limits' | 'market' | 'account' | 'accounts' | 'candles'>,
): Promise<Reading<RiskView>> {
  const reading = await readAccount(ports);
  if (reading.kind === 'unavailable') return reading;
  const snapshot = reading.value;
  const [state, stored, pnl, returns, market, funding] = await Promise.all([
    ports.accounts.riskState().catch(() => undefined),
    ports.accounts.snapshot().catch(() => undefined),
    readPnl(ports),
    readReturns(
      ports,
      snapshot.positions.map((each) => each.symbol),
    ),
    readMarketRisk(ports, snapshot),
    readFundingDue(ports, snapshot.positions),
  ]);
  const { account, positions, protections } = snapshot;
  const equity = equityOf(account);
  const limits = ports.limits();
  const scale = { equity, costs: limits };
  const heat = heatOf(positions, protections, scale);
  const value: RiskView = {
    snapshot,
    equity,
    wallet: walletOf(account),
    freeMargin: (account.available + min(account.unrealisedPnl, ZERO_USD)) as Usd,
    day: state === undefined ? undefined : dayLossOf(state, equity, limits),
    pnl,
    heat,
    jump: lossInJumpOf(positions, scale, limits.jumpMove),
    jumpMove: limits.jumpMove,
    heatFraction:
      equity > 0n && heat.loss !== undefined ? ratioOf(heat.loss, equity, 'up') : undefined,
    tail: tailRisk(positions, returns),
    marginRatio: market.marginRatio,
    liquidations: liquidationOrder(positions),
    funding,
    limits: state === undefined ? [] : limitUse({ ...snapshot, state, market, limits }),
    unprotectedMs: stored?.unprotectedDay?.ms,
  };
  return { ...reading, value };
}

async function readFundingDue(
  ports: Pick<Ports, 'market'>,
  positions: readonly Position[],
): Promise<FundingNext | string> {
  if (positions.length === 0) return { due: [], unknown: [] };
  try {
    const rates = new Map((await ports.market.fundingRates()).map((each) => [each.symbol, each]));
    const rows = positions.map((each) => fundingOf(each, rates.get(each.symbol)));
    return {
      due: rows.filter((each) => typeof each !== 'string').toSorted((a, b) => a.at - b.at),
      unknown: rows.filter((each) => typeof each === 'string'),
    };
  } catch (error) {
    return reasonOf(error);
  }
}

/** What is due, or the symbol where no rate is known. */
function fundingOf(position: Position, funding: FundingRate | undefined): FundingDue | string {
  if (funding === undefined) return position.symbol;
  const amount = scaleBy(valueOf(position), funding.rate, 'half-even');
  return {
    symbol: position.symbol,
    at: funding.nextAt,
    amount: position.side === 'long' ? neg(amount) : amount,
  };
}
