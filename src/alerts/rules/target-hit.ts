import type { Finding } from '../../domain/alert.ts';
import { pnlOf } from '../../domain/position.ts';
import { nameOf, numberText, signedUsd } from '../phrase.ts';
import type { MarkTick, Trigger } from '../watch/trigger.ts';

/** The mark price touched a resting target. The close itself is told when the exchange confirms it. */
export const targetHit = (trigger: Trigger, tick: MarkTick): Finding => ({
  key: `target-hit:${trigger.positionId}:${trigger.price}`,
  kind: 'target-hit',
  severity: 'info',
  title: `${nameOf(trigger)}: target at ${numberText(trigger.price)} reached`,
  lines: [
    `The mark price is ${numberText(tick.mark)}.`,
    `At the target price the result is about ${signedUsd(pnlOf(trigger, { entry: trigger.entryPrice, exit: trigger.price }))} before fees and funding.`,
  ],
  at: tick.at,
});
