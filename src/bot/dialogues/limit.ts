import { InlineKeyboard } from 'grammy';
import { changeLimit, previewLimitChange } from '../../app/limits/change-limit.ts';
import { parseLimitRequest } from '../../app/limits/limit-request.ts';
import { readFit } from '../../app/limits/read-fit.ts';
import type { FitRequest } from '../../app/ports/fits.ts';
import { callbackData } from '../callback-data.ts';
import { reply, rewrite } from '../reply.ts';
import type { BotContext, Services } from '../services.ts';
import { plain } from '../views/fit.ts';
import { sceneOf } from '../views/footer.ts';
import { limitFitView } from '../views/limit-fit.ts';
import { limitCardView, limitChangedView } from '../views/limits.ts';
import { CARD_VALID_MS, openDialogue, TYPED, type Dialogue } from './dialogue.ts';
import { LIMIT } from './names.ts';
import { answers } from '../menus/menu.ts';

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
    'That is more than 5 minutes old, so nothing was changed. /limits shows the limits in force.',
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

/** Shows what a change that was written, or tapped, would do, and asks. */
export async function askForLimit({
  ctx,
  services,
  words,
}: {
  readonly ctx: BotContext;
  readonly services: Services;
  readonly words: string;
}): Promise<void> {
  const { ports } = services;
  const shownAt = services.wallNow();
  const request = parseLimitRequest(words);
  if (typeof request === 'string') {
    await reply(ctx, plain(request));
    return;
  }
  const change = await previewLimitChange(ports, request);
  if (change.kind === 'refused' || change.kind === 'same') {
    await reply(ctx, limitChangedView(change, sceneOf(ports)));
    return;
  }
  const id = ports.nonce();
  const keyboard = answers(
    InlineKeyboard.text(
      change.kind === 'waits' ? 'Confirm: looser in 12 h' : 'Confirm',
      callbackData('c', id),
    ),
    InlineKeyboard.text('Cancel', callbackData('b', id)),
  );
  const messageId = await reply(ctx, limitCardView(change, sceneOf(ports)), keyboard);
  if (change.kind === 'waits') {
    tellFit(services, ctx, { [request.id]: request.to });
  }
  const about = JSON.stringify({ words, shown: change.kind } satisfies Asked);
  await openDialogue({ ctx, services }, limitDialogue, {
    id,
    messageId,
    shownAt,
    choices: ['c', 'b'],
    about,
  });
}

/** Follows in a message of its own when it is known: nobody waits for it, and a loosening is judged with what it would be. */
export function tellFit(
  { countFits, ports, log, safe }: Services,
  ctx: BotContext,
  change?: Partial<FitRequest['limits']>,
): void {
  if (countFits === undefined) return;
  readFit(ports, countFits, change)
    .then((found) => reply(ctx, limitFitView(found, sceneOf(ports))))
    .catch((error: unknown) => log.warn('the fit was not told', { reason: safe(error) }));
}
