import { replyKeyboard } from '../menus/reply-keyboard.ts';
import { reply } from '../reply.ts';
import { sceneOf } from '../views/footer.ts';
import { helpView } from '../views/help.ts';
import type { Command } from './command.ts';

export const help: Command = {
  name: 'help',
  description: 'what I can do',
  access: 'owner',
  takes: 'nothing',
  when: 'any-time',
  handle: async ({ ctx, services }) => {
    await reply(
      ctx,
      helpView('What I can do', services.commands, sceneOf(services.ports)),
      replyKeyboard(),
    );
  },
};
