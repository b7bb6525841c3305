import { InlineKeyboard } from 'grammy';
import { setTelling } from '../../app/telling/change-telling.ts';
import { readAlerts } from '../../app/telling/read-alerts.ts';
import { alertsKeyboard } from '../menus/alerts-menu.ts';
import { pageRow } from '../menus/menu.ts';
import { reply } from '../reply.ts';
import { alertsView, statesOn } from '../views/alerts.ts';
import { plain } from '../views/fit.ts';
import { sceneOf } from '../views/footer.ts';
import type { Command } from './command.ts';

/** How the owner is told; words after it change that, as its buttons do. */
export const alerts: Command = {
  name: 'alerts',
  description: 'open alarms, what rings, quiet hours, time zone, light or dark pictures',
  access: 'owner',
  takes: 'any',
  when: 'any-time',
  alsoMeant: ['mute', 'quiet', 'notifications', 'timezone', 'settings', 'theme'],
  handle: async ({ ctx, services, words, page }) => {
    const { ports, voice, wallNow } = services;
    if (words !== '') {
      const { refused } = await setTelling(ports, words);
      if (refused !== undefined) {
        await reply(ctx, plain(refused));
        return;
      }
      await voice.refresh();
    }
    const settings = await ports.telling.settings();
    const read = await readAlerts(ports);
    const keyboard = InlineKeyboard.from([
      ...pageRow('alerts', statesOn(read, page)),
      ...alertsKeyboard(settings).inline_keyboard,
    ]);
    await reply(ctx, alertsView({ settings, read, page }, sceneOf(ports), wallNow()), keyboard);
  },
};
