import type { PositionMode } from '../../domain/account.ts';
import type { Finding } from '../../domain/alert.ts';
import type { Timestamp } from '../../domain/time.ts';
import { NOT_VIGIL } from './not-ours.ts';

/** The account was switched between one-way and hedge mode. Vigil never does that. */
export const positionModeChanged = (
  change: { readonly from: PositionMode; readonly to: PositionMode },
  now: Timestamp,
): Finding => ({
  key: `position-mode:${change.to}:${now}`,
  kind: 'notice',
  severity: 'warning',
  title: `The account is in ${change.to} mode now; it was in ${change.from} mode`,
  lines: [
    change.to === 'one-way'
      ? 'An order against a position now makes it smaller, or turns it round.'
      : 'A long and a short of the same contract can now be open side by side.',
    NOT_VIGIL,
  ],
  at: now,
});
