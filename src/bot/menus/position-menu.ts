import { InlineKeyboard } from 'grammy';
import { openPositionsOf } from '../../app/manage/read-change.ts';
import { reasonOf } from '../../app/reading/reading.ts';
import { readPosition } from '../../app/views/read-position.ts';
import { percent, ratio } from '../../domain/money/money.ts';
import type { ChangeRequest } from '../../domain/own-action.ts';
import type { Position } from '../../domain/position.ts';
import { callbackData } from '../callback-data.ts';
import { askToChange } from '../dialogues/manage.ts';
import { answer, reply, rewrite } from '../reply.ts';
import { chartButton } from './chart-menu.ts';
import { pageRow } from './menu.ts';
import type { BotContext, Services } from '../services.ts';
import { plain } from '../views/fit.ts';
import { sceneOf } from '../views/footer.ts';
import { pageOf } from '../../domain/words/pages.ts';
import { positionView } from '../views/position.ts';

const away = (share: string): { readonly away: ReturnType<typeof percent> } => ({
  away: percent(share),
});

/** What can be asked for with one tap, so short that a phone cuts none of it, by the code that its button carries; in rows. */
const CHOICES: readonly (readonly {
  readonly code: string;
  readonly label: string;
  readonly request: ChangeRequest;
}[])[] = [
  [
    { code: 'c50', label: 'Close half', request: { kind: 'close', share: percent('50') } },
    { code: 'c100', label: 'Close all', request: { kind: 'close', share: percent('100') } },
  ],
  [
    { code: 'be', label: 'Break-even', request: { kind: 'break-even' } },
    {
      code: 'tr',
      label: 'Stop follows 2 %',
      request: { kind: 'trail', distance: { away: percent('2') } },
    },
  ],
  [
    { code: 'so', label: 'Half at 1R', request: { kind: 'scale-out', share: percent('50') } },
    { code: 'h4', label: 'Ask in 4 h', request: { kind: 'time-stop', hours: ratio('4') } },
    { code: 'h12', label: '12 h', request: { kind: 'time-stop', hours: ratio('12') } },
  ],
  [
    { code: 's1', label: 'Stop 1 %', request: { kind: 'stop', at: away('1') } },
    { code: 's2', label: '2 %', request: { kind: 'stop', at: away('2') } },
    { code: 's3', label: '3 %', request: { kind: 'stop', at: away('3') } },
  ],
  [
    { code: 't2', label: 'Target 2 %', request: { kind: 'target', at: away('2') } },
    { code: 't4', label: '4 %', request: { kind: 'target', at: away('4') } },
  ],
];

/** A button for each open position on that page of them, and to the pages beside it; undefined where none is open. */
export function managePositions(
  positions: readonly Position[],
  at: { readonly name: string; readonly page?: number | undefined },
): InlineKeyboard | undefined {
  if (positions.length === 0) return undefined;
  const page = pageOf(positions, at.page);
  return InlineKeyboard.from([
    ...page.shown.map(({ id, symbol, side }) => [
      InlineKeyboard.text(`Manage ${symbol} ${side}`, callbackData('v', id)),
    ]),
    ...pageRow(at.name, page),
  ]);
}

function choices({ id, symbol, side }: Position): InlineKeyboard {
  const rows = CHOICES.map((row) =>
    row.map(({ code, label }) => InlineKeyboard.text(label, callbackData('h', `${id}-${code}`))),
  );
  return InlineKeyboard.from([
    ...rows,
    [
      chartButton(symbol, 'Chart', side),
      InlineKeyboard.text('Refresh', callbackData('v', `${id}-r`)),
    ],
  ]);
}

/** One position in full with all that can be done to it: as a message of its own, or in place where it was refreshed. */
export async function showPosition(services: Services, ctx: BotContext, id: string): Promise<void> {
  const { ports } = services;
  const again = id.endsWith('-r');
  const positionId = again ? id.slice(0, -2) : id;
  await answer(ctx);
  const open = await openPositionsOf(ports).catch(reasonOf);
  if (typeof open === 'string') {
    await reply(ctx, plain(`Your positions cannot be read right now (${open}).`));
    return;
  }
  const position = open.find((each) => each.id === positionId);
  if (position === undefined) {
    await reply(
      ctx,
      plain('The exchange does not list that position now. /positions shows what is open.'),
    );
    return;
  }
  const { symbol } = position;
  const [all, digits] = await Promise.all([readPosition(ports, symbol), services.digits()]);
  const reading =
    all.kind === 'unavailable'
      ? all
      : {
          ...all,
          value: {
            ...all.value,
            found: all.value.found.filter(({ view }) => view.position.id === positionId),
          },
        };
  const text = positionView({ text: symbol, reading }, digits, sceneOf(ports));
  const keyboard = choices(position);
  const messageId = ctx.callbackQuery?.message?.message_id;
  if (again && messageId !== undefined) await rewrite(ctx, { messageId, text, keyboard });
  else await reply(ctx, text, keyboard);
}

/** A tap on one of the choices: shows what it would do, and asks. */
export async function askForChoice(services: Services, ctx: BotContext, id: string): Promise<void> {
  const at = id.lastIndexOf('-');
  const code = id.slice(at + 1);
  const request = CHOICES.flat().find((each) => each.code === code)?.request;
  await answer(ctx);
  if (request === undefined) {
    await reply(ctx, plain('This button is from before an update of Vigil: nothing happened.'));
    return;
  }
  await askToChange(ctx, services, { positionId: id.slice(0, at), request });
}
