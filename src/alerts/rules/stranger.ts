import type { Finding } from '../../domain/alert.ts';
import { dayStart, type Timestamp } from '../../domain/time.ts';

/** Somebody who is not allowed wrote to the bot. */
export interface StrangerMessage {
  readonly userId: number;
  /** As Telegram reports it; may be anything. */
  readonly name: string;
  readonly at: Timestamp;
}

const NAME_MAX = 40;

/** One line, no longer than 40 characters: a stranger chose it. */
const shortName = (name: string): string =>
  Array.from(name.replaceAll(/\s+/g, ' ')).slice(0, NAME_MAX).join('');

/** Told once per stranger and UTC day. Their words are not repeated. */
export const stranger = (message: StrangerMessage): Finding => ({
  key: `stranger:${message.userId}:${dayStart(message.at)}`,
  kind: 'stranger',
  severity: 'warning',
  title: 'Somebody else wrote to your bot and was refused',
  lines: [
    `User ${message.userId}, who goes by "${shortName(message.name)}".`,
    'They learned nothing and nothing was done.',
  ],
  at: message.at,
});
