import type { Finding, Revision } from '../../domain/alert.ts';
import type { Price, Qty } from '../../domain/money/money.ts';
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
  title: `${nameOf(level)}: target${level.leaves === undefined ? '' : ' for a part'} at ${numberText(level.price)} reached`,
  lines: [
    `The mark price is ${numberText(tick.mark)}.`,
    `At the target price the result is about ${signedUsd(pnlOf(level, { entry: level.entryPrice, exit: level.price }))} before fees and funding.`,
    level.leaves === undefined
      ? 'Waiting for the exchange to confirm the close.'
      : `${numberText(level.qty)} closes there, ${numberText(level.leaves)} stays open. Waiting for the exchange to confirm that.`,
  ],
  at: tick.at,
});

/** What its message says once its order rests no more while so much of the position is still open. */
export const partEnded = (level: Level, open: Qty): Revision => ({
  key: targetHitKey(level.positionId, level.price),
  title: `${nameOf(level)}: target for a part at ${numberText(level.price)} reached`,
  lines: [`Its order has ended: ${numberText(open)} of the position is open now.`],
  good: true,
});
