/** A file that came with a request. */
export interface UploadedFile {
  readonly name: string;
  readonly mime: string;
  readonly bytes: Buffer;
}

/** The fields and files of a multipart/form-data body. */
export interface MultipartBody {
  readonly fields: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, UploadedFile>;
}

/** The boundary named by a content-type header, or undefined. */
export function boundaryOf(contentType: string): string | undefined {
  const match = /;\s*boundary\s*=\s*(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  return match?.[1] ?? match?.[2];
}

/**
 * Reads a multipart/form-data body. Accepts what clients really send: names with or without quotes, no space
 * after the colon, preamble and epilogue. Throws a plain Error with the reason when the body is cut off.
 */
export function parseMultipart(body: Buffer, boundary: string): MultipartBody {
  const fields = new Map<string, string>();
  const files = new Map<string, UploadedFile>();
  for (const part of splitParts(body, boundary)) {
    const headEnd = part.indexOf('\r\n\r\n');
    if (headEnd < 0) throw new Error('part without header end');
    const headers = parseHeaders(part.subarray(0, headEnd).toString('utf8'));
    const disposition = headers.get('content-disposition') ?? '';
    const name = parameterOf(disposition, 'name');
    if (name === undefined) throw new Error('part without name');
    const content = part.subarray(headEnd + 4);
    const fileName = parameterOf(disposition, 'filename');
    if (fileName === undefined) fields.set(name, content.toString('utf8'));
    else {
      const mime = headers.get('content-type') ?? 'application/octet-stream';
      files.set(name, { name: fileName, mime, bytes: content });
    }
  }
  return { fields, files };
}

function splitParts(body: Buffer, boundary: string): Buffer[] {
  const parts: Buffer[] = [];
  const first = Buffer.from(`--${boundary}`);
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  let position = body.indexOf(first);
  if (position < 0) throw new Error('boundary not found');
  position += first.length;
  for (;;) {
    if (body.subarray(position, position + 2).toString('latin1') === '--') return parts;
    const lineEnd = body.indexOf('\r\n', position);
    if (lineEnd < 0) throw new Error('body ends inside a part');
    // A part that is empty but for its headers still has the blank line, so the search starts at the line end.
    const next = body.indexOf(delimiter, lineEnd + 2);
    if (next < 0) throw new Error('closing boundary not found');
    parts.push(body.subarray(lineEnd + 2, next));
    position = next + delimiter.length;
  }
}

function parseHeaders(text: string): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0)
      headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return headers;
}

function parameterOf(header: string, name: string): string | undefined {
  const match = new RegExp(`;\\s*${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^;]*))`, 'i').exec(
    header,
  );
  if (!match) return undefined;
  const quoted = match[1];
  if (quoted === undefined) return (match[2] ?? '').trim();
  // Browsers and undici escape a quote as %22, others with a backslash.
  return quoted.replace(/\\(["\\])/g, '$1').replace(/%22/g, '"');
}
