import { readEvidence } from '../../app/views/read-evidence.ts';
import { weeksPicture } from '../charts/weeks-chart.ts';
import { reliabilityPicture } from '../charts/reliability-chart.ts';
import { reply } from '../reply.ts';
import { evidenceView } from '../views/evidence.ts';
import { sceneOf } from '../views/footer.ts';
import type { Command } from './command.ts';
import { sendPicture } from './send-picture.ts';

export const evidence: Command = {
  name: 'evidence',
  description: 'what the signals of each strategy did, taken or not',
  access: 'owner',
  takes: 'nothing',
  when: 'any-time',
  handle: async (call) => {
    const { ports } = call.services;
    const found = await readEvidence(ports);
    await reply(call.ctx, evidenceView(found, sceneOf(ports)));
    if (found.rows.length === 0) return;
    sendPicture(call, 'evidence', (theme) => reliabilityPicture(found, theme));
    const { pushed } = found;
    const weeks = found.weekly.filter(({ strategy }) => strategy === pushed);
    if (pushed === undefined || weeks.length === 0) return;
    sendPicture(call, 'weeks', (theme) => weeksPicture(pushed, weeks, theme));
  },
};
