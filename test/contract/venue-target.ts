import type { Log } from '../../src/app/ports/log.ts';
import { createBitunix } from '../../src/exchange/bitunix/bitunix.ts';
import { startVenue, type Venue, type VenueOptions } from '../../src/simulator/venue/venue.ts';
import type { Target } from './contract-case.ts';

export const API_KEY = 'contractKey000000000000000000001';
export const SECRET_KEY = 'contractSecret000000000000000001';

export const silentLog: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export interface VenueTarget extends Target {
  readonly venue: Venue;
  /** Calls the venue's control API; rejects with its answer when it refuses. */
  readonly control: (call: string, body: object) => Promise<void>;
  close(): Promise<void>;
}

/**
 * The simulated exchange with one account of 10,000 USDT, and the client that talks to it. `deadlineMs`: what the client gives a
 * request; short only where a test is about answers that are late, because a loaded machine is late too.
 */
export async function venueTarget({
  deadlineMs = 10_000,
  ...options
}: Partial<VenueOptions> & { readonly deadlineMs?: number } = {}): Promise<VenueTarget> {
  const venue = await startVenue({
    market: { kind: 'generated', seed: 7, symbols: 12 },
    speed: 10,
    accounts: [{ apiKey: API_KEY, secretKey: SECRET_KEY, balance: '10000' }],
    pushMs: 100,
    ...options,
  });
  const clock = { now: () => venue.now(), speed: venue.speed };
  const bitunix = createBitunix({
    url: venue.url,
    apiKey: API_KEY,
    secretKey: SECRET_KEY,
    clock,
    log: silentLog,
    trading: true,
    random: () => 0.5,
    deadlineMs,
  });
  return {
    venue,
    bitunix,
    symbol: 'BTCUSDT',
    now: () => venue.now(),
    async control(call, body) {
      const response = await fetch(`${venue.controlUrl}/sim/${call}`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(`${call}: ${await response.text()}`);
    },
    async close() {
      await bitunix.close();
      await venue.stop();
    },
  };
}
