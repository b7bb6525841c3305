import { equityOf, type Account } from '../../domain/account.ts';
import type { Instrument, RiskTier } from '../../domain/instrument.ts';
import {
  max,
  min,
  ratioOf,
  scaleBy,
  sub,
  toNumber,
  ZERO_RATIO,
  ZERO_USD,
  type Price,
  type Ratio,
  type Usd,
} from '../../domain/money/money.ts';
import { distance, type Position, type ProtectiveOrder, type Side } from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';
import { remainingDailyBudget } from '../state/day-loss.ts';
import type { Candidate } from './gate-facts.ts';
import type { GateContext } from './gate-input.ts';
import { suggestLeverage } from '../terms/leverage.ts';
import type { RiskLimits } from '../terms/limits.ts';
import { stopDistanceRule } from '../limits/stop-distance.ts';
import { refuse, type Refusal } from '../terms/refusal.ts';
import type { RiskState } from '../state/risk-state.ts';
import { sizeAtBestLeverage, smallestRisk, type Sizing } from './sizing.ts';
import { contextOf, tooLittle } from './gate.ts';
import { lossesKnown } from '../limits/open-orders.ts';

export interface SizeQuestion {
  readonly symbol: string;
  readonly entry: Price;
  /** Below the entry asks for a long, above it for a short. */
  readonly stop: Price;
  /** Undefined: suggested from the stop distance, as two ATR. */
  readonly leverage?: number;
  readonly account: Account;
  readonly positions: readonly Position[];
  readonly protections: readonly ProtectiveOrder[];
  readonly state: RiskState;
  readonly instrument: Instrument;
  readonly tiers: readonly RiskTier[];
  readonly limits: RiskLimits;
  readonly now: Timestamp;
}

/** What `/size` answers. A quantity of 0 says that nothing is allowed; `sizing.boundBy` names why. */
export interface SizeAnswer {
  readonly side: Side;
  readonly leverage: number;
  readonly sizing: Sizing;
  readonly riskFraction: Ratio;
  /** Risk ÷ what the day still allows; undefined when the day allows nothing. */
  readonly shareOfDayBudget: Ratio | undefined;
  readonly dayBudget: Usd;
  /** What the gate would say against it besides; the figures hold all the same. */
  readonly remarks: readonly Refusal[];
}

/**
 * The calculator behind `/size`: the same sizing that the gate uses, for any entry and stop, without a signal. Refuses only what
 * cannot be computed.
 */
export function calculateSize(
  question: SizeQuestion,
):
  | { readonly kind: 'answer'; readonly answer: SizeAnswer }
  | { readonly kind: 'refused'; readonly refusal: Refusal } {
  const { entry, stop, limits, state, instrument } = question;
  const refusal = unanswerable(question);
  if (refusal !== undefined) return { kind: 'refused', refusal };
  const equity = equityOf(question.account);
  const candidate = candidateOf(question);
  const context = contextOf({
    ...question,
    candidate,
    openEntryOrders: [],
    inFlight: [],
    mark: undefined,
    mode: undefined,
    categories: new Map(),
    correlatedSameSide: undefined,
    market: 'not judged',
  });
  const atStake = context.open?.atStake;
  if (atStake === undefined) return { kind: 'refused', refusal: lossUnknown(context) };
  const most = Math.min(limits.maxLeverage, instrument.maxLeverage);
  const wanted = Math.max(
    1,
    Math.min(question.leverage ?? suggestLeverage(candidate.atrFraction, most), most),
  );
  // Without a request the gate's own choice; a request is answered as it is.
  const least = question.leverage === undefined ? Math.max(1, instrument.minLeverage) : wanted;
  const dayBudget = remainingDailyBudget({ state, equity, atStake }, limits);
  const heatLeft = max(sub(scaleBy(equity, limits.maxHeat, 'down'), atStake.heat), ZERO_USD);
  const openLoss = min(question.account.unrealisedPnl, ZERO_USD);
  const { sizing, leverage } = sizeAtBestLeverage(
    {
      side: candidate.side,
      entry,
      stop,
      equity,
      freeMargin: (question.account.available + openLoss) as Usd,
      dayBudget,
      heatLeft,
      // Nobody named a category, so only the whole heat limit can bind.
      categoryLeft: heatLeft,
      smallestRisk: smallestRisk(equity, state.dayStartEquity, limits),
      jumpLeft: max(sub(scaleBy(equity, limits.maxJumpLoss, 'down'), atStake.jump), ZERO_USD),
      instrument,
      tiers: question.tiers,
      limits,
    },
    { most: wanted, least },
  );
  const remarks = [
    stopDistanceRule(context),
    sizing.tooLittle === undefined ? undefined : tooLittle(sizing.tooLittle, limits),
  ];
  return {
    kind: 'answer',
    answer: {
      side: candidate.side,
      leverage,
      sizing,
      riskFraction: equity > 0n ? ratioOf(sizing.risk, equity, 'up') : ZERO_RATIO,
      shareOfDayBudget: dayBudget > 0n ? ratioOf(sizing.risk, dayBudget, 'up') : undefined,
      dayBudget,
      remarks: remarks.filter((each) => each !== undefined),
    },
  };
}

const lossUnknown = (context: GateContext): Refusal =>
  lossesKnown(context) ??
  refuse(
    'positions-missing',
    { limit: 'known', observed: 'missing' },
    'What is open and what it can lose could not be read.',
  );

function unanswerable({ entry, stop, account }: SizeQuestion): Refusal | undefined {
  if (entry <= 0n || stop <= 0n) {
    const found = { limit: 'above 0', observed: 'not above 0' };
    return refuse('price-not-positive', found, 'Entry and stop must be above 0.');
  }
  if (entry === stop) {
    const found = { limit: 'apart from the entry', observed: 'the same price' };
    return refuse(
      'stop-at-entry',
      found,
      'The stop must differ from the entry: below it for a long, above it for a short.',
    );
  }
  if (equityOf(account) <= 0n) {
    const found = { limit: 'above 0', observed: 'none' };
    return refuse('equity-under-floor', found, 'There is no equity to size a trade with.');
  }
  return undefined;
}

function candidateOf({ symbol, entry, stop, limits }: SizeQuestion): Candidate {
  const side: Side = stop < entry ? 'long' : 'short';
  return {
    symbol,
    side,
    entry,
    stop,
    target: entry,
    score: limits.minScore,
    category: '',
    atrFraction: toNumber(ratioOf(distance(entry, stop), entry, 'half-even')) / 2,
  };
}
