import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What arrived, as it arrived. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly at: number;
}

/** Text is sent as it is; anything else is wrapped in the exchange's envelope. `undefined`: no answer, the connection is cut. */
export type Answer =
  | { readonly raw: string; readonly status?: number; readonly headers?: Record<string, string> }
  | {
      readonly code: number | string;
      readonly data?: unknown;
      readonly msg?: string;
    }
  | 'cut'
  | 'hang';

export interface TinyVenue {
  readonly url: string;
  readonly seen: Seen[];
  close(): Promise<void>;
}

export const ok = (data: unknown): Answer => ({ code: 0, data, msg: 'result.success' });

/** A real HTTP server that answers what the test says. */
export async function startTinyVenue(answer: (seen: Seen) => Answer): Promise<TinyVenue> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const entry: Seen = {
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
        at: performance.now(),
      };
      seen.push(entry);
      reply(response, answer(entry));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function reply(response: ServerResponse, answer: Answer): void {
  if (answer === 'hang') return;
  if (answer === 'cut') {
    response.destroy();
    return;
  }
  if ('raw' in answer) {
    response.writeHead(answer.status ?? 200, answer.headers ?? {});
    response.end(answer.raw);
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer));
}
