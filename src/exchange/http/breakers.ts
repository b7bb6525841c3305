import type { Clock } from '../../app/ports/clock.ts';
import type { Log } from '../../app/ports/log.ts';
import type { ExchangeFailure } from '../../domain/failure.ts';
import type { Endpoint } from './endpoint.ts';
import { BLOCKED, createBreaker, KEY_REFUSED, UNREACHABLE, type BreakerStatus } from './breaker.ts';

type Scope = Endpoint['scope'];

/** Two breakers: is the exchange there at all, and does it take our key? The second concerns private calls alone. */
export interface Breakers {
  /** Why nothing may go out now; undefined when it may, and then this request counts as under way. `protective` ones pass. */
  begin(scope: Scope, protective: boolean): ExchangeFailure | undefined;
  succeeded(scope: Scope): void;
  /** `maybeTheClock`: it may say only that our clock is off, and nothing of the key. */
  failed(scope: Scope, failure: ExchangeFailure, maybeTheClock: boolean): void;
  /** Of the one that is open; the host's comes first. */
  status(): BreakerStatus;
}

export function createBreakers(clock: Clock, log: Log): Breakers {
  const host = createBreaker(clock, 'closed');
  const key = createBreaker(clock, 'auth');

  function judgeHost(failure: ExchangeFailure): void {
    const before = host.status().state;
    const answered = failure.code !== '' || failure.kind === 'shape';
    if (answered) host.succeeded();
    else if (failure.kind === 'closed' || failure.kind === 'rate') host.undecided();
    else host.failed(failure.kind === 'blocked' ? BLOCKED : UNREACHABLE, failure.message);
    if (before === 'closed' && host.status().state === 'open') {
      log.warn('exchange: requests paused', { reason: failure.message });
    }
  }

  function judgeKey(failure: ExchangeFailure, maybeTheClock: boolean): void {
    if (maybeTheClock) key.undecided();
    else if (failure.kind === 'auth' || failure.kind === 'account') {
      key.failed(KEY_REFUSED, failure.message);
    } else if (failure.code === '') key.undecided();
    else key.succeeded();
  }

  return {
    begin(scope, protective) {
      const concerned = scope === 'private' ? [host, key] : [host];
      for (const breaker of concerned) {
        const failure = breaker.refusal(protective);
        if (failure !== undefined) return failure;
      }
      for (const breaker of concerned) breaker.begin();
      return undefined;
    },
    succeeded(scope) {
      host.succeeded();
      if (scope === 'private') key.succeeded();
    },
    failed(scope, failure, maybeTheClock) {
      judgeHost(failure);
      if (scope === 'private') judgeKey(failure, maybeTheClock);
    },
    status() {
      const there = host.status();
      return there.state === 'closed' ? key.status() : there;
    },
  };
}
