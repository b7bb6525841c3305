import { InlineKeyboard } from 'grammy';
import { readPositions } from '../../app/views/read-positions.ts';
import { pageRow, withRefresh } from '../menus/menu.ts';
import { managePositions } from '../menus/position-menu.ts';
import { reply } from '../reply.ts';
import { sceneOf } from '../views/footer.ts';
import { PER_PAGE, positionsView } from '../views/positions.ts';
import type { Command } from './command.ts';

export const positions: Command = {
  name: 'positions',
  description: 'open positions with stop, target and liquidation',
  access: 'owner',
  takes: 'nothing',
  when: 'any-time',
  aliases: ['count', 'executors'],
  handle: async ({ ctx, services: { ports, digits }, page: asked = 0 }) => {
    const [reading, list] = await Promise.all([readPositions(ports), digits()]);
    const all = reading.kind === 'unavailable' ? [] : reading.value.positions;
    const pages = Math.max(1, Math.ceil(all.length / PER_PAGE));
    const page = Math.min(asked, pages - 1);
    const shown = all.slice(page * PER_PAGE, (page + 1) * PER_PAGE);
    const view = positionsView(reading, { digits: list, scene: sceneOf(ports), page });
    const manage = managePositions(shown.map(({ position }) => position));
    const keyboard = InlineKeyboard.from([
      ...(manage?.inline_keyboard ?? []),
      ...(pageRow('positions', { page, pages })?.inline_keyboard ?? []),
    ]);
    await reply(ctx, view, withRefresh('positions', keyboard, page));
  },
};
