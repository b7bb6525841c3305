import type { User } from './message.ts';

/** What the phone sees happen, as it happens. Messages travel in the shape of the user API. */
export type ChatEvent =
  | {
      readonly type: 'message' | 'edit' | 'delete';
      readonly chat: number;
      readonly message: unknown;
    }
  | {
      readonly type: 'typing';
      readonly chat: number;
      readonly action: string;
      readonly until: number;
    }
  | {
      readonly type: 'callback_answer';
      /** Which tap it answers. */
      readonly callback_query_id: string;
      readonly chat: number;
      readonly message_id: number;
      readonly data: string;
      readonly text: string;
      readonly show_alert: boolean;
      readonly url: string;
    }
  | {
      readonly type: 'push';
      readonly chat: number;
      readonly message_id: number;
      readonly title: string;
      readonly text: string;
    }
  | { readonly type: 'commands' }
  | { readonly type: 'chats'; readonly user: User }
  | { readonly type: 'blocked'; readonly chat: number; readonly blocked: boolean };

/** Hands each event to everyone who listens. */
export class EventHub {
  readonly #listeners = new Set<(event: ChatEvent) => void>();

  emit(event: ChatEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Returns the function that ends the subscription. */
  subscribe(listener: (event: ChatEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
