import type { Clock } from '../../app/ports/clock.ts';
import { ExchangeFailure, type FailureKind } from '../../domain/failure.ts';
import { formatDuration } from '../../domain/time.ts';
import { venueMs, wallMs } from './venue-time.ts';

export type BreakerState = 'closed' | 'open' | 'probing';

export interface BreakerStatus {
  readonly state: BreakerState;
  /** Why it opened; "" while closed. */
  readonly reason: string;
  /** Venue milliseconds until the next attempt; 0 while closed. */
  readonly retryInMs: number;
}

export interface BreakerRule {
  /** Failures in a row that open it. */
  readonly after: number;
  /** First pause in venue milliseconds; doubled at each failed probe. */
  readonly pauseMs: number;
  readonly maxPauseMs: number;
}

/** The exchange blocks this address: each further request makes it longer. */
export const BLOCKED: BreakerRule = { after: 1, pauseMs: 30_000, maxPauseMs: 300_000 };
/** The way to the exchange is broken. */
export const UNREACHABLE: BreakerRule = { after: 5, pauseMs: 2_000, maxPauseMs: 30_000 };
/** The key is refused: only a person can repair that. */
export const KEY_REFUSED: BreakerRule = { after: 3, pauseMs: 30_000, maxPauseMs: 300_000 };

export interface Breaker {
  /** The failure to answer with instead of sending, or undefined when the request may go. */
  refusal(protective: boolean): ExchangeFailure | undefined;
  /** A request goes now: when the breaker is open, it is the probe, and others wait for its outcome. */
  begin(): void;
  succeeded(): void;
  /** The probe told nothing about what this breaker is for. */
  undecided(): void;
  failed(rule: BreakerRule, reason: string): void;
  status(): BreakerStatus;
}

/**
 * Stops requests that cannot work. Open, it refuses at once with the reason; after the pause one request goes through as a probe,
 * and its outcome closes or opens it again. Protective requests (cancel, close, stop loss) always go through. `kind` is what its
 * refusals are called.
 */
export function createBreaker(clock: Clock, kind: FailureKind): Breaker {
  let failures = 0;
  let pauseMs = 0;
  let openUntil: number | undefined;
  let probeStarted = false;
  let reason = '';

  const remaining = (): number => Math.max(0, venueMs(clock, (openUntil ?? 0) - performance.now()));

  return {
    refusal(protective) {
      if (openUntil === undefined || protective) return undefined;
      const left = remaining();
      if (left === 0 && !probeStarted) return undefined;
      const next =
        left === 0 ? 'an attempt is under way' : `next attempt in ${formatDuration(left + 999)}`;
      return new ExchangeFailure(`requests to the exchange are paused: ${reason}; ${next}`, {
        kind,
        retriable: true,
      });
    },
    begin() {
      if (openUntil !== undefined) probeStarted = true;
    },
    succeeded() {
      failures = 0;
      pauseMs = 0;
      openUntil = undefined;
      probeStarted = false;
      reason = '';
    },
    undecided() {
      probeStarted = false;
    },
    failed(rule, why) {
      failures += 1;
      probeStarted = false;
      if (failures < rule.after && openUntil === undefined) return;
      if (remaining() > 0) return;
      pauseMs = pauseMs === 0 ? rule.pauseMs : Math.min(rule.maxPauseMs, pauseMs * 2);
      openUntil = performance.now() + wallMs(clock, pauseMs);
      reason = why;
    },
    status() {
      if (openUntil === undefined) return { state: 'closed', reason: '', retryInMs: 0 };
      return { state: probeStarted ? 'probing' : 'open', reason, retryInMs: remaining() };
    },
  };
}
