import type { Finding } from '../../domain/alert.ts';
import type { Price } from '../../domain/money/money.ts';
import { pnlOf } from '../../domain/position.ts';
import { nameOf, numberText, signedUsd } from '../phrase.ts';
import type { MarkTick, Level } from '../watch/level.ts';

/** By position and price. */
export const targetHitKey = (positionId: string, at: Price): string =>
  `target-hit:${positionId}:${at}`;

/** The mark price touched a resting target. The close itself is told when the exchange confirms it. */
export const targetHit = (level: Level, tick: MarkTick): Finding => ({
  key: targetHitKey(level.positionId, level.price),
  kind: 'target-hit',
  severity: 'info',
  title: `${nameOf(level)}: target at ${numberText(level.price)} reached`,
  lines: [
    `The mark price is ${numberText(tick.mark)}.`,
    `At the target price the result is about ${signedUsd(pnlOf(level, { entry: level.entryPrice, exit: level.price }))} before fees and funding.`,
    'Waiting for the exchange to confirm the close.',
  ],
  at: tick.at,
});
