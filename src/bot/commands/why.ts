import { InlineKeyboard } from 'grammy';
import { readClosedTrade } from '../../app/telling/closed-trade.ts';
import { readAlertPage } from '../../app/telling/read-alerts.ts';
import { countOf } from '../../domain/words/pages.ts';
import { whyAlert } from '../../app/telling/why-alert.ts';
import { catchUpLine } from '../views/alert.ts';
import { bold, linesOf, plain } from '../views/fit.ts';
import { footer, sceneOf } from '../views/footer.ts';
import { tradePicture } from '../charts/position-chart.ts';
import { reply } from '../reply.ts';
import { pageRow, rowsOf, sayButton } from '../menus/menu.ts';
import type { Command, CommandCall } from './command.ts';
import { sendPicture } from './send-picture.ts';

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
      await askWhich(call);
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

/** The last alerts, a page of them, each a tap. */
async function askWhich({ ctx, services: { ports }, page: asked }: CommandCall): Promise<void> {
  const at = await readAlertPage(ports, asked);
  const text = linesOf([
    bold('Which alert?'),
    ...at.shown.map((each) => catchUpLine(each, false)),
    ...countOf(at),
    'Tap its number, or write it, as in /why 128: it stands under each alert.',
    footer(sceneOf(ports)),
  ]);
  const buttons = at.shown.map(({ number }) => sayButton(`#${number}`, 'why', String(number)));
  const turn = pageRow('why', at);
  await reply(ctx, text, InlineKeyboard.from([...rowsOf(buttons, 4), ...turn]));
}
