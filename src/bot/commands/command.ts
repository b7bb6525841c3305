import type { BotContext, Services } from '../services.ts';

/** What a command's handler is given. */
export interface CommandCall {
  readonly ctx: BotContext;
  readonly services: Services;
  /** What stands after the command, trimmed; "" when nothing does. */
  readonly words: string;
  /** What was written where it was no command but meant this one. */
  readonly said?: string;
  /** Which page of a long answer, from 0; the first one where absent. */
  readonly page?: number;
}

/**
 * One command of the chat. /help, the command menu, the access check and the README's table derive from the list of these.
 */
export interface Command {
  /** 1 to 32 small letters. */
  readonly name: string;
  /** One short line without a full stop. */
  readonly description: string;
  /** Who may use it. There is only the owner: strangers get silence before any command is looked at. */
  readonly access: 'owner';
  /** What may stand after it. `any`: the handler says what it does with words. */
  readonly takes: 'nothing' | 'any';
  /**
   * When it runs. `at-once`: before anything that is still being worked on. `any-time`: a dialogue that is open stays open.
   * `ends-dialogue`: an open dialogue is closed first.
   */
  readonly when: 'at-once' | 'any-time' | 'ends-dialogue';
  /** Names that other bots have for the same thing: obeyed. */
  readonly aliases?: readonly string[];
  /** Other words people type for it; they are pointed to it, not obeyed. */
  readonly alsoMeant?: readonly string[];
  readonly handle: (call: CommandCall) => Promise<void>;
}

const FORM = /^\/(\w{1,64})(?:@(\w+))?(?:\s+([\s\S]*))?$/;

/** Letters, signs and digits of full width as plain ones; all else as it is, thin and fixed spaces above all. */
export const narrow = (text: string): string =>
  text.replaceAll(/[\uFF01-\uFF5E]/g, (each) =>
    String.fromCharCode(each.charCodeAt(0) - 0xff01 + 0x21),
  );

/** A command as it was typed; undefined for any other text. */
export interface TypedCommand {
  readonly name: string;
  readonly words: string;
}

export function parseCommand(text: string | undefined): TypedCommand | undefined {
  const [, name, , words] = FORM.exec(narrow(text ?? '').trim()) ?? [];
  return name === undefined ? undefined : { name: name.toLowerCase(), words: (words ?? '').trim() };
}
