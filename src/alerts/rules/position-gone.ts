import type { Finding } from '../../domain/alert.ts';
import type { Position } from '../../domain/position.ts';
import type { Timestamp } from '../../domain/time.ts';
import { nameOf } from '../phrase.ts';

export const goneKey = (id: string): string => `position-gone:${id}`;

/** A position that the exchange no longer lists while its history does not show the close yet. The result follows later. */
export const positionGone = (position: Position, now: Timestamp): Finding => ({
  key: goneKey(position.id),
  kind: 'position-closed',
  severity: 'warning',
  title: `${nameOf(position)} is no longer open`,
  lines: ['The exchange does not show the result yet; it follows as soon as it does.'],
  at: now,
});
