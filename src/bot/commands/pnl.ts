import { readPnl } from '../../app/views/read-pnl.ts';
import { equityPicture } from '../charts/equity-chart.ts';
import { withRefresh } from '../menus/menu.ts';
import { reply } from '../reply.ts';
import { sceneOf } from '../views/footer.ts';
import { pnlView } from '../views/pnl.ts';
import type { Command } from './command.ts';
import { sendPicture } from './send-picture.ts';

export const pnl: Command = {
  name: 'pnl',
  description: 'results of today, 7 and 30 days, with costs',
  access: 'owner',
  takes: 'nothing',
  when: 'any-time',
  aliases: ['profit'],
  handle: async (call) => {
    const reading = await readPnl(call.services.ports);
    await reply(call.ctx, pnlView(reading, sceneOf(call.services.ports)), withRefresh('pnl'));
    if (reading.kind === 'unavailable' || reading.value.history.points.length < 2) return;
    const { history } = reading.value;
    sendPicture(call, 'equity', (theme) => equityPicture({ ...history, title: 'Equity' }, theme));
  },
};
