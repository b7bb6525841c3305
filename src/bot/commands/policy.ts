import { InlineKeyboard } from 'grammy';
import { parsePolicy, revokePolicy } from '../../app/sign-policy.ts';
import { callbackData } from '../callback-data.ts';
import { openDialogue } from '../conversations/dialogue.ts';
import { POLICY } from '../conversations/names.ts';
import { reply } from '../reply.ts';
import { plain } from '../views/fit.ts';
import { sceneOf } from '../views/footer.ts';
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
    if (/^revoke$/i.test(words)) {
      await revokePolicy(ports);
      await reply(ctx, plain('Revoked. No position is closed without asking you.'));
      return;
    }
    await reply(ctx, policyView(await ports.policies.read(), sceneOf(ports)));
  },
};

async function ask({ ctx, services }: CommandCall, words: string): Promise<void> {
  const { ports } = services;
  const shownAt = services.wallNow();
  const wish = parsePolicy(words);
  if (typeof wish === 'string') {
    await reply(ctx, plain(wish));
    return;
  }
  const id = ports.nonce();
  const keyboard = new InlineKeyboard()
    .text('Confirm: sign', callbackData('c', id))
    .text('Cancel', callbackData('b', id));
  const messageId = await reply(ctx, policyCardView(wish, sceneOf(ports)), keyboard);
  await openDialogue(ctx, POLICY, { id, messageId, shownAt, choices: ['c', 'b'], about: words });
}
