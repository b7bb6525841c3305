import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createBitunix } from '../../src/exchange/bitunix/bitunix.ts';
import { seededRandom } from '../../src/simulator/venue/random.ts';
import type { Figure } from './figure.ts';

const SYMBOLS = 200;
const PER_SECOND = 10;
/** Longest random delay of a request on its way, ms. */
const UPLINK_MS = 20;

/**
 * One history for each of 200 symbols from an exchange that refuses the 11th request of any sliding second, with up to 20 ms of random
 * delay on the way there. The ideal is 10 requests a second from the first moment on.
 */
export async function pacingBench(): Promise<readonly Figure[]> {
  const random = seededRandom(11);
  const counted: number[] = [];
  let refused = 0;
  const server = createServer((_, response) => {
    void delay(random() * UPLINK_MS).then(() => {
      const now = performance.now();
      const recent = counted.filter((at) => at > now - 1_000);
      const allowed = recent.length < PER_SECOND;
      if (allowed) counted.push(now);
      else refused += 1;
      response.end(JSON.stringify(allowed ? { code: 0, data: [] } : { code: 10006, data: null }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const silent = (): void => undefined;
  const bitunix = createBitunix({
    url: `http://127.0.0.1:${port}`,
    clock: { now: () => Date.now(), speed: 1 },
    log: { info: silent, warn: silent, error: silent },
    trading: false,
  });
  const start = performance.now();
  const sweep = Array.from({ length: SYMBOLS }, (_, index) =>
    bitunix.market.candles({ symbol: `S${index}USDT`, interval: '1h', limit: 199 }),
  );
  await Promise.all(sweep);
  const seconds = (performance.now() - start) / 1_000;
  await bitunix.close();
  server.closeAllConnections();
  server.close();
  return [
    {
      what: `${SYMBOLS} histories, ${UPLINK_MS} ms of jitter, of the ideal ${SYMBOLS / PER_SECOND} s`,
      value: `${(seconds / (SYMBOLS / PER_SECOND)).toFixed(3)}x (${seconds.toFixed(1)} s)`,
      aim: 'at most 1.03x',
    },
    { what: 'requests refused for frequency meanwhile', value: String(refused), aim: '0' },
  ];
}
