import type { Finding } from '../../domain/alert.ts';
import { formatUtc, type Timestamp } from '../../domain/time.ts';

/** A change of a limit that was asked for and becomes looser only later. */
export interface WaitingLimit {
  readonly id: string;
  readonly label: string;
  readonly askedAt: Timestamp;
}

/** The values before and after, as they are shown. */
interface Values {
  readonly from: string;
  readonly to: string;
}

/** It was asked for: there is time to say no. */
export const limitWaits = (
  { id, label, askedAt }: WaitingLimit,
  { from, to }: Values,
  effectiveAt: Timestamp,
): Finding => ({
  key: `limit-waits:${id}:${askedAt}`,
  kind: 'notice',
  severity: 'warning',
  title: `A limit will become looser: ${label}`,
  lines: [
    `From ${from} to ${to} at ${formatUtc(effectiveAt)}.`,
    `To keep it as it is: /limits cancel ${label}`,
  ],
  at: askedAt,
});

/** Its time has come. */
export const limitChanged = (
  { id, label, askedAt }: WaitingLimit,
  { from, to }: Values,
  at: Timestamp,
): Finding => ({
  key: `limit-changed:${id}:${askedAt}`,
  kind: 'notice',
  severity: 'warning',
  title: `The waiting change is in force: ${label}`,
  lines: [`It was ${from} and is ${to} from now on.`],
  at,
});

/** It would be refused today; `reason` is a sentence. */
export const limitDropped = (
  { id, label, askedAt }: WaitingLimit,
  reason: string,
  at: Timestamp,
): Finding => ({
  key: `limit-dropped:${id}:${askedAt}`,
  kind: 'notice',
  severity: 'warning',
  title: `The waiting change was dropped: ${label}`,
  lines: [reason, 'The limit stays as it is.'],
  at,
});

/** This version has no limit of that name. */
export const limitUnknown = (
  { id, askedAt }: Omit<WaitingLimit, 'label'>,
  at: Timestamp,
): Finding => ({
  key: `limit-dropped:${id}:${askedAt}`,
  kind: 'notice',
  severity: 'warning',
  title: 'A waiting change was dropped',
  lines: [
    `It was stored for "${id.slice(0, 40)}", and this version of Vigil has no limit of that name.`,
    'Send /limits to see the limits that count.',
  ],
  at,
});
