import { answerSize } from '../../app/views/answer-size.ts';
import { reply } from '../reply.ts';
import { sceneOf } from '../views/footer.ts';
import { sizeView } from '../views/size.ts';
import type { Command } from './command.ts';

export const size: Command = {
  name: 'size',
  description: 'how large a trade may be: /size BTC 65000 63900',
  access: 'owner',
  takes: 'any',
  when: 'any-time',
  handle: async ({ ctx, services: { ports, digits }, words }) => {
    const [result, list] = await Promise.all([answerSize(ports, words), digits()]);
    await reply(ctx, sizeView(result, list, sceneOf(ports)));
  },
};
