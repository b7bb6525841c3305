import { InlineKeyboard } from 'grammy';
import { readUniverse } from '../../app/views/read-universe.ts';
import { pageRow, withRefresh } from '../menus/menu.ts';
import { reply } from '../reply.ts';
import { sceneOf } from '../views/footer.ts';
import { universePages, universeView } from '../views/universe.ts';
import type { Command } from './command.ts';

export const universe: Command = {
  name: 'universe',
  description: 'what is scanned, and why a symbol is not: /universe SOL',
  access: 'owner',
  takes: 'any',
  when: 'any-time',
  aliases: ['whitelist', 'blacklist'],
  alsoMeant: ['scan', 'scanner'],
  handle: async ({ ctx, services: { ports }, words, page }) => {
    const reading = await readUniverse(ports, words);
    const at = universePages(reading, page);
    const keyboard =
      words === ''
        ? withRefresh('universe', InlineKeyboard.from(pageRow('universe', at)), at.page)
        : undefined;
    await reply(ctx, universeView(reading, at.page, sceneOf(ports)), keyboard);
  },
};
