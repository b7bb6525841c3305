import { InlineKeyboard } from 'grammy';
import { callbackData } from '../callback-data.ts';
import { pageOf } from '../../domain/words/pages.ts';

/** What each page of the menu leads to, by the names of the commands. */
export const MENU_PAGES: Readonly<Record<string, readonly string[]>> = {
  account: ['status', 'balance', 'positions', 'risk', 'exposure', 'stress', 'size'],
  manage: ['close', 'stop', 'target', 'breakeven', 'trail', 'scaleout', 'timestop', 'position'],
  signals: ['signals', 'chart', 'strategies', 'evidence', 'universe', 'backtest'],
  results: ['pnl', 'daily', 'weekly', 'monthly', 'trades', 'performance', 'export'],
  settings: ['limits', 'alerts', 'alert', 'policy', 'why', 'help'],
  brakes: ['halt', 'panic', 'resume', 'cancel'],
};

const button = (text: string, id: string) => InlineKeyboard.text(text, callbackData('u', id));
const titled = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** So many buttons stand side by side: with three the names broke on a phone. */
const WIDTH = 2;

/** Buttons in rows of that many. */
export function rowsOf<T>(each: readonly T[], width: number): T[][] {
  return Array.from({ length: Math.ceil(each.length / width) }, (_, row) =>
    each.slice(row * width, (row + 1) * width),
  );
}

/** Letters of a label for which half of a phone has room. */
const HALF = 16;

/** The buttons under a question: side by side where each label fits, else one below the other. */
export const answers = (
  ...buttons: readonly ReturnType<typeof InlineKeyboard.text>[]
): InlineKeyboard =>
  InlineKeyboard.from(
    rowsOf(buttons, buttons.every(({ text }) => text.length <= HALF) ? buttons.length : 1),
  );

/** The first page: one button a page. */
export const menuKeyboard = (): InlineKeyboard =>
  InlineKeyboard.from(
    rowsOf(
      Object.keys(MENU_PAGES).map((page) => button(titled(page), `page-${page}`)),
      WIDTH,
    ),
  );

/** The commands of one page, each a tap; undefined for a page that there is not. */
export function menuPage(page: string): InlineKeyboard | undefined {
  const names = MENU_PAGES[page];
  if (names === undefined) return undefined;
  const rows = rowsOf(
    names.map((name) => button(titled(name), `run-${name}`)),
    WIDTH,
  );
  return InlineKeyboard.from([...rows, [button('Back', 'page-first')]]);
}

/** [Refresh] as the last row: the same message, as it is then. */
export function withRefresh(name: string, keyboard?: InlineKeyboard, page = 0): InlineKeyboard {
  const rows = keyboard?.inline_keyboard ?? [];
  return InlineKeyboard.from([...rows, [button('Refresh', `again-${name}-${page}`)]]);
}

/** A tap that runs a command in a message of its own. */
export const runButton = (label: string, name: string) => button(label, `run-${name}`);

/** A tap that stands for the command with these words after it. */
export const sayButton = (label: string, name: string, words: string) =>
  button(label, `say-${name}-${words.replaceAll(' ', '_').replaceAll('%', 'pct')}`);

/** The words of such a button again. */
export const saidWords = (id: string): string => id.replaceAll('_', ' ').replaceAll('pct', '%');

/** A button for each of these contracts, a page of them: the command with that contract after it. */
export function coinButtons(
  name: string,
  symbols: readonly string[],
  asked: number | undefined,
): InlineKeyboard {
  const page = pageOf(symbols, asked);
  return InlineKeyboard.from([
    ...rowsOf(
      page.shown.map((each) => sayButton(each, name, each)),
      WIDTH,
    ),
    ...pageRow(name, page),
  ]);
}

/** The row of buttons to the pages beside this one; none where there is only one. */
export const pageRow = (
  name: string,
  { page, pages }: { readonly page: number; readonly pages: number },
): InlineKeyboard['inline_keyboard'] =>
  pages <= 1
    ? []
    : [
        [
          ...(page > 0 ? [button('Previous', `again-${name}-${page - 1}`)] : []),
          ...(page + 1 < pages ? [button('Next', `again-${name}-${page + 1}`)] : []),
        ],
      ];
