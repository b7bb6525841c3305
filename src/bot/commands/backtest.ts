import { InlineKeyboard } from 'grammy';
import { askBacktest } from '../../app/views/ask-backtest.ts';
import { rowsOf, sayButton } from '../menus/menu.ts';
import { reply } from '../reply.ts';
import { backtestView } from '../views/backtest.ts';
import { linesOf } from '../views/fit.ts';
import { sceneOf } from '../views/footer.ts';
import type { Command } from './command.ts';

export const backtest: Command = {
  name: 'backtest',
  description: 'what the strategy would have done: /backtest quick',
  access: 'owner',
  takes: 'any',
  when: 'any-time',
  handle: async ({ ctx, services, words }) => {
    const { ports, backtests, log, safe, wallNow } = services;
    const answer = await askBacktest(ports, words);
    if (answer.kind === 'refused') {
      const buttons = answer.presets.map((each) => sayButton(each, 'backtest', each));
      const keyboard = buttons.length === 0 ? undefined : InlineKeyboard.from(rowsOf(buttons, 2));
      await reply(ctx, linesOf(answer.lines), keyboard);
      return;
    }
    const { id, preset } = answer;
    const messageId = await reply(ctx, backtestView(preset, undefined, sceneOf(ports)));
    if (ctx.chatId === undefined) return;
    const message = { id, preset, chatId: ctx.chatId, messageId, askedAt: wallNow() };
    await ports.backtests?.addPending(message).catch((error: unknown) => {
      log.warn('a restart will not know of a backtest', { error: safe(error) });
    });
    backtests.follow(message);
  },
};
