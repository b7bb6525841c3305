import { InlineKeyboard } from 'grammy';
import { readStatus, type StatusView } from '../../app/views/read-status.ts';
import { callbackData } from '../callback-data.ts';
import { withRefresh } from '../menus/menu.ts';
import { reply } from '../reply.ts';
import { policyLine } from '../views/policy.ts';
import { statusView } from '../views/status.ts';
import type { Command } from './command.ts';

export const status: Command = {
  name: 'status',
  description: 'trading mode, limits, health',
  access: 'owner',
  takes: 'nothing',
  when: 'any-time',
  aliases: ['health', 'version'],
  handle: async ({ ctx, services }) => {
    const { ports } = services;
    const [view, policy] = await Promise.all([
      readStatus(ports),
      ports.policies.read().catch(() => 'unreadable' as const),
    ]);
    await reply(
      ctx,
      statusView(view, policyLine(policy)),
      withRefresh('status', questionsOf(view)),
    );
  },
};

/** The questions under the figures too: their own messages may be far up in the chat. */
function questionsOf({ questions }: StatusView): InlineKeyboard | undefined {
  if (questions.length === 0) return undefined;
  const keyboard = new InlineKeyboard();
  for (const { id } of questions) {
    keyboard
      .text('I took it out', callbackData('y', id))
      .text('Not me', callbackData('n', id))
      .row();
  }
  return keyboard;
}
