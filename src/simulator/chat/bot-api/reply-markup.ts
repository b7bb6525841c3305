import { badRequest } from '../api-error.ts';
import type { InlineButton, InlineKeyboard, ReplyMarkup } from '../message.ts';
import { checkedLink } from '../text/byte-text.ts';
import { isObject } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { asText } from '../wire/params.ts';
import type { Params } from '../wire/params.ts';

const CALLBACK_DATA_MAX_BYTES = 64;
const INLINE_BUTTONS_MAX = 100;
const STYLES = ['danger', 'success', 'primary'];

/** The `reply_markup` of a call, or undefined when there is none. */
export function readReplyMarkup(params: Params): ReplyMarkup | undefined {
  const value = params.json('reply_markup', "Can't parse reply keyboard markup JSON object");
  if (value === undefined) return undefined;
  if (!isObject(value)) throw badRequest('Object expected as reply markup');
  if (value['inline_keyboard'] !== undefined)
    return { kind: 'inline', rows: inlineRows(value['inline_keyboard']) };
  if (value['keyboard'] !== undefined) return replyKeyboard(value);
  if (value['remove_keyboard'] === true) return { kind: 'remove' };
  if (value['force_reply'] === true) {
    return { kind: 'force', placeholder: asText(value['input_field_placeholder']) };
  }
  return undefined;
}

/** The keyboard that an edit leaves under a message: edits accept only the inline kind. */
export function readInlineKeyboard(params: Params): InlineKeyboard | undefined {
  const markup = readReplyMarkup(params);
  if (markup === undefined) return undefined;
  if (markup.kind !== 'inline') throw badRequest('Inline keyboard expected');
  return markup.rows.length > 0 ? markup.rows : undefined;
}

function inlineRows(value: unknown): InlineKeyboard {
  const refusal = 'Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays';
  if (!Array.isArray(value)) throw badRequest('Field "inline_keyboard" must be of type Array');
  const rows = value.map((row: unknown) => {
    if (!Array.isArray(row)) throw badRequest(refusal);
    return row.map((button: unknown) => inlineButton(button));
  });
  const kept = rows.filter((row) => row.length > 0);
  if (kept.flat().length > INLINE_BUTTONS_MAX) throw badRequest('reply markup is too long');
  return kept;
}

function inlineButton(value: unknown): InlineButton {
  const refuse = (reason: string): never => {
    throw badRequest(`Can't parse inline keyboard button: ${reason}`);
  };
  if (!isObject(value)) return refuse('InlineKeyboardButton must be an Object');
  if (value['text'] === undefined) return refuse('Can\'t find field "text"');
  const text = asText(value['text']);
  if (text.trim() === '') throw badRequest('BUTTON_TEXT_INVALID');
  const style = asText(value['style']);
  if (style !== '' && !STYLES.includes(style)) return refuse('Invalid button style specified');
  const base = { text, ...(style === '' ? {} : { style }) };
  if (value['url'] !== undefined) {
    const url = checkedLink(asText(value['url']));
    if (url === undefined) throw badRequest('BUTTON_URL_INVALID');
    return { ...base, url };
  }
  if (value['callback_data'] !== undefined) {
    const data = asText(value['callback_data']);
    const bytes = Buffer.byteLength(data);
    if (bytes < 1 || bytes > CALLBACK_DATA_MAX_BYTES) throw badRequest('BUTTON_DATA_INVALID');
    return { ...base, callback_data: data };
  }
  const copy = value['copy_text'];
  if (isObject(copy)) return { ...base, copy_text: { text: asText(copy['text']) } };
  return refuse('Text buttons are unallowed in the inline keyboard');
}

function replyKeyboard(value: JsonObject): ReplyMarkup {
  const keyboard = value['keyboard'];
  if (!Array.isArray(keyboard)) throw badRequest('Field "keyboard" must be of type Array');
  const rows = keyboard.map((row: unknown) => {
    if (!Array.isArray(row)) throw badRequest('Field "keyboard" must be an Array of Arrays');
    return row.map((button: unknown) => replyButton(button));
  });
  const placeholder = asText(value['input_field_placeholder']);
  return { kind: 'reply', rows, oneTime: value['one_time_keyboard'] === true, placeholder };
}

function replyButton(value: unknown): string {
  if (typeof value === 'string') return value;
  if (isObject(value) && typeof value['text'] === 'string') return value['text'];
  throw badRequest("Can't parse keyboard button: KeyboardButton must be a String or an Object");
}
