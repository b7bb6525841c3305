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
  handle: async ({ ctx, services: { ports, digits }, words, page }) => {
    const [reading, list] = await Promise.all([readPosition(ports, words), digits()]);
    const { found, open } =
      reading.kind === 'unavailable' ? { found: [], open: [] } : reading.value;
    const shown = found.length > 0 ? found.map(({ view }) => view.position) : open;
    const text = positionView({ text: words, reading, page }, list, sceneOf(ports));
    await reply(ctx, text, managePositions(shown, { name: 'position', page }));
  },
};
