import { badRequest } from '../api-error.ts';
import type { Entity, FormattedText } from '../message.ts';
import { isObject } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { asText } from '../wire/params.ts';
import { checkedLink } from './byte-text.ts';
import { sortEntities, withDetected } from './detect-entities.ts';
import { parseHtml } from './parse-html.ts';
import { parseMarkdownV2 } from './parse-markdown.ts';

/** Telegram's limits, counted in characters after the entities have been parsed. */
export const TEXT_MAX_CHARACTERS = 4096;
export const CAPTION_MAX_CHARACTERS = 1024;

const REQUEST_TEXT_MAX_BYTES = 1 << 15;
const ENTITIES_MAX = 100;

const STYLES = new Set([
  'bold',
  'italic',
  'underline',
  'strikethrough',
  'spoiler',
  'blockquote',
  'expandable_blockquote',
  'code',
  'pre',
  'text_link',
  'text_mention',
  'custom_emoji',
]);

/** A text as a bot gives it. */
export interface RawText {
  readonly text: string;
  readonly parseMode: string;
  /** The `entities` argument as JSON; used only without a parse mode. */
  readonly entities: unknown;
}

/** The text of a message: parsed, validated, trimmed; empty or too long is refused in Telegram's words. */
export function messageText(raw: RawText): FormattedText {
  if (raw.text === '') throw badRequest('Message text is empty');
  const formatted = formattedText(raw);
  if (formatted.text === '') throw badRequest('Text must be non-empty');
  if (characters(formatted.text) > TEXT_MAX_CHARACTERS) throw badRequest('Message is too long');
  return formatted;
}

/** A caption, which may be empty. */
export function captionText(raw: RawText): FormattedText {
  const formatted = formattedText(raw);
  if (characters(formatted.text) > CAPTION_MAX_CHARACTERS)
    throw badRequest('Message caption is too long');
  return formatted;
}

/** A text as a user types it: no styles, but commands and links are found in it. */
export function typedText(text: string): FormattedText {
  return finish({ text, entities: [] });
}

/** Telegram counts a character outside the first plane once. */
function characters(text: string): number {
  return Array.from(text).length;
}

function formattedText(raw: RawText): FormattedText {
  if (Buffer.byteLength(raw.text) > REQUEST_TEXT_MAX_BYTES) throw badRequest('Text is too long');
  // Half of a pair, which JSON can carry and UTF-8 cannot.
  if (/\p{Surrogate}/u.test(raw.text)) throw badRequest('strings must be encoded in UTF-8');
  return finish(parse(raw));
}

function parse(raw: RawText): FormattedText {
  const mode = raw.parseMode.toLowerCase();
  if (raw.text === '') return { text: '', entities: [] };
  if (mode === 'html') return parseHtml(raw.text);
  if (mode === 'markdownv2') return parseMarkdownV2(raw.text);
  if (mode !== '' && mode !== 'none') throw badRequest('Unsupported parse_mode');
  const list = Array.isArray(raw.entities) ? (raw.entities as unknown[]) : [];
  const entities = list.map(readEntity).filter((entity) => entity !== undefined);
  return { text: raw.text, entities: validated(raw.text, entities) };
}

function readEntity(value: unknown): Entity | undefined {
  const refuse = (reason: string): never => {
    throw badRequest(`Can't parse MessageEntity: ${reason}`);
  };
  if (!isObject(value)) return refuse('expected an Object');
  const type = asText(value['type']);
  if (type === '') return refuse('Can\'t find field "type"');
  const offset = integerField(value, 'offset');
  const length = integerField(value, 'length');
  if (!STYLES.has(type)) return undefined;
  const range = { type, offset, length };
  if (type === 'text_link') {
    const url = checkedLink(asText(value['url']));
    return url === undefined ? undefined : { ...range, url };
  }
  if (type === 'pre' && value['language']) return { ...range, language: asText(value['language']) };
  if (type === 'custom_emoji')
    return { ...range, custom_emoji_id: asText(value['custom_emoji_id']) };
  return type === 'text_mention' ? undefined : range;
}

function integerField(value: JsonObject, name: string): number {
  const field = Number(value[name]);
  if (value[name] === undefined)
    throw badRequest(`Can't parse MessageEntity: Can't find field "${name}"`);
  if (!Number.isInteger(field)) {
    throw badRequest(`Can't parse MessageEntity: Field "${name}" must be a valid Number`);
  }
  return field;
}

/** Refuses ranges that do not lie on whole characters of the text, in the words of Telegram's library. */
function validated(text: string, entities: readonly Entity[]): Entity[] {
  for (const { offset, length } of entities) {
    if (offset < 0 || offset > 1_000_000)
      throw badRequest(`Receive an entity with incorrect offset ${offset}`);
    if (length < 0 || length > 1_000_000)
      throw badRequest(`Receive an entity with incorrect length ${length}`);
  }
  const kept = sortEntities(entities.filter((entity) => entity.length > 0)).slice(0, ENTITIES_MAX);
  for (const entity of kept) {
    const end = entity.offset + entity.length;
    if (splitsPair(text, entity.offset)) {
      const at = Buffer.byteLength(text.slice(0, entity.offset + 1));
      throw badRequest(`Entity begins in a middle of a UTF-16 symbol at byte offset ${at}`);
    }
    const beginning = `Entity beginning at UTF-16 offset ${entity.offset}`;
    if (splitsPair(text, end)) {
      const at = Buffer.byteLength(text.slice(0, end + 1));
      throw badRequest(`${beginning} ends in a middle of a UTF-16 symbol at byte offset ${at}`);
    }
    if (entity.offset > text.length) {
      throw badRequest(`Entity begins after the end of the text at UTF-16 offset ${entity.offset}`);
    }
    if (end > text.length)
      throw badRequest(`${beginning} ends after the end of the text at UTF-16 offset ${end}`);
  }
  return kept;
}

function splitsPair(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}

/** Trims as Telegram does (never into an entity at the beginning) and adds what Telegram finds by itself. */
function finish(formatted: FormattedText): FormattedText {
  const right = formatted.text.replace(/\s+$/, '');
  if (right === '') return { text: '', entities: [] };
  const firstEntity = Math.min(...formatted.entities.map((entity) => entity.offset), right.length);
  let left = 0;
  while (left < firstEntity && ' \n'.includes(right.charAt(left))) left += 1;
  const text = right.slice(left);
  const entities = formatted.entities
    .map((entity) => ({ ...entity, offset: entity.offset - left }))
    .map((entity) => ({ ...entity, length: Math.min(entity.length, text.length - entity.offset) }))
    .filter((entity) => entity.length > 0);
  return { text, entities: withDetected(text, sortEntities(entities)) };
}
