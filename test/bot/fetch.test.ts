import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Api, HttpError, InputFile } from 'grammy';
import { afterEach, describe, expect, it } from 'vitest';
import { createFetch, type ApiFetch } from '../../src/bot/fetch.ts';
import { safeText } from '../../src/bot/delivery/telegram-failure.ts';

const TOKEN = '123456:secret-token';

let close = async (): Promise<void> => undefined;
let http: ApiFetch;

afterEach(async () => {
  await http.close();
  await close();
});

async function serve(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Api> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  http = createFetch();
  const { port } = server.address() as AddressInfo;
  return new Api(TOKEN, { apiRoot: `http://127.0.0.1:${port}`, fetch: http.fetch });
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const ok = (response: ServerResponse, result: unknown): void => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ ok: true, result }));
};

describe('the HTTP client of the bot', () => {
  it('keeps its connections for calls in a row', async () => {
    const ports = new Set<number | undefined>();
    const api = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      request.resume().on('end', () => ok(response, {}));
    });
    for (let call = 0; call < 20; call += 1) await api.getMe();
    expect(ports.size).toBeLessThanOrEqual(2);
  });

  it('streams an upload byte for byte', async () => {
    const picture = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
    let received: Buffer = Buffer.alloc(0);
    const api = await serve((request, response) => {
      void bodyOf(request).then((body) => {
        received = body;
        ok(response, { message_id: 1 });
      });
    });
    await api.sendPhoto(1, new InputFile(picture, 'chart.png'), { caption: 'é' });
    expect(received.includes(picture)).toBe(true);
    expect(received.toString('utf8')).toContain('é');
  });

  it('ends a long poll when its signal says so', async () => {
    let waiting = (): void => undefined;
    const polled = new Promise<void>((resolve) => (waiting = resolve));
    const api = await serve(() => waiting());
    const controller = new AbortController();
    const poll = api.getUpdates(
      { timeout: 30 },
      controller.signal as Parameters<typeof api.getUpdates>[1],
    );
    await polled;
    controller.abort();
    await expect(poll).rejects.toThrow(HttpError);
  });

  it('turns an answer that is no JSON and a broken connection into HttpError', async () => {
    let call = 0;
    const api = await serve((_request, response) => {
      call += 1;
      if (call === 1) response.end('<html>502</html>');
      else response.destroy();
    });
    await expect(api.getMe()).rejects.toThrow(HttpError);
    await expect(api.getMe()).rejects.toThrow(HttpError);
  });

  it('lets no token into what is logged', async () => {
    const api = await serve((_request, response) => response.destroy());
    const error: unknown = await api.getMe().catch((caught: unknown) => caught);
    const text = safeText(error, TOKEN);
    expect(text).toContain('Telegram cannot be reached');
    expect(text).not.toContain('secret-token');
    expect(safeText(new Error(`GET http://x/bot${TOKEN}/getMe`), TOKEN)).not.toContain('secret');
  });
});
