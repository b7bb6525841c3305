/** What a closed trade cost beside what was planned, in basis points of an equity: every part named, the parts adding up. */

/** A closed trade as the exchange books it and as the risk gate planned it. Money in USDT, prices per unit, times in Unix ms. */
export interface ClosedTrade {
  readonly symbol: string;
  readonly side: 'long' | 'short';
  readonly qty: number;
  readonly openedAt: number;
  readonly closedAt: number;
  readonly entry: number;
  readonly exit: number;
  /** 0 or more. */
  readonly fees: number;
  /** Negative when paid. */
  readonly funding: number;
  readonly plan: {
    /** Price that the gate sized it at. */
    readonly reference: number;
    readonly stop: number;
    /** Loss at the stop with fees and slippage. */
    readonly risk: number;
    readonly fees: number;
  };
}

/** Losses are positive, in basis points. */
export interface Explained {
  readonly trade: ClosedTrade;
  readonly total: number;
  readonly planned: number;
  /** From the reference price to the stop: what the plan lost on price alone. */
  readonly plannedPrice: number;
  readonly plannedSlippage: number;
  readonly plannedFees: number;
  /** Entry fill worse than the reference price. */
  readonly entrySlippage: number;
  /** The exit worse than the stop: a gap through it, or negative where it closed before. */
  readonly beyondStop: number;
  readonly fees: number;
  readonly funding: number;
}

/** The parts of one trade as basis points of `base` USDT. `total` is the sum of the parts that were really paid. */
export function explain(trade: ClosedTrade, base: number): Explained {
  const bp = (usd: number): number => (usd / base) * 10_000;
  const sign = trade.side === 'long' ? 1 : -1;
  const worse = (from: number, to: number): number => bp(sign * (from - to) * trade.qty);
  const { reference, stop, risk, fees } = trade.plan;
  const plannedPrice = worse(reference, stop);
  return {
    trade,
    total: worse(trade.entry, trade.exit) + bp(trade.fees) - bp(trade.funding),
    planned: bp(risk),
    plannedPrice,
    plannedSlippage: bp(risk) - plannedPrice - bp(fees),
    plannedFees: bp(fees),
    entrySlippage: worse(trade.entry, reference),
    beyondStop: worse(stop, trade.exit),
    fees: bp(trade.fees),
    funding: -bp(trade.funding),
  };
}
