import { InlineKeyboard } from 'grammy';
import { offerChange, type ChangeOffer } from '../../app/manage/read-change.ts';
import { changeAsText, manageRequest } from '../../app/ports/work.ts';
import type { ChangeRequest } from '../../domain/own-action.ts';
import { callbackData } from '../callback-data.ts';
import { reply, rewrite } from '../reply.ts';
import type { BotContext, Services } from '../services.ts';
import { plain } from '../views/fit.ts';
import { sceneOf } from '../views/footer.ts';
import { changeView, inAppView } from '../views/manage.ts';
import { CARD_VALID_MS, openDialogue, TYPED, type Dialogue } from './dialogue.ts';
import { MANAGE } from './names.ts';

/** Confirm or Cancel under what would be done to one position. */
export const manageDialogue: Dialogue = {
  name: MANAGE,
  typed: TYPED,
  validMs: CARD_VALID_MS,
  tooOld: 'That is more than 5 minutes old, so nothing was changed. /positions shows the way.',
  carryOut: async ({ ctx, services: { ports }, card, choice, by }) => {
    const say = (text: string): Promise<void> =>
      rewrite(ctx, { messageId: card.messageId, text: plain(text) });
    if (choice === 'b' || card.about === undefined) {
      await say('Cancelled. The position and what rests for it stay as they are.');
      return;
    }
    const asked = { ...JSON.parse(card.about), id: card.id, by, at: ports.clock.now() } as unknown;
    const request = manageRequest.parse(asked);
    const { positionId, change, at } = request;
    // The later word counts: a stop that was to follow and still waits for its turn does not begin.
    if (change.kind === 'levels' && change.stop !== undefined)
      await ports.actions.note({ kind: 'revoke', positionId, what: 'trail', at });
    await ports.work.manage(request);
    await say('Confirmed. You get a message with what came of it.');
  },
};

/** Shows what a request would do to a position, and asks. */
export async function askToChange(
  ctx: BotContext,
  services: Services,
  { positionId, request }: { readonly positionId: string; readonly request: ChangeRequest },
): Promise<void> {
  const { ports, wallNow } = services;
  const shownAt = wallNow();
  const [offer, digits] = await Promise.all([
    offerChange(ports, positionId, request),
    services.digits(),
  ]);
  if (offer.kind === 'refused') {
    await reply(ctx, plain(offer.reason));
    return;
  }
  if (ports.trading === undefined && offer.change.kind !== 'time-stop') {
    await reply(ctx, inAppView(offer, digits, sceneOf(ports)));
    return;
  }
  const id = ports.nonce();
  const keyboard = new InlineKeyboard()
    .text('Confirm', callbackData('c', id))
    .text('Cancel', callbackData('b', id));
  const messageId = await reply(ctx, changeView(offer, digits, sceneOf(ports)), keyboard);
  const card = { id, messageId, shownAt, choices: ['c', 'b'] as const };
  await openDialogue({ ctx, services }, manageDialogue, {
    ...card,
    about: JSON.stringify(aboutOf(positionId, offer)),
  });
}

/** What the card remembers: exactly what was shown, figures as text. */
const aboutOf = (
  positionId: string,
  { change, facts }: Extract<ChangeOffer, { kind: 'ready' }>,
): object => ({ positionId, symbol: facts.position.symbol, change: changeAsText(change) });
