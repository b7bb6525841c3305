/** What the first bytes of a picture tell. Width and height in pixels. */
export interface ImageInfo {
  readonly extension: 'png' | 'jpg' | 'gif' | 'webp';
  readonly mime: string;
  readonly width: number;
  readonly height: number;
}

/** Kind and size of a PNG, JPEG, GIF or WebP picture, or undefined for anything else. */
export function imageInfo(bytes: Buffer): ImageInfo | undefined {
  if (bytes.length >= 24 && bytes.readUInt32BE(0) === 0x89504e47) {
    return {
      extension: 'png',
      mime: 'image/png',
      width: bytes.readUInt32BE(16),
      height: bytes.readUInt32BE(20),
    };
  }
  if (bytes.length >= 10 && bytes.toString('latin1', 0, 4) === 'GIF8') {
    return {
      extension: 'gif',
      mime: 'image/gif',
      width: bytes.readUInt16LE(6),
      height: bytes.readUInt16LE(8),
    };
  }
  if (bytes.length >= 4 && bytes.readUInt16BE(0) === 0xffd8) return jpegInfo(bytes);
  if (bytes.length >= 30 && bytes.toString('latin1', 8, 12) === 'WEBP') return webpInfo(bytes);
  return undefined;
}

function jpegInfo(bytes: Buffer): ImageInfo | undefined {
  let position = 2;
  while (position + 9 < bytes.length && bytes[position] === 0xff) {
    const marker = bytes[position + 1] ?? 0;
    // SOF0..SOF15 carry the size, except DHT (C4), JPG (C8) and DAC (CC).
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      const height = bytes.readUInt16BE(position + 5);
      return {
        extension: 'jpg',
        mime: 'image/jpeg',
        width: bytes.readUInt16BE(position + 7),
        height,
      };
    }
    position += 2 + bytes.readUInt16BE(position + 2);
  }
  return undefined;
}

function webpInfo(bytes: Buffer): ImageInfo | undefined {
  const info = (width: number, height: number): ImageInfo => ({
    extension: 'webp',
    mime: 'image/webp',
    width,
    height,
  });
  const chunk = bytes.toString('latin1', 12, 16);
  if (chunk === 'VP8X') return info(bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1);
  if (chunk === 'VP8 ')
    return info(bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff);
  if (chunk !== 'VP8L') return undefined;
  const bits = bytes.readUInt32LE(21);
  return info((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
}
