import { InlineKeyboard } from 'grammy';
import { readLimitChoices } from '../../app/limits/limit-presets.ts';
import type { LimitLine } from '../../app/limits/read-limits.ts';
import { callbackData } from '../callback-data.ts';
import { askForLimit } from '../dialogues/limit.ts';
import { answer, rewrite } from '../reply.ts';
import type { BotContext, Services } from '../services.ts';
import { sceneOf } from '../views/footer.ts';
import { limitView } from '../views/limits.ts';

const button = (text: string, id: string) => InlineKeyboard.text(text, callbackData('j', id));
const ID = /^([A-Za-z]+)-(\d{1,3})(?:-(\d))?$/;

/** A button a limit of this page: a tap leads to its values. */
export const limitButtons = (lines: readonly LimitLine[], page: number): InlineKeyboard => {
  const all = lines.map(({ id, label }) => button(label, `${id}-${page}`));
  return InlineKeyboard.from(
    Array.from({ length: Math.ceil(all.length / 2) }, (_, row) => all.slice(2 * row, 2 * row + 2)),
  );
};

/** A tap on a limit, or on one of its values: that one is asked about like one that was written. */
export async function turnLimit(
  services: Services,
  ctx: BotContext,
  tapped: string,
): Promise<void> {
  const [, name = '', page = '0', choice] = ID.exec(tapped) ?? [];
  const messageId = ctx.callbackQuery?.message?.message_id;
  await answer(ctx);
  const limit = await readLimitChoices(services.ports, name);
  if (limit === undefined || messageId === undefined) return;
  const chosen = choice === undefined ? undefined : limit.presets[Number(choice)];
  if (chosen !== undefined) {
    await askForLimit({ ctx, services, words: chosen.words });
    return;
  }
  const keyboard = InlineKeyboard.from([
    limit.presets.map(({ value }, index) => button(value, `${name}-${page}-${index}`)),
    [InlineKeyboard.text('Back', callbackData('u', `again-limits-${page}`))],
  ]);
  await rewrite(ctx, { messageId, text: limitView(limit, sceneOf(services.ports)), keyboard });
}
