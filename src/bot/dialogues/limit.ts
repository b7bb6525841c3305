import { changeLimit } from '../../app/limits/change-limit.ts';
import { parseLimitRequest } from '../../app/limits/limit-request.ts';
import { rewrite } from '../reply.ts';
import { plain } from '../views/fit.ts';
import { sceneOf } from '../views/footer.ts';
import { limitChangedView } from '../views/limits.ts';
import { CARD_VALID_MS, TYPED, type Dialogue } from './dialogue.ts';
import { LIMIT } from './names.ts';

/** What a limit's card remembers: the words that were typed and what they would do. */
interface Asked {
  readonly words: string;
  readonly shown: 'applied' | 'waits';
}

/** Confirm or Cancel under what would become of a limit. */
export const limitDialogue: Dialogue = {
  name: LIMIT,
  typed: TYPED,
  validMs: CARD_VALID_MS,
  tooOld:
    'That is more than 5 minutes old, so this tap changed nothing. /limits shows the limits in force.',
  carryOut: async ({ ctx, services: { ports }, card, choice, by }) => {
    const { words, shown } = JSON.parse(card.about ?? '{}') as Asked;
    const request = parseLimitRequest(words);
    const text =
      choice === 'b' || typeof request === 'string'
        ? plain('Cancelled. The limit stays as it is.')
        : limitChangedView(await changeLimit(ports, { request, by, shown }), sceneOf(ports));
    await rewrite(ctx, { messageId: card.messageId, text });
  },
};
