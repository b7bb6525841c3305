import type { Finding } from '../../domain/alert.ts';
import type { PositionChange } from '../../domain/own-action.ts';
import type { Timestamp } from '../../domain/time.ts';
import { listText } from '../../domain/words/words.ts';
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
  const { stop, target } = change;
  return listText([
    ...(stop === undefined ? [] : [`moving its stop to ${numberText(stop)}`]),
    ...(target === undefined ? [] : [`moving its target to ${numberText(target)}`]),
  ]);
}

const about = ({ positionId }: Managed): Pick<Finding, 'chart'> => ({
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

/** Nothing was changed. */
export const changeNotDone = (managed: Managed, why: string, at: Timestamp): Finding => ({
  key: keyOf(managed),
  kind: 'notice',
  severity: 'warning',
  title: `${managed.symbol}: not done, ${changeText(managed)}`,
  lines: [
    `Why: ${why}.`.replace('..', '.'),
    'The position and what rests for it are as they were.',
  ],
  ...about(managed),
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
