import type { FormattedString } from '@grammyjs/parse-mode';
import { InlineKeyboard } from 'grammy';
import { readTrades, type TradesView } from '../../app/views/read-trades.ts';
import type { Reading } from '../../app/reading/reading.ts';
import { callbackData } from '../callback-data.ts';
import { answer, reply, rewrite } from '../reply.ts';
import type { BotContext, Services } from '../services.ts';
import { plain } from '../views/fit.ts';
import { sceneOf } from '../views/footer.ts';
import { pagesOf, tradesView, type TradesList, type TradesPage } from '../views/trades.ts';
import type { Command, CommandCall } from './command.ts';

export const trades: Command = {
  name: 'trades',
  description: 'what was closed in 90 days, one by one: /trades BTC',
  access: 'owner',
  takes: 'any',
  when: 'any-time',
  aliases: ['history', 'entries', 'exits'],
  alsoMeant: ['closed', 'closes', 'orders', 'partials'],
  handle: (call) => show(call, 'trades'),
};

export const performance: Command = {
  name: 'performance',
  description: 'what was closed in 90 days, summed by coin',
  access: 'owner',
  takes: 'any',
  when: 'any-time',
  aliases: ['stats'],
  alsoMeant: ['results'],
  handle: (call) => show(call, 'coins'),
};

async function show({ ctx, services, words }: CommandCall, list: TradesList): Promise<void> {
  const page = await pageOf(services, words, { list, page: 0 });
  if (page !== undefined) {
    await reply(ctx, page.text, page.keyboard);
    return;
  }
  await reply(ctx, plain(`Nothing called "${words.slice(0, 32)}" was closed in the last 90 days.`));
}

/** One page as it is now, or the last one there is; undefined where nothing of that name was closed. */
async function pageOf(
  { ports, digits }: Services,
  about: string,
  { list, page }: TradesPage,
): Promise<{ readonly text: FormattedString; readonly keyboard?: InlineKeyboard } | undefined> {
  const [reading, all] = await Promise.all([readTrades(ports, about), digits()]);
  if (!isFound(reading)) return undefined;
  const last = reading.kind === 'unavailable' ? 0 : pagesOf(reading.value, list) - 1;
  const at = { list, page: Math.min(page, last) };
  const text = tradesView(reading, at, { digits: all, scene: sceneOf(ports) });
  const keyboard = keyboardOf(reading, at);
  return keyboard === undefined ? { text } : { text, keyboard };
}

const isFound = (reading: Reading<TradesView | 'unknown'>): reading is Reading<TradesView> =>
  reading.kind === 'unavailable' || reading.value !== 'unknown';

/** Pages and the other list, for the same contract. */
function keyboardOf(reading: Reading<TradesView>, at: TradesPage): InlineKeyboard | undefined {
  if (reading.kind === 'unavailable' || reading.value.trades.length === 0) return undefined;
  const { symbol } = reading.value;
  const button = (text: string, list: TradesList, page: number) =>
    InlineKeyboard.text(
      text,
      callbackData('l', [list, page, ...(symbol === undefined ? [] : [symbol])].join('-')),
    );
  const { list, page } = at;
  const pages = pagesOf(reading.value, list);
  const other = list === 'trades' ? 'coins' : 'trades';
  return InlineKeyboard.from([
    [
      ...(page > 0 ? [button('◀ Newer', list, page - 1)] : []),
      ...(page + 1 < pages ? [button('Older ▶', list, page + 1)] : []),
    ],
    [button(other === 'coins' ? 'By coin' : 'One by one', other, 0)],
  ]);
}

const ID = /^(trades|coins)-(\d{1,5})(?:-([A-Z0-9]{1,32}))?$/;

/** A tap under one of the two lists: the message shows that page as it is now. */
export async function turnTradesPage(
  services: Services,
  ctx: BotContext,
  id: string,
): Promise<void> {
  const [, list, asked, symbol = ''] = ID.exec(id) ?? [];
  const messageId = ctx.callbackQuery?.message?.message_id;
  await answer(ctx);
  if ((list !== 'trades' && list !== 'coins') || messageId === undefined) return;
  const page = await pageOf(services, symbol, { list, page: Number(asked) });
  if (page !== undefined) await rewrite(ctx, { messageId, ...page });
}
