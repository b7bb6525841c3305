import type { Finding } from '../../domain/alert.ts';
import { HOUR, type Timestamp } from '../../domain/time.ts';
import { FOREIGN } from './not-ours.ts';

const TITLE = 'Another program answers for this bot: commands do not reach me';
const TOKEN =
  'If you know of no such program, somebody else has your bot token: revoke it at @BotFather and start Vigil with the new one.';

/** Another program asks Telegram for the owner's messages. Told once an hour while it lasts. */
export const otherListener = (at: Timestamp): Finding => ({
  key: `commands-taken:listener:${Math.floor(at / HOUR)}`,
  kind: 'notice',
  severity: 'critical',
  title: TITLE,
  lines: [
    'What you send may go to it instead: /halt and /panic too. Alerts still reach you.',
    `Stop the other program. ${TOKEN}`,
  ],
  at,
});

/** Telegram was told to send the owner's messages to an address of somebody else; that is undone. */
export const webhookRemoved = (at: Timestamp): Finding => ({
  key: `commands-taken:webhook:${Math.floor(at / HOUR)}`,
  kind: 'notice',
  ...FOREIGN,
  title: 'Another program had taken over this bot; I have taken it back',
  lines: [
    'Telegram was told to send your commands to another address. What you sent meanwhile did not reach me: please send it again.',
    TOKEN,
  ],
  at,
});
