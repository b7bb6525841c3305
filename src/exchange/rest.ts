import type { Clock, Log } from '../app/ports.ts';
import { ExchangeFailure } from '../domain/failure.ts';
import type { Timestamp } from '../domain/time.ts';
import { BLOCKED, createBreaker, KEY_REFUSED, UNREACHABLE, type BreakerStatus } from './breaker.ts';
import type { Endpoint, Priority } from './endpoints.ts';
import { fromCode, fromForeignBody, fromShape, fromTransport, type Reply } from './failures.ts';
import { clientClosed, createPacer } from './pacing.ts';
import { createServerClock } from './server-clock.ts';
import { queryToSend, redact, signedHeaders, type Credentials, type Query } from './sign.ts';
import { createTransport, type RawRequest } from './transport.ts';
import { wallMs } from './venue-time.ts';
import { parseWireJson } from './wire-json.ts';

export interface RestOptions {
  readonly url: string;
  readonly credentials?: Credentials;
  readonly clock: Clock;
  readonly log: Log;
  /** 0 (included) to 1 (excluded): jitter of waits. */
  readonly random: () => number;
  /** Wall milliseconds for one request, from sending to the whole answer. */
  readonly deadlineMs: number;
}

export interface Call {
  readonly endpoint: Endpoint;
  readonly query?: Query;
  /** Serialised once; these bytes are signed and sent. */
  readonly body?: unknown;
  /** Overrides the endpoint's own priority, such as for a read that an exit waits for. */
  readonly priority?: Priority;
}

export interface RestHealth {
  /** Exchange minus local clock, milliseconds. */
  readonly offsetMs: number;
  readonly breaker: BreakerStatus;
  readonly lastOkAt: Timestamp | undefined;
  readonly lastFailure: string | undefined;
  readonly requests: number;
  readonly failures: number;
  /** Requests that wait for their turn. */
  readonly waiting: number;
}

export interface Rest {
  /** The `data` of a read, repeated with growing pauses where that can help. Rejects with ExchangeFailure. */
  read(call: Call): Promise<unknown>;
  /** Sends a write once. Repeated only when the exchange said that it did nothing because of frequency or signature. */
  write(call: Call): Promise<Reply>;
  /** Time on the exchange's clock. */
  now(): Timestamp;
  health(): RestHealth;
  close(): Promise<void>;
}

const READ_ATTEMPTS = 4;
const WRITE_ATTEMPTS = 3;
const FIRST_PAUSE_MS = 250;

/** The one door to the exchange's REST interface: paced, signed, with deadlines; answers are checked for their envelope only. */
export function createRest(options: RestOptions): Rest {
  const { clock, log, random, credentials } = options;
  const transport = createTransport(options.url);
  const pacer = createPacer(clock);
  const time = createServerClock(clock);
  const host = createBreaker(clock);
  const key = createBreaker(clock);
  const closing = new AbortController();
  const counts = { requests: 0, failures: 0 };
  let lastOkAt: Timestamp | undefined;
  let lastFailure: string | undefined;

  async function sendOnce(call: Call, priority: Priority): Promise<Reply> {
    try {
      await pacer.turn(call.endpoint, priority);
    } catch (error) {
      if (error instanceof ExchangeFailure) return notSent(error);
      throw error;
    }
    const breakers = call.endpoint.scope === 'private' ? [host, key] : [host];
    const protective = priority === 'protect';
    const failure = breakers
      .map((each) => each.refusal(protective))
      .find((each) => each !== undefined);
    if (failure !== undefined) return notSent(failure);
    for (const breaker of breakers) breaker.begin();
    const reply = await exchange(call);
    note(call, reply);
    return reply;
  }

  async function exchange(call: Call): Promise<Reply> {
    counts.requests += 1;
    const sentAt = clock.now();
    try {
      const response = await transport.send(rawRequest(call));
      const receivedAt = clock.now();
      const reply = openEnvelope(response.status, response.text);
      // A refused signature may mean that the clock is off: this answer alone then says what time it is.
      if (!reply.ok && reply.failure.code === '10007') time.reset();
      time.observe(response.date, sentAt, receivedAt);
      return reply;
    } catch (error) {
      if (closing.signal.aborted) return { ok: false, failure: clientClosed(), maybeDone: true };
      return fromTransport(error, options.deadlineMs);
    }
  }

  function rawRequest({ endpoint, query = {}, body }: Call): RawRequest {
    const { method, path, scope } = endpoint;
    const text = method === 'POST' ? JSON.stringify(body ?? {}) : undefined;
    const signable = {
      timestampMs: time.now(),
      query,
      ...(text === undefined ? {} : { body: text }),
    };
    const headers =
      scope === 'private' && credentials !== undefined ? signedHeaders(credentials, signable) : {};
    const request = { method, path: `${path}${queryToSend(query)}`, headers };
    const { deadlineMs } = options;
    return text === undefined ? { ...request, deadlineMs } : { ...request, deadlineMs, body: text };
  }

  function openEnvelope(status: number, text: string): Reply {
    const json = parseWireJson(text);
    if (json === undefined) return fromForeignBody(status, text);
    if (typeof json !== 'object' || json === null || !('code' in json)) {
      return fromShape('it has no code');
    }
    const { code } = json;
    if (typeof code !== 'number' && typeof code !== 'string')
      return fromShape('its code is no number');
    if (Number(code) === 0 && code !== '')
      return { ok: true, data: 'data' in json ? json.data : null };
    const message = 'msg' in json && typeof json.msg === 'string' ? json.msg : '';
    return fromCode(redact(credentials, String(code)), redact(credentials, message));
  }

  /** Keeps score for the breakers, the pacing and /status. */
  function note({ endpoint }: Call, reply: Reply): void {
    if (reply.ok) {
      lastOkAt = clock.now();
      host.succeeded();
      if (endpoint.scope === 'private') key.succeeded();
      return;
    }
    const { failure } = reply;
    counts.failures += 1;
    lastFailure = failure.message;
    if (failure.kind === 'rate') pacer.pause(endpoint.scope, 1_000);
    judgeHost(failure);
    if (endpoint.scope === 'private') judgeKey(failure);
  }

  function judgeHost(failure: ExchangeFailure): void {
    const before = host.status().state;
    const answered = failure.code !== '' || failure.kind === 'shape';
    if (answered) host.succeeded();
    else if (failure.kind === 'closed') host.undecided();
    else host.failed(failure.kind === 'blocked' ? BLOCKED : UNREACHABLE, failure.message);
    if (before === 'closed' && host.status().state === 'open') {
      log.warn('exchange: requests paused', { reason: failure.message });
    }
  }

  function judgeKey(failure: ExchangeFailure): void {
    if (failure.kind === 'auth' || failure.kind === 'account') {
      key.failed(KEY_REFUSED, failure.message);
    } else if (failure.code === '') key.undecided();
    else key.succeeded();
  }

  /** Full jitter around a doubling pause, in venue time. Rejects when the client is closed meanwhile. */
  function pause(attempt: number): Promise<void> {
    const pauseMs = FIRST_PAUSE_MS * 2 ** attempt * (0.5 + random() / 2);
    return sleep(wallMs(clock, pauseMs), closing.signal);
  }

  async function attempts(
    call: Call,
    most: number,
    again: (reply: Reply) => boolean,
  ): Promise<Reply> {
    const priority = call.priority ?? call.endpoint.priority;
    let resigned = false;
    for (let attempt = 0; ; attempt += 1) {
      const reply = await sendOnce(call, priority);
      if (reply.ok || attempt + 1 >= most) return reply;
      if (reply.failure.code === '10007') {
        if (resigned) return reply;
        resigned = true;
        continue;
      }
      if (!again(reply)) return reply;
      await pause(attempt);
    }
  }

  return {
    async read(call) {
      const reply = await attempts(call, READ_ATTEMPTS, mayReadAgain);
      if (reply.ok) return reply.data;
      throw reply.failure;
    },
    write: (call) => attempts(call, WRITE_ATTEMPTS, wasNotCarriedOut),
    now: () => time.now(),
    health: () => ({
      offsetMs: time.offsetMs(),
      breaker: host.status().state === 'closed' ? key.status() : host.status(),
      lastOkAt,
      lastFailure,
      ...counts,
      waiting: pacer.waiting(),
    }),
    async close() {
      closing.abort();
      pacer.close();
      await transport.close();
    },
  };
}

const notSent = (failure: ExchangeFailure): Reply => ({ ok: false, failure, maybeDone: false });

/** Not when blocked or paused: more requests would only lengthen it. "Not found" is the caller's to judge. */
const mayReadAgain = (reply: Reply): boolean =>
  !reply.ok && (reply.failure.kind === 'network' || reply.failure.kind === 'rate');

const wasNotCarriedOut = (reply: Reply): boolean =>
  !reply.ok && !reply.maybeDone && reply.failure.kind === 'rate' && reply.failure.code !== '';

/** Waits in wall milliseconds; rejects when the client closes meanwhile. */
export function sleep(wallMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      reject(clientClosed());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end);
      resolve();
    }, wallMs);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
