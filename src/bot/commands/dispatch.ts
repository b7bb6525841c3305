import type { MiddlewareFn } from 'grammy';
import { closestCommand } from './closest.ts';
import { narrow, parseCommand, type Command } from './command.ts';
import { halt } from './halt.ts';
import { COMMANDS } from './list.ts';
import { reply } from '../reply.ts';
import type { BotContext, Services } from '../services.ts';
import { meansStop } from './stop-words.ts';
import { plain } from '../views/fit.ts';

/** The command that this message is, if Vigil knows it. A mere word for stopping is /halt. */
export function commandOf(ctx: BotContext): Command | undefined {
  return namedCommand(ctx) ?? (stopSaid(ctx) === undefined ? undefined : halt);
}

function namedCommand(ctx: BotContext): Command | undefined {
  const typed = parseCommand(ctx.message?.text) ?? plainWord(ctx.message?.text);
  const named = COMMANDS.find((each) => isCalled(each, typed?.name));
  // "/stop", "/stop trading": to halt is what that says, whatever else a stop can be moved to.
  const found = meansStop(ctx.message?.text ?? '') ? undefined : named;
  return found ?? (isCalled(halt, parseCommand(brakeText(ctx))?.name) ? halt : undefined);
}

const isCalled = ({ name, aliases = [] }: Command, typed: string | undefined): boolean =>
  typed !== undefined && (name === typed || aliases.includes(typed));

/** The name of a command that was written as a mere word, as the keys under the chat do: of those that only show something. */
function plainWord(text: string | undefined): { readonly name: string } | undefined {
  const word = narrow(text ?? '')
    .trim()
    .toLowerCase()
    .replace(/( please)?[!.?]*$/, '')
    .replace('p&l', 'pnl');
  return COMMANDS.find(({ name, when }) => when === 'any-time' && name === word);
}

/**
 * Where a word for stopping may stand beside a plain message: under a picture, or in a message that was written wrong and mended. Only
 * what halts at once is read there.
 */
const brakeText = ({ message, editedMessage }: BotContext): string | undefined =>
  message?.text ?? message?.caption ?? editedMessage?.text ?? editedMessage?.caption;

/** The word for stopping that is all the owner wrote. A note under another message, or somebody else's words, is no order. */
function stopSaid(ctx: BotContext): string | undefined {
  const message = ctx.message ?? ctx.editedMessage;
  const text = brakeText(ctx);
  if (message === undefined || text === undefined || !meansStop(text)) return undefined;
  if (namedCommand(ctx) !== undefined) return undefined;
  const note = message.reply_to_message ?? message.external_reply ?? message.quote;
  const passedOn = message.forward_origin ?? message.via_bot;
  return note === undefined && passedOn === undefined ? text.trim() : undefined;
}

/** Runs the commands of one kind; everything else goes on. An at-once command goes on too, so that open questions are closed. */
export function runCommands(services: Services, when: Command['when']): MiddlewareFn<BotContext> {
  return async (ctx, next) => {
    const command = commandOf(ctx);
    if (command?.when !== when) return next();
    const said = stopSaid(ctx);
    const words = said === undefined ? (parseCommand(brakeText(ctx))?.words ?? '') : '';
    // Words after what only shows something do no harm.
    if (words !== '' && command.takes === 'nothing' && when !== 'any-time') {
      await reply(
        ctx,
        plain(
          `/${command.name} takes nothing after it, so I did nothing. Send just /${command.name}.`,
        ),
      );
      return;
    }
    await command.handle({ ctx, services, words, ...(said === undefined ? {} : { said }) });
    if (when !== 'at-once') return;
    // What it does is done and told: a store that is away leaves an old question open, and no second answer.
    await next().catch((error: unknown) => {
      services.log.warn('open questions were not closed', { error: services.safe(error) });
    });
  };
}

/** A command that nobody knows: names the closest one. */
export const unknownCommand: MiddlewareFn<BotContext> = async (ctx, next) => {
  const typed = parseCommand(ctx.message?.text);
  if (typed === undefined || commandOf(ctx) !== undefined) return next();
  const closest = closestCommand(typed.name, COMMANDS);
  const hint = closest === undefined ? '' : ` Did you mean /${closest}?`;
  await reply(
    ctx,
    plain(
      `I do not know /${typed.name.slice(0, 32)}, so I did nothing.${hint} /help lists all commands.`,
    ),
  );
};

/** Any other message: says what to do instead of staying silent. */
export const plainMessage: MiddlewareFn<BotContext> = async (ctx) => {
  if (ctx.message === undefined || commandOf(ctx) !== undefined) return;
  const open = Object.keys(ctx.conversation.active()).length > 0;
  await reply(ctx, plain(meansStop(brakeText(ctx) ?? '') ? NOTE : open ? OPEN : COMMANDS_ONLY));
};

const OPEN = 'A question is open above: answer it with its buttons, or send /cancel.';
const COMMANDS_ONLY = 'I act on commands and buttons only. /help lists the commands.';
const NOTE =
  'That was a reply or a forwarded message, so I halted nothing. To halt, send it as a message of its own, or /halt.';
