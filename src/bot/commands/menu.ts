import { menuKeyboard } from '../menus/menu.ts';
import { reply } from '../reply.ts';
import { plain } from '../views/fit.ts';
import type { Command } from './command.ts';

/** Every command by taps. */
export const menu: Command = {
  name: 'menu',
  description: 'everything by taps',
  access: 'owner',
  takes: 'nothing',
  when: 'any-time',
  alsoMeant: ['commands', 'buttons', 'settings'],
  handle: async ({ ctx }) => {
    await reply(ctx, plain('What do you want to see or to change?'), menuKeyboard());
  },
};
