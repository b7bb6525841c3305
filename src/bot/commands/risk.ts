import { readRisk } from '../../app/views/read-risk.ts';
import { limitsPicture } from '../charts/risk-chart.ts';
import { withRefresh } from '../menus/menu.ts';
import { reply } from '../reply.ts';
import { sceneOf } from '../views/footer.ts';
import { riskView } from '../views/risk.ts';
import type { Command } from './command.ts';
import { sendPicture } from './send-picture.ts';

export const risk: Command = {
  name: 'risk',
  description: 'what can be lost: at the stops, in a bad hour, at liquidation; limits',
  access: 'owner',
  takes: 'nothing',
  when: 'any-time',
  handle: async (call) => {
    const { ports } = call.services;
    const reading = await readRisk(ports);
    await reply(call.ctx, riskView(reading, sceneOf(ports)), withRefresh('risk'));
    if (reading.kind === 'unavailable' || reading.value.limits.length === 0) return;
    const { limits } = reading.value;
    sendPicture(call, 'limits', (theme) => limitsPicture(limits, theme));
  },
};
