import { InlineKeyboard } from 'grammy';
import { offerApproval, whyCardIsOld } from '../../app/approval/decide-proposal.ts';
import { callbackData, cardId, parseCardId } from '../callback-data.ts';
import { answer, dropButtons, reply, replyTo, rewrite } from '../reply.ts';
import type { BotContext, Services } from '../services.ts';
import { sceneOf } from '../views/footer.ts';
import {
  confirmView,
  countedView,
  refusedView,
  type CardForm,
  type Offered,
} from '../views/proposal.ts';
import { approveDialogue } from './approve.ts';
import { openDialogue } from './dialogue.ts';
import { APPROVE } from './names.ts';

/** What can take the place of a card. */
const CHANGES = {
  half: { size: 'half', form: 'short' },
  all: { size: 'same', form: 'long' },
  one: { size: 'same', form: 'short' },
} as const;

/** The card of a signal, with all that can be tapped under it. */
export function keyboardOf(card: string, form: CardForm): InlineKeyboard {
  const button = (label: string, change: keyof typeof CHANGES) =>
    InlineKeyboard.text(label, callbackData('m', `${card}-${change}`));
  const other = form === 'short' ? button('All figures', 'all') : button('On one screen', 'one');
  return InlineKeyboard.from([
    [InlineKeyboard.text('Confirm', callbackData('c', card)), button('Smaller: half', 'half')],
    [InlineKeyboard.text('Back', callbackData('b', card)), other],
  ]);
}

/** A tap on Approve: shows what would be ordered now, as an answer to the signal, and asks. */
export async function askToApprove(
  ctx: BotContext,
  services: Services,
  nonce: string,
): Promise<void> {
  // Known without the exchange; what it has to say takes its time.
  const old = await whyCardIsOld(services.ports, { nonce });
  await answer(ctx, old);
  if (old !== undefined) {
    await dropButtons(ctx);
    return;
  }
  const offer = await offerApproval(services.ports, nonce);
  if (offer.kind === 'gone') {
    await answer(ctx, offer.reason);
    await dropButtons(ctx);
    return;
  }
  if (offer.kind === 'refused') {
    await reply(ctx, refusedView(offer, sceneOf(services.ports)));
    return;
  }
  const card = cardId(nonce, offer.card);
  await show(ctx, services, { offer, card, form: 'short' });
}

/** A tap that puts another card in the place of this one: of half the size, or in the other form. What was shown before is dead then. */
export async function changeCard(ctx: BotContext, services: Services, id: string): Promise<void> {
  const at = id.lastIndexOf('-');
  const shown = parseCardId(id.slice(0, at));
  const { size, form } =
    Object.entries(CHANGES).find(([name]) => name === id.slice(at + 1))?.[1] ?? CHANGES.one;
  const messageId = ctx.callbackQuery?.message?.message_id;
  // After a start it is not known which message is the open one; the store knows which card.
  const isOpen = (services.cards.shownIn(ctx.chatId) ?? messageId) === messageId;
  if (shown === undefined || !isOpen || ctx.conversation.active(APPROVE) === 0) {
    await answer(ctx, CLOSED);
    await dropButtons(ctx);
    return;
  }
  const old = await whyCardIsOld(services.ports, shown);
  await answer(ctx, old);
  if (old !== undefined) return;
  const offer = await offerApproval(services.ports, shown.nonce, { card: shown.card, size });
  if (offer.kind === 'refused') {
    await answer(ctx, `Not possible now, so this card stays: ${offer.reasons.join(' ')}`);
    return;
  }
  if (offer.kind === 'gone') {
    await answer(ctx, offer.reason);
    return;
  }
  await ctx.conversation.exitAll();
  await services.cards.forget(ctx.chatId);
  await show(ctx, services, { offer, card: cardId(shown.nonce, offer.card), form, messageId });
}

const CLOSED = 'This question is no longer open, so nothing happened. Tap Approve again.';

async function show(
  ctx: BotContext,
  services: Services,
  about: {
    readonly offer: Offered;
    readonly card: string;
    readonly form: CardForm;
    /** The message that shows it from now on; absent: a new one. */
    readonly messageId?: number | undefined;
  },
): Promise<void> {
  const { offer, card, form } = about;
  const shownAt = services.wallNow();
  const digits = await services.digits();
  const scene = sceneOf(services.ports);
  const { clock } = services.ports;
  const keyboard = keyboardOf(card, form);
  const view = confirmView({ offer, form }, digits, scene);
  const { deadline } = offer.proposal;
  const leftMs = (): number => (deadline - clock.now()) / Math.max(1, clock.speed);
  const text = countedView(view, leftMs());
  if (about.messageId !== undefined) {
    await rewrite(ctx, { messageId: about.messageId, text, keyboard });
  }
  const messageId =
    about.messageId ??
    (await replyTo(ctx, ctx.callbackQuery?.message?.message_id, { text, keyboard }));
  const lasts = { leftMs, counting: { keyboard, view } };
  const shown = { id: card, messageId, shownAt, choices: ['c', 'b'] as const, lasts };
  await openDialogue({ ctx, services }, approveDialogue, shown);
}
