import { FormattedString } from '@grammyjs/parse-mode';

/** A character of two units is never split. */
function safeEnd(text: string, end: number): number {
  const last = text.charCodeAt(end - 1);
  return last >= 0xd800 && last <= 0xdbff ? end - 1 : end;
}

/** So much of the text as fits: up to the last end of a line, or of a character where a line is longer than half of a part. */
function endOfPart(text: string, limit: number): number {
  if (text.length <= limit) return text.length;
  const line = text.lastIndexOf('\n', limit - 1);
  return line >= limit / 2 ? line + 1 : safeEnd(text, limit);
}

function slice({ text, entities }: FormattedString, from: number, to: number): FormattedString {
  const inside = entities.flatMap((each) => {
    const start = Math.max(each.offset, from);
    const end = Math.min(each.offset + each.length, to);
    return end > start ? [{ ...each, offset: start - from, length: end - start }] : [];
  });
  return new FormattedString(text.slice(from, to), inside);
}

/** A last line of a reply with the time and whose money it is: each part gets it. */
const isFooter = (line: string): boolean => line.includes(' · ') && line.length <= 300;

/** A reply in as many parts as it takes, each with the last line of the whole. Nothing is lost. */
export function splitReply(
  text: FormattedString,
  limit: number,
): readonly [FormattedString, ...FormattedString[]] {
  if (text.text.length <= limit) return [text];
  const end = text.text.lastIndexOf('\n');
  const footer = text.text.slice(end + 1);
  return end > 0 && isFooter(footer)
    ? splitText(slice(text, 0, end), footer, limit)
    : splitText(text, '', limit);
}

/**
 * The text in as many parts of at most `limit` units as it takes, divided between lines, each with the footer under it and with which
 * part it is. Nothing is lost. One part, without a count, where it fits.
 */
export function splitText(
  body: FormattedString,
  footer: string,
  limit: number,
): readonly [FormattedString, ...FormattedString[]] {
  const whole = FormattedString.join([body, footer], '\n');
  if (whole.text.length <= limit) return [whole];
  // Enough for up to 999 parts.
  const room = Math.max(1, limit - footer.length - ' (999 of 999)'.length - 2);
  const parts: FormattedString[] = [];
  for (let from = 0; from < body.text.length;) {
    const to = from + endOfPart(body.text.slice(from), room);
    parts.push(slice(body, from, to));
    from = to;
  }
  const [first = body, ...others] = parts.map((each, index) =>
    FormattedString.join([each, `${footer} (${index + 1} of ${parts.length})`.trim()], '\n'),
  );
  return [first, ...others];
}
