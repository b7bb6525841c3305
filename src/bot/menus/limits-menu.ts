import { InlineKeyboard } from 'grammy';
import { readLimitChoices } from '../../app/limits/limit-presets.ts';
import { readLimits, type LimitLine } from '../../app/limits/read-limits.ts';
import { callbackData } from '../callback-data.ts';
import { askForLimit } from '../dialogues/limit.ts';
import { answer, rewrite } from '../reply.ts';
import type { BotContext, Services } from '../services.ts';
import { plain } from '../views/fit.ts';
import { sceneOf } from '../views/footer.ts';
import { limitView } from '../views/limits.ts';
import { rowsOf } from './menu.ts';

const button = (text: string, id: string) => InlineKeyboard.text(text, callbackData('j', id));
const ID = /^([A-Za-z]+)-(\d{1,3})(?:-(\d))?$/;

/** Limits on one screen. */
const PER_PAGE = 12;

/** One page of the limits: first those of which something is used, then the others. A page after the last one is the last one. */
export function limitsOnPage(lines: readonly LimitLine[], asked: number) {
  const used = lines.filter((each) => each.use !== undefined);
  const rest = lines.filter((each) => each.use === undefined);
  const pages = 1 + Math.ceil(rest.length / PER_PAGE);
  const page = Math.min(asked, pages - 1);
  const shown = page === 0 ? used : rest.slice((page - 1) * PER_PAGE, page * PER_PAGE);
  return { lines: shown, page, pages };
}

/** Leads to the limits of a page, by name. */
export const chooseRow = (page: number) => [button('Change one', `choose-${page}`)];

const backRow = (page: string) => [
  InlineKeyboard.text('Back', callbackData('u', `again-limits-${page}`)),
];

/** The limits of a page in the place of it: a tap on one leads to its values. */
async function chooseLimit(
  { ports }: Services,
  ctx: BotContext,
  on: { readonly messageId: number; readonly page: string },
): Promise<void> {
  const { lines, page } = limitsOnPage(await readLimits(ports), Number(on.page));
  const all = lines.map(({ id, label }) => button(label, `${id}-${page}`));
  const keyboard = InlineKeyboard.from([...rowsOf(all, 2), backRow(on.page)]);
  const text = plain('Which limit shall be changed? I ask before anything changes.');
  await rewrite(ctx, { messageId: on.messageId, text, keyboard });
}

/** A tap that changes a limit: which page, which limit, which of its values; that one is asked about like one that was written. */
export async function turnLimit(
  services: Services,
  ctx: BotContext,
  tapped: string,
): Promise<void> {
  const [, name = '', page = '0', choice] = ID.exec(tapped) ?? [];
  const messageId = ctx.callbackQuery?.message?.message_id;
  await answer(ctx);
  if (messageId === undefined) return;
  if (name === 'choose') return chooseLimit(services, ctx, { messageId, page });
  const limit = await readLimitChoices(services.ports, name);
  if (limit === undefined) return;
  const chosen = choice === undefined ? undefined : limit.presets[Number(choice)];
  if (chosen !== undefined) {
    await askForLimit({ ctx, services, words: chosen.words });
    return;
  }
  const keyboard = InlineKeyboard.from([
    limit.presets.map(({ value }, index) => button(value, `${name}-${page}-${index}`)),
    backRow(page),
  ]);
  await rewrite(ctx, { messageId, text: limitView(limit, sceneOf(services.ports)), keyboard });
}
