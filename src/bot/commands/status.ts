import { readStatus } from '../../app/read-status.ts';
import { reply } from '../reply.ts';
import { policyLine } from '../views/policy.ts';
import { statusView } from '../views/status.ts';
import type { Command } from './command.ts';

export const status: Command = {
  name: 'status',
  description: 'trading mode, limits, health',
  access: 'owner',
  takes: 'nothing',
  when: 'any-time',
  handle: async ({ ctx, services }) => {
    const { ports } = services;
    const [view, policy] = await Promise.all([
      readStatus(ports),
      ports.policies.read().catch(() => 'unreadable' as const),
    ]);
    await reply(ctx, statusView(view, policyLine(policy)));
  },
};
