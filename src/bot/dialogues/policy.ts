import { parsePolicy, signPolicy } from '../../app/halt/sign-policy.ts';
import { rewrite } from '../reply.ts';
import { plain } from '../views/fit.ts';
import { CARD_VALID_MS, type Dialogue } from './dialogue.ts';
import { POLICY } from './names.ts';

/** Confirm or Cancel under what would be signed. No word stands for a tap here: it must be meant. */
export const policyDialogue: Dialogue = {
  name: POLICY,
  typed: {},
  validMs: CARD_VALID_MS,
  tooOld: 'That is more than 5 minutes old, so nothing was signed. /policy shows what is signed.',
  carryOut: async ({ ctx, services: { ports }, card, choice, by }) => {
    const request = parsePolicy(card.about ?? '');
    if (choice === 'b' || typeof request === 'string') {
      const text = plain('Cancelled. Nothing was signed.');
      await rewrite(ctx, { messageId: card.messageId, text });
      return;
    }
    const refused = await signPolicy(ports, request, by);
    const text =
      refused === undefined
        ? 'Signed. It is in force from now on; to revoke it, send /policy off.'
        : `Not signed. ${refused}`;
    await rewrite(ctx, { messageId: card.messageId, text: plain(text) });
  },
};
