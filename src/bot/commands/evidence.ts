import { InlineKeyboard } from 'grammy';
import { readEvidence } from '../../app/views/read-evidence.ts';
import { weeksPicture } from '../charts/weeks-chart.ts';
import { reliabilityPicture } from '../charts/reliability-chart.ts';
import { pageRow, withRefresh } from '../menus/menu.ts';
import { reply } from '../reply.ts';
import { evidencePages, evidenceView } from '../views/evidence.ts';
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
    const pages = evidencePages(found);
    const page = Math.min(call.page ?? 0, pages - 1);
    const keyboard = withRefresh(
      'evidence',
      InlineKeyboard.from(pageRow('evidence', { page, pages })),
      page,
    );
    await reply(call.ctx, evidenceView(found, page, sceneOf(ports)), keyboard);
    // Looked at again, or turned over, the pictures stand above.
    if (found.rows.length === 0 || call.page !== undefined) return;
    sendPicture(call, 'evidence', (theme) => reliabilityPicture(found, theme));
    const { pushed } = found;
    const weeks = found.weekly.filter(({ strategy }) => strategy === pushed);
    if (pushed === undefined || weeks.length === 0) return;
    sendPicture(call, 'weeks', (theme) => weeksPicture(pushed, weeks, theme));
  },
};
