import type { Finding } from '../../domain/alert.ts';
import type { Qty } from '../../domain/money/money.ts';
import type { PositionChange } from '../../domain/own-action.ts';
import { HOUR, type Timestamp } from '../../domain/time.ts';
import { listText, percentText } from '../../domain/words/words.ts';
import { numberText, sentence } from '../phrase.ts';

/** The change of a position that the owner confirmed. */
interface Managed {
  readonly id: string;
  readonly positionId: string;
  readonly symbol: string;
  readonly change: PositionChange;
}

const keyOf = ({ id }: Managed): string => `manage:${id}`;

/** "closing 0.012", "moving its stop to 64,000". */
function changeText({ change }: Managed): string {
  if (change.kind === 'close') return `closing ${numberText(change.qty)} of it`;
  if (change.kind === 'trail') {
    return `letting its stop follow the price ${percentText(change.share)} away`;
  }
  if (change.kind === 'scale-out') {
    return `a target for ${numberText(change.qty)} of it at ${numberText(change.target)}`;
  }
  if (change.kind === 'time-stop') return `asking you about it in ${numberText(change.hours)} h`;
  const { stop, target } = change;
  return listText([
    ...(stop === undefined ? [] : [`moving its stop to ${numberText(stop)}`]),
    ...(target === undefined ? [] : [`moving its target to ${numberText(target)}`]),
  ]);
}

const about = ({ positionId }: Pick<Managed, 'positionId'>): Pick<Finding, 'chart'> => ({
  chart: { kind: 'position', id: positionId },
});

/** Stop or target rest as confirmed, read back. `resting`: what protects the position now, in words. */
export const levelsPlaced = (managed: Managed, resting: string, at: Timestamp): Finding => ({
  key: keyOf(managed),
  kind: 'notice',
  severity: 'info',
  good: true,
  title: `${managed.symbol}: done, ${changeText(managed)}`,
  lines: ['Read back from the exchange.', sentence(resting)],
  ...about(managed),
  at,
});

/** A stop that follows the price was moved: one message a plan, that shows the newest. */
export const trailMoved = (
  moved: { readonly positionId: string; readonly symbol: string; readonly signedAt: Timestamp },
  text: { readonly title: string; readonly lines: readonly string[] },
  at: Timestamp,
): Finding => ({
  key: trailKey(moved),
  kind: 'notice',
  severity: 'info',
  good: true,
  ...text,
  ...about({ positionId: moved.positionId }),
  at,
});

export const trailKey = (moved: {
  readonly positionId: string;
  readonly signedAt: Timestamp;
}): string => `trail:${moved.positionId}:${moved.signedAt}`;

/** A stop that follows the price cannot be moved; the one that rests stays. Told once an hour. */
export const trailStuck = (
  plan: { readonly positionId: string; readonly symbol: string },
  why: string,
  at: Timestamp,
): Finding => ({
  key: `trail-stuck:${plan.positionId}:${Math.floor(at / HOUR)}`,
  kind: 'notice',
  severity: 'warning',
  title: `${plan.symbol}: its stop cannot follow the price right now`,
  lines: [
    `Why: ${why}.`.replace('..', '.'),
    'The stop that rests at the exchange stays. I keep trying.',
  ],
  ...about({ positionId: plan.positionId }),
  at,
});

/** In watch mode no stop is moved. Told once a plan. */
export const trailRests = (
  plan: { readonly positionId: string; readonly symbol: string; readonly signedAt: Timestamp },
  at: Timestamp,
): Finding => ({
  key: `trail-rests:${plan.positionId}:${plan.signedAt}`,
  kind: 'notice',
  severity: 'warning',
  title: `${plan.symbol}: its stop does not follow the price`,
  lines: [
    'Why: this is watch mode, and I may not move it.',
    "The stop that rests at the exchange stays. Move it in the exchange's app.",
  ],
  ...about({ positionId: plan.positionId }),
  at,
});

/** Each leads to a new card, with what is open then. */
const askAnew = ({ positionId }: Managed): NonNullable<Finding['buttons']> => [
  [
    { label: 'Close half', action: 'change-position', id: `${positionId}-c50` },
    { label: 'Close all', action: 'change-position', id: `${positionId}-c100` },
    { label: 'Manage', action: 'position-details', id: positionId },
  ],
];

/** Nothing was changed. A close can be asked for anew at once. */
export const changeNotDone = (managed: Managed, why: string, at: Timestamp): Finding => ({
  key: keyOf(managed),
  kind: 'notice',
  severity: 'warning',
  title: `${managed.symbol}: not done, ${changeText(managed)}`,
  lines: [`Why: ${why}.`.replace('..', '.'), 'I have changed nothing.'],
  ...(managed.change.kind === 'close' ? { buttons: askAnew(managed) } : {}),
  ...about(managed),
  at,
});

/** It was sent, and the exchange did a part of it. `filled`: so much was closed. */
export const changeInPart = (managed: Managed, filled: Qty, at: Timestamp): Finding => ({
  key: keyOf(managed),
  kind: 'notice',
  severity: 'warning',
  title: `${managed.symbol}: done in part, ${changeText(managed)}`,
  lines: [
    `${numberText(filled)} was closed; the exchange cancelled the rest of the order.`,
    '/positions shows what is open now.',
  ],
  buttons: askAnew(managed),
  ...about(managed),
  at,
});

/** It was sent, and the exchange has the position as closed: what was asked for has nothing left to be about. */
export const closedMeanwhile = (managed: Managed, at: Timestamp): Finding => ({
  key: keyOf(managed),
  kind: 'notice',
  severity: 'info',
  title: `${managed.symbol}: the position has closed`,
  lines: [
    `You asked for ${changeText(managed)}: it has closed meanwhile, so nothing of that is left to do.`,
    'What it made is told in a message of its own.',
  ],
  at,
});

/** It was sent, and whether it happened is not known. It is not sent again. */
export const changeUnknown = (managed: Managed, why: string, at: Timestamp): Finding => ({
  key: keyOf(managed),
  kind: 'order-unknown',
  severity: 'critical',
  title: `${managed.symbol}: I asked the exchange for ${changeText(managed)} and cannot see whether it is done`,
  lines: [
    `Why: ${why}.`.replace('..', '.'),
    'I do not send it again. /positions shows what is open and what rests; look there before you ask anew.',
  ],
  ...about(managed),
  at,
});
