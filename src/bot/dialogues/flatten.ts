import { requestFlatten } from '../../app/halt/halt.ts';
import { reasonOf } from '../../app/reading/reading.ts';
import { readMode } from '../../app/views/read-status.ts';
import { holdAndSay } from '../hold-anyway.ts';
import { dropButtons, rewrite } from '../reply.ts';
import { plain } from '../views/fit.ts';
import { CARD_VALID_MS, TYPED, type Dialogue } from './dialogue.ts';
import { FLATTEN } from './names.ts';

/** Confirm or Cancel under what /halt would touch. */
export const flattenDialogue: Dialogue = {
  name: FLATTEN,
  typed: { ...TYPED, confirm: 'f', yes: 'f' },
  validMs: CARD_VALID_MS,
  tooOld: 'That list is more than 5 minutes old, so nothing was done. Send /halt for a fresh one.',
  carryOut: async ({ ctx, services, card, choice, by }) => {
    if (choice === 'b') {
      const mode = await readMode(services.ports);
      const open = typeof mode !== 'string' && mode.mode === 'normal';
      const text = plain(
        open
          ? 'Cancelled. Nothing was touched.'
          : 'Cancelled. New trades stay paused; orders and positions were not touched.',
      );
      await rewrite(ctx, { messageId: card.messageId, text });
      return;
    }
    const closePositions = card.closePositions === true;
    const only = card.about === undefined ? {} : { only: [card.about] };
    const asked = { by, closePositions, id: card.id, ...only };
    const failed = await requestFlatten(services.ports, asked).catch(reasonOf);
    if (failed !== undefined) {
      await dropButtons(ctx, card.messageId);
      await holdAndSay(ctx, services, { brake: 'confirmed', why: failed });
      return;
    }
    await rewrite(ctx, {
      messageId: card.messageId,
      text: plain(
        card.about !== undefined
          ? 'Confirmed: closing it. You get a message with the result.'
          : closePositions
            ? 'Confirmed: cancelling entry orders and closing every position. You get a message with the result.'
            : 'Confirmed: cancelling entry orders. You get a message with the result.',
      ),
    });
  },
};
