import { readStress } from '../../app/read-stress.ts';
import { reply } from '../reply.ts';
import { sceneOf } from '../views/footer.ts';
import { stressView } from '../views/stress.ts';
import type { Command } from './command.ts';

export const stress: Command = {
  name: 'stress',
  description: 'what a crash, a gap and funding would cost you',
  access: 'owner',
  takes: 'nothing',
  when: 'any-time',
  handle: async ({ ctx, services: { ports, digits } }) => {
    const [reading, list] = await Promise.all([readStress(ports), digits()]);
    await reply(ctx, stressView(reading, list, sceneOf(ports)));
  },
};
