/** Where Vigil calls a sentinel: the conventions of healthchecks, so that the same address works for either. */
import { createServer } from 'node:http';
import type { Word } from '../../alerts/pulse/sentinel.ts';

/** What follows the address, and what it means. */
const WORDS: Readonly<Record<string, Word>> = {
  '': 'success',
  '/start': 'start',
  '/fail': 'fail',
  '/log': 'stopped',
};
const BODY_MAX = 10_000;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * Listens at the address that Vigil calls; its path is the secret between the two. Reachable from other machines unless the address is this
 * machine's own. `hear` returns why Vigil is heard in vain, if it is: then the call is refused with that. Rejects where the port is taken.
 */
export async function listenForVigil(
  address: string,
  hear: (word: Word, reason: string) => string | undefined,
): Promise<{ close(): Promise<void> }> {
  const url = new URL(address);
  const path = url.pathname.replace(/\/$/, '');
  const server = createServer((request, response) => {
    const asked = new URL(request.url ?? '/', url).pathname.replace(/\/$/, '');
    const word = asked.startsWith(path) ? WORDS[asked.slice(path.length)] : undefined;
    if (word === undefined) {
      response.writeHead(404).end();
      return;
    }
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body = `${body}${chunk}`.slice(0, BODY_MAX)));
    request.on('end', () => {
      const vain = hear(word, body);
      response.writeHead(vain === undefined ? 200 : 503).end(vain ?? 'OK');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new Error(`The sentinel cannot listen at port ${url.port || '80'}: ${error.message}.`),
      ),
    );
    const host = LOOPBACK.test(url.hostname) ? { host: '127.0.0.1' } : {};
    server.listen({ port: Number(url.port || '80'), ...host }, () => resolve());
  });
  return {
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
