import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { equityChart } from '../../src/bot/charts/equity-chart.ts';
import { createQuickChartRenderer } from '../../src/charts/quickchart-renderer.ts';
import { riskChart } from '../../src/bot/charts/risk-chart.ts';
import { equityData, riskData } from '../bot/charts/samples.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const config = riskChart(riskData);
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

interface Seen {
  url: string;
  method: string;
  body: string;
}

/** A server that records what it is asked and answers as told. */
async function serve(
  answer: (response: ServerResponse) => void,
): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({
        url: request.url ?? '',
        method: request.method ?? '',
        body: Buffer.concat(chunks).toString(),
      });
      answer(response);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, seen };
}

const png = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'image/png' }).end(PNG);
};

describe('QuickChart renderer', () => {
  it('posts the very same JSON, as version 4, with size and ground', async () => {
    const { url, seen } = await serve(png);
    const picture = await createQuickChartRenderer({ url }).render(config, {
      width: 900,
      height: 600,
      scale: 2,
    });
    expect(Buffer.from(picture).equals(PNG)).toBe(true);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/chart' });
    const body: unknown = JSON.parse(seen[0]?.body ?? '');
    expect(body).toEqual({
      chart: JSON.stringify(config),
      width: 900,
      height: 600,
      devicePixelRatio: 2,
      backgroundColor: '#ffffff',
      format: 'png',
      version: '4',
    });
  });

  it('keeps a path before /chart', async () => {
    const { url, seen } = await serve(png);
    await createQuickChartRenderer({ url: `${url}/draw/` }).render(config);
    expect(seen[0]?.url).toBe('/draw/chart');
  });

  it('does not let a label become code on the server', async () => {
    const { url, seen } = await serve(png);
    const label = '__BEGINFUNCTION__process.exit()__ENDFUNCTION__';
    const hostile = riskChart({ rows: [{ label, usedPercent: 1, text: '' }] });
    await createQuickChartRenderer({ url }).render(hostile);
    const body = JSON.parse(seen[0]?.body ?? '{}') as { chart: string };
    expect(JSON.parse(body.chart)).toEqual(hostile);
  });

  it('gives up at its deadline when nothing or only half an answer comes', async () => {
    const silent = await serve(() => undefined);
    const half = await serve((response) => {
      response.writeHead(200, { 'content-type': 'image/png' }).write(PNG.subarray(0, 10));
    });
    for (const { url } of [silent, half]) {
      const renderer = createQuickChartRenderer({ url, timeoutMs: 150 });
      await expect(renderer.render(config)).rejects.toThrow(/gave no picture within 150 ms/);
    }
  });

  it('passes on why the server refused', async () => {
    const bad = await serve((response) => {
      response.writeHead(400, { 'x-quickchart-error': 'Chart error: boom' }).end(PNG);
    });
    const large = await serve((response) => response.writeHead(413).end('too large'));
    await expect(createQuickChartRenderer({ url: bad.url }).render(config)).rejects.toThrow(
      'QuickChart answered with status 400: Chart error: boom.',
    );
    await expect(createQuickChartRenderer({ url: large.url }).render(config)).rejects.toThrow(
      /status 413\. .*raise EXPRESS_JSON_LIMIT/,
    );
  });

  it('refuses an answer that is no picture', async () => {
    const { url } = await serve((response) => response.writeHead(200).end('<html>'));
    await expect(createQuickChartRenderer({ url }).render(config)).rejects.toThrow(
      /did not answer with a PNG/,
    );
  });

  it('does not follow a redirect, so figures cannot be led elsewhere', async () => {
    const target = await serve(png);
    const { url } = await serve((response) => {
      response.writeHead(307, { location: `${target.url}/chart` }).end();
    });
    await expect(createQuickChartRenderer({ url }).render(config)).rejects.toThrow(
      /Redirects are not followed/,
    );
    expect(target.seen).toEqual([]);
  });

  it('says that nobody listens', async () => {
    const { url } = await serve(png);
    servers.splice(0).forEach((server) => server.close());
    await expect(createQuickChartRenderer({ url }).render(config)).rejects.toThrow(
      /could not be reached \(ECONNREFUSED\)/,
    );
  });

  it('sends nothing that is over the size limit', async () => {
    const { url, seen } = await serve(png);
    const renderer = createQuickChartRenderer({ url, maxBodyBytes: 5_000 });
    await expect(renderer.render(equityChart(equityData(720)))).rejects.toThrow(
      /takes \d+ kB, but QuickChart accepts at most 5 kB/,
    );
    expect(seen).toEqual([]);
  });

  it.each([
    ['https://quickchart.io', /public quickchart\.io: account figures must not leave/],
    ['https://quickchart.io./chart', /public/],
    ['http://api.QuickChart.io:8080', /public/],
    ['', /QUICKCHART_URL is empty\. Give the address of your own server/],
    ['quickchart', /is not an address/],
    ['ftp://127.0.0.1', /only http and https/],
    ['http://me:secret@127.0.0.1', /holds a user name or password/],
  ])('refuses the address %j', (url, message) => {
    expect(() => createQuickChartRenderer({ url })).toThrow(message);
  });
});
