import { readPosition } from '../../app/views/read-position.ts';
import { managePositions } from '../menus/position-menu.ts';
import { reply } from '../reply.ts';
import { sceneOf } from '../views/footer.ts';
import { positionView } from '../views/position.ts';
import type { Command } from './command.ts';

export const position: Command = {
  name: 'position',
  description: 'one position in full: /position BTC',
  access: 'owner',
  takes: 'any',
  when: 'any-time',
  handle: async ({ ctx, services: { ports, digits }, words }) => {
    const [reading, list] = await Promise.all([readPosition(ports, words), digits()]);
    const found =
      reading.kind === 'unavailable' ? [] : reading.value.found.map(({ view }) => view.position);
    const view = positionView({ text: words, reading }, list, sceneOf(ports));
    await reply(ctx, view, managePositions(found));
  },
};
