import { InputFile } from 'grammy';
import type { EquityHistory } from '../../app/ports/pictures.ts';
import { readPnl } from '../../app/views/read-pnl.ts';
import { withDeadline } from '../deadline.ts';
import { reply } from '../reply.ts';
import { fit, CAPTION_LIMIT, plain } from '../views/fit.ts';
import { sceneOf } from '../views/footer.ts';
import { pnlView } from '../views/pnl.ts';
import type { Command, CommandCall } from './command.ts';

const PICTURE_MS = 5_000;

export const pnl: Command = {
  name: 'pnl',
  description: 'results of today, 7 and 30 days, with costs',
  access: 'owner',
  takes: 'nothing',
  when: 'any-time',
  handle: async (call) => {
    const reading = await readPnl(call.services.ports);
    await reply(call.ctx, pnlView(reading, sceneOf(call.services.ports)));
    if (reading.kind !== 'unavailable' && reading.value.history.points.length > 1) {
      await sendEquity(call, reading.value.history);
    }
  },
};

/** The figures are already there; a picture that cannot be drawn is only logged. */
async function sendEquity({ ctx, services }: CommandCall, history: EquityHistory): Promise<void> {
  try {
    const picture = await withDeadline(services.pictures.equity(history), PICTURE_MS);
    await ctx.replyWithPhoto(new InputFile(picture.png, 'equity.png'), {
      caption: fit(plain(picture.caption), CAPTION_LIMIT).text,
    });
  } catch (error) {
    services.log.warn('the equity picture was not sent', { error: services.safe(error) });
  }
}
