import type { ServerResponse } from 'node:http';

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
  });
  response.end(bytes);
}

/** Answers with a file; `download` names it for saving. Browsers are told not to guess its kind. */
export function sendBytes(
  response: ServerResponse,
  file: { bytes: Buffer; mime: string; download?: string },
): void {
  response.writeHead(200, {
    'content-type': file.mime,
    'content-length': file.bytes.length,
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, max-age=31536000, immutable',
    ...(file.download === undefined
      ? {}
      : {
          'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.download)}`,
        }),
  });
  response.end(file.bytes);
}
