import { FormattedString } from '@grammyjs/parse-mode';

/** Telegram's limits in UTF-16 units. */
export const TEXT_LIMIT = 4_096;
export const CAPTION_LIMIT = 1_024;

const CUT = '\n… (cut: the text was too long)';

/** The text with its entities, cut to `limit` with a note. A character of two units is never split. */
export function fit(text: FormattedString, limit: number): FormattedString {
  if (text.text.length <= limit) return text;
  let end = limit - CUT.length;
  const last = text.text.charCodeAt(end - 1);
  if (last >= 0xd800 && last <= 0xdbff) end -= 1;
  const entities = text.entities
    .filter((each) => each.offset < end)
    .map((each) => ({ ...each, length: Math.min(each.length, end - each.offset) }));
  return new FormattedString(text.text.slice(0, end) + CUT, entities);
}

/** Lines under each other; an undefined line is left out. */
export const linesOf = (
  lines: readonly (string | FormattedString | undefined)[],
): FormattedString =>
  FormattedString.join(
    lines.filter((each) => each !== undefined),
    '\n',
  );

export const bold = (text: string): FormattedString => FormattedString.b(text);
export const plain = (text: string): FormattedString => new FormattedString(text);
