import type { Chat } from '../../src/simulator/chat/chat.ts';
import type { UserMessage } from '../../src/simulator/chat/wire/message-views.ts';
import { PATIENCE_MS } from '../patience.ts';

export type { UserMessage } from '../../src/simulator/chat/wire/message-views.ts';

export interface TapAnswer {
  readonly callback_query_id: string;
  readonly chat: number;
  readonly text: string;
}

/** The user's side of the emulator, as a person with a phone would use it. */
export interface Phone {
  send(text: string, at?: { chat?: number; from?: number }): Promise<void>;
  /** Presses the button with that data under the message; `force` presses one that is gone. */
  tap(messageId: number, data: string, at?: { chat?: number; from?: number }): Promise<void>;
  messages(chat?: number): Promise<readonly UserMessage[]>;
  /** The first message of the bot that the check accepts; rejects with what is there after some seconds. */
  hears(check: string | RegExp | ((message: UserMessage) => boolean)): Promise<UserMessage>;
  /** Texts that were shown over the chat after a tap. */
  readonly answers: readonly TapAnswer[];
  post(path: string, body: unknown): Promise<unknown>;
  get(path: string): Promise<unknown>;
  hangUp(): Promise<void>;
}

/** Waits until the check gives something; rejects with the description when it never does. */
export async function eventually<T>(
  check: () => Promise<T | undefined> | T | undefined,
  describe: () => Promise<string> | string,
): Promise<T> {
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    const found = await check();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  throw new Error(`Not within ${PATIENCE_MS / 1_000} s: ${await describe()}`);
}

export const textOf = (message: UserMessage): string => message.text ?? message.caption ?? '';

export async function pickUp(chat: Chat, owner: number): Promise<Phone> {
  const answers: TapAnswer[] = [];
  const ended = new AbortController();
  const listening = listen(`${chat.url}/user/events`, { answers, signal: ended.signal });
  await listening.ready;

  async function call(path: string, init?: RequestInit): Promise<unknown> {
    const response = await fetch(`${chat.url}${path}`, init);
    // Nobody sees whether a space may break.
    const body: unknown = JSON.parse((await response.text()).replaceAll('\u00A0', ' '));
    if (!response.ok) throw new Error(`${path}: ${JSON.stringify(body)}`);
    return body;
  }
  const post = (path: string, body: unknown): Promise<unknown> =>
    call(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const messages = async (id = owner): Promise<readonly UserMessage[]> => {
    const body = (await call(`/user/messages?chat=${id}`)) as { messages: UserMessage[] };
    return body.messages.filter((each) => !each.deleted).toSorted((a, b) => a.id - b.id);
  };
  return {
    answers,
    post,
    messages,
    get: (path) => call(path),
    send: async (text, at = {}) => {
      await post('/user/send', { chat: at.chat ?? owner, from: at.from ?? owner, text });
    },
    tap: async (messageId, data, at = {}) => {
      const place = { chat: at.chat ?? owner, from: at.from ?? owner };
      await post('/user/tap', { ...place, message_id: messageId, data, force: true });
    },
    hears: (check) => {
      const accepts =
        typeof check === 'function'
          ? check
          : (each: UserMessage) =>
              typeof check === 'string' ? textOf(each).includes(check) : check.test(textOf(each));
      const fromBot = async (): Promise<UserMessage[]> =>
        (await messages()).filter((each) => each.from === 'bot');
      return eventually(
        async () => (await fromBot()).findLast(accepts),
        async () => `${String(check)} in ${JSON.stringify((await fromBot()).map(textOf), null, 1)}`,
      );
    },
    hangUp: async () => {
      ended.abort();
      await listening.done;
    },
  };
}

/** Follows the events of the phone; `ready` when the emulator has said hello. */
function listen(url: string, to: { answers: TapAnswer[]; signal: AbortSignal }) {
  let greet = (): void => undefined;
  const ready = new Promise<void>((resolve) => (greet = resolve));
  const follow = async (): Promise<void> => {
    try {
      const response = await fetch(url, { signal: to.signal });
      let rest = '';
      for await (const chunk of response.body ?? []) {
        const parts = (rest + Buffer.from(chunk).toString('utf8')).split('\n\n');
        rest = parts.pop() ?? '';
        for (const part of parts) takeIn(part, to.answers);
        greet();
      }
    } catch {
      greet();
    }
  };
  return { ready, done: follow() };
}

function takeIn(part: string, answers: TapAnswer[]): void {
  const name = /^event: (.*)$/m.exec(part)?.[1];
  const data = /^data: (.*)$/m.exec(part)?.[1];
  if (name === 'callback_answer' && data !== undefined) answers.push(JSON.parse(data) as TapAnswer);
}
