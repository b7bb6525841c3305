import type { Price, Qty } from '../../domain/money/money.ts';
import type { Side } from '../../domain/position.ts';
import type { NearLiquidation } from '../rules/liquidation-near.ts';
import type { Timestamp } from '../../domain/time.ts';

/** A mark price as it arrived. */
export interface MarkTick {
  readonly symbol: string;
  readonly mark: Price;
  readonly at: Timestamp;
}

/** A resting stop or target with what its alert needs to say. */
export interface Level {
  readonly positionId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly kind: 'stop' | 'target' | 'liquidation';
  readonly price: Price;
  readonly qty: Qty;
  /** What stays open after a target for a part. */
  readonly leaves?: Qty;
  readonly entryPrice: Price;
  /** Of a rung of the way to liquidation: what its alert says. */
  readonly near?: NearLiquidation;
}
