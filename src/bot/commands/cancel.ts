import { reply } from '../reply.ts';
import { plain } from '../views/fit.ts';
import type { Command } from './command.ts';

export const cancel: Command = {
  name: 'cancel',
  description: 'leave a question without an answer',
  access: 'owner',
  takes: 'nothing',
  when: 'ends-dialogue',
  handle: async ({ ctx }) => {
    await reply(ctx, plain('There is no open question. Nothing was ordered.'));
  },
};
