import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A second way to the owner, which notes what it is given. */
export async function openSecond(): Promise<{
  readonly url: string;
  readonly heard: readonly string[];
  close(): void;
}> {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      heard.push(body);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/second`,
    heard,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
