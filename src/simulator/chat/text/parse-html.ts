import { badRequest } from '../api-error.ts';
import type { Entity, FormattedText } from '../message.ts';
import { byteText, checkedLink, isSpaceAt, textOfBytes, utf16Units } from './byte-text.ts';

const TAG_TYPES: Readonly<Record<string, string>> = {
  a: 'text_link',
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  u: 'underline',
  ins: 'underline',
  'tg-spoiler': 'spoiler',
  span: 'spoiler',
  'tg-emoji': 'custom_emoji',
  pre: 'pre',
  code: 'code',
  blockquote: 'blockquote',
};

interface OpenTag {
  readonly tag: string;
  readonly argument: string;
  readonly offset: number;
  readonly begin: number;
}

function refuse(reason: string): never {
  throw badRequest(`Can't parse entities: ${reason}`);
}

/**
 * Parses `parse_mode: HTML`. Offsets in refusals are byte offsets of the UTF-8 text, as in Telegram's own words.
 *
 * @see https://core.telegram.org/bots/api#html-style
 */
export function parseHtml(input: string): FormattedText {
  const parser = new HtmlParser(byteText(input));
  return parser.run();
}

class HtmlParser {
  readonly #text: string;
  #at = 0;
  #result = '';
  #offset = 0;
  readonly #open: OpenTag[] = [];
  readonly #entities: Entity[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  run(): FormattedText {
    while (this.#at < this.#text.length) {
      const character = this.#text.charAt(this.#at);
      if (character === '&' && this.#takeReference()) continue;
      if (character !== '<') {
        this.#offset += utf16Units(this.#text, this.#at);
        this.#result += character;
        this.#at += 1;
      } else if (this.#text.charAt(this.#at + 1) === '/') this.#endTag();
      else this.#startTag();
    }
    const last = this.#open.at(-1);
    if (last) refuse(`Can't find end tag corresponding to start tag "${last.tag}"`);
    return { text: textOfBytes(this.#result), entities: this.#entities };
  }

  #takeReference(): boolean {
    const reference = decodeReference(this.#text, this.#at);
    if (!reference) return false;
    const character = String.fromCodePoint(reference.code);
    this.#result += byteText(character);
    this.#offset += character.length;
    this.#at = reference.end;
    return true;
  }

  #startTag(): void {
    const begin = this.#at;
    let at = begin + 1;
    while (!isSpaceAt(this.#text, at) && this.#text.charAt(at) !== '>') at += 1;
    if (at >= this.#text.length) refuse(`Unclosed start tag at byte offset ${begin}`);
    const tag = this.#text.slice(begin + 1, at).toLowerCase();
    if (!Object.hasOwn(TAG_TYPES, tag)) {
      refuse(`Unsupported start tag "${textOfBytes(tag)}" at byte offset ${begin}`);
    }
    const { argument, end } = readAttributes({ text: this.#text, at, tag, begin });
    if (tag === 'span' && argument !== 'spoiler') {
      refuse(`Tag "span" must have class "tg-spoiler" at byte offset ${begin}`);
    }
    this.#open.push({ tag, argument, offset: this.#offset, begin: this.#result.length });
    this.#at = end + 1;
  }

  #endTag(): void {
    const begin = this.#at;
    const open = this.#open.pop();
    if (!open) refuse(`Unexpected end tag at byte offset ${begin}`);
    let at = begin + 2;
    while (!isSpaceAt(this.#text, at) && this.#text.charAt(at) !== '>') at += 1;
    const name = this.#text.slice(begin + 2, at).toLowerCase();
    while (at < this.#text.length && isSpaceAt(this.#text, at)) at += 1;
    if (this.#text.charAt(at) !== '>') refuse(`Unclosed end tag at byte offset ${begin}`);
    if (name !== '' && name !== open.tag) {
      const found = textOfBytes(name);
      refuse(
        `Unmatched end tag at byte offset ${begin}, expected "</${open.tag}>", found "</${found}>"`,
      );
    }
    if (this.#offset > open.offset) this.#addEntity(open);
    this.#at = at + 1;
  }

  #addEntity(open: OpenTag): void {
    const range = { offset: open.offset, length: this.#offset - open.offset };
    const type = TAG_TYPES[open.tag] ?? open.tag;
    const inner = this.#entities.at(-1);
    const sameRange = inner?.offset === range.offset && inner.length === range.length;
    if (open.tag === 'a') {
      const url = checkedLink(textOfBytes(open.argument || this.#result.slice(open.begin)));
      if (url !== undefined) this.#entities.push({ type, ...range, url });
    } else if (open.tag === 'pre' && inner?.type === 'code' && sameRange && inner.language) {
      this.#entities[this.#entities.length - 1] = { ...inner, type: 'pre' };
    } else if (open.tag === 'code' && open.argument) {
      const language = textOfBytes(open.argument);
      if (inner?.type === 'pre' && sameRange) {
        this.#entities[this.#entities.length - 1] = { ...inner, language };
      } else this.#entities.push({ type, ...range, language });
    } else if (open.tag === 'blockquote' && open.argument) {
      this.#entities.push({ type: 'expandable_blockquote', ...range });
    } else if (open.tag === 'tg-emoji') {
      if (!/^[1-9]\d*$/.test(open.argument)) refuse('Invalid custom emoji identifier specified');
      this.#entities.push({ type, ...range, custom_emoji_id: open.argument });
    } else this.#entities.push({ type, ...range });
  }
}

interface TagPosition {
  readonly text: string;
  /** Index of the first character after the tag's name. */
  readonly at: number;
  readonly tag: string;
  readonly begin: number;
}

function readAttributes(position: TagPosition): { argument: string; end: number } {
  const { text, tag, begin } = position;
  let at = position.at;
  let argument = '';
  const skipSpaces = (): void => {
    while (at < text.length && isSpaceAt(text, at)) at += 1;
  };
  for (;;) {
    skipSpaces();
    if (text.charAt(at) === '>') return { argument, end: at };
    const nameBegin = at;
    while (at < text.length && !/[\s=>/"']/.test(text.charAt(at))) at += 1;
    const name = text.slice(nameBegin, at).toLowerCase();
    if (name === '') refuse(`Empty attribute name in the tag "${tag}" at byte offset ${begin}`);
    skipSpaces();
    if (at >= text.length) refuse(`Unclosed start tag "${tag}" at byte offset ${begin}`);
    if (text.charAt(at) !== '=') {
      if (tag === 'blockquote' && name === 'expandable') argument = '1';
      continue;
    }
    at += 1;
    skipSpaces();
    if (at >= text.length) refuse(`Unclosed start tag "${tag}" at byte offset ${begin}`);
    const value = readValue(text, at);
    at = value.end;
    if (at >= text.length) refuse(`Unclosed start tag at byte offset ${begin}`);
    argument = argumentOf(tag, name, value.value) ?? argument;
  }
}

function readValue(text: string, begin: number): { value: string; end: number } {
  const quote = text.charAt(begin);
  let at = begin;
  if (quote !== "'" && quote !== '"') {
    while (/[a-z0-9.-]/i.test(text.charAt(at))) at += 1;
    if (!isSpaceAt(text, at) && text.charAt(at) !== '>') {
      refuse(`Unexpected end of name token at byte offset ${begin}`);
    }
    return { value: text.slice(begin, at).toLowerCase(), end: at };
  }
  at += 1;
  let value = '';
  while (at < text.length && text.charAt(at) !== quote) {
    const reference = text.charAt(at) === '&' ? decodeReference(text, at) : undefined;
    if (reference) {
      value += byteText(String.fromCodePoint(reference.code));
      at = reference.end;
    } else {
      value += text.charAt(at);
      at += 1;
    }
  }
  return { value, end: at < text.length ? at + 1 : at };
}

function argumentOf(tag: string, name: string, value: string): string | undefined {
  if (tag === 'a' && name === 'href') return value;
  if (tag === 'code' && name === 'class' && value.startsWith('language-')) return value.slice(9);
  if (tag === 'span' && name === 'class' && value.startsWith('tg-')) return value.slice(3);
  if (tag === 'tg-emoji' && name === 'emoji-id') return value;
  if (tag === 'blockquote' && name === 'expandable') return '1';
  return undefined;
}

const NAMED: Readonly<Record<string, number>> = { lt: 0x3c, gt: 0x3e, amp: 0x26, quot: 0x22 };

function decodeReference(text: string, at: number): { code: number; end: number } | undefined {
  const match = /^&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));?/i.exec(text.slice(at, at + 16));
  if (!match) return undefined;
  const [whole, hex, decimal, name] = match;
  const code =
    name === undefined
      ? Number.parseInt(hex ?? decimal ?? '', hex === undefined ? 10 : 16)
      : NAMED[name];
  if (code === undefined || !(code > 0 && code < 0x10ffff) || whole.length > 10) return undefined;
  return { code, end: at + whole.length };
}
