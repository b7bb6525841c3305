import type { IncomingMessage } from 'node:http';

import { ApiError, badRequest } from '../api-error.ts';
import { isObject, parseJson } from './json.ts';
import { boundaryOf, parseMultipart } from './multipart.ts';
import type { UploadedFile } from './multipart.ts';
import { Params } from './params.ts';

/** Telegram's limit for one upload, in bytes. */
export const UPLOAD_MAX_BYTES = 50 * 1024 * 1024;

/** The whole body; a body over the limit is refused as Telegram refuses it. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new ApiError(413, 'Request Entity Too Large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The arguments of a call from query string and body, whichever encoding the client chose. */
export async function readParams(
  request: IncomingMessage,
  query: URLSearchParams,
): Promise<Params> {
  const values = new Map<string, unknown>(query);
  const contentType = request.headers['content-type'] ?? '';
  const kind = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  const body = await readBody(request, UPLOAD_MAX_BYTES + 1024 * 1024);
  if (kind === 'multipart/form-data') return multipartParams(values, body, contentType);
  if (body.length > 0) addBody(values, body.toString('utf8'), kind);
  return new Params(values, new Map());
}

function multipartParams(values: Map<string, unknown>, body: Buffer, contentType: string): Params {
  const boundary = boundaryOf(contentType);
  if (boundary === undefined) throw badRequest('boundary expected in Content-Type header');
  try {
    const { fields, files } = parseMultipart(body, boundary);
    for (const [name, value] of fields) values.set(name, value);
    for (const file of files.values()) refuseTooLarge(file);
    return new Params(values, files);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw badRequest(
      `Failed to parse multipart body: ${error instanceof Error ? error.message : 'unknown'}`,
    );
  }
}

function refuseTooLarge(file: UploadedFile): void {
  if (file.bytes.length > UPLOAD_MAX_BYTES) throw new ApiError(413, 'Request Entity Too Large');
}

function addBody(values: Map<string, unknown>, text: string, kind: string): void {
  if (kind === 'application/json') {
    const parsed = parseJson(text);
    if (!isObject(parsed)) throw badRequest("can't parse request JSON object");
    for (const [name, value] of Object.entries(parsed)) values.set(name, value);
  } else if (kind === 'application/x-www-form-urlencoded') {
    for (const [name, value] of new URLSearchParams(text)) values.set(name, value);
  }
}
