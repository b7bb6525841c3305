import { InlineKeyboard } from 'grammy';
import { changeOwnAlerts } from '../../app/own-alerts/read-own-alert.ts';
import { coinsAtHand } from '../../app/reading/coins-at-hand.ts';
import type { OwnAlert } from '../../app/ports/own-alert-store.ts';
import { price, ratio, scaleBy, toText, type Ratio } from '../../domain/money/money.ts';
import { callbackData } from '../callback-data.ts';
import { answer, rewrite } from '../reply.ts';
import type { BotContext, Services } from '../services.ts';
import { sceneOf } from '../views/footer.ts';
import { ownAlertsView, ownChangeText } from '../views/own-alerts.ts';
import { pageOf } from '../../domain/words/pages.ts';
import { rowsOf } from './menu.ts';

const button = (text: string, id: string) => InlineKeyboard.text(text, callbackData('q', id));

const ADD = button('Add one', 'add');
const BACK = button('Back', 'list');

/** Price moves that are offered, in thousandths of the price of now. */
const AWAY = [-50, -20, -10, 10, 20, 50] as const;

/** Under /alert: one to delete each, and one to add. */
export function ownAlertsKeyboard(own: readonly OwnAlert[]): InlineKeyboard {
  const deletes = own.map(({ id }) => button(`Delete ${id}`, `delete-${id}`));
  return InlineKeyboard.from([[ADD], ...rowsOf(deletes, 4)]);
}

/** A page of them; a tap leads to what can be asked of one. */
function symbolsKeyboard(symbols: readonly string[], asked: number): InlineKeyboard {
  const { shown, page, pages } = pageOf(symbols, asked);
  return InlineKeyboard.from([
    ...rowsOf(
      shown.map((each) => button(each, `of-${each}`)),
      2,
    ),
    [
      ...(page > 0 ? [button('Previous', `add-${page - 1}`)] : []),
      ...(page + 1 < pages ? [button('Next', `add-${page + 1}`)] : []),
      BACK,
    ],
  ]);
}

const awayText = (thousandths: number): string =>
  `${thousandths > 0 ? '+' : ''}${thousandths / 10} %`;

const conditionsKeyboard = (symbol: string): InlineKeyboard =>
  InlineKeyboard.from([
    AWAY.slice(0, 3).map((each) => button(`at ${awayText(each)}`, `at-${symbol}_${each}`)),
    AWAY.slice(3).map((each) => button(`at ${awayText(each)}`, `at-${symbol}_${each}`)),
    [
      button('-5 % within 1 h', `set-${symbol}_-5_1h`),
      button('+5 % within 1 h', `set-${symbol}_5_1h`),
    ],
    [button('funding at 0.1 %', `funding-${symbol}`)],
    [BACK],
  ]);

/** The words that a button stands for; undefined: it is a page. */
async function wordsOf(
  { ports }: Services,
  page: string,
  rest: string,
): Promise<string | undefined> {
  const [symbol = '', value = '', window = ''] = rest.split('_');
  if (page === 'delete') return `delete ${rest}`;
  if (page === 'funding') return `funding ${symbol} 0.1%`;
  if (page === 'set') return `${symbol} ${value}% ${window}`;
  if (page !== 'at') return undefined;
  const mark = (await ports.market.tickers()).find((each) => each.symbol === symbol)?.mark;
  if (mark === undefined) return `${symbol} ?`;
  const share = ratio(String(1 + Number(value) / 1_000)) as Ratio;
  return `${symbol} ${toText(price(roughly(toText(scaleBy(mark, share, 'half-even')))))}`;
}

/** Five digits that say something: nobody asks to be told at 60,123.4567. */
function roughly(text: string): string {
  const value = Number(text);
  const decimals = Math.max(0, 4 - Math.floor(Math.log10(value)));
  return value.toFixed(Math.min(12, decimals));
}

/** A tap under /alert: a page of buttons, or a change. */
export async function turnOwnAlerts(
  services: Services,
  ctx: BotContext,
  id: string,
): Promise<void> {
  const { ports } = services;
  const [, page = 'list', rest = ''] = /^([a-z]+)(?:-(.+))?$/.exec(id) ?? [];
  const words = await wordsOf(services, page, rest);
  const change = words === undefined ? undefined : await changeOwnAlerts(ports, words);
  await answer(ctx);
  const messageId = ctx.callbackQuery?.message?.message_id;
  if (messageId === undefined) return;
  const own = await ports.ownAlerts.list();
  const said = change === undefined ? undefined : ownChangeText(change);
  const text = ownAlertsView(own, sceneOf(ports), said);
  await rewrite(ctx, {
    messageId,
    text,
    keyboard: await keyboardOf(services, { page, rest, own }),
  });
}

async function keyboardOf(
  { ports }: Services,
  { page, rest, own }: { page: string; rest: string; own: readonly OwnAlert[] },
): Promise<InlineKeyboard> {
  if (page === 'of') return conditionsKeyboard(rest);
  if (page !== 'add') return ownAlertsKeyboard(own);
  return symbolsKeyboard(await coinsAtHand(ports), Number(rest) || 0);
}
