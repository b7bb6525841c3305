/**
 * The sentinel: hears Vigil, and tells the owner when it falls silent and which positions are open without it. It reads the exchange with a key
 * of its own and needs no Redis.
 */
import { gapBetween } from '../../alerts/pulse/gap.ts';
import {
  beginWatching,
  blindNow,
  forgiveSilence,
  hear,
  lookForSilence,
  openNow,
  sentinelText,
  SILENCE_MS,
  type SentinelNotice,
} from '../../alerts/pulse/sentinel.ts';
import type { Held } from '../../alerts/pulse/away.ts';
import type { Log } from '../../app/ports/log.ts';
import { fetchSnapshot } from '../../app/reading/read-account.ts';
import { messageOf, reasonOf } from '../../app/reading/reading.ts';
import { withDeadline } from '../../bot/deadline.ts';
import { createTeller, Unwelcome, type Teller } from '../../bot/teller.ts';
import type { Config } from '../../config.ts';
import { createBitunix } from '../../exchange/bitunix/bitunix.ts';
import { createLine } from '../pulse/line.ts';
import { machineNow } from '../pulse/machine-now.ts';
import { pulseFile, writePulseFile } from '../pulse/pulse-file.ts';
import { followVenueClock, wallClock } from '../venue-clock.ts';
import { listenForVigil } from './listen.ts';

/** A config in which everything that a sentinel needs is there. */
export type SentinelConfig = Config & {
  readonly telegramToken: string;
  readonly heartbeatUrl: string;
  readonly owner: number;
};

const LOOK_MS = 1_000;
/** What the exchange says is waited for that long; then the silence is told without it. */
const READ_MS = 8_000;

/** `silenceMs`: for tests. Rejects when it cannot listen. */
export async function startSentinel(
  config: SentinelConfig,
  { log, silenceMs = SILENCE_MS }: { readonly log: Log; readonly silenceMs?: number },
): Promise<{ stop(): Promise<void> }> {
  const account = await readerOf(config, log);
  const teller = createTeller({
    token: config.telegramToken,
    ...(config.telegramApiRoot === undefined ? {} : { apiRoot: config.telegramApiRoot }),
    to: config.owner,
  });
  const owner = lineTo(teller, log);
  let before = machineNow();
  let watched = beginWatching(before);

  const tell = async (notice: SentinelNotice): Promise<void> => {
    const { kind } = notice;
    log.warn('the sentinel speaks', { kind });
    const silent = kind === 'silent' || kind === 'still silent';
    const held = silent || kind === 'hears Vigil' ? await account.read() : undefined;
    const about = held === undefined ? '' : silent ? openNow(held) : blindNow(held);
    owner.say({
      text: sentinelText(notice, about),
      silent: kind === 'hears Vigil' && about === '',
    });
  };
  // One after another: reading the exchange takes its time, and a "back" must not be told before the silence that it ends.
  let told = Promise.resolve();
  const say = (notice: SentinelNotice): void => void (told = told.then(() => tell(notice)));
  const listening = await listenForVigil(config.heartbeatUrl, (word, reason) => {
    const step = hear(watched, word, { now: machineNow(), reason });
    ({ watched } = step);
    if (step.notice !== undefined) say(step.notice);
    return owner.unwelcome();
  });
  const look = (): void => {
    const now = machineNow();
    if (gapBetween(before, now, LOOK_MS) !== undefined) watched = forgiveSilence(watched, now);
    before = now;
    const step = lookForSilence(watched, now, silenceMs);
    ({ watched } = step);
    if (step.notice !== undefined) say(step.notice);
    owner.send();
  };
  const timer = setInterval(look, LOOK_MS);
  const pulse = writePulseFile(pulseFile(config), () => undefined);
  return {
    stop: async () => {
      clearInterval(timer);
      await listening.close();
      await pulse.stop();
      await teller.close();
      await account.close();
    },
  };
}

/** What the owner is told, in order. `unwelcome`: why nothing reaches them from here until somebody changes that. */
function lineTo(teller: Pick<Teller, 'tell'>, log: Pick<Log, 'warn'>) {
  let unwelcome: string | undefined;
  const line = createLine({
    tell: async (one: { readonly text: string; readonly silent: boolean }) => {
      await teller.tell(one.text, one);
      unwelcome = undefined;
    },
    failed: (error) => {
      const reason = messageOf(error);
      if (error instanceof Unwelcome) unwelcome = reason;
      log.warn('the owner cannot be told', { reason });
    },
    now: () => performance.now(),
  });
  return { ...line, unwelcome: () => unwelcome };
}

/** Reads the exchange, and can do nothing else with it. */
async function readerOf(config: SentinelConfig, log: Log) {
  const { apiKey, secretKey, subAccountId, simControlUrl } = config;
  const followed = simControlUrl === undefined ? undefined : await followVenueClock(simControlUrl);
  const clock = followed ?? wallClock;
  const bitunix = createBitunix({
    url: config.exchangeUrl,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(secretKey === undefined ? {} : { secretKey }),
    ...(subAccountId === undefined ? {} : { subAccountId }),
    clock,
    log,
    trading: false,
  });
  const { account } = bitunix;
  return {
    read: async (): Promise<Held | { readonly unread: string }> => {
      if (account === undefined) return { unread: 'no API key is set' };
      try {
        return await withDeadline(fetchSnapshot({ account, clock }), READ_MS);
      } catch (error) {
        return { unread: reasonOf(error) };
      }
    },
    close: async () => {
      followed?.close();
      await bitunix.close();
    },
  };
}
