import { price } from '../../domain/money/money.ts';
import { rewrite } from '../reply.ts';
import { plain } from '../views/fit.ts';
import { CARD_VALID_MS, type Dialogue } from './dialogue.ts';
import { PROTECT } from './names.ts';

/** What a card for a suggested stop remembers: exactly what was shown, prices as text. */
export interface ProtectCard {
  readonly positionId: string;
  readonly symbol: string;
  readonly stop: string;
  readonly target?: string;
}

/** Confirm or Cancel under a suggested stop. */
export const protectDialogue: Dialogue = {
  name: PROTECT,
  typed: {},
  validMs: CARD_VALID_MS,
  tooOld: 'That is more than 5 minutes old, so nothing was placed. Tap the button again.',
  carryOut: async ({ ctx, services: { ports }, card, choice, by }) => {
    if (choice === 'b' || card.about === undefined) {
      const text = plain('Cancelled. The position is still not fully protected.');
      await rewrite(ctx, { messageId: card.messageId, text });
      return;
    }
    const { stop, target, ...rest } = JSON.parse(card.about) as ProtectCard;
    const levels = {
      stop: price(stop),
      ...(target === undefined ? {} : { target: price(target) }),
    };
    await ports.work.protect({ ...rest, ...levels, id: card.id, by });
    const text = plain(
      'Confirmed: placing the stop. You get a message with what is in place then.',
    );
    await rewrite(ctx, { messageId: card.messageId, text });
  },
};
