/** A Telegram user or bot, with the Bot API's own field names. */
export interface User {
  readonly id: number;
  readonly is_bot: boolean;
  readonly first_name: string;
  readonly last_name?: string;
  readonly username?: string;
  readonly language_code?: string;
}

/** A chat; a private chat has the id of its user, a group a negative id. */
export interface ChatInfo {
  readonly id: number;
  readonly type: 'private' | 'group' | 'supergroup';
  readonly title?: string;
  readonly first_name?: string;
  readonly last_name?: string;
  readonly username?: string;
}

/** A styled range of a text; offset and length count UTF-16 code units. */
export interface Entity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly url?: string;
  readonly user?: User;
  readonly language?: string;
  readonly custom_emoji_id?: string;
}

/** A text with its entities, after parsing and trimming. */
export interface FormattedText {
  readonly text: string;
  readonly entities: readonly Entity[];
}

/** One button of an inline keyboard. */
export interface InlineButton {
  readonly text: string;
  readonly callback_data?: string;
  readonly url?: string;
  readonly copy_text?: { readonly text: string };
  readonly style?: string;
}

/** Rows of buttons under a message. */
export type InlineKeyboard = readonly (readonly InlineButton[])[];

/** What `reply_markup` can hold; only the inline kind stays with the message. */
export type ReplyMarkup =
  | { readonly kind: 'inline'; readonly rows: InlineKeyboard }
  | {
      readonly kind: 'reply';
      readonly rows: readonly (readonly string[])[];
      readonly oneTime: boolean;
      readonly placeholder: string;
    }
  | { readonly kind: 'remove' }
  | { readonly kind: 'force'; readonly placeholder: string };

/** A picture as stored: one size, since the emulator does not scale. */
export interface PhotoContent {
  readonly fileId: string;
  readonly uniqueId: string;
  readonly width: number;
  readonly height: number;
  readonly size: number;
}

/** A document as stored. */
export interface DocumentContent {
  readonly fileId: string;
  readonly uniqueId: string;
  readonly name: string;
  readonly mime: string;
  readonly size: number;
}

/** What a message shows. `body` is the text of a text message or the caption of a photo or document. */
export interface Content {
  readonly body: FormattedText;
  readonly photo?: PhotoContent;
  readonly document?: DocumentContent;
  readonly captionAbove?: boolean;
}

/** A message with everything that the emulator remembers of it. */
export interface Message {
  readonly id: number;
  readonly chatId: number;
  readonly from: User;
  /** Unix time in seconds. */
  readonly date: number;
  readonly editDate?: number;
  readonly content: Content;
  readonly keyboard?: InlineKeyboard;
  readonly markup?: ReplyMarkup;
  readonly replyTo?: number;
  /** Who wrote what was passed on. */
  readonly forwardedFrom?: User;
  readonly mediaGroupId?: string;
  readonly silent: boolean;
  readonly protectedContent: boolean;
  readonly pinned: boolean;
  readonly reactions: readonly string[];
  readonly deleted: boolean;
  /** Grows with every change of any message, so that a reader can ask for what is new. */
  readonly seq: number;
}

/** True when both keyboards show and do the same. */
export function sameKeyboard(
  a: InlineKeyboard | undefined,
  b: InlineKeyboard | undefined,
): boolean {
  return JSON.stringify(a ?? []) === JSON.stringify(b ?? []);
}

/** True when both contents look the same to a reader. */
export function sameContent(a: Content, b: Content): boolean {
  const key = (content: Content): string =>
    JSON.stringify([
      content.body.text,
      content.body.entities,
      content.photo?.uniqueId,
      content.document?.uniqueId,
      content.captionAbove ?? false,
    ]);
  return key(a) === key(b);
}
