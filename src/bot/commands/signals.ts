import { reasonOf } from '../../app/reading/reading.ts';
import { withRefresh } from '../menus/menu.ts';
import { reply } from '../reply.ts';
import { sceneOf } from '../views/footer.ts';
import { signalsView } from '../views/signals.ts';
import type { Command } from './command.ts';

export const signals: Command = {
  name: 'signals',
  description: 'what the last scan found and what waits for you',
  access: 'owner',
  takes: 'nothing',
  when: 'any-time',
  handle: async ({ ctx, services: { ports } }) => {
    const [scan, pending] = await Promise.all([
      ports.scans.latest().catch(reasonOf),
      ports.proposals.withStatus('pending').catch(reasonOf),
    ]);
    await reply(ctx, signalsView({ scan, pending }, sceneOf(ports)), withRefresh('signals'));
  },
};
