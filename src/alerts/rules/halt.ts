import type { Finding } from '../../domain/alert.ts';
import { formatUtc } from '../../domain/time.ts';
import type { ModeState } from '../../domain/trading-mode.ts';

const TITLES = {
  reduceOnly: 'New trades are paused',
  halted: 'Trading is halted',
} as const;

/**
 * The mode became tighter, got one more reason, or was lifted. Undefined when nothing changed. `howLifted` says of a trigger who may
 * lift it, and when.
 */
export function modeChanged(
  before: ModeState,
  after: ModeState,
  howLifted: (trigger: string) => string,
): Finding | undefined {
  if (after.mode === 'normal') {
    return before.mode === 'normal' ? undefined : lifted(after);
  }
  const reason = after.reasons.at(-1);
  if (after.mode === before.mode && after.reasons.length === before.reasons.length)
    return undefined;
  const at = reason?.at ?? after.since;
  const lasts = after.mode === 'halted' && reason?.trigger !== 'owner';
  const lift = liftLines(after, howLifted);
  return {
    key: `halt:${after.mode}:${reason?.trigger ?? 'unknown'}:${at}`,
    kind: 'halt',
    severity: after.mode === 'halted' ? 'critical' : 'warning',
    title: TITLES[after.mode],
    lines: [
      ...after.reasons.toReversed().map((each) => each.evidence),
      after.mode === 'halted'
        ? 'Resting entry orders are cancelled now; what stays is named. Open positions and their stops stay as they are.'
        : 'Open positions and their stops stay as they are.',
      ...(after.coolOffUntil === undefined
        ? []
        : [`A cool-off runs until ${formatUtc(after.coolOffUntil)}, also after /resume.`]),
      'Closing stays possible.',
      ...lift,
    ],
    // The owner who halts knows it.
    ...(lasts
      ? {
          state: {
            id: 'halted:all',
            name: 'Trading is halted while positions are open',
            lines: [...after.reasons.toReversed().map((each) => each.evidence), ...lift],
          },
        }
      : {}),
    at,
  };
}

/** What to do: one line where all reasons say the same. */
const liftLines = (
  { reasons }: ModeState,
  howLifted: (trigger: string) => string,
): readonly string[] => [...new Set(reasons.map((each) => howLifted(each.trigger)))];

const lifted = (after: ModeState): Finding => ({
  key: `halt:lifted:${after.since}`,
  kind: 'halt',
  severity: 'info',
  good: true,
  title: 'New trades are possible again',
  lines: ['Every trade still needs your approval and passes every limit.'],
  at: after.since,
});
