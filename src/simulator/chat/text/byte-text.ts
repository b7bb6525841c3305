/**
 * Telegram's parsers work on UTF-8 bytes and name byte offsets when they refuse. A "byte text" is a string with one
 * character per UTF-8 byte, so that an index in it is a byte offset.
 */
export function byteText(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** The text that a byte text stands for. */
export function textOfBytes(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** How many UTF-16 code units begin at this byte: 0 inside a character, 2 for one outside the first plane. */
export function utf16Units(bytes: string, at: number): number {
  const byte = bytes.charCodeAt(at);
  if ((byte & 0xc0) === 0x80) return 0;
  return byte >= 0xf0 ? 2 : 1;
}

/** True for white space and at the end, where a C string has its closing zero. */
export function isSpaceAt(bytes: string, at: number): boolean {
  return at >= bytes.length || ' \t\r\n\0\v'.includes(bytes.charAt(at));
}

/** The address as a link keeps it, or undefined when it is none (Telegram then drops the link silently). */
export function checkedLink(url: string): string | undefined {
  const trimmed = url.trim();
  const full = /^[a-z][a-z0-9+.-]*:/i.test(trimmed) ? trimmed : `http://${trimmed}`;
  if (!URL.canParse(full)) return undefined;
  const { protocol, hostname, href } = new URL(full);
  if (!['http:', 'https:', 'tg:', 'ton:', 'tonsite:', 'mailto:', 'tel:'].includes(protocol))
    return undefined;
  if (/^https?:$/.test(protocol) && !/\./.test(hostname) && hostname !== 'localhost')
    return undefined;
  return href;
}
