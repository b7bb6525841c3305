import { readClosedTrade } from '../../app/telling/closed-trade.ts';
import { whyAlert } from '../../app/telling/why-alert.ts';
import { catchUpLine } from '../views/alert.ts';
import { bold, linesOf, plain } from '../views/fit.ts';
import { footer, sceneOf } from '../views/footer.ts';
import { tradePicture } from '../charts/position-chart.ts';
import { reply } from '../reply.ts';
import type { Command } from './command.ts';
import { sendPicture } from './send-picture.ts';

const ASK = 'Which alert? Send its number, as in /why 128: it stands under each alert.';

/** Why an alert was told: its rule, its figures, and whether they give the same again. */
export const why: Command = {
  name: 'why',
  description: 'why an alert was told, in figures; a closed trade as a picture: /why 128',
  access: 'owner',
  takes: 'any',
  when: 'any-time',
  alsoMeant: ['explain', 'reason'],
  handle: async (call) => {
    const { ctx, words } = call;
    const { ports } = call.services;
    const number = Number(/^#?(\d{1,9})$/.exec(words)?.[1]);
    if (!Number.isSafeInteger(number)) {
      await reply(ctx, plain(ASK));
      return;
    }
    const alert = await ports.telling.find(number);
    if (alert === undefined) {
      await reply(
        ctx,
        plain(
          `There is no alert #${number}, or it is too old to be kept. /alerts lists the last ones.`,
        ),
      );
      return;
    }
    const lines = [bold(`Why #${number}`), catchUpLine(alert, false), ...whyAlert(alert).lines];
    await reply(ctx, linesOf([...lines, footer(sceneOf(ports))]));
    // Its figures are told already; where the exchange gives no candles there is no picture.
    const trade = await readClosedTrade(ports, alert).catch(() => undefined);
    if (trade !== undefined) sendPicture(call, 'trade', (theme) => tradePicture(trade, theme));
  },
};
