import type { Clock, Log } from '../app/ports.ts';
import { createAccountData, type BitunixAccount } from './account-data.ts';
import { lookUp, type LookUp } from './look-up.ts';
import { unknownWords } from './mapped.ts';
import { createMarketData, type BitunixMarket } from './market-data.ts';
import { createRest, type RestHealth } from './rest.ts';
import { createTrading, type BitunixTrading } from './trading.ts';

export interface BitunixOptions {
  /** Address of the REST interface, such as "https://fapi.bitunix.com". */
  readonly url: string;
  readonly apiKey?: string;
  readonly secretKey?: string;
  readonly clock: Clock;
  readonly log: Log;
  /** False: nothing that could send an order is built. */
  readonly trading: boolean;
  /** Jitter of waits, 0 (included) to 1 (excluded). */
  readonly random?: () => number;
  /** Wall milliseconds that one request may take; 10,000 unless told. */
  readonly deadlineMs?: number;
}

export interface Bitunix {
  readonly market: BitunixMarket;
  /** Absent without keys. */
  readonly account?: BitunixAccount;
  /** Absent without keys, and when `trading` is false. */
  readonly trading?: BitunixTrading;
  /**
   * Looks for an order whose placing has an unknown outcome until it is known: found, absent in every list for `forMs` venue
   * milliseconds, or still unknown. Absent without keys.
   */
  readonly lookUp?: (clientId: string, forMs?: number) => Promise<LookUp>;
  health(): RestHealth;
  close(): Promise<void>;
}

/** The BitUnix client. Demo, paper and live differ by the address alone. */
export function createBitunix(options: BitunixOptions): Bitunix {
  const { url, apiKey, secretKey, clock, log, random = Math.random } = options;
  const keys =
    apiKey === undefined || secretKey === undefined ? {} : { credentials: { apiKey, secretKey } };
  const deadlineMs = options.deadlineMs ?? 10_000;
  const rest = createRest({ url, ...keys, clock, log, random, deadlineMs });
  const source = { rest, log, onUnknown: unknownWords(log) };
  const base = {
    market: createMarketData(source),
    health: () => rest.health(),
    close: () => rest.close(),
  };
  if (keys.credentials === undefined) return base;
  const account = createAccountData(source);
  const find = (clientId: string, forMs = 15_000): Promise<LookUp> =>
    lookUp(account, clientId, { forMs, clock });
  const readOnly = { ...base, account, lookUp: find };
  return options.trading ? { ...readOnly, trading: createTrading({ rest, account }) } : readOnly;
}
