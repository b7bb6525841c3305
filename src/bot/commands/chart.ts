import { showChart } from '../menus/chart-menu.ts';
import type { Command } from './command.ts';

export const chart: Command = {
  name: 'chart',
  description: 'candles of a coin with your position in it: /chart BTC 4h',
  access: 'owner',
  takes: 'any',
  when: 'any-time',
  alsoMeant: ['graph', 'candles', 'plot'],
  handle: ({ ctx, services, words }) => showChart(services, ctx, words),
};
