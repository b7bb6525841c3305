import type { MiddlewareFn } from 'grammy';
import { closestCommand } from './closest.ts';
import { parseCommand, type Command } from './commands/command.ts';
import { COMMANDS } from './commands/list.ts';
import { reply } from './reply.ts';
import type { BotContext, Services } from './services.ts';
import { plain } from './views/fit.ts';

/** The command that this message is, if Vigil knows it. */
export function commandOf(ctx: BotContext): Command | undefined {
  const typed = parseCommand(ctx.message?.text);
  return typed === undefined ? undefined : COMMANDS.find((each) => each.name === typed.name);
}

/** Runs the commands of one kind; everything else goes on. An at-once command goes on too, so that open questions are closed. */
export function runCommands(services: Services, when: Command['when']): MiddlewareFn<BotContext> {
  return async (ctx, next) => {
    const command = commandOf(ctx);
    if (command?.when !== when) return next();
    const words = parseCommand(ctx.message?.text)?.words ?? '';
    if (words !== '' && command.takes === 'nothing') {
      await reply(
        ctx,
        plain(
          `/${command.name} takes no words after it, so I did nothing. Send just /${command.name}.`,
        ),
      );
      return;
    }
    await command.handle({ ctx, services, words });
    if (when === 'at-once') await next();
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
  await reply(
    ctx,
    plain(
      open
        ? 'A question is open above: answer it with its buttons, or send /cancel.'
        : 'I act on commands and buttons only. /help lists the commands.',
    ),
  );
};
