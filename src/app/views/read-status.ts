import type { Proposal } from '../../domain/proposal.ts';
import type { Timestamp } from '../../domain/time.ts';
import type { ModeState } from '../../domain/trading-mode.ts';
import type { UnexplainedWithdrawal } from '../../risk/state/cash-flow.ts';
import type { LimitUse } from '../../risk/portfolio/portfolio.ts';
import { openWithdrawals } from '../account/answer-withdrawal.ts';
import type { AccountSnapshot } from '../ports/account-store.ts';
import type { Ports } from '../ports/ports.ts';
import type { VenueMode } from '../ports/venue-mode.ts';
import type { FeedReport } from '../ports/feeds.ts';
import type { ScanReport } from '../../domain/scan-report.ts';
import { readAccount } from '../reading/read-account.ts';
import { limitUseOf } from '../reading/limit-use.ts';
import { reasonOf, type Reading } from '../reading/reading.ts';

export interface StatusView {
  readonly now: Timestamp;
  readonly venueMode: VenueMode;
  readonly speed: number;
  /** Why the store is away; absent while it is there. */
  readonly storeAway?: string;
  /** A text instead of the mode when the store could not be read; then nothing is allowed. */
  readonly mode: ModeState | string;
  /** Money that left and that the owner has not explained yet. */
  readonly questions: readonly UnexplainedWithdrawal[];
  readonly account: Reading<AccountSnapshot>;
  /** How much of each limit is used; empty when the account or the risk state is unknown. */
  readonly limits: readonly LimitUse[];
  /** A text instead: why they cannot be read. */
  readonly pending: readonly Proposal[] | string;
  /** Absent before the first scan; a text: why it cannot be read. */
  readonly scan?: ScanReport | string;
  /** How Vigil hears from the exchange; a text: why that cannot be read. */
  readonly feeds: readonly FeedReport[] | string;
}

/** Everything that /status shows, each part with its own honesty. Never rejects. */
export async function readStatus(ports: Ports): Promise<StatusView> {
  const [mode, questions, account, pending, scan, feeds] = await Promise.all([
    readMode(ports),
    openWithdrawals(ports),
    readAccount(ports),
    ports.proposals.withStatus('pending').catch(reasonOf),
    ports.scans.latest().catch(reasonOf),
    ports.feeds.latest().catch(reasonOf),
  ]);
  // From the same reading as the equity above them, so that both are of one moment.
  const limits = account.kind === 'unavailable' ? [] : await limitUseOf(ports, account.value);
  const storeAway = ports.storeAway?.();
  return {
    now: ports.clock.now(),
    ...(storeAway === undefined ? {} : { storeAway }),
    venueMode: ports.venueMode,
    speed: ports.clock.speed,
    mode,
    questions,
    account,
    limits,
    pending,
    feeds,
    ...(scan === undefined ? {} : { scan }),
  };
}

/** The stored trading mode, or why it cannot be read. */
export async function readMode(ports: Pick<Ports, 'mode'>): Promise<ModeState | string> {
  try {
    return (await ports.mode.read()) ?? 'the trading mode is not stored: new trades are paused';
  } catch (error) {
    return reasonOf(error);
  }
}
