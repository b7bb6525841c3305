import type { Proposal } from '../domain/proposal.ts';
import type { Timestamp } from '../domain/time.ts';
import type { ModeState } from '../domain/trading-mode.ts';
import { limitUse, type LimitUse } from '../risk/portfolio.ts';
import type { Ports, ScanReport, VenueMode } from './ports.ts';
import { readAccount } from './read-account.ts';
import { reasonOf, type Reading } from './reading.ts';
import type { AccountSnapshot } from './ports.ts';

export interface StatusView {
  readonly now: Timestamp;
  readonly venueMode: VenueMode;
  readonly speed: number;
  /** A text instead of the mode when the store could not be read; then nothing is allowed. */
  readonly mode: ModeState | string;
  readonly account: Reading<AccountSnapshot>;
  /** How much of each limit is used; empty when the account or the risk state is unknown. */
  readonly limits: readonly LimitUse[];
  readonly pending: readonly Proposal[];
  readonly scan?: ScanReport;
}

/** Everything that /status shows, each part with its own honesty. Never rejects. */
export async function readStatus(ports: Ports): Promise<StatusView> {
  const [mode, account, pending, scan, limits] = await Promise.all([
    readMode(ports),
    readAccount(ports),
    ports.proposals.withStatus('pending').catch(() => []),
    ports.scans.latest().catch(() => undefined),
    readLimitUse(ports),
  ]);
  return {
    now: ports.clock.now(),
    venueMode: ports.venueMode,
    speed: ports.clock.speed,
    mode,
    account,
    limits,
    pending,
    ...(scan === undefined ? {} : { scan }),
  };
}

/** The stored trading mode, or why it cannot be read. */
export async function readMode(ports: Pick<Ports, 'mode'>): Promise<ModeState | string> {
  try {
    return (await ports.mode.read()) ?? 'the trading mode is not stored: entries are held';
  } catch (error) {
    return reasonOf(error);
  }
}

/** Use of each limit by the last stored account read; empty when something it needs is unknown. */
export async function readLimitUse(ports: Ports): Promise<readonly LimitUse[]> {
  try {
    const [snapshot, state] = await Promise.all([
      ports.accounts.snapshot(),
      ports.accounts.riskState(),
    ]);
    if (snapshot === undefined || state === undefined) return [];
    return limitUse({ ...snapshot, state, limits: ports.limits });
  } catch {
    return [];
  }
}
