import type { Finding } from '../../domain/alert.ts';
import type { Timestamp } from '../../domain/time.ts';

/** The message of one emergency close, or of one cancel of all entry orders. */
export const closingKey = (id: string): string => `flatten:${id}`;

interface Text {
  readonly title: string;
  readonly lines: readonly string[];
}

/** The live checklist of everything that is being closed. */
export const closing = (id: string, text: Text, at: Timestamp): Finding => ({
  key: closingKey(id),
  kind: 'notice',
  severity: 'critical',
  ...text,
  at,
});

/** Something is left, or it is not known whether: a message of its own, because an edit makes no sound. */
export const closingLeft = (id: string, { title, lines }: Text, at: Timestamp): Finding => ({
  key: `${closingKey(id)}:left`,
  kind: 'notice',
  severity: 'critical',
  title,
  lines: [...lines, "I'll keep trying. Please look at the exchange too."],
  at,
});

/** The entry orders were cancelled; `left`: in sentences what of them still is there, or may be. */
export const entriesCancelled = (id: string, left: readonly string[], at: Timestamp): Finding => ({
  key: closingKey(id),
  kind: 'notice',
  severity: left.length === 0 ? 'warning' : 'critical',
  ...(left.length === 0 ? { good: true } : {}),
  title: left.length === 0 ? 'Done: entry orders cancelled' : 'Not finished: something is left',
  lines: left.length === 0 ? ['Read back from the exchange: nothing of it is left.'] : left,
  at,
});
