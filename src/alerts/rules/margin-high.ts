import type { Finding } from '../../domain/alert.ts';
import { ZERO_USD, type Ratio } from '../../domain/money/money.ts';
import type { Position } from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';
import { nameOf, percentText } from '../phrase.ts';
import { atStake, rescue } from './liquidation-near.ts';

/** Much of the margin is needed as maintenance margin: of one position in isolated margin, or of all in cross margin. */
interface HighMargin {
  readonly id: string;
  /** Absent: all positions in cross margin. */
  readonly position: Position | undefined;
  /** The rung: 60 or 80 percent. */
  readonly percent: number;
  readonly use: Ratio;
  readonly since: Timestamp;
}

/** The margin ratio has reached a rung; at 100 % the exchange liquidates. */
export function marginHigh(
  { id, position, percent, use, since }: HighMargin,
  now: Timestamp,
): Finding {
  const who = position === undefined ? 'Your account in cross margin' : nameOf(position);
  const lines = [
    'At 100 % the exchange closes by force.',
    atStake(position ?? { marginMode: 'cross', margin: ZERO_USD }),
    'Close a part of it, or add margin.',
  ];
  return {
    key: `margin-high:${id}:${percent}:${since}`,
    kind: 'liquidation-near',
    severity: 'critical',
    title: `${who}: the margin ratio is ${percentText(use)}`,
    lines,
    state: { id: `margin:${id}`, name: `${who}: the margin ratio is above ${percent} %`, lines },
    ...(position === undefined
      ? {}
      : { buttons: rescue(position), chart: { kind: 'position' as const, id } }),
    at: now,
  };
}
