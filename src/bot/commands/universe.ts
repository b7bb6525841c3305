import { readUniverse } from '../../app/views/read-universe.ts';
import { withRefresh } from '../menus/menu.ts';
import { reply } from '../reply.ts';
import { sceneOf } from '../views/footer.ts';
import { universeView } from '../views/universe.ts';
import type { Command } from './command.ts';

export const universe: Command = {
  name: 'universe',
  description: 'what is scanned, and why a symbol is not: /universe SOL',
  access: 'owner',
  takes: 'any',
  when: 'any-time',
  aliases: ['whitelist', 'blacklist'],
  handle: async ({ ctx, services: { ports }, words }) => {
    const keyboard = words === '' ? withRefresh('universe') : undefined;
    await reply(ctx, universeView(await readUniverse(ports, words), sceneOf(ports)), keyboard);
  },
};
