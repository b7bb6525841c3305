import { GrammyError, HttpError } from 'grammy';

/** Why Telegram did not take a message, as far as it matters for what to do next. */
export type TelegramFailure =
  /** Too many requests: nothing was delivered; wait that long. */
  | { readonly kind: 'wait'; readonly seconds: number; readonly text: string }
  /** The owner blocked the bot, the chat is gone or the token is no longer valid. */
  | { readonly kind: 'blocked'; readonly text: string }
  /** Telegram refuses this message as it is. */
  | { readonly kind: 'bad-message'; readonly text: string }
  /** No usable answer. `delivered`: whether the message may have arrived all the same. */
  | { readonly kind: 'unreachable'; readonly delivered: boolean; readonly text: string };

/** Whether Telegram refused an edit because it changes nothing: the text is there already. */
export const isThereAlready = ({ text }: TelegramFailure): boolean =>
  /message is not modified/i.test(text);

/** Some parts of a long message arrived and the rest did not. The message is a reason that may be shown. */
export class PartlySent extends Error {}

/** Failures that happen before a request is sent. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'LED_BY_ANOTHER',
]);

/** Sorts an error of a Bot API call. The texts hold no token and no address. */
export function classifyFailure(error: unknown): TelegramFailure {
  if (error instanceof GrammyError) return refusal(error);
  if (error instanceof PartlySent)
    return { kind: 'unreachable', delivered: true, text: error.message };
  const code = codeOf(error instanceof HttpError ? error.error : error);
  const text = `Telegram cannot be reached${code === '' ? '' : ` (${code})`}`;
  return { kind: 'unreachable', delivered: !NEVER_SENT.has(code), text };
}

function refusal(error: GrammyError): TelegramFailure {
  const text = `${error.error_code} ${error.description}`;
  if (error.error_code === 429) {
    return { kind: 'wait', seconds: error.parameters.retry_after ?? 1, text };
  }
  if (error.error_code === 401 || error.error_code === 403 || error.error_code === 404) {
    return { kind: 'blocked', text };
  }
  if (error.error_code >= 500) return { kind: 'unreachable', delivered: true, text };
  if (/chat not found|user is deactivated/i.test(error.description)) {
    return { kind: 'blocked', text };
  }
  return { kind: 'bad-message', text };
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if ('errors' in error && Array.isArray(error.errors)) return codeOf(error.errors[0]);
  return 'cause' in error ? codeOf(error.cause) : '';
}

/** What may be logged of an error: never the token, never an address that holds it. */
export function safeText(error: unknown, token: string): string {
  if (error instanceof HttpError || error instanceof GrammyError) {
    return classifyFailure(error).text;
  }
  const text = error instanceof Error ? error.message : 'an unknown error';
  return text.replaceAll(token, '<token>').replaceAll(/\/bot\d+:[\w-]+/g, '/bot<token>');
}
