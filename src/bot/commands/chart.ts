import { coinsAtHand } from '../../app/reading/coins-at-hand.ts';
import { CHART_EXAMPLE } from '../../app/views/read-chart.ts';
import { showChart } from '../menus/chart-menu.ts';
import { coinButtons } from '../menus/menu.ts';
import { reply } from '../reply.ts';
import { countOf, pageOf } from '../../domain/words/pages.ts';
import { linesOf } from '../views/fit.ts';
import type { Command } from './command.ts';

export const chart: Command = {
  name: 'chart',
  description: 'candles of a coin with your position in it: /chart BTC 4h',
  access: 'owner',
  takes: 'any',
  when: 'any-time',
  alsoMeant: ['graph', 'candles', 'plot'],
  handle: async ({ ctx, services, words, page }) => {
    if (words !== '') return showChart(services, ctx, words);
    const coins = await coinsAtHand(services.ports);
    const text = linesOf([`Which coin? ${CHART_EXAMPLE}`, ...countOf(pageOf(coins, page))]);
    await reply(ctx, text, coinButtons('chart', coins, page));
  },
};
