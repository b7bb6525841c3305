import { GrammyError, HttpError, type MiddlewareFn } from 'grammy';
import { halt } from '../app/halt/halt.ts';
import { reasonOf } from '../app/reading/reading.ts';
import { parseCallbackData, type Verb } from './callback-data.ts';
import { parseCommand } from './commands/command.ts';
import { meansOff } from './commands/policy.ts';
import { answer, reply } from './reply.ts';
import type { BotContext, Services } from './services.ts';
import { notDoneView, notMeView, notRevokedView, type Undone } from './views/store-away.ts';

/** What the owner asked for that only ever tightens. */
type Brake = Undone | 'not me' | 'revoke';

/**
 * A brake that cannot be carried out because the store is away halts all the same, in memory, at once; taking a signature back halts
 * nothing. What holds and what was not done is said in plain words.
 */
export function holdAnyway(services: Services): MiddlewareFn<BotContext> {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const brake = brakeOf(ctx);
      // A text that Telegram does not take says nothing about what was done.
      if (brake === undefined || error instanceof GrammyError || error instanceof HttpError) {
        throw error;
      }
      services.log.error('a brake could not be carried out', { error: services.safe(error) });
      await answer(ctx);
      await holdAndSay(ctx, services, { brake, why: reasonOf(error) });
    }
  };
}

/** Halts, and says that the rest was not done. */
export async function holdAndSay(
  ctx: BotContext,
  { ports }: Services,
  { brake, why }: { readonly brake: Brake; readonly why: string },
): Promise<void> {
  if (brake === 'revoke') {
    await reply(ctx, notRevokedView(why));
    return;
  }
  const held = await halt(ports, ctx.from?.id ?? 0, brake === 'not me' ? NOT_ME : undefined);
  const away = { stored: held.kind === 'stored', why };
  await reply(ctx, brake === 'not me' ? notMeView(away) : notDoneView({ ...away, undone: brake }));
}

const NOT_ME = {
  trigger: 'money-taken',
  evidence: 'Money left your account, and you say that it was not you.',
};

function brakeOf(ctx: BotContext): Brake | undefined {
  const tap = parseCallbackData(ctx.callbackQuery?.data ?? '');
  if (tap !== undefined) return BRAKES[tap.verb];
  const typed = parseCommand(ctx.message?.text);
  if (typed?.name === 'panic') return 'asking';
  return typed?.name === 'policy' && meansOff(typed.words) ? 'revoke' : undefined;
}

const BRAKES: Partial<Record<Verb, Brake>> = {
  p: 'asking',
  e: 'asking',
  f: 'confirmed',
  n: 'not me',
};
