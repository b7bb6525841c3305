import type { MiddlewareFn } from 'grammy';
import { reasonOf } from '../../app/reading/reading.ts';
import type { Alert } from '../../domain/alert.ts';
import { reply } from '../reply.ts';
import type { BotContext, Services } from '../services.ts';
import { plain } from '../views/fit.ts';
import { parseCommand } from './command.ts';
import { meansStop } from './stop-words.ts';

/** Longer ones are cut to it. */
const MOST_CHARACTERS = 280;
/** The last line of an alert: "#12 · 2025-10-10 21:15 · ...". */
const NUMBER = /^#(\d{1,9}) · /m;

/** The id of the position whose end an alert tells. */
const closedBy = ({ key }: Alert): string | undefined => /^position-closed:(.+)$/.exec(key)?.[1];

/** A reply under the message that tells the end of a trade is a note to it; "-" takes the note away. Everything else goes on. */
export function tradeNote({ ports }: Services): MiddlewareFn<BotContext> {
  return async (ctx, next) => {
    const { message } = ctx;
    const under = message?.reply_to_message;
    const text = message?.text?.trim() ?? '';
    const [, number] = NUMBER.exec(under?.text ?? under?.caption ?? '') ?? [];
    const passedOn = message?.forward_origin !== undefined;
    if (number === undefined || text === '' || passedOn) return next();
    if (parseCommand(text) !== undefined || meansStop(text)) return next();
    const alert = await ports.telling.find(Number(number)).catch(() => undefined);
    const id = alert === undefined ? undefined : closedBy(alert);
    if (id === undefined) return next();
    const note = text.replaceAll(/\s+/g, ' ').slice(0, MOST_CHARACTERS);
    const failed = await (note === '-' ? ports.notes.drop(id) : ports.notes.save(id, note)).catch(
      reasonOf,
    );
    const said =
      typeof failed === 'string'
        ? `It could not be noted right now: ${failed}.`
        : note === '-'
          ? 'The note is gone.'
          : 'Noted. It stands beside this trade in /trades and /export.';
    await reply(ctx, plain(said));
  };
}
