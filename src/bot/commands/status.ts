import { readStatus } from '../../app/read-status.ts';
import { reply } from '../reply.ts';
import { statusView } from '../views/status.ts';
import type { Command } from './command.ts';

export const status: Command = {
  name: 'status',
  description: 'trading mode, limits, health',
  access: 'owner',
  takes: 'nothing',
  when: 'any-time',
  handle: async ({ ctx, services }) => {
    await reply(ctx, statusView(await readStatus(services.ports), services.health()));
  },
};
