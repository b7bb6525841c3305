import type { ChatInfo } from '../message.ts';

/** One entry of the bot's menu. */
export interface BotCommand {
  readonly command: string;
  readonly description: string;
}

/** What survives a restart: list by scope and language. */
export type CommandsSnapshot = readonly (readonly [key: string, list: readonly BotCommand[]])[];

/** The lists that the bot has set, each for a scope and a language. */
export class Commands {
  readonly #lists = new Map<string, readonly BotCommand[]>();

  set(scope: string, language: string, list: readonly BotCommand[]): void {
    if (list.length === 0) this.#lists.delete(`${scope}|${language}`);
    else this.#lists.set(`${scope}|${language}`, list);
  }

  get(scope: string, language: string): readonly BotCommand[] {
    return this.#lists.get(`${scope}|${language}`) ?? [];
  }

  /** The list that a person sees in a chat: the narrowest scope that has one, own language before none. */
  shownIn(chat: ChatInfo, userId: number, language: string): readonly BotCommand[] {
    const wide = chat.type === 'private' ? 'all_private_chats' : 'all_group_chats';
    const scopes = [`chat_member:${chat.id}:${userId}`, `chat:${chat.id}`, wide, 'default'];
    for (const scope of scopes) {
      for (const one of language === '' ? [''] : [language, '']) {
        const list = this.get(scope, one);
        if (list.length > 0) return list;
      }
    }
    return [];
  }

  snapshot(): CommandsSnapshot {
    return [...this.#lists];
  }

  restore(snapshot: CommandsSnapshot): void {
    for (const [key, list] of snapshot) this.#lists.set(key, list);
  }
}
