import { InlineKeyboard } from 'grammy';
import { reasonOf } from '../../app/reading/reading.ts';
import { chartButton } from '../menus/chart-menu.ts';
import { pageRow, withRefresh } from '../menus/menu.ts';
import { reply } from '../reply.ts';
import { sceneOf } from '../views/footer.ts';
import { pendingOnPage, signalsView } from '../views/signals.ts';
import type { Command } from './command.ts';

export const signals: Command = {
  name: 'signals',
  description: 'what the last scan found and what waits for you',
  access: 'owner',
  takes: 'nothing',
  when: 'any-time',
  alsoMeant: ['score', 'scores'],
  handle: async ({ ctx, services: { ports }, page }) => {
    const [scan, pending] = await Promise.all([
      ports.scans.latest().catch(reasonOf),
      ports.proposals.withStatus('pending').catch(reasonOf),
    ]);
    const input = { scan, pending };
    const at = pendingOnPage(input, page);
    const keyboard = InlineKeyboard.from([
      ...at.shown.map(({ signal }) => [chartButton(signal.symbol)]),
      ...pageRow('signals', at),
    ]);
    const view = signalsView(input, page, sceneOf(ports));
    await reply(ctx, view, withRefresh('signals', keyboard, at.page));
  },
};
