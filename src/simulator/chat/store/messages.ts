import { randomUUID } from 'node:crypto';

import type { Message } from '../message.ts';

/** The oldest messages beyond this number are forgotten, so that a demo can run for months. */
const MESSAGES_MAX = 5000;

/** What survives a restart. */
export interface MessagesSnapshot {
  readonly messages: readonly Message[];
  readonly nextId: number;
  readonly seq: number;
  readonly history: string;
}

/** Every message of every chat. Ids are unique over all chats, as in Telegram's private chats. */
export class Messages {
  readonly #messages = new Map<number, Message>();
  #nextId = 1;
  #seq = 0;
  #history: string = randomUUID();

  /** Stores a new message under the next id. */
  add(draft: Omit<Message, 'id' | 'seq' | 'deleted'>): Message {
    const message: Message = { ...draft, id: this.#nextId, seq: ++this.#seq, deleted: false };
    this.#nextId += 1;
    this.#messages.set(message.id, message);
    const [oldest] = this.#messages.keys();
    if (this.#messages.size > MESSAGES_MAX && oldest !== undefined) this.#messages.delete(oldest);
    return message;
  }

  /** Replaces a message and gives the change the next sequence number. */
  put(message: Message): Message {
    const stored = { ...message, seq: ++this.#seq };
    this.#messages.set(stored.id, stored);
    return stored;
  }

  /** The message of this chat, unless it never was or has been deleted. */
  get(chatId: number, id: number): Message | undefined {
    const message = this.#messages.get(id);
    return message?.chatId === chatId && !message.deleted ? message : undefined;
  }

  /** The messages of a chat that changed after the sequence number, deleted ones too, oldest id first. */
  changedAfter(chatId: number, seq: number): Message[] {
    return [...this.#messages.values()].filter(
      (message) => message.chatId === chatId && message.seq > seq,
    );
  }

  /** The sequence number of the last change. */
  get seq(): number {
    return this.#seq;
  }

  /** Names this history: another name means that what a reader remembers is of another world. */
  get history(): string {
    return this.#history;
  }

  snapshot(): MessagesSnapshot {
    return {
      messages: [...this.#messages.values()],
      nextId: this.#nextId,
      seq: this.#seq,
      history: this.#history,
    };
  }

  restore(snapshot: MessagesSnapshot): void {
    for (const message of snapshot.messages) this.#messages.set(message.id, message);
    this.#nextId = snapshot.nextId;
    this.#seq = snapshot.seq;
    this.#history = snapshot.history;
  }
}
