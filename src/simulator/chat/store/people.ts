import { badRequest, forbidden } from '../api-error.ts';
import type { ChatInfo, User } from '../message.ts';

/** What survives a restart. */
export interface PeopleSnapshot {
  readonly users: readonly User[];
  readonly chats: readonly ChatInfo[];
  readonly blocked: readonly number[];
}

/** The people, their chats with the bot, and who has blocked it. */
export class People {
  readonly #users = new Map<number, User>();
  readonly #chats = new Map<number, ChatInfo>();
  readonly #blocked = new Set<number>();

  /** Adds or replaces a user together with the private chat, whose id is the user's. */
  addUser(user: User): ChatInfo {
    const { id, first_name, last_name, username } = user;
    const names = { first_name, ...(last_name === undefined ? {} : { last_name }) };
    const chat: ChatInfo = {
      id,
      ...names,
      ...(username === undefined ? {} : { username }),
      type: 'private',
    };
    this.#users.set(id, user);
    this.#chats.set(id, chat);
    return chat;
  }

  addGroup(chat: ChatInfo): void {
    this.#chats.set(chat.id, chat);
  }

  user(id: number): User | undefined {
    return this.#users.get(id);
  }

  chat(id: number): ChatInfo | undefined {
    return this.#chats.get(id);
  }

  users(): User[] {
    return [...this.#users.values()];
  }

  chats(): ChatInfo[] {
    return [...this.#chats.values()];
  }

  isBlocked(chatId: number): boolean {
    return this.#blocked.has(chatId);
  }

  /** Returns whether this changed anything. */
  setBlocked(chatId: number, blocked: boolean): boolean {
    if (this.#blocked.has(chatId) === blocked) return false;
    if (blocked) this.#blocked.add(chatId);
    else this.#blocked.delete(chatId);
    return true;
  }

  /** The chat that a bot names by id or @username; unknown is refused in Telegram's words. */
  findChat(reference: string): ChatInfo {
    const text = reference.trim();
    if (text === '') throw badRequest('chat_id is empty');
    const name = text.startsWith('@') ? text.slice(1).toLowerCase() : undefined;
    const chat =
      name === undefined
        ? this.#chats.get(/^-?\d+$/.test(text) ? Number(text) : Number.NaN)
        : this.chats().find(
            (one) => one.type !== 'private' && one.username?.toLowerCase() === name,
          );
    if (!chat) throw badRequest('chat not found');
    return chat;
  }

  /** The chat, unless its user has blocked the bot. */
  findWritableChat(reference: string): ChatInfo {
    const chat = this.findChat(reference);
    if (this.#blocked.has(chat.id)) throw forbidden('bot was blocked by the user');
    return chat;
  }

  snapshot(): PeopleSnapshot {
    return { users: this.users(), chats: this.chats(), blocked: [...this.#blocked] };
  }

  restore(snapshot: PeopleSnapshot): void {
    for (const user of snapshot.users) this.#users.set(user.id, user);
    for (const chat of snapshot.chats) this.#chats.set(chat.id, chat);
    for (const id of snapshot.blocked) this.#blocked.add(id);
  }
}
