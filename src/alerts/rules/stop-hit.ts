import type { Finding } from '../../domain/alert.ts';
import type { Price } from '../../domain/money/money.ts';
import { pnlOf } from '../../domain/position.ts';
import { nameOf, numberText, signedUsd } from '../phrase.ts';
import type { MarkTick, Level } from '../watch/level.ts';

/** By position and price. */
export const stopHitKey = (positionId: string, at: Price): string => `stop-hit:${positionId}:${at}`;

/** The mark price touched a resting stop. The close itself is told when the exchange confirms it. */
export function stopHit(level: Level, tick: MarkTick): Finding {
  const result = pnlOf(level, { entry: level.entryPrice, exit: level.price });
  return {
    key: stopHitKey(level.positionId, level.price),
    kind: 'stop-hit',
    ...(result < 0n ? { severity: 'warning', stakes: 'cost' } : { severity: 'info' }),
    title: `${nameOf(level)}: stop at ${numberText(level.price)} reached`,
    lines: [
      `The mark price is ${numberText(tick.mark)}.`,
      `At the stop price the result is about ${signedUsd(result)} before fees and funding.`,
      'Waiting for the exchange to confirm the close.',
    ],
    at: tick.at,
  };
}
