import { readPositions } from '../../app/views/read-positions.ts';
import { withRefresh } from '../menus/menu.ts';
import { managePositions } from '../menus/position-menu.ts';
import { reply } from '../reply.ts';
import { sceneOf } from '../views/footer.ts';
import { positionsView } from '../views/positions.ts';
import type { Command } from './command.ts';

export const positions: Command = {
  name: 'positions',
  description: 'open positions with stop, target and liquidation',
  access: 'owner',
  takes: 'nothing',
  when: 'any-time',
  aliases: ['count', 'executors'],
  alsoMeant: ['stops', 'targets', 'trails'],
  handle: async ({ ctx, services: { ports, digits }, page = 0 }) => {
    const [reading, list] = await Promise.all([readPositions(ports), digits()]);
    const all = reading.kind === 'unavailable' ? [] : reading.value.positions;
    const view = positionsView(reading, { digits: list, scene: sceneOf(ports), page });
    const open = all.map(({ position }) => position);
    const keyboard = managePositions(open, { name: 'positions', page });
    await reply(ctx, view, withRefresh('positions', keyboard, page));
  },
};
