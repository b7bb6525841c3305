import { mulDiv, neg, usdText, type Usd } from '../../domain/money/money.ts';
import type { Timestamp } from '../../domain/time.ts';
import { unexplainedSum } from '../state/cash-flow.ts';
import type { RiskState } from '../state/risk-state.ts';
import type { MarketReading } from '../terms/market-reading.ts';

/** How much of a limit is used. Texts are made when they are asked for: a backtest measures a hundred thousand hours and reads few. */
export interface Measured {
  /** 100 or more has tripped. Cut to whole percents, downwards. */
  readonly usedPercent: number;
  readonly tripped: boolean;
  /** "1.2 % of 3 %". */
  readonly text: () => string;
  /** Plain sentence with the figures. */
  readonly sentence: () => string;
  readonly coolOffUntil?: Timestamp;
}

interface Stop {
  /** Stable code, also the trigger of the mode's reason. */
  readonly id: string;
  readonly label: string;
  /** What the emergency stop tightens to when it trips. */
  readonly to: 'reduceOnly' | 'halted';
  /** From when on the owner can resume, as the end of a sentence. */
  readonly liftedWhen: string;
}

/** A limit on what was lost, as the emergency stop watches it; `Needs` are the limits that it compares with. */
export interface LossStop<Needs> extends Stop {
  /** Equity decides it, so a single false reading can trip it. */
  readonly byEquity: boolean;
  /** What it is measured against moves on with time, so it can trip while nothing is open. */
  readonly rolling?: true;
  /** When what it is measured against began; absent where it has no pace. */
  readonly since?: (state: RiskState) => Timestamp;
  /** What a signed policy that closes positions answers to; absent where none may. */
  readonly policy?: string;
  readonly measure: (state: RiskState, equity: Usd, limits: Needs) => Measured;
}

/** A limit on the market or the margin; undefined: it cannot be measured now. */
export interface MarketStop<Needs> extends Stop {
  readonly measure: (market: MarketReading, limits: Needs) => Measured | undefined;
}

/** In percent of the limit; a limit of nothing is used up. */
export const usedOf = (amount: Usd, limit: Usd): number =>
  limit <= 0n ? 100 : Number(mulDiv(amount, 100n, { c: limit, rounding: 'down' }));

/** A withdrawal that nobody has explained looks like a loss: whoever reads of a loss must know that. */
export function unexplainedText(state: RiskState): string {
  const gone = neg(unexplainedSum(state));
  return gone > 0n
    ? ` Of that, ${usdText(gone)} left the account without a trade: say whether you took it out.`
    : '';
}
