/** The owner's phone over the chat emulator's user side, for whole-program tests. */
import { DEMO_USER } from '../../src/demo/smoke.ts';
import type { UserMessage } from '../../src/simulator/chat/wire/message-views.ts';
import { until } from './wait.ts';

export const OWNER = DEMO_USER;
export const textOf = (message: UserMessage): string => message.text ?? message.caption ?? '';

interface Button {
  readonly text: string;
  readonly data: string;
}

/** The buttons under a message. */
export const buttonsOf = (message: UserMessage): readonly Button[] =>
  (message.keyboard ?? [])
    .flat()
    .flatMap(({ text, callback_data: data }) => (data === undefined ? [] : [{ text, data }]));

export interface Phone {
  readonly chatUrl: string;
  send(text: string): Promise<void>;
  /** Presses a button by its data, also one that is gone. */
  press(message: UserMessage, data: string): Promise<void>;
  /** Presses the button with that label under the message as it is now; rejects when there is none. */
  tap(message: UserMessage, label: string): Promise<void>;
  /** Messages of the bot, oldest first, as they read now. */
  heard(): Promise<readonly UserMessage[]>;
  /** The newest place in the chat: what comes later has a larger `seq`. */
  newest(): Promise<number>;
  /** The first message of the bot after that place which says this. */
  hears(words: string | RegExp, options?: { after?: number; ms?: number }): Promise<UserMessage>;
  /** Sends a text and waits for the first answer that says this. */
  ask(text: string, words: string | RegExp, ms?: number): Promise<UserMessage>;
  /** Waits for the first reading of the account: a position that was there before it is none that was opened. */
  hasRead(): Promise<void>;
  /** Toasts shown after taps, oldest first. */
  toasts(): readonly string[];
  hangUp(): void;
}

/** A phone for the chat at that address; `as` is another person than the owner. */
export async function phoneAt(chatUrl: string, as = OWNER): Promise<Phone> {
  const { toasts, hangUp } = await listen(chatUrl);

  async function post(path: string, body: object): Promise<void> {
    const response = await fetch(`${chatUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    await response.body?.cancel();
  }
  async function all(): Promise<readonly UserMessage[]> {
    const response = await fetch(`${chatUrl}/user/messages?chat=${as}`);
    // Nobody sees whether a space may break.
    const body = (await response.text()).replaceAll('\u00A0', ' ');
    const { messages } = JSON.parse(body) as { messages: readonly UserMessage[] };
    return messages.filter((each) => !each.deleted).toSorted((a, b) => a.id - b.id);
  }
  const heard = async (): Promise<readonly UserMessage[]> =>
    (await all()).filter((each) => each.from === 'bot');
  const newest = async (): Promise<number> => Math.max(0, ...(await all()).map(({ id }) => id));
  const press = (message: UserMessage, data: string): Promise<void> =>
    post('/user/tap', { chat: as, from: as, message_id: message.id, data, force: true });
  const hears: Phone['hears'] = (words, { after = 0, ms } = {}) => {
    const fits = ({ id, ...rest }: UserMessage): boolean =>
      id > after &&
      new RegExp(words instanceof RegExp ? words : escape(words)).test(textOf({ id, ...rest }));
    return until(async () => (await heard()).find(fits), {
      says: async () => `"${String(words)}" in:\n${await transcript(heard)}`,
      ...(ms === undefined ? {} : { ms }),
    });
  };
  const ask: Phone['ask'] = async (text, words, ms) => {
    const after = await newest();
    await post('/user/send', { chat: as, from: as, text });
    return hears(words, { after, ...(ms === undefined ? {} : { ms }) });
  };
  return {
    chatUrl,
    heard,
    newest,
    press,
    hears,
    hangUp,
    toasts: () => toasts,
    send: (text) => post('/user/send', { chat: as, from: as, text }),
    tap: async (message, label) => {
      const now = (await heard()).find((each) => each.id === message.id) ?? message;
      const button = buttonsOf(now).find((each) => each.text === label);
      if (button === undefined) throw new Error(`No button "${label}" under: ${textOf(now)}`);
      await press(now, button.data);
    },
    ask,
    hasRead: async () => {
      const read = async (): Promise<boolean> =>
        !textOf(await ask('/status', 'Health')).includes('were not read yet');
      await until(read, { says: () => 'the account was not read' });
    },
  };
}

const escape = (words: string): string => words.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);

/** The bot's messages, for the eye of whoever reads a failure. */
async function transcript(heard: Phone['heard']): Promise<string> {
  const messages = await heard();
  return messages.map((each) => `[${each.id}] ${textOf(each)}`).join('\n');
}

/** Follows the answers to taps. */
async function listen(chatUrl: string): Promise<{ toasts: string[]; hangUp: () => void }> {
  const toasts: string[] = [];
  const ended = new AbortController();
  const response = await fetch(`${chatUrl}/user/events`, { signal: ended.signal });
  const follow = async (): Promise<void> => {
    let rest = '';
    for await (const chunk of response.body ?? []) {
      const parts = (rest + Buffer.from(chunk).toString('utf8')).split('\n\n');
      rest = parts.pop() ?? '';
      toasts.push(...parts.flatMap(toastOf));
    }
  };
  follow().catch(() => undefined);
  return { toasts, hangUp: () => ended.abort() };
}

function toastOf(part: string): readonly string[] {
  const data = /^data: (.*)$/m.exec(part)?.[1];
  if (data === undefined || !data.includes('callback_answer')) return [];
  const event = JSON.parse(data) as { type?: string; text?: string };
  return event.type === 'callback_answer' && event.text !== undefined ? [event.text] : [];
}
