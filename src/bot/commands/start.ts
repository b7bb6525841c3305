import { replyKeyboard } from '../menus/reply-keyboard.ts';
import { reply } from '../reply.ts';
import { sceneOf } from '../views/footer.ts';
import { helpView } from '../views/help.ts';
import type { Command } from './command.ts';

export const start: Command = {
  name: 'start',
  description: 'say hello',
  access: 'owner',
  takes: 'any',
  when: 'any-time',
  handle: async ({ ctx, services }) => {
    await reply(
      ctx,
      helpView('Vigil is on watch.', services.commands, sceneOf(services.ports)),
      replyKeyboard(),
    );
  },
};
