/** Text fit for a picture: one line, no emoji or control characters (fonts show boxes), cut to `limit` characters. */
export function plainText(text: string, limit: number): string {
  const clean = text
    .replaceAll(
      /\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u{FE0F}/gu,
      '',
    )
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  return clean.length <= limit ? clean : `${cutWhole(clean, limit - 1).trimEnd()}…`;
}

/** The first `length` UTF-16 units, without half a character at the end. */
function cutWhole(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}

/** Splits at spaces into lines of at most `width` characters, at most `count` lines; the rest ends in an ellipsis. */
export function wrapText(text: string, width: number, count: number): string[] {
  const lines: string[] = [];
  let rest = plainText(text, 200);
  while (rest.length > width && lines.length < count - 1) {
    const space = rest.lastIndexOf(' ', width);
    const cut = space > 0 ? space : width;
    lines.push(rest.slice(0, cut));
    rest = rest.slice(cut).trimStart();
  }
  return [...lines, plainText(rest, width)];
}

/** The first of several sentences, for a picture below a message that has them all. */
export const firstSentence = (text: string): string => /^.*?[.](?=\s|$)/s.exec(text)?.[0] ?? text;

/** A caption for Telegram: at most 1,024 characters. */
export function caption(sentences: readonly string[]): string {
  const text = sentences.filter((sentence) => sentence !== '').join(' ');
  return text.length <= 1024 ? text : `${cutWhole(text, 1023)}…`;
}
