import { askToFlatten } from '../dialogues/ask-to-flatten.ts';
import type { Command } from './command.ts';

/** One confirmation, then everything is closed and the checklist is edited until the exchange says flat. Words are ignored. */
export const panic: Command = {
  name: 'panic',
  description: 'close everything, after one confirmation',
  access: 'owner',
  takes: 'any',
  when: 'ends-dialogue',
  handle: ({ ctx, services }) => askToFlatten(ctx, services, true),
};
