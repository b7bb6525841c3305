import { modeChanged } from '../../alerts/rules/halt.ts';
import type { ModeEvent } from '../../domain/trading-mode.ts';
import type { AlsoStored } from '../ports/mode-store.ts';
import type { Ports } from '../ports/ports.ts';
import { howLifted } from './how-lifted.ts';

/**
 * The alert about a mode that became tighter or was lifted, or what its message shows after one more reason: stored together with it, and
 * with what it was decided by.
 */
export const telling: NonNullable<AlsoStored['tell']> = (before, after) => {
  const { findings, revisions } = modeChanged(before, after, howLifted);
  const lifted = new Map(after.reasons.map(({ trigger }) => [trigger, howLifted(trigger)]));
  const basis = { rule: 'modeChanged', inputs: [before, after, lifted] };
  return {
    ...(findings === undefined ? {} : { findings: findings.map((each) => ({ ...each, basis })) }),
    ...(revisions === undefined
      ? {}
      : {
          revisions: revisions.map((each) => ({
            ...each,
            otherwise: { ...each.otherwise, basis },
          })),
        }),
  };
};

/**
 * An automatic tightening: stored at once together with its alert; where it halts, entry orders are cancelled, also when the owner
 * had halted before and left them. That is asked for first: after a crash in between the next reading halts, but nothing would
 * cancel any more. Never closes a position.
 */
export async function tighten(
  ports: Pick<Ports, 'mode' | 'work' | 'clock'>,
  event: Extract<ModeEvent, { kind: 'tighten' }>,
): Promise<void> {
  try {
    if (event.to === 'halted')
      await ports.work.flatten({
        id: `halt-${event.reason.at}`,
        by: 'emergency-stop',
        closePositions: false,
        at: event.reason.at,
      });
  } finally {
    await ports.mode.apply(event, { tell: telling });
  }
}
