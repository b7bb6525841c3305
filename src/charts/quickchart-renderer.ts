import quickChartModule from 'quickchart-js';
import { request } from 'undici';
import { ChartRenderError, drawingOf, isPng, type Drawing, type PngRenderer } from './renderer.ts';

export interface QuickChartOptions {
  /** Address of the owner's own server, such as `http://quickchart:3400`. */
  readonly url: string;
  /** Milliseconds for the whole exchange; 10,000 when left out. */
  readonly timeoutMs?: number;
  /** Largest request body in bytes; QuickChart refuses more than 100 kB unless EXPRESS_JSON_LIMIT says otherwise. */
  readonly maxBodyBytes?: number;
}

const MAX_PICTURE_BYTES = 8_000_000;

// The package's types describe its CommonJS form; as an ES module its default export is the class itself.
const QuickChart = quickChartModule as unknown as typeof quickChartModule.default;

/**
 * A self-hosted QuickChart server. Never the public one: charts hold the account's figures, which stay on the owner's
 * machines; redirects are not followed for the same reason. Throws `ChartRenderError` for an address that is missing,
 * malformed or public.
 */
export function createQuickChartRenderer(options: QuickChartOptions): PngRenderer {
  const address = parseAddress(options.url);
  const timeoutMs = options.timeoutMs ?? 10_000;
  const maxBodyBytes = options.maxBodyBytes ?? 100_000;
  return {
    async render(config, size) {
      const body = requestBody(drawingOf(config, size), address);
      const bytes = Buffer.byteLength(body);
      if (bytes > maxBodyBytes) {
        throw new ChartRenderError(
          `The chart takes ${Math.ceil(bytes / 1000)} kB, but QuickChart accepts at most ${Math.floor(maxBodyBytes / 1000)} kB. Show a shorter period, or unset QUICKCHART_URL to draw locally.`,
        );
      }
      return post(address, body, timeoutMs);
    },
  };
}

interface Address {
  readonly scheme: 'http' | 'https';
  /** Host, port and path prefix, as quickchart-js puts them behind the scheme. */
  readonly host: string;
}

function parseAddress(text: string): Address {
  const example = 'Give the address of your own server, for example http://127.0.0.1:3400.';
  if (text.trim() === '') throw new ChartRenderError(`QUICKCHART_URL is empty. ${example}`);
  if (!URL.canParse(text))
    throw new ChartRenderError(`QUICKCHART_URL is not an address. ${example}`);
  const url = new URL(text);
  const scheme = url.protocol.slice(0, -1);
  if (scheme !== 'http' && scheme !== 'https') {
    throw new ChartRenderError(
      `QUICKCHART_URL begins with "${url.protocol}", only http and https are allowed. ${example}`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new ChartRenderError(
      `QUICKCHART_URL holds a user name or password, which QuickChart does not use. ${example}`,
    );
  }
  if (/(^|\.)quickchart\.io\.?$/.test(url.hostname)) {
    throw new ChartRenderError(
      `QUICKCHART_URL points to the public ${url.hostname}: account figures must not leave your machines. ${example}`,
    );
  }
  const path = url.pathname.replace(/\/+$/, '').replace(/\/chart$/, '');
  return { scheme, host: `${url.host}${path}` };
}

function requestBody({ config, size }: Drawing, address: Address): string {
  const chart = new QuickChart()
    .setScheme(address.scheme)
    .setHost(address.host)
    .setVersion('4')
    .setFormat('png')
    .setWidth(size.width)
    .setHeight(size.height)
    .setDevicePixelRatio(size.scale)
    .setBackgroundColor(config.options.backgroundColor)
    // As text: given an object, quickchart-js turns it into JavaScript and would run code hidden in a label.
    .setConfig(JSON.stringify(config));
  return JSON.stringify(chart.getPostData());
}

/** quickchart-js has no deadline and follows redirects, so only its request is used and sent from here. */
async function post(address: Address, body: string, timeoutMs: number): Promise<Uint8Array> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await request(`${address.scheme}://${address.host}/chart`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal,
    });
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      if (length > MAX_PICTURE_BYTES)
        throw new ChartRenderError('QuickChart sent more than 8 MB; that is not a chart.');
      chunks.push(chunk);
    }
    const bytes = new Uint8Array(Buffer.concat(chunks));
    if (response.statusCode !== 200)
      throw refusal(response.statusCode, response.headers['x-quickchart-error']);
    if (!isPng(bytes))
      throw new ChartRenderError(`QuickChart at ${address.host} did not answer with a PNG.`);
    return bytes;
  } catch (error) {
    if (error instanceof ChartRenderError) throw error;
    if (signal.aborted) {
      throw new ChartRenderError(
        `QuickChart at ${address.host} gave no picture within ${timeoutMs} ms.`,
        { cause: error },
      );
    }
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new ChartRenderError(`QuickChart at ${address.host} could not be reached (${reason}).`, {
      cause: error,
    });
  }
}

function refusal(status: number, header: string | string[] | undefined): ChartRenderError {
  const detail = [header ?? ''].flat().join(' ').slice(0, 200);
  const hint =
    status === 413
      ? ' The request is over its size limit; raise EXPRESS_JSON_LIMIT on that server.'
      : status >= 300 && status < 400
        ? ' Redirects are not followed; give the final address.'
        : '';
  return new ChartRenderError(
    `QuickChart answered with status ${status}${detail === '' ? '' : `: ${detail}`}.${hint}`,
  );
}
