import type { Timestamp } from './time.ts';

/** How loud: `critical` endangers the account, `warning` needs a look, `info` is news. Sent in this order. */
export const SEVERITIES = ['critical', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/**
 * What is at stake, from which it follows how loud an alert is. `danger`: more than was planned can be lost, from now on. `cost`: money
 * was lost or is being lost as planned. `foreign`: somebody else did what may cost money. `asked`: what the owner has
 * asked to be told of. `look`: nothing runs away, but it needs a look. `good`: a good end. `idea`: a trade that could be made. `news`: the rest.
 */
export const STAKES = [
  'danger',
  'cost',
  'foreign',
  'asked',
  'look',
  'good',
  'idea',
  'news',
] as const;
export type Stakes = (typeof STAKES)[number];

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
  'liquidation-near',
  'connection-lost',
  'connection-back',
  'order-unknown',
  'feeds-disagree',
  'own-alert',
  'stranger',
  'notice',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** What a button under an alert asks for. The first three are about a signal, the next four about a position, the last two about money that left. */
export const ALERT_ACTIONS = [
  'approve',
  'reject',
  'show-details',
  'place-stop',
  'close-position',
  'position-details',
  'change-position',
  'took-it-out',
  'not-me',
] as const;
export type AlertAction = (typeof ALERT_ACTIONS)[number];

/** A button under an alert. The bot makes of action and id what the chat carries. */
export interface AlertButton {
  readonly label: string;
  readonly action: AlertAction;
  /** The nonce of a signal, the id of a position (with what is asked for, where it is to be changed) or of a question about money that left. */
  readonly id: string;
}

/** Something that lasts: it is told again until it is over or the owner has seen it. */
export interface LastingState {
  /** "what:of which": one state, however often it becomes worse. */
  readonly id: string;
  /** What lasts, as a title without an age: "ETHUSDT long has no stop". */
  readonly name: string;
  /** What it can cost, what still protects, what can be done: true as long as it lasts. */
  readonly lines: readonly string[];
}

/** What the message of an earlier finding shows from now on, if that one was told; its buttons go. */
export interface Revision {
  readonly key: string;
  readonly title: string;
  readonly lines: readonly string[];
  readonly good?: true;
  /** What its reminders say from now on; as before where absent. */
  readonly state?: LastingState;
}

/** A finding that the owner shall hear of. `key` names the happening: the same key is told once. */
export interface Finding {
  readonly key: string;
  readonly kind: AlertKind;
  readonly severity: Severity;
  /** Absent: as `stakesOf` reads it from severity and kind. */
  readonly stakes?: Stakes;
  /** Good news: shown with ✅, however loud it is. */
  readonly good?: true;
  /** One line, plain words, with the figures. */
  readonly title: string;
  /** More lines, plain text; each line stands alone. */
  readonly lines: readonly string[];
  readonly buttons?: readonly (readonly AlertButton[])[];
  /** The state that it tells of, where it is one. */
  readonly state?: LastingState;
  /** What it comes of, where several findings come of one thing: "exchange". One of them is told, the others are listed behind it. */
  readonly cause?: string;
  /** Earlier messages that it makes old. */
  readonly revises?: readonly Revision[];
  /** What picture goes with it, if any: drawn when it is sent. */
  readonly chart?: { readonly kind: 'proposal' | 'position'; readonly id: string };
  /** The rule that found it, and what it decided by. */
  readonly basis?: { readonly rule: string; readonly inputs: readonly unknown[] };
  /** When it happened (venue time). */
  readonly at: Timestamp;
}

/** What is at stake in a finding. */
export function stakesOf({
  stakes,
  severity,
  kind,
  good,
}: Pick<Finding, 'stakes' | 'severity' | 'kind' | 'good'>): Stakes {
  if (stakes !== undefined) return stakes;
  if (good === true) return 'good';
  if (severity === 'critical') return 'danger';
  if (kind === 'signal') return 'idea';
  return severity === 'warning' ? 'look' : 'news';
}

const RANK: Record<Stakes, number> = {
  danger: 0,
  cost: 1,
  foreign: 2,
  asked: 3,
  look: 3,
  good: 4,
  idea: 4,
  news: 4,
};

/** Its place in the line, lowest first: what endangers or costs money goes out before all else. */
export const rankOf = (finding: Pick<Finding, 'stakes' | 'severity' | 'kind' | 'good'>): number =>
  RANK[stakesOf(finding)];

/** Whether it is about money that is lost or can be lost at any moment: never held back, never only a line of a list. */
export const isUrgent = (
  finding: Pick<Finding, 'stakes' | 'severity' | 'kind' | 'good'>,
): boolean => rankOf(finding) <= RANK.cost;

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
  | 'reports'
  | 'outside';
