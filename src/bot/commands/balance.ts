import { readAccount } from '../../app/reading/read-account.ts';
import { readMode } from '../../app/views/read-status.ts';
import { withRefresh } from '../menus/menu.ts';
import { reply } from '../reply.ts';
import { balanceView } from '../views/balance.ts';
import { sceneOf } from '../views/footer.ts';
import type { Command } from './command.ts';

export const balance: Command = {
  name: 'balance',
  description: 'equity, free balance, open profit and loss',
  access: 'owner',
  takes: 'nothing',
  when: 'any-time',
  aliases: ['portfolio', 'wallet'],
  handle: async ({ ctx, services: { ports } }) => {
    const [reading, mode] = await Promise.all([readAccount(ports), readMode(ports)]);
    await reply(ctx, balanceView(reading, mode, sceneOf(ports)), withRefresh('balance'));
  },
};
