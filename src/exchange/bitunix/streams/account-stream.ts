import type { AccountStream } from '../../../app/ports/account-stream.ts';
import type { Clock } from '../../../app/ports/clock.ts';
import type { StreamState } from '../../../app/ports/feeds.ts';
import type { Log } from '../../../app/ports/log.ts';
import { isRecord, rowId } from '../mapped.ts';
import { loginFrame, redact, type Credentials } from '../rest/sign.ts';
import { createStreamSocket } from '../../streams/stream-socket.ts';
import { WORDING } from './wording.ts';

export interface AccountStreamOptions {
  /** Address of the private socket, such as "wss://fapi.bitunix.com/private/". */
  readonly url: string;
  readonly credentials: Credentials;
  /** The exchange's time: the login is refused when it is far off. */
  readonly now: Clock['now'];
  readonly log: Log;
  readonly random?: () => number;
  /** Wall milliseconds that an answer to a ping may take; 10,000 unless told. */
  readonly pongMs?: number;
  /** Wall milliseconds that the answer to the login may take; 10,000 unless told. */
  readonly loginMs?: number;
  /** Every text that arrives, as it arrives; for recording. */
  readonly onText?: (text: string) => void;
}

/** The private stream, with what each hint is about. */
export interface BitunixAccountStream extends AccountStream {
  onHint(listener: (channel: HintChannel, symbol: string | undefined) => void): void;
}

type HintChannel = 'balance' | 'position' | 'order' | 'tpsl';
const CHANNELS: readonly HintChannel[] = ['balance', 'position', 'order', 'tpsl'];

/**
 * The private stream. It has no snapshot and no sequence numbers, so an event is only a hint to read; and after each login all four
 * channels are hinted at, because something may have happened while it was away. It may be silent for hours: only pongs show that
 * it lives.
 */
export function createAccountStream(options: AccountStreamOptions): BitunixAccountStream {
  const { url, credentials, now, log, random = Math.random } = options;
  const { pongMs = 10_000, loginMs = 10_000, onText } = options;
  const hints: ((channel: HintChannel, symbol: string | undefined) => void)[] = [];
  const states: ((state: StreamState, reason: string) => void)[] = [];
  let loginTimer: NodeJS.Timeout | undefined;

  const hint = (channel: HintChannel, symbol: string | undefined): void => {
    for (const listener of hints) listener(channel, symbol);
  };

  function loggedIn(): void {
    clearTimeout(loginTimer);
    loginTimer = undefined;
    if (socket.state() === 'live') return;
    socket.markLive();
    for (const channel of CHANNELS) hint(channel, undefined);
  }

  function onFrame(frame: unknown): void {
    const login = loginResult(frame);
    if (login === true) return loggedIn();
    if (login !== undefined) return socket.restart(`login refused: ${redact(credentials, login)}`);
    const event = readHint(frame);
    if (event === undefined) return;
    loggedIn();
    hint(event.channel, event.symbol);
  }

  const socket = createStreamSocket(
    {
      url,
      random,
      rules: { pongMs, liveOnFrame: false },
      wording: WORDING,
      ...(onText && { onText }),
    },
    {
      onOpen() {
        clearTimeout(loginTimer);
        loginTimer = setTimeout(() => socket.restart('no answer to the login'), loginMs);
        socket.send(loginFrame(credentials, now()));
      },
      onFrame,
      onState(state, reason) {
        clearTimeout(loginTimer);
        log.info(`stream account: ${state}`, { reason });
        for (const listener of states) listener(state, reason);
      },
    },
  );

  return {
    onHint: (listener) => void hints.push(listener),
    onState: (listener) => void states.push(listener),
    state: () => socket.state(),
    silenceMs: () => socket.silenceMs(),
    close() {
      clearTimeout(loginTimer);
      socket.close();
      return Promise.resolve();
    },
  };
}

/**
 * True for a login that worked, its message for one that did not, undefined for any other frame. The result is in the data, beside
 * them, or a code; when several are there, each has to say yes.
 */
function loginResult(frame: unknown): true | string | undefined {
  if (!isRecord(frame) || frame['op'] !== 'login') return undefined;
  const data = isRecord(frame['data']) ? frame['data'] : {};
  const said = [frame['result'], data['result'], frame['code'], data['code']];
  const results = [said[0], said[1], frame['data'] === 'success' ? true : undefined]
    .filter((each) => each !== undefined)
    .map((each) => YES.has(each));
  const codes = [said[2], said[3]]
    .filter((each) => each !== undefined)
    .map((each) => each === 0 || each === '0');
  const all = [...results, ...codes];
  if (all.length > 0 && all.every(Boolean)) return true;
  const message = [data['msg'], frame['msg']].find((each) => typeof each === 'string');
  return typeof message === 'string' ? message : 'no reason given';
}

const YES: ReadonlySet<unknown> = new Set([true, 'true', 1, '1', 'success']);

/** Which channel and symbol a private frame is about. Its contents are not used. */
export function readHint(
  frame: unknown,
): { channel: HintChannel; symbol: string | undefined } | undefined {
  if (typeof frame !== 'object' || frame === null || !('ch' in frame)) return undefined;
  const channel = CHANNELS.find((each) => each === frame.ch);
  if (channel === undefined) return undefined;
  // Older documents have a list here.
  const data: unknown = 'data' in frame ? frame.data : undefined;
  const first: unknown = Array.isArray(data) ? data[0] : data;
  return { channel, symbol: rowId(first, 'symbol') };
}
