import { InlineKeyboard } from 'grammy';
import { reasonOf } from '../../app/reading/reading.ts';
import {
  parsePolicy,
  POLICY_FORM,
  POLICY_LIMITS,
  revokePolicy,
} from '../../app/halt/sign-policy.ts';
import { callbackData } from '../callback-data.ts';
import { openDialogue } from '../dialogues/dialogue.ts';
import { policyDialogue } from '../dialogues/policy.ts';
import { plainName } from '../../domain/words/words.ts';
import { sayButton } from '../menus/menu.ts';
import { reply } from '../reply.ts';
import { meansStop } from './stop-words.ts';
import { plain } from '../views/fit.ts';
import { sceneOf } from '../views/footer.ts';
import { notRevokedView } from '../views/store-away.ts';
import { policyCardView, policyView } from '../views/policy.ts';
import type { Command, CommandCall } from './command.ts';

/** Off by default: shows, signs after a confirmation, or revokes at once. */
export const policy: Command = {
  name: 'policy',
  description: 'whether positions may be closed without asking you; off by default',
  access: 'owner',
  takes: 'any',
  when: 'ends-dialogue',
  handle: async (call) => {
    const { ctx, services, words } = call;
    const { ports } = services;
    const [, wanted] = /^sign\b(.*)$/i.exec(words) ?? [];
    if (wanted !== undefined) return ask(call, wanted.trim());
    if (meansOff(words)) {
      const failed = await revokePolicy(ports).catch(reasonOf);
      const done = plain('Revoked. No position is closed without asking you.');
      await reply(ctx, failed === undefined ? done : notRevokedView(failed));
      return;
    }
    if (words !== '') {
      await reply(
        ctx,
        plain(`I do not know "${words.slice(0, 60)}", so nothing was changed. ${ALLOWED}`),
      );
      return;
    }
    const signed = await ports.policies.read();
    await reply(ctx, policyView(signed, sceneOf(ports)), choices(signed !== undefined));
  },
};

/** Revoke what is signed, or sign for one limit; a tap on that is asked about like what was written. */
function choices(isSigned: boolean): InlineKeyboard {
  if (isSigned) return InlineKeyboard.from([[sayButton('Revoke', 'policy', 'off')]]);
  const rows = POLICY_LIMITS.flatMap((limit) => [
    [sayButton(`${plainName(limit)}: close all`, 'policy', `sign ${limit} all`)],
    [sayButton(`${plainName(limit)}: close losing ones`, 'policy', `sign ${limit} losing`)],
  ]);
  return InlineKeyboard.from(rows);
}

const ALLOWED = `/policy shows what is signed, /policy off revokes it. ${POLICY_FORM}`;

/** What people write for taking a signature back; it only ever tightens. */
const OFF = new Set(
  'off no none never nothing revoke revoked withdraw remove delete disable disabled cancel end turn switch it aus nein keine nichts widerrufen apagar no non aucune désactiver нет выкл отключить отмена 0 false'.split(
    ' ',
  ),
);

export function meansOff(words: string): boolean {
  const said = words.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return meansStop(words) || (said.length > 0 && said.every((each) => OFF.has(each)));
}

async function ask({ ctx, services }: CommandCall, words: string): Promise<void> {
  const { ports } = services;
  const shownAt = services.wallNow();
  const request = parsePolicy(words);
  if (typeof request === 'string') {
    await reply(ctx, plain(request));
    return;
  }
  const id = ports.nonce();
  const keyboard = new InlineKeyboard()
    .text('Confirm: sign', callbackData('c', id))
    .text('Cancel', callbackData('b', id));
  const messageId = await reply(ctx, policyCardView(request, sceneOf(ports)), keyboard);
  await openDialogue({ ctx, services }, policyDialogue, {
    id,
    messageId,
    shownAt,
    choices: ['c', 'b'],
    about: words,
  });
}
