import type { Timestamp } from './time.ts';

/** How loud: `critical` endangers the account, `warning` needs a look, `info` is news. Sent in this order. */
export const SEVERITIES = ['critical', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What an alert is about. One word for one thing in code, chat and README. */
export const ALERT_KINDS = [
  'signal',
  'position-opened',
  'position-closed',
  'stop-hit',
  'target-hit',
  'halt',
  'limit-warning',
  'unprotected',
  'connection-lost',
  'connection-back',
  'order-unknown',
  'feeds-disagree',
  'stranger',
  'notice',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** What a button under an alert asks for. The first three are about a signal, the last two about money that left. */
export const ALERT_ACTIONS = [
  'approve',
  'reject',
  'show-details',
  'place-stop',
  'took-it-out',
  'not-me',
] as const;
export type AlertAction = (typeof ALERT_ACTIONS)[number];

/** A button under an alert. The bot makes of action and id what the chat carries. */
export interface AlertButton {
  readonly label: string;
  readonly action: AlertAction;
  /** The nonce of a signal, the id of a position or of a question about money that left. */
  readonly id: string;
}

/** A finding that the owner shall hear of. `key` names the happening: the same key is told once. */
export interface Finding {
  readonly key: string;
  readonly kind: AlertKind;
  readonly severity: Severity;
  /** Good news: shown with ✅, however loud it is. */
  readonly good?: true;
  /** One line, plain words, with the figures. */
  readonly title: string;
  /** More lines, plain text; each line stands alone. */
  readonly lines: readonly string[];
  readonly buttons?: readonly (readonly AlertButton[])[];
  /** What picture goes with it, if any: drawn when it is sent. */
  readonly chart?: { readonly kind: 'proposal' | 'position'; readonly id: string };
  /** When it happened (venue time). */
  readonly at: Timestamp;
}

/** A finding that was numbered and put in the outbox. */
export interface Alert extends Finding {
  /** 1, 2, 3 ... without gaps. */
  readonly number: number;
  readonly status: 'queued' | 'sending' | 'sent' | 'failed';
  readonly attempts: number;
  readonly chatId?: number;
  readonly messageId?: number;
}

/** The parts that must run for Vigil to keep watch. Each gives a pulse whenever it has done its work. */
export type PulseName =
  | 'redis'
  | 'exchange'
  | 'worker'
  | 'account'
  | 'risk'
  | 'prices'
  | 'scan'
  | 'orders'
  | 'outbox'
  | 'commands'
  | 'schedules'
  | 'outside';
