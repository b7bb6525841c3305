import {
  abs,
  add,
  max,
  mulDiv,
  ratioOf,
  scaleBy,
  sub,
  sumUsd,
  usdText,
  ZERO_RATIO,
  ZERO_USD,
  type Price,
  type Ratio,
  type Usd,
} from '../../domain/money/money.ts';
import { equityOf, type Account } from '../../domain/account.ts';
import {
  distance,
  stopReached,
  valueOf,
  type Position,
  type ProtectiveOrder,
  type Side,
} from '../../domain/position.ts';
import { LOSS_STOPS, MARKET_STOPS } from '../limits/all.ts';
import { volatilityStop } from '../limits/market-volatility.ts';
import type { Measured } from '../limits/stop.ts';
import { heatOf } from '../terms/heat.ts';
import { lossInJumpOf } from '../terms/jump.ts';
import { limitOf, type RiskLimits } from '../terms/limits.ts';
import type { MarketReading } from '../terms/market-reading.ts';
import { percentText } from '../terms/phrase.ts';
import type { RiskState } from '../state/risk-state.ts';

export interface Exposure {
  readonly long: Usd;
  readonly short: Usd;
  /** long + short. */
  readonly gross: Usd;
  /** long - short. */
  readonly net: Usd;
  readonly bySymbol: ReadonlyMap<string, Usd>;
  readonly byCategory: ReadonlyMap<string, Usd>;
}

/** Value at stake by side, symbol and category. A symbol without a category is listed under "other". */
export function exposureOf(
  positions: readonly Position[],
  categories: ReadonlyMap<string, string>,
): Exposure {
  const bySide = (side: Side): Usd =>
    sumUsd(positions.filter((each) => each.side === side).map(valueOf));
  const bySymbol = new Map<string, Usd>();
  const byCategory = new Map<string, Usd>();
  for (const each of positions) {
    const value = valueOf(each);
    const category = categories.get(each.symbol) ?? 'other';
    bySymbol.set(each.symbol, add(bySymbol.get(each.symbol) ?? ZERO_USD, value));
    byCategory.set(category, add(byCategory.get(category) ?? ZERO_USD, value));
  }
  const long = bySide('long');
  const short = bySide('short');
  return { long, short, gross: add(long, short), net: sub(long, short), bySymbol, byCategory };
}

/**
 * How far the mark price is from liquidation, as a fraction of the mark; 0 when it is reached. Undefined when the exchange names
 * no liquidation price.
 */
export function liquidationDistance(position: Position, mark: Price): Ratio | undefined {
  const at = position.liquidationPrice;
  if (at === undefined || mark <= 0n) return undefined;
  if (stopReached(position.side, at, mark)) return ZERO_RATIO;
  return ratioOf(distance(mark, at), mark, 'down');
}

export interface PortfolioInput {
  readonly account: Account;
  readonly positions: readonly Position[];
  readonly protections: readonly ProtectiveOrder[];
  readonly state: RiskState;
  /** Absent: the market is not looked at, and its limits are not listed. */
  readonly market?: MarketReading;
  readonly limits: RiskLimits;
}

/** How much of one limit is used: a bar of the risk chart, a line of /status. */
export interface LimitUse {
  readonly id: string;
  readonly label: string;
  /** 0 or more; above 100 the limit is passed. Whole percents, cut downwards. Undefined: it cannot be known now. */
  readonly usedPercent: number | undefined;
  /** "1.2 % of 3 %". */
  readonly text: string;
}

const used = (amount: Usd, limit: Usd): number =>
  limit <= 0n
    ? amount > 0n
      ? 100
      : 0
    : Number(mulDiv(amount, 100n, { c: limit, rounding: 'down' }));

const usedCount = (count: number, limit: number): number =>
  limit <= 0 ? 100 : Math.floor((count * 100) / limit);

/** Every limit that is used up gradually, with its use. */
export function limitUse(input: PortfolioInput): readonly LimitUse[] {
  const { account, state, limits, positions } = input;
  const equity = equityOf(account);
  return [
    ...LOSS_STOPS.map((each) => useOf(each, each.measure(state, equity, limits))),
    heatUse(input, equity),
    jumpUse(input, equity),
    marginUse(input, equity),
    {
      id: 'positions',
      label: 'open positions',
      usedPercent: usedCount(positions.length, limits.maxPositions),
      text: `${positions.length} of ${limits.maxPositions}`,
    },
    {
      id: 'trades',
      label: 'trades today',
      usedPercent: usedCount(state.tradesToday, limits.maxTradesPerDay),
      text: `${state.tradesToday} of ${limits.maxTradesPerDay}`,
    },
    ...(input.market === undefined ? [] : marketUse(input.market, limits)),
  ];
}

const useOf = (
  { id, label }: Pick<LimitUse, 'id' | 'label'>,
  measured: Measured | undefined,
): LimitUse => ({
  id,
  label,
  usedPercent: measured?.usedPercent,
  text: measured?.text() ?? 'unavailable, so no entry',
});

/** Volatility and margin ratio; while one is unknown no entry passes, so it is listed as such. */
const marketUse = (market: MarketReading, limits: RiskLimits): readonly LimitUse[] =>
  MARKET_STOPS.filter((each) => market.btcAtr !== 'not listed' || each !== volatilityStop).map(
    (each) => useOf(each, each.measure(market, limits)),
  );

function heatUse({ positions, protections, limits }: PortfolioInput, equity: Usd): LimitUse {
  const { loss } = heatOf(positions, protections, { equity, costs: limits });
  return shareUse({ id: 'heat', label: limitOf('maxHeat').label }, loss, {
    equity,
    most: limits.maxHeat,
  });
}

function jumpUse({ positions, limits }: PortfolioInput, equity: Usd): LimitUse {
  const loss = lossInJumpOf(positions, { equity, costs: limits }, limits.jumpMove);
  return shareUse({ id: 'jump', label: limitOf('maxJumpLoss').label }, loss, {
    equity,
    most: limits.maxJumpLoss,
  });
}

/** Use of a limit that is a share of equity. */
function shareUse(
  about: Pick<LimitUse, 'id' | 'label'>,
  loss: Usd | undefined,
  { equity, most }: { readonly equity: Usd; readonly most: Ratio },
): LimitUse {
  if (loss === undefined) return { ...about, usedPercent: undefined, text: 'unknown, so no entry' };
  const share = equity > 0n ? percentText(ratioOf(loss, equity, 'up')) : usdText(loss);
  return {
    ...about,
    usedPercent: used(loss, scaleBy(max(equity, ZERO_USD), most, 'down')),
    text: `${share} of ${percentText(most)}`,
  };
}

function marginUse({ positions, limits }: PortfolioInput, equity: Usd): LimitUse {
  const largest = positions.reduce<Usd>((most, each) => max(most, abs(each.margin)), ZERO_USD);
  const limit = scaleBy(max(equity, ZERO_USD), limits.marginPerPosition, 'down');
  const share = equity > 0n ? percentText(ratioOf(largest, equity, 'up')) : usdText(largest);
  return {
    id: 'position-margin',
    label: 'largest margin',
    usedPercent: used(largest, limit),
    text: `${share} of ${percentText(limits.marginPerPosition)}`,
  };
}
