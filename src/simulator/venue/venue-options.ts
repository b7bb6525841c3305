import type { PositionMode } from './engine/account.ts';
import type { FaultSchedule } from './faults.ts';
import type { MarketChoice } from './market/market-choice.ts';
import type { Quirks } from './quirks.ts';

/** Money as text or number, USDT. */
export type Amount = string | number;

export interface VenueAccount {
  readonly apiKey: string;
  readonly secretKey: string;
  readonly balance: Amount;
  readonly positionMode?: PositionMode;
  readonly feeTaker?: Amount;
  readonly feeMaker?: Amount;
  /** The only addresses that may use the key, such as "127.0.0.1"; others are refused with 10004. Absent: any. */
  readonly ips?: readonly string[];
  /** The key may read and not write: every POST is refused with 403. */
  readonly readOnly?: boolean;
}

/** A position that is there when the venue starts, on the first account. */
export interface StandingPosition {
  readonly symbol: string;
  readonly side: 'LONG' | 'SHORT';
  readonly notional?: Amount;
  readonly qty?: Amount;
  readonly leverage?: number;
  readonly marginMode?: 'CROSS' | 'ISOLATION';
  readonly stop?: Amount;
  readonly target?: Amount;
}

export interface VenueOptions {
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly controlPort?: number;
  readonly host?: string;
  readonly market: MarketChoice;
  /** Venue seconds per real second; 0 stands still and moves by the control API alone. */
  readonly speed?: number;
  readonly accounts: readonly VenueAccount[];
  readonly open?: readonly StandingPosition[];
  /** Where account and clock are kept; an existing file is continued. */
  readonly persistFile?: string;
  /** Venue time at which a generated market falls, Unix ms. */
  readonly crashAt?: number;
  readonly quirks?: Partial<Quirks>;
  readonly faults?: FaultSchedule;
  /** Real milliseconds between pushes of prices and candles. */
  readonly pushMs?: number;
  /** Real milliseconds after which a socket that never spoke, or that stopped to ping, is cut; 60,500 and 70,000 unless told. */
  readonly socketPatience?: { readonly neverSpokeMs: number; readonly noPingMs: number };
  /** False answers as many requests as come. */
  readonly rateLimits?: boolean;
}
