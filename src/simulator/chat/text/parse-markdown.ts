import { badRequest } from '../api-error.ts';
import type { Entity, FormattedText } from '../message.ts';
import { byteText, checkedLink, isSpaceAt, textOfBytes, utf16Units } from './byte-text.ts';

type Kind =
  | 'Bold'
  | 'Italic'
  | 'Underline'
  | 'Strikethrough'
  | 'Spoiler'
  | 'Code'
  | 'Pre'
  | 'PreCode'
  | 'TextUrl'
  | 'CustomEmoji'
  | 'BlockQuote'
  | 'ExpandableBlockQuote';

const WIRE_TYPES: Readonly<Record<Kind, string>> = {
  Bold: 'bold',
  Italic: 'italic',
  Underline: 'underline',
  Strikethrough: 'strikethrough',
  Spoiler: 'spoiler',
  Code: 'code',
  Pre: 'pre',
  PreCode: 'pre',
  TextUrl: 'text_link',
  CustomEmoji: 'custom_emoji',
  BlockQuote: 'blockquote',
  ExpandableBlockQuote: 'expandable_blockquote',
};

/** How many characters close the entity, beyond the first. */
const EXTRA_CLOSING: Readonly<Partial<Record<Kind, number>>> = {
  Underline: 1,
  Spoiler: 1,
  Pre: 2,
  PreCode: 2,
};

const RESERVED = '_*[]()~`>#+-=|{}.!\n';

interface OpenEntity {
  readonly kind: Kind;
  readonly argument: string;
  readonly offset: number;
  readonly byteOffset: number;
  readonly begin: number;
}

function refuse(reason: string): never {
  throw badRequest(`Can't parse entities: ${reason}`);
}

function refuseReserved(character: string): never {
  refuse(`Character '${character}' is reserved and must be escaped with the preceding '\\'`);
}

function refuseUnclosed(open: OpenEntity): never {
  refuse(`Can't find end of ${open.kind} entity at byte offset ${open.byteOffset}`);
}

/**
 * Parses `parse_mode: MarkdownV2`, with refusals in Telegram's own words and byte offsets.
 *
 * @see https://core.telegram.org/bots/api#markdownv2-style
 */
export function parseMarkdownV2(input: string): FormattedText {
  return new MarkdownParser(byteText(input)).run();
}

class MarkdownParser {
  readonly #text: string;
  #at = 0;
  #result = '';
  #offset = 0;
  #inQuote = false;
  #canStartQuote = true;
  readonly #open: OpenEntity[] = [];
  readonly #entities: Entity[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  run(): FormattedText {
    for (; this.#at < this.#text.length; this.#at += 1) this.#step();
    if (this.#inQuote) this.#closeQuoteAtEnd();
    const last = this.#open.at(-1);
    if (last) refuseUnclosed(last);
    return { text: textOfBytes(this.#result), entities: this.#entities };
  }

  #char(ahead = 0): string {
    return this.#text.charAt(this.#at + ahead);
  }

  #emit(character: string): void {
    this.#result += character;
  }

  #step(): void {
    const character = this.#char();
    const next = this.#text.charCodeAt(this.#at + 1);
    if (character === '\\' && next > 0 && next <= 126) {
      this.#at += 1;
      this.#offset += 1;
      this.#emit(this.#char());
      if (this.#char() !== '\r') this.#canStartQuote = this.#char() === '\n';
      return;
    }
    const inside = this.#open.at(-1)?.kind;
    const reserved = inside === 'Code' || inside === 'Pre' || inside === 'PreCode' ? '`' : RESERVED;
    if (!reserved.includes(character)) {
      const units = utf16Units(this.#text, this.#at);
      this.#offset += units;
      if (units > 0 && character !== '\r') this.#canStartQuote = false;
      this.#emit(character);
    } else if (this.#isEnd(character)) this.#close(character);
    else this.#begin(character);
  }

  #isEnd(character: string): boolean {
    const open = this.#open.at(-1);
    if (!open) return false;
    if (this.#inQuote && character === '\n' && this.#char(1) !== '>') return true;
    const next = this.#char(1);
    switch (open.kind) {
      case 'Bold':
        return character === '*';
      case 'Italic':
        return character === '_' && next !== '_';
      case 'Underline':
        return character === '_' && next === '_';
      case 'Strikethrough':
        return character === '~';
      case 'Spoiler':
        return character === '|' && next === '|';
      case 'Code':
        return character === '`';
      case 'Pre':
      case 'PreCode':
        return character === '`' && next === '`' && this.#char(2) === '`';
      case 'TextUrl':
      case 'CustomEmoji':
        return character === ']';
      default:
        return false;
    }
  }

  #begin(character: string): void {
    const byteOffset = this.#at;
    if (character === '\n') {
      this.#offset += 1;
      this.#emit('\n');
      this.#canStartQuote = true;
      return;
    }
    if (character === '>' && this.#canStartQuote && this.#inQuote) return;
    const { kind, argument } = this.#opening(character);
    this.#open.push({
      kind,
      argument,
      offset: this.#offset,
      byteOffset,
      begin: this.#result.length,
    });
  }

  #opening(character: string): { kind: Kind; argument: string } {
    const plain = (kind: Kind, skip = 0): { kind: Kind; argument: string } => {
      this.#at += skip;
      return { kind, argument: '' };
    };
    const next = this.#char(1);
    if (character === '_') return next === '_' ? plain('Underline', 1) : plain('Italic');
    if (character === '*') return plain('Bold');
    if (character === '~') return plain('Strikethrough');
    if (character === '|' && next === '|') return plain('Spoiler', 1);
    if (character === '[') return plain('TextUrl');
    if (character === '!' && next === '[') return plain('CustomEmoji', 1);
    if (character === '`')
      return next === '`' && this.#char(2) === '`' ? this.#openPre() : plain('Code');
    if (character === '>' && this.#canStartQuote) {
      this.#inQuote = true;
      return plain('BlockQuote');
    }
    return refuseReserved(character);
  }

  #openPre(): { kind: Kind; argument: string } {
    this.#at += 3;
    let end = this.#at;
    while (!isSpaceAt(this.#text, end) && this.#text.charAt(end) !== '`') end += 1;
    const named = end !== this.#at && end < this.#text.length && this.#text.charAt(end) !== '`';
    const argument = named ? this.#text.slice(this.#at, end) : '';
    if (named) this.#at = end;
    // One line break at the beginning belongs to the fence, not to the text.
    const [first, second] = [this.#char(), this.#char(1)];
    if (first === '\n' || first === '\r') {
      this.#at += (second === '\n' || second === '\r') && first !== second ? 2 : 1;
    }
    this.#at -= 1;
    return { kind: named ? 'PreCode' : 'Pre', argument };
  }

  #close(character: string): void {
    let open = this.#open.pop();
    if (!open) return;
    let kind: Kind = open.kind;
    if (character === '\n' && kind !== 'BlockQuote') {
      // `||` alone at the end of a quote marks it as expandable; anything else left open is a mistake.
      const justOpened = open.byteOffset === this.#at - 2;
      if (kind !== 'Spoiler' || !justOpened) refuseUnclosed(open);
      open = this.#open.pop() ?? open;
      if (open.kind !== 'BlockQuote') refuseUnclosed(open);
      kind = 'ExpandableBlockQuote';
    }
    this.#at += EXTRA_CLOSING[kind] ?? 0;
    if (kind === 'BlockQuote' || kind === 'ExpandableBlockQuote') {
      this.#inQuote = false;
      this.#emit('\n');
      this.#canStartQuote = true;
      this.#offset += 1;
    }
    this.#add(open, kind);
  }

  #closeQuoteAtEnd(): void {
    let open = this.#open.pop();
    let kind: Kind = 'BlockQuote';
    if (open?.kind === 'Spoiler' && open.byteOffset === this.#text.length - 2) {
      open = this.#open.pop();
      kind = 'ExpandableBlockQuote';
    }
    if (!open) return;
    if (open.kind !== 'BlockQuote') refuseUnclosed(open);
    this.#add(open, kind);
  }

  #add(open: OpenEntity, kind: Kind): void {
    const range = { offset: open.offset, length: this.#offset - open.offset };
    const type = WIRE_TYPES[kind];
    if (kind === 'TextUrl') {
      const shown = this.#result.slice(open.begin);
      const url = checkedLink(textOfBytes(this.#char(1) === '(' ? this.#address() : shown));
      if (url !== undefined && range.length > 0) this.#entities.push({ type, ...range, url });
    } else if (kind === 'CustomEmoji') {
      if (this.#char(1) !== '(') refuse('The entity must contain a tg://emoji or tg://time URL');
      const id = /^tg:\/\/emoji\?id=([1-9]\d*)$/.exec(this.#address())?.[1];
      if (id === undefined) refuse('Invalid tg://emoji or tg://time URL specified');
      if (range.length > 0) this.#entities.push({ type, ...range, custom_emoji_id: id });
    } else if (range.length > 0) {
      const language = kind === 'PreCode' ? { language: textOfBytes(open.argument) } : {};
      this.#entities.push({ type, ...range, ...language });
    }
  }

  /** Reads `(address)` after the closing bracket and leaves the position on the closing parenthesis. */
  #address(): string {
    this.#at += 2;
    const begin = this.#at;
    let address = '';
    while (this.#at < this.#text.length && this.#char() !== ')') {
      const next = this.#text.charCodeAt(this.#at + 1);
      if (this.#char() === '\\' && next > 0 && next <= 126) this.#at += 1;
      address += this.#char();
      this.#at += 1;
    }
    if (this.#char() !== ')') refuse(`Can't find end of a URL at byte offset ${begin}`);
    return address;
  }
}
