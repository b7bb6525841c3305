import { Api } from 'grammy';
import { createFetch } from './fetch.ts';
import { classifyFailure } from './delivery/telegram-failure.ts';
import { plain, TEXT_LIMIT } from './views/fit.ts';
import { splitReply } from './views/split.ts';

/** The token is not valid, or the person has not started this bot or has blocked it: told again in vain until somebody changes that. */
export class Unwelcome extends Error {}

/** Tells one person something, and hears nothing: for whoever watches over Vigil from outside. */
export interface Teller {
  /** Rejects with a short reason, without address and token, when it was not sent; with Unwelcome where it never will be. */
  tell(text: string, options: { readonly silent: boolean }): Promise<void>;
  close(): Promise<void>;
}

const TIMEOUT_S = 12;

/** `to`: the person's numeric Telegram id. `apiRoot`: where the Bot API is; Telegram's own when absent. */
export function createTeller(options: {
  readonly token: string;
  readonly apiRoot?: string;
  readonly to: number;
}): Teller {
  const { token, apiRoot, to } = options;
  const http = createFetch();
  const api = new Api(token, {
    fetch: http.fetch,
    timeoutSeconds: TIMEOUT_S,
    ...(apiRoot === undefined ? {} : { apiRoot }),
  });
  return { tell: (text, { silent }) => sendPlain(api, to, { text, silent }), close: http.close };
}

/** A message past store and outbox. Rejects with a short reason when it was not sent. */
export async function sendPlain(
  api: Api,
  chatId: number,
  message: { readonly text: string; readonly silent: boolean },
): Promise<void> {
  try {
    for (const { text } of splitReply(plain(message.text), TEXT_LIMIT)) {
      await api.sendMessage(chatId, text, {
        link_preview_options: { is_disabled: true },
        disable_notification: message.silent,
      });
    }
  } catch (error) {
    const { kind, text } = classifyFailure(error);
    throw kind === 'blocked' ? new Unwelcome(text) : new Error(text);
  }
}
