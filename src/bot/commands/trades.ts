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
  alsoMeant: ['history', 'closed', 'orders'],
  handle: (call) => show(call, 'trades'),
};

export const performance: Command = {
  name: 'performance',
  description: 'what was closed in 90 days, summed by coin',
  access: 'owner',
  takes: 'any',
  when: 'any-time',
  alsoMeant: ['profit', 'stats', 'results'],
  handle: (call) => show(call, 'coins'),
};

async function show({ ctx, services, words }: CommandCall, list: TradesList): Promise<void> {
  const [reading, digits] = await Promise.all([
    readTrades(services.ports, words),
    services.digits(),
  ]);
  if (!isFound(reading)) {
    await reply(
      ctx,
      plain(`Nothing called "${words.slice(0, 32)}" was closed in the last 90 days.`),
    );
    return;
  }
  const at = { list, page: 0 };
  const shown = { digits, scene: sceneOf(services.ports) };
  await reply(ctx, tradesView(reading, at, shown), keyboardOf(reading, at));
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
  const [reading, digits] = await Promise.all([
    readTrades(services.ports, symbol),
    services.digits(),
  ]);
  if (!isFound(reading)) return;
  const last = reading.kind === 'unavailable' ? 0 : pagesOf(reading.value, list) - 1;
  const at: TradesPage = { list, page: Math.min(Number(asked), last) };
  const shown = { digits, scene: sceneOf(services.ports) };
  const keyboard = keyboardOf(reading, at);
  await rewrite(ctx, {
    messageId,
    text: tradesView(reading, at, shown),
    ...(keyboard === undefined ? {} : { keyboard }),
  });
}
