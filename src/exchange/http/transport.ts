import { Pool } from 'undici';

/** One HTTP exchange as it is: nothing is interpreted here. */
export interface RawRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly deadlineMs: number;
}

export interface RawResponse {
  readonly status: number;
  readonly date: string | undefined;
  readonly text: string;
}

export interface Transport {
  /** Rejects with undici's error when there is no whole answer before the deadline. */
  send(request: RawRequest): Promise<RawResponse>;
  close(): Promise<void>;
}

/** Cloudflare refuses unusual user agents. */
const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';

/** Bytes of an answer; the largest one seen has 474 kB. */
export const LARGEST_ANSWER = 8 * 1024 * 1024;

/**
 * Connections that stay open between requests, so that an urgent one needs no handshake. There are as many as requests under way: none
 * waits here behind another. How many that are is limited where priorities are known, in pacing.ts.
 */
export function createTransport(url: string): Transport {
  const pool = new Pool(new URL(url).origin, {
    connections: null,
    pipelining: 1,
    keepAliveTimeout: 20_000,
    keepAliveMaxTimeout: 60_000,
    // Enforced while it is received.
    maxResponseSize: LARGEST_ANSWER,
    connect: { timeout: 5_000 },
  });
  return {
    async send({ method, path, headers, body, deadlineMs }) {
      const response = await pool.request({
        method,
        path,
        headers: {
          'user-agent': USER_AGENT,
          accept: 'application/json',
          'accept-language': 'en-US',
          'content-type': 'application/json',
          language: 'en-US',
          ...headers,
        },
        body: body ?? null,
        signal: AbortSignal.timeout(deadlineMs),
      });
      const { date } = response.headers;
      return {
        status: response.statusCode,
        date: typeof date === 'string' ? date : undefined,
        text: await response.body.text(),
      };
    },
    close: () => pool.destroy(),
  };
}
