import { plain } from '../views/fit.ts';
import { zoneKeyboard } from '../menus/alerts-menu.ts';
import { replyKeyboard } from '../menus/reply-keyboard.ts';
import { reply } from '../reply.ts';
import type { BotContext, Services } from '../services.ts';
import { helpView } from '../views/help.ts';
import { sceneOf } from '../views/footer.ts';

const ASK_ZONE =
  'Question 1 of 3: which time zone do you live in? Quiet hours and the times in this chat go by it. Another one: /alerts zone Europe/Berlin';

/** What somebody who types the eight signs from the console may end up with; a greeting is no try. */
const CODE = /^[A-Za-z0-9-]{6,12}$/;

const ASK_CODE =
  'Nobody is paired yet. Send me the pairing code from the console where Vigil runs.';

/** While nobody is paired: takes the code that stands on the console, as "/start CODE" or alone. */
export async function offerPairing(services: Services, ctx: BotContext): Promise<void> {
  const text = ctx.message?.text?.trim() ?? '';
  const words = text.replace(/^\/start(@\w+)?/i, '').trim();
  if (text === '' || ctx.from === undefined) return;
  if (!CODE.test(words)) {
    await services.codes.renew();
    await reply(ctx, plain(ASK_CODE));
    return;
  }
  const result = await services.owners.pair(ctx.from.id, words);
  if (result === 'taken') return;
  if (result === 'paired') {
    await services.owner.find();
    services.log.info('the owner is paired', { user: ctx.from.id });
    await reply(
      ctx,
      helpView(
        'Paired: from now on I listen to you alone.',
        services.commands,
        sceneOf(services.ports),
      ),
      replyKeyboard(),
    );
    await reply(ctx, plain(ASK_ZONE), zoneKeyboard('firstzone'));
    return;
  }
  await reply(ctx, plain(result === 'wrong' ? WRONG : await voidText(services)));
}

const WRONG = 'That is not the pairing code. You find it on the console where Vigil runs.';

async function voidText({ codes, log }: Services): Promise<string> {
  log.warn('a pairing code is no longer valid');
  const why = 'The pairing code is no longer valid: it lasts 10 minutes and 5 wrong tries.';
  return (await codes.renew())
    ? `${why} A new one stands on the console where Vigil runs.`
    : `${why} Write to me again in a minute; a new one then stands on the console.`;
}
