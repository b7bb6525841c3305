import { tellStrategies } from '../menus/strategies-menu.ts';
import type { Command } from './command.ts';

/** Which strategies send cards, and what each is worth; words after it change that, as its buttons do. */
export const strategies: Command = {
  name: 'strategies',
  description: 'which signals are pushed, and what each strategy is worth',
  access: 'owner',
  takes: 'any',
  when: 'any-time',
  handle: ({ ctx, services, words }) => tellStrategies(services, ctx, words),
};
