import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../../app/ports/clock.ts';
import type { Log } from '../../../app/ports/log.ts';
import { ExchangeFailure } from '../../../domain/failure.ts';
import type { Timestamp } from '../../../domain/time.ts';
import type { BreakerStatus } from '../../http/breaker.ts';
import { createBreakers, type Breakers } from '../../http/breakers.ts';
import type { Endpoint, Priority } from '../../http/endpoint.ts';
import { openEnvelope } from './envelope.ts';
import { fromTransport, type Reply } from '../../http/failures.ts';
import { clientClosed, createPacer, type Pacer, type Sent } from '../../http/pacing.ts';
import { mayReadAgain, wasNotCarriedOut } from './repeats.ts';
import { createServerClock, type ServerClock } from '../../http/server-clock.ts';
import { queryToSend, redact, signedHeaders, type Credentials, type Query } from './sign.ts';
import { createTransport, type RawRequest, type Transport } from '../../http/transport.ts';
import { wallMs } from '../../http/venue-time.ts';

export interface RestOptions {
  readonly url: string;
  readonly credentials?: Credentials;
  readonly clock: Clock;
  /** What the exchange's limits on frequency are counted by; the same clock unless told. */
  readonly pacing?: Clock;
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
  /** True: "order not found" is an answer, because the caller looks elsewhere and comes back. */
  readonly absenceIsAnAnswer?: boolean;
  /** Not sent after this moment of the exchange's clock, whatever it has waited for. */
  readonly sendBy?: Timestamp;
}

export interface RestHealth {
  /** Exchange minus local clock, milliseconds. */
  readonly offsetMs: number;
  readonly breaker: BreakerStatus;
  /** On the exchange's clock. */
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
  /** A text of the exchange as it may be shown: one short line without the key and the secret. */
  readonly clean: (text: string) => string;
  /** Time on the exchange's clock. */
  now(): Timestamp;
  health(): RestHealth;
  close(): Promise<void>;
}

/** The exchange's code for it. */
const SIGNATURE_REFUSED = '10007';
const READ_ATTEMPTS = 4;
const WRITE_ATTEMPTS = 3;
const FIRST_PAUSE_MS = 250;
/** Nothing goes out for so long after a refusal for frequency. */
const RATE_PAUSE_MS = 1_000;

/** The one door to the exchange's REST interface: paced, signed, with deadlines; answers are checked for their envelope only. */
export const createRest = (options: RestOptions): Rest => new RestClient(options);

/** The same door, where all reads have this priority: for what a write waits for. */
export const withPriority = (rest: Rest, priority: Priority): Rest => ({
  read: (call) => rest.read({ ...call, priority }),
  write: (call) => rest.write(call),
  clean: rest.clean,
  now: () => rest.now(),
  health: () => rest.health(),
  close: () => rest.close(),
});

class RestClient implements Rest {
  readonly #options: RestOptions;
  readonly #transport: Transport;
  readonly #pacer: Pacer;
  readonly #time: ServerClock;
  readonly #breakers: Breakers;
  readonly #closing = new AbortController();
  readonly clean: (text: string) => string;
  #requests = 0;
  #failures = 0;
  #lastOkAt: Timestamp | undefined;
  #lastFailure: string | undefined;

  constructor(options: RestOptions) {
    this.#options = options;
    this.clean = (text) => redact(options.credentials, text);
    this.#transport = createTransport(options.url);
    this.#pacer = createPacer(options.pacing ?? options.clock);
    this.#time = createServerClock(options.clock);
    this.#breakers = createBreakers(options.clock, options.log);
  }

  async read(call: Call): Promise<unknown> {
    const reply = await this.#attempts(call, READ_ATTEMPTS, (each) => mayReadAgain(each, call));
    if (reply.ok) return reply.data;
    throw reply.failure;
  }

  write(call: Call): Promise<Reply> {
    return this.#attempts(call, WRITE_ATTEMPTS, wasNotCarriedOut);
  }

  now(): Timestamp {
    return this.#time.now();
  }

  health(): RestHealth {
    return {
      offsetMs: this.#time.offsetMs(),
      breaker: this.#breakers.status(),
      lastOkAt: this.#lastOkAt,
      lastFailure: this.#lastFailure,
      requests: this.#requests,
      failures: this.#failures,
      waiting: this.#pacer.waiting(),
    };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#pacer.close();
    await this.#transport.close();
  }

  async #attempts(call: Call, most: number, again: (reply: Reply) => boolean): Promise<Reply> {
    const priority = call.priority ?? call.endpoint.priority;
    let resigned = false;
    for (let attempt = 0; ; attempt += 1) {
      const reply = await this.#sendOnce(call, { priority, resigned });
      if (reply.ok || attempt + 1 >= most) return reply;
      if (reply.failure.code === SIGNATURE_REFUSED) {
        if (resigned) return reply;
        resigned = true;
      } else if (again(reply)) {
        if (!(await this.#pause(attempt))) return notSent(clientClosed());
      } else return reply;
    }
  }

  /** Half to whole of a doubling pause, in venue time. False when the client is closed meanwhile. */
  async #pause(attempt: number): Promise<boolean> {
    const { clock, random } = this.#options;
    const venueMs = FIRST_PAUSE_MS * 2 ** attempt * (0.5 + random() / 2);
    try {
      await delay(wallMs(clock, venueMs), undefined, { signal: this.#closing.signal });
      return true;
    } catch {
      return false;
    }
  }

  /** `resigned`: the signature was refused and made anew, so that another refusal of it counts. */
  async #sendOnce(
    call: Call,
    { priority, resigned }: { readonly priority: Priority; readonly resigned: boolean },
  ): Promise<Reply> {
    let sent: Sent;
    try {
      sent = await this.#pacer.turn(call.endpoint, priority);
    } catch (error) {
      if (error instanceof ExchangeFailure) return notSent(error);
      throw error;
    }
    if (call.sendBy !== undefined && this.#time.now() > call.sendBy) {
      sent.answered();
      return notSent(waitedTooLong());
    }
    const refused = this.#breakers.begin(call.endpoint.scope, priority === 'protect');
    if (refused !== undefined) {
      sent.answered();
      return notSent(refused);
    }
    const reply = await this.#exchange(call);
    sent.answered();
    this.#note(call, reply, resigned);
    return reply;
  }

  async #exchange(call: Call): Promise<Reply> {
    this.#requests += 1;
    const { clock, deadlineMs } = this.#options;
    const sentAt = clock.now();
    try {
      const response = await this.#transport.send(this.#rawRequest(call));
      const receivedAt = clock.now();
      const reply = openEnvelope(response, this.clean);
      // A refused signature may mean that the clock is off: this answer alone then says what time it is.
      if (!reply.ok && reply.failure.code === SIGNATURE_REFUSED) this.#time.reset();
      this.#time.observe(response.date, sentAt, receivedAt);
      return reply;
    } catch (error) {
      if (this.#closing.signal.aborted) {
        return { ok: false, failure: clientClosed(), maybeDone: true };
      }
      return fromTransport(error, deadlineMs);
    }
  }

  #rawRequest({ endpoint, query = {}, body }: Call): RawRequest {
    const { credentials, deadlineMs } = this.#options;
    const { method, path, scope } = endpoint;
    const bytes = method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {};
    const signable = { timestampMs: this.#time.now(), query, ...bytes };
    const headers =
      scope === 'private' && credentials !== undefined ? signedHeaders(credentials, signable) : {};
    return { method, path: `${path}${queryToSend(query)}`, headers, deadlineMs, ...bytes };
  }

  /** Keeps score for the breakers, the pacing and /status. */
  #note({ endpoint }: Call, reply: Reply, resigned: boolean): void {
    if (reply.ok) {
      this.#lastOkAt = this.#time.now();
      this.#breakers.succeeded(endpoint.scope);
      return;
    }
    const { failure } = reply;
    this.#failures += 1;
    this.#lastFailure = failure.message;
    if (failure.kind === 'rate') this.#pacer.pause(endpoint.scope, RATE_PAUSE_MS);
    // Several requests at once all fail when the clock is off; their second attempts use the exchange's time.
    const maybeTheClock = failure.code === SIGNATURE_REFUSED && !resigned;
    this.#breakers.failed(endpoint.scope, failure, maybeTheClock);
  }
}

const waitedTooLong = (): ExchangeFailure =>
  new ExchangeFailure('it waited too long for its turn', { kind: 'rate', retriable: false });

const notSent = (failure: ExchangeFailure): Reply => ({ ok: false, failure, maybeDone: false });
