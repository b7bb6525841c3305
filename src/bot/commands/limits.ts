import { InlineKeyboard } from 'grammy';
import { cancelLimitChange } from '../../app/limits/change-limit.ts';
import { limitNamed } from '../../app/limits/limit-request.ts';
import { readLimits } from '../../app/limits/read-limits.ts';
import { askForLimit, tellFit } from '../dialogues/limit.ts';
import { chooseRow, limitsOnPage } from '../menus/limits-menu.ts';
import { pageRow, withRefresh } from '../menus/menu.ts';
import { reply } from '../reply.ts';
import { plain } from '../views/fit.ts';
import { sceneOf } from '../views/footer.ts';
import { limitsView } from '../views/limits.ts';
import type { Command, CommandCall } from './command.ts';

/** Shows every limit; with a name and a value it asks before it changes one. */
export const limits: Command = {
  name: 'limits',
  description: 'all limits with their use; change one: /limits open positions 2',
  access: 'owner',
  takes: 'any',
  when: 'ends-dialogue',
  handle: async (call) => {
    const { words } = call;
    const [, cancelled] = /^cancel\s+(.+)$/i.exec(words) ?? [];
    if (cancelled !== undefined) await cancel(call, cancelled);
    else if (words !== '') await askForLimit(call);
    else await show(call);
  },
};

/** What is in use first; the others on the pages after it. */
async function show({ ctx, services, page: asked }: CommandCall): Promise<void> {
  const { ports } = services;
  const shown = limitsOnPage(await readLimits(ports), asked ?? 0);
  const keyboard = InlineKeyboard.from([chooseRow(shown.page), ...pageRow('limits', shown)]);
  const view = limitsView(shown, sceneOf(ports));
  await reply(ctx, view, withRefresh('limits', keyboard, shown.page));
  if (asked === undefined) tellFit(services, ctx);
}

async function cancel({ ctx, services: { ports } }: CommandCall, name: string): Promise<void> {
  const id = limitNamed(name);
  const done = id !== undefined && (await cancelLimitChange(ports, id));
  const text = done
    ? 'Cancelled. The limit stays as it is.'
    : `No change waits for "${name.slice(0, 40)}". /limits shows what waits.`;
  await reply(ctx, plain(text));
}
