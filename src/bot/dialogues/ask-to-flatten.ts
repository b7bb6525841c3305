import { InlineKeyboard } from 'grammy';
import { previewFlatten } from '../../app/halt/halt.ts';
import { reasonOf } from '../../app/reading/reading.ts';
import { callbackData } from '../callback-data.ts';
import { openDialogue } from './dialogue.ts';
import { flattenDialogue } from './flatten.ts';
import { reply } from '../reply.ts';
import type { BotContext, Services } from '../services.ts';
import { plain } from '../views/fit.ts';
import { sceneOf } from '../views/footer.ts';
import { closeOneView, flattenView } from '../views/halt.ts';
import { answers } from '../menus/menu.ts';

/** Shows exactly what would be cancelled or closed, and asks. A list that cannot be read is no reason to refuse. */
export async function askToFlatten(
  ctx: BotContext,
  services: Services,
  closePositions: boolean,
): Promise<void> {
  const { ports, wallNow } = services;
  if (ports.trading === undefined) {
    await reply(ctx, plain('This is watch mode: Vigil cannot cancel or close anything.'));
    return;
  }
  const shownAt = wallNow();
  const preview = await previewFlatten(ports).catch(reasonOf);
  const id = ports.nonce();
  const keyboard = answers(
    InlineKeyboard.text(
      closePositions ? 'Confirm: close all' : 'Confirm: cancel orders',
      callbackData('f', id),
    ),
    InlineKeyboard.text('Cancel', callbackData('b', id)),
  );
  const view = flattenView(preview, closePositions, sceneOf(ports));
  const messageId = await reply(ctx, view, keyboard);
  const card = { id, messageId, shownAt, choices: ['f', 'b'] as const, closePositions };
  await openDialogue({ ctx, services }, flattenDialogue, card);
}

/** Asks before one position is closed. Closing it pauses new trades and cancels entry orders, as every close by Vigil does. */
export async function askToClosePosition(
  ctx: BotContext,
  services: Services,
  about: string,
): Promise<void> {
  const { ports, wallNow } = services;
  if (ports.trading === undefined) {
    await reply(
      ctx,
      plain('This is watch mode: Vigil cannot close anything. Close it at the exchange.'),
    );
    return;
  }
  const shownAt = wallNow();
  const read = await ports.account.positions().catch(reasonOf);
  const found = typeof read === 'string' ? read : read.find((each) => each.id === about);
  if (found === undefined) {
    await reply(ctx, plain('That position is not open any more. /positions shows what is.'));
    return;
  }
  const id = ports.nonce();
  const keyboard = answers(
    InlineKeyboard.text('Confirm: close it', callbackData('f', id)),
    InlineKeyboard.text('Cancel', callbackData('b', id)),
  );
  const messageId = await reply(ctx, closeOneView(found, sceneOf(ports)), keyboard);
  const card = { id, messageId, shownAt, choices: ['f', 'b'] as const, closePositions: true };
  await openDialogue({ ctx, services }, flattenDialogue, { ...card, about });
}
