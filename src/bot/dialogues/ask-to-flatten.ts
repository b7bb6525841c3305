import { InlineKeyboard } from 'grammy';
import { previewFlatten } from '../../app/halt/halt.ts';
import { reasonOf } from '../../app/reading/reading.ts';
import { callbackData } from '../callback-data.ts';
import { openDialogue } from './dialogue.ts';
import { FLATTEN } from './names.ts';
import { reply } from '../reply.ts';
import type { BotContext, Services } from '../services.ts';
import { plain } from '../views/fit.ts';
import { sceneOf } from '../views/footer.ts';
import { flattenView } from '../views/halt.ts';

/** Shows exactly what would be cancelled or closed, and asks. A list that cannot be read is no reason to refuse. */
export async function askToFlatten(
  ctx: BotContext,
  { ports, wallNow }: Services,
  closePositions: boolean,
): Promise<void> {
  if (ports.trading === undefined) {
    await reply(ctx, plain('This is watch mode: Vigil cannot cancel or close anything.'));
    return;
  }
  const shownAt = wallNow();
  const preview = await previewFlatten(ports).catch(reasonOf);
  const id = ports.nonce();
  const keyboard = new InlineKeyboard()
    .text(closePositions ? 'Confirm: close all' : 'Confirm: cancel orders', callbackData('f', id))
    .text('Cancel', callbackData('b', id));
  const view = flattenView(preview, closePositions, sceneOf(ports));
  const messageId = await reply(ctx, view, keyboard);
  await openDialogue(ctx, FLATTEN, { id, messageId, shownAt, choices: ['f', 'b'], closePositions });
}
