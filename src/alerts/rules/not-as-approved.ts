import type { Finding } from '../../domain/alert.ts';
import type { Proposal } from '../../domain/proposal.ts';
import type { Timestamp } from '../../domain/time.ts';
import { nameOf } from '../phrase.ts';

/** Less was done than was approved: a message of its own, because the card is edited without a sound. */
export const doneInPart = (
  { id, signal }: Proposal,
  lines: readonly string[],
  at: Timestamp,
): Finding => ({
  key: `part:${id}`,
  kind: 'notice',
  severity: 'warning',
  title: `Not what you approved: ${nameOf(signal)}`,
  lines,
  at,
});

/** Nothing was opened; each reason is a sentence. */
export const notOpened = (
  { id, signal }: Proposal,
  reasons: readonly string[],
  at: Timestamp,
): Finding => ({
  key: `refused:${id}`,
  kind: 'notice',
  severity: 'warning',
  title: `Not opened: ${nameOf(signal)}`,
  lines: ['You approved it, but it could not be carried out:', ...reasons],
  at,
});
