/**
 * Tells somebody outside that Vigil keeps watch, by the conventions of healthchecks: the address itself for a success, `/start` and
 * `/fail` behind it. Carries no figure of the account.
 */
import { request } from 'undici';
import type { Log } from '../../app/ports/log.ts';
import { messageOf } from '../../app/reading/reading.ts';
import { withDeadline } from '../../bot/deadline.ts';

/** Between two successes, and between two words of the same failure. */
const EVERY_MS = 30_000;
const LOOK_MS = 1_000;
const TIMEOUT_MS = 10_000;
/** So long an end waits to be told. */
const LAST_MS = 2_000;

export interface HeartbeatOptions {
  readonly url: string;
  /** What is wrong, in a sentence; undefined while all is well. */
  readonly trouble: () => string | undefined;
  /** Hears of each call that was answered. */
  readonly heard?: () => void;
  readonly log: Pick<Log, 'warn' | 'info'>;
  readonly everyMs?: number;
}

/**
 * Says that it starts, then success again and again while there is no trouble, and each trouble at once; and at last that it is stopped, as
 * `/log`, or why it ends unasked, as `/fail`; nothing where another process
 * goes on.
 */
export function startHeartbeat(options: HeartbeatOptions): {
  stop(end?: { readonly reason: string | undefined }): Promise<void>;
} {
  const { trouble, log, everyMs = EVERY_MS } = options;
  let said: { readonly trouble: string | undefined; readonly at: number } | undefined;
  let away = false;
  /** One call at a time: what waits behind a slow one would be told as news when it is none any more. */
  let calling = true;
  void send('/start', '').finally(() => (calling = false));

  async function send(path: string, body: string): Promise<void> {
    try {
      const url = new URL(options.url);
      url.pathname = url.pathname.replace(/\/$/, '') + path;
      const answer = await request(url, {
        method: 'POST',
        body,
        headersTimeout: TIMEOUT_MS,
        bodyTimeout: TIMEOUT_MS,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await answer.body.dump();
      if (answer.statusCode >= 300) throw new Error(`it answers ${answer.statusCode}`);
      options.heard?.();
      if (away) log.info('the heartbeat is heard again');
      away = false;
    } catch (error) {
      // The address is a secret of its own: whoever has it can say that all is well.
      if (!away) log.warn('the heartbeat is not heard', { reason: messageOf(error) });
      away = true;
    }
  }

  const timer = setInterval(
    () => {
      if (calling) return;
      const now = performance.now();
      const reason = trouble();
      if (said !== undefined && said.trouble === reason && now - said.at < everyMs) return;
      said = { trouble: reason, at: now };
      calling = true;
      const call = reason === undefined ? send('', '') : send('/fail', reason);
      void call.finally(() => (calling = false));
    },
    Math.min(LOOK_MS, everyMs),
  );
  return {
    stop: async (end) => {
      clearInterval(timer);
      if (end === undefined) return;
      const { reason } = end;
      const last =
        reason === undefined ? send('/log', 'Stopped on purpose.') : send('/fail', reason);
      await withDeadline(last, LAST_MS).catch(() => undefined);
    },
  };
}
