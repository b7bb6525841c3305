import { readStress } from '../../app/views/read-stress.ts';
import { stressPicture } from '../charts/stress-chart.ts';
import { withRefresh } from '../menus/menu.ts';
import { reply } from '../reply.ts';
import { sceneOf } from '../views/footer.ts';
import { stressView } from '../views/stress.ts';
import type { Command } from './command.ts';
import { sendPicture } from './send-picture.ts';

export const stress: Command = {
  name: 'stress',
  description: 'what a crash, a gap and funding would cost you',
  access: 'owner',
  takes: 'nothing',
  when: 'any-time',
  handle: async (call) => {
    const { ports, digits } = call.services;
    const [reading, list] = await Promise.all([readStress(ports), digits()]);
    await reply(call.ctx, stressView(reading, list, sceneOf(ports)), withRefresh('stress'));
    if (reading.kind === 'unavailable' || reading.value.positions.length === 0) return;
    const { shocks, gap, jump } = reading.value;
    const rows = [
      ...shocks,
      { ...gap, label: 'Stops 2 % too late' },
      { ...jump, label: 'Jump through the stops' },
    ];
    sendPicture(call, 'stress', (theme) => stressPicture(rows, theme));
  },
};
