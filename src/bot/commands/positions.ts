import { readPositions } from '../../app/views/read-positions.ts';
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
  handle: async ({ ctx, services: { ports, digits } }) => {
    const [reading, list] = await Promise.all([readPositions(ports), digits()]);
    const open =
      reading.kind === 'unavailable' ? [] : reading.value.positions.map(({ position }) => position);
    const view = positionsView(reading, list, sceneOf(ports));
    await reply(ctx, view, managePositions(open));
  },
};
