/** What endangers money and does not get through, or is not seen, is said by the second channel too. */
import type { Log } from '../../app/ports/log.ts';
import type { OutboxQueue } from '../../app/ports/outbox.ts';
import type { TellingStore } from '../../app/ports/telling.ts';
import { messageOf } from '../../app/reading/reading.ts';
import { stakesOf, type Alert, type AlertKind } from '../../domain/alert.ts';
import { HOUR, MINUTE, SECOND, type Timestamp } from '../../domain/time.ts';
import { countText } from '../../domain/words/words.ts';
import type { Channel } from './channel.ts';

/** So long Telegram has to take it. */
const UNTAKEN_MS = 60 * SECOND;
/** So long the owner has to show that they are there. */
const UNSEEN_MS = 10 * MINUTE;
/** What is older when it is first looked at is no news. */
const OLD_MS = HOUR;
const LOOK_MS = 5 * SECOND;
/** So many are looked at. */
const LOOKED_AT = 100;
/** So many are remembered. */
const REMEMBERED = 2_000;

interface Options {
  readonly outbox: Pick<OutboxQueue, 'pending' | 'recent'>;
  readonly telling: Pick<TellingStore, 'presentAt'>;
  readonly channel: Channel;
  readonly log: Pick<Log, 'warn' | 'info'>;
  /** The venue's time, by which alerts are dated. */
  readonly venueNow: () => Timestamp;
  /** A steady clock; this machine's when absent. */
  readonly now?: () => number;
}

export interface Fallback {
  /** One look. Never rejects: what was not taken is tried again at the next. */
  look(): Promise<void>;
  stop(): void;
}

/** What an alert is about, without a figure and without a name of what is traded. */
const ABOUT: Readonly<Record<AlertKind, string>> = {
  signal: 'a signal',
  'position-opened': 'a position was opened',
  'position-closed': 'a position was closed',
  'stop-hit': 'a stop was reached',
  'target-hit': 'a target was reached',
  halt: 'trading is halted',
  'limit-warning': 'a limit is nearly used up',
  unprotected: 'a position lacks a stop',
  'liquidation-near': 'a position is near liquidation',
  'connection-lost': 'the connection to the exchange is lost',
  'connection-back': 'the connection is back',
  'order-unknown': 'it is not known whether an order went through',
  'feeds-disagree': 'two sources disagree',
  'own-alert': 'something that you asked to be told of',
  stranger: 'a stranger wrote',
  notice: 'something that endangers money',
};

/** Looks every few seconds; `look` is one look. */
export function startFallback(options: Options): Fallback {
  const { channel, log } = options;
  const judge = createFallbackJudge(options);
  let looking = false;

  async function look(): Promise<void> {
    if (looking) return;
    looking = true;
    try {
      const [pending, recent, presentAt] = await Promise.all([
        options.outbox.pending(LOOKED_AT),
        options.outbox.recent(LOOKED_AT),
        options.telling.presentAt(),
      ]);
      await judge({
        pending: pending.filter(isDanger),
        recent: recent.filter(isDanger),
        presentAt,
      });
    } catch (error) {
      log.warn('the second channel said nothing', { host: channel.host, reason: messageOf(error) });
    } finally {
      looking = false;
    }
  }

  const timer = setInterval(() => void look(), LOOK_MS);
  return { look, stop: () => clearInterval(timer) };
}

interface Seen {
  readonly pending: readonly Alert[];
  readonly recent: readonly Alert[];
  readonly presentAt: Timestamp | undefined;
}

/** Says what is due, each once. Rejects where the channel does not take it; then it is due again. */
function createFallbackJudge({
  channel,
  log,
  venueNow,
  now = () => performance.now(),
}: Options): (seen: Seen) => Promise<void> {
  /** When each was seen first. */
  const firstSeen = new Map<string, number>();
  const said = new Set<string>();
  /** Said because Telegram did not take them, and not yet seen to be taken. */
  const untaken = new Set<string>();

  function ageOf(alert: Alert): number {
    const name = nameOf(alert);
    const seenAt = firstSeen.get(name) ?? now();
    firstSeen.set(name, seenAt);
    return now() - seenAt;
  }

  function isUnseen(alert: Alert, presentAt: Timestamp | undefined): boolean {
    const name = nameOf(alert);
    if (!firstSeen.has(name) && venueNow() - alert.at > OLD_MS) said.add(name);
    return ageOf(alert) >= UNSEEN_MS && (presentAt === undefined || presentAt < alert.at);
  }

  async function say(alert: Alert, why: string): Promise<void> {
    const name = nameOf(alert);
    if (said.has(name)) return;
    const { number, kind } = alert;
    await channel.say({ number, kind, text: `${wordsOf(alert, channel)}\n${why}.` });
    said.add(name);
    if (alert.status !== 'sent') untaken.add(name);
    log.info('the second channel has told an alert', { alert: number, host: channel.host });
  }

  async function sayBack(waits: readonly Alert[]): Promise<void> {
    if (untaken.size === 0 || waits.some((each) => untaken.has(nameOf(each)))) return;
    const count = countText(untaken.size, 'alert');
    await channel.say({
      kind: 'back',
      text: `Telegram takes messages again: ${count} that you heard of here can be read in the chat now.`,
    });
    untaken.clear();
  }

  return async ({ pending, recent, presentAt }) => {
    for (const each of pending)
      if (ageOf(each) >= UNTAKEN_MS) await say(each, 'Telegram has not taken it for a minute');
    for (const each of recent)
      if (each.status === 'sent' && isUnseen(each, presentAt))
        await say(each, 'You have not seen it for 10 minutes');
    await sayBack(pending);
    for (const old of [...firstSeen.keys()].slice(0, -REMEMBERED)) {
      firstSeen.delete(old);
      said.delete(old);
    }
  };
}

const wordsOf = ({ title, lines, kind }: Alert, { figures }: Channel): string =>
  figures ? [title, ...lines].join('\n') : `${capital(ABOUT[kind])}. ${DETAILS}`;

const DETAILS = "Look at the exchange's app; the details wait in the chat.";
const isDanger = (alert: Alert): boolean => stakesOf(alert) === 'danger';
const nameOf = ({ number, key }: Alert): string => `${number}:${key}`;
const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
