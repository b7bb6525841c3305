import { changeOwnAlerts } from '../../app/own-alerts/read-own-alert.ts';
import { ownAlertsKeyboard } from '../menus/own-alerts-menu.ts';
import { reply } from '../reply.ts';
import { plain } from '../views/fit.ts';
import { sceneOf } from '../views/footer.ts';
import { ownAlertsView, ownChangeText } from '../views/own-alerts.ts';
import type { Command } from './command.ts';

/** What the owner asks to be told of: a price, a move, a funding rate. */
export const alert: Command = {
  name: 'alert',
  description: 'tell me of a price, a move or funding: /alert BTC 60000',
  access: 'owner',
  takes: 'any',
  when: 'any-time',
  alsoMeant: ['remind', 'watch', 'notify'],
  handle: async ({ ctx, services, words }) => {
    const { ports } = services;
    const change = words === '' ? undefined : await changeOwnAlerts(ports, words);
    if (change !== undefined && 'refused' in change) {
      await reply(ctx, plain(change.refused));
      return;
    }
    const said = change === undefined ? undefined : ownChangeText(change);
    const own = await ports.ownAlerts.list();
    await reply(ctx, ownAlertsView(own, sceneOf(ports), said), ownAlertsKeyboard(own));
  },
};
