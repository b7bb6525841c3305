import type { Conversation, ConversationBuilder } from '@grammyjs/conversations';
import type { Context } from 'grammy';
import { SECOND } from '../../domain/time.ts';
import { parseCallbackData, type Verb } from '../callback-data.ts';
import { answer, dropButtons, rewrite } from '../reply.ts';
import type { BotContext, OpenCard, Services } from '../services.ts';
import { linesOf } from '../views/fit.ts';

/** What an open dialogue remembers. Plain JSON, because it is stored between two messages. */
export interface Card {
  /** One-time id that its buttons carry. */
  readonly id: string;
  /** The message with the buttons. */
  readonly messageId: number;
  /** Which verbs it takes. */
  readonly choices: readonly Verb[];
  /** Wall time at which it was shown. */
  readonly shownAt: number;
  /** For flattening: whether positions are closed too. */
  readonly closePositions?: boolean;
  /** What it is about, where the dialogue needs more than its id. */
  readonly about?: string;
}

interface StoredCard extends Card {
  readonly by: number;
}

/** What the owner decided on a card. */
export interface Decision {
  readonly ctx: BotContext;
  readonly services: Services;
  readonly card: Card;
  readonly choice: Verb;
  readonly by: number;
}

/** One kind of confirmation: a card, one answer, one effect. */
export interface Dialogue {
  readonly name: string;
  /** Words that may be typed in place of a tap. */
  readonly typed: Readonly<Record<string, Verb>>;
  /** Wall milliseconds after which the card is too old to be confirmed; absent where the store knows a deadline. */
  readonly validMs?: number;
  /** What to say when the card is too old. */
  readonly tooOld: string;
  readonly carryOut: (decision: Decision) => Promise<void>;
}

/** Typed answers for questions that move no money into the market. */
export const TYPED: Readonly<Record<string, Verb>> = {
  confirm: 'c',
  yes: 'c',
  cancel: 'b',
  no: 'b',
};

/** How long a shown state may be confirmed. */
export const CARD_VALID_MS = 300 * SECOND;

/**
 * Opens the dialogue for a card that was just sent, whose buttons go when it is dead. Any dialogue that was open must have been ended
 * before. `lasts` where the card has a deadline of its own.
 */
export async function openDialogue(
  { ctx, services }: { readonly ctx: BotContext; readonly services: Services },
  { name, validMs = CARD_VALID_MS, tooOld }: Pick<Dialogue, 'name' | 'validMs' | 'tooOld'>,
  { lasts, ...card }: Card & { readonly lasts?: Pick<OpenCard, 'leftMs' | 'counting'> },
): Promise<void> {
  const stored: StoredCard = { ...card, by: ctx.from?.id ?? 0 };
  await ctx.conversation.enter(name, stored);
  if (ctx.chatId === undefined) return;
  const { messageId, shownAt } = card;
  const leftMs = (): number => shownAt + validMs - services.wallNow();
  services.cards.keep({ chatId: ctx.chatId, messageId, over: linesOf([tooOld]), leftMs, ...lasts });
}

/**
 * The dialogue as grammY runs it: one wait and one effect, so that a replay has next to nothing to repeat. Whatever is not an
 * answer to its card goes on to the other handlers, commands above all.
 */
export function runDialogue(
  dialogue: Dialogue,
  services: Services,
): ConversationBuilder<BotContext, Context> {
  return async (conversation: Conversation<BotContext, Context>, _entered, stored: StoredCard) => {
    const heard = await conversation.wait();
    const choice = choiceOf(heard, stored, dialogue);
    if (choice === undefined) return conversation.skip({ next: true });
    await conversation.external((ctx) => settle(dialogue, services, { ctx, stored, choice }));
  };
}

function choiceOf(heard: Context, card: StoredCard, dialogue: Dialogue): Verb | undefined {
  if (heard.from?.id !== card.by) return undefined;
  const tap = parseCallbackData(heard.callbackQuery?.data ?? '');
  if (tap !== undefined) {
    return tap.id === card.id && card.choices.includes(tap.verb) ? tap.verb : undefined;
  }
  const { message } = heard;
  // What somebody else wrote, or a note under another message, is no answer to this card.
  const answers = message?.reply_to_message?.message_id ?? card.messageId;
  if (message?.forward_origin !== undefined || answers !== card.messageId) return undefined;
  // Written before the card was there, it was meant for something else.
  if (message !== undefined && message.message_id < card.messageId) return undefined;
  const typed = dialogue.typed[message?.text?.trim().toLowerCase() ?? ''];
  return typed !== undefined && card.choices.includes(typed) ? typed : undefined;
}

async function settle(
  dialogue: Dialogue,
  services: Services,
  heard: { ctx: BotContext; stored: StoredCard; choice: Verb },
): Promise<void> {
  const { ctx, stored, choice } = heard;
  await answer(ctx);
  await services.cards.forget(ctx.chatId);
  const age = services.wallNow() - stored.shownAt;
  if (choice !== 'b' && dialogue.validMs !== undefined && age > dialogue.validMs) {
    await rewrite(ctx, { messageId: stored.messageId, text: linesOf([dialogue.tooOld]) });
    return;
  }
  try {
    await dialogue.carryOut({ ctx, services, card: stored, choice, by: stored.by });
  } catch (error) {
    await dropButtons(ctx, stored.messageId);
    throw error;
  }
}
