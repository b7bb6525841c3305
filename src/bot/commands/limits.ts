import { InlineKeyboard } from 'grammy';
import { cancelLimitChange, previewLimitChange } from '../../app/limits/change-limit.ts';
import { limitNamed, parseLimitRequest } from '../../app/limits/limit-request.ts';
import { readFit } from '../../app/limits/read-fit.ts';
import { readLimits } from '../../app/limits/read-limits.ts';
import { callbackData } from '../callback-data.ts';
import { openDialogue } from '../dialogues/dialogue.ts';
import { LIMIT } from '../dialogues/names.ts';
import { reply } from '../reply.ts';
import { plain } from '../views/fit.ts';
import { sceneOf } from '../views/footer.ts';
import { limitCardView, limitChangedView, limitsView } from '../views/limits.ts';
import type { FitRequest } from '../../app/ports/fits.ts';
import { limitFitView } from '../views/limit-fit.ts';
import type { Command, CommandCall } from './command.ts';

/** Shows every limit; with a name and a value it asks before it changes one. */
export const limits: Command = {
  name: 'limits',
  description: 'all limits with their use; change one: /limits open positions 2',
  access: 'owner',
  takes: 'any',
  when: 'ends-dialogue',
  handle: async (call) => {
    const { ctx, services, words } = call;
    const [, cancelled] = /^cancel\s+(.+)$/i.exec(words) ?? [];
    if (cancelled !== undefined) await cancel(call, cancelled);
    else if (words !== '') await ask(call);
    else {
      await reply(ctx, limitsView(await readLimits(services.ports), sceneOf(services.ports)));
      tellFit(call, services.ports.limits());
    }
  },
};

/** Follows in a message of its own when it is known: nobody waits for it, and a loosening is judged with what it would be. */
function tellFit({ ctx, services }: CommandCall, limits: FitRequest['limits']): void {
  const { countFits, ports, log, safe } = services;
  if (countFits === undefined) return;
  readFit(ports, countFits, limits)
    .then((found) => reply(ctx, limitFitView(found, sceneOf(ports))))
    .catch((error: unknown) => log.warn('the fit was not told', { reason: safe(error) }));
}

async function cancel({ ctx, services: { ports } }: CommandCall, name: string): Promise<void> {
  const id = limitNamed(name);
  const done = id !== undefined && (await cancelLimitChange(ports, id));
  const text = done
    ? 'Cancelled. The limit stays as it is.'
    : `No change waits for "${name.slice(0, 40)}". /limits shows what waits.`;
  await reply(ctx, plain(text));
}

async function ask(call: CommandCall): Promise<void> {
  const { ctx, services, words } = call;
  const { ports } = services;
  const shownAt = services.wallNow();
  const request = parseLimitRequest(words);
  if (typeof request === 'string') {
    await reply(ctx, plain(request));
    return;
  }
  const change = await previewLimitChange(ports, request);
  if (change.kind === 'refused' || change.kind === 'same') {
    await reply(ctx, limitChangedView(change, sceneOf(ports)));
    return;
  }
  const id = ports.nonce();
  const keyboard = new InlineKeyboard()
    .text(change.kind === 'waits' ? 'Confirm: looser in 12 h' : 'Confirm', callbackData('c', id))
    .text('Cancel', callbackData('b', id));
  const messageId = await reply(ctx, limitCardView(change, sceneOf(ports)), keyboard);
  if (change.kind === 'waits') {
    tellFit(call, { ...ports.limits(), [request.id]: request.to });
  }
  const about = JSON.stringify({ words, shown: change.kind });
  await openDialogue(ctx, LIMIT, { id, messageId, shownAt, choices: ['c', 'b'], about });
}
