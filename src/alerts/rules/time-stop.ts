import type { Finding } from '../../domain/alert.ts';
import { signedUsd } from '../../domain/money/money.ts';
import type { Position } from '../../domain/position.ts';
import { formatUtc, type Timestamp } from '../../domain/time.ts';
import { countText } from '../../domain/words/words.ts';

interface Asked {
  readonly positionId: string;
  readonly symbol: string;
  readonly hours: number;
  readonly at: Timestamp;
  readonly signedAt: Timestamp;
}

const hoursText = (hours: number): string => countText(hours, 'hour');

/** The owner's wish is kept. */
export const timeStopSet = (stop: Asked, key: string, at: Timestamp): Finding => ({
  key,
  kind: 'notice',
  severity: 'info',
  good: true,
  title: `${stop.symbol}: done, I ask you in ${hoursText(stop.hours)} whether to keep it`,
  lines: [`That is ${formatUtc(stop.at)}. Nothing is closed by itself.`],
  at,
});

/** The hours that the owner gave a position are over. Asks; closes nothing. */
export const timeStopDue = (stop: Asked, position: Position, at: Timestamp): Finding => ({
  key: `time-stop:${stop.positionId}:${stop.signedAt}`,
  kind: 'notice',
  severity: 'warning',
  stakes: 'asked',
  title: `${position.symbol} ${position.side}: your ${hoursText(stop.hours)} are over. Close it?`,
  lines: [
    `Open result now: ${signedUsd(position.unrealisedPnl)} before fees.`,
    'Nothing is closed by itself: it stays until you say so.',
  ],
  buttons: [
    [
      { label: 'Close it', action: 'change-position', id: `${stop.positionId}-c100` },
      { label: 'Close half', action: 'change-position', id: `${stop.positionId}-c50` },
    ],
    [
      { label: 'Ask again in 4 h', action: 'change-position', id: `${stop.positionId}-h4` },
      { label: 'Manage', action: 'position-details', id: stop.positionId },
    ],
  ],
  chart: { kind: 'position', id: stop.positionId },
  at,
});
