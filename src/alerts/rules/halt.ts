import type { Finding, Revision } from '../../domain/alert.ts';
import { formatUtc } from '../../domain/time.ts';
import type { ModeReason, ModeState } from '../../domain/trading-mode.ts';

const TITLES = {
  reduceOnly: 'New trades are paused',
  halted: 'Trading is halted',
} as const;

interface Told {
  readonly findings?: readonly Finding[];
  readonly revisions?: readonly (Revision & { readonly otherwise: Finding })[];
}

/** Health of what Vigil reads: it comes of the exchange, like the loss of a stream. */
const OF_THE_EXCHANGE = new Set(['account-unread', 'failed-reads', 'prices-old']);

/**
 * The mode became tighter or was lifted: a message. One more reason for a mode in which Vigil itself has put trading: its message shows it,
 * because the same title again says nothing new; where the owner had put it there, it is a message. `howLifted` says of a trigger who
 * may lift it, and when.
 */
export function modeChanged(
  before: ModeState,
  after: ModeState,
  howLifted: (trigger: string) => string,
): Told {
  if (after.mode === 'normal') {
    return before.mode === 'normal' ? {} : { findings: [lifted(after)] };
  }
  const same = after.mode === before.mode;
  if (same && after.reasons.length === before.reasons.length) return {};
  const found = tightened(after, howLifted);
  if (!same || ownReasons(before).length === 0) return { findings: [found] };
  const { title, lines, state } = found;
  const key = messageKey(after);
  const otherwise = { ...found, key: `${key}:${found.at}` };
  const revision = { key, title, lines, otherwise };
  return { revisions: [state === undefined ? revision : { ...revision, state }] };
}

/** By the moment at which the mode became so tight. */
const keyOf = ({ mode, since }: ModeState): string => `halt:${mode}:${since}`;

/** Vigil's own reasons for a mode that is so tight: what held before it became so does not count. */
const ownReasons = ({ reasons, since }: ModeState): readonly ModeReason[] =>
  reasons.filter(({ trigger, at }) => trigger !== 'owner' && at >= since);

/** Of the message that shows Vigil's own reasons: what comes on top of the owner's halt is another one than theirs. */
function messageKey(state: ModeState): string {
  const [first] = ownReasons(state);
  const cause = state.reasons.find(({ at }) => at === state.since);
  return first === undefined || cause === first ? keyOf(state) : `${keyOf(state)}:${first.trigger}`;
}

function tightened(after: ModeState, howLifted: (trigger: string) => string): Finding {
  const reason = after.reasons.at(-1);
  const at = reason?.at ?? after.since;
  const lasts = after.mode === 'halted' && reason?.trigger !== 'owner';
  const lift = liftLines(after, howLifted);
  return {
    key: messageKey(after),
    kind: 'halt',
    severity: after.mode === 'halted' ? 'critical' : 'warning',
    ...(after.mode === 'reduceOnly' && OF_THE_EXCHANGE.has(reason?.trigger ?? '')
      ? { cause: 'exchange' }
      : {}),
    title: titleOf(after),
    lines: [
      ...after.reasons.toReversed().map((each) => each.evidence),
      after.mode === 'halted'
        ? 'Entry orders are being cancelled; you hear of any that stays. Open positions and their stops stay.'
        : 'Open positions and their stops stay.',
      ...(after.coolOffUntil === undefined
        ? []
        : [`A cool-off runs until ${formatUtc(after.coolOffUntil)}, also after /resume.`]),
      'To close everything: /panic.',
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

const titleOf = ({ mode, reasons }: ModeState): string =>
  reasons.length > 1
    ? `${TITLES[mode as 'halted']}, for ${reasons.length} reasons`
    : TITLES[mode as 'halted'];

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
