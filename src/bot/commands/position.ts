import { readPosition } from '../../app/views/read-position.ts';
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
    await reply(ctx, positionView({ text: words, reading }, list, sceneOf(ports)));
  },
};
