import type { Finding } from '../../domain/alert.ts';
import { pnlOf } from '../../domain/position.ts';
import { nameOf, numberText, signedUsd } from '../phrase.ts';
import type { MarkTick, Trigger } from '../watch/trigger.ts';

/** The mark price touched a resting stop. The close itself is told when the exchange confirms it. */
export const stopHit = (trigger: Trigger, tick: MarkTick): Finding => ({
  key: `stop-hit:${trigger.positionId}:${trigger.price}`,
  kind: 'stop-hit',
  severity: 'warning',
  title: `${nameOf(trigger)}: stop at ${numberText(trigger.price)} reached`,
  lines: [
    `The mark price is ${numberText(tick.mark)}.`,
    `At the stop price the result is about ${signedUsd(pnlOf(trigger, { entry: trigger.entryPrice, exit: trigger.price }))} before fees and funding.`,
    'Waiting for the exchange to confirm the close.',
  ],
  at: tick.at,
});
