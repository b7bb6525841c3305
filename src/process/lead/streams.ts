/** The streams of an account: prices, and what happens in the account; in one process at a time. */
import { ACCOUNT_FEED, PRICE_FEED, watchConnection } from '../../app/feeds/watch-connection.ts';
import { watchPrices, type PriceTelling } from '../../app/feeds/watch-prices.ts';
import { watchOwnPrices } from '../../app/own-alerts/watch-own-alerts.ts';
import type { PriceStream } from '../../app/ports/price-stream.ts';
import type { OutboxAhead } from '../../app/ports/outbox.ts';
import type { Alert } from '../../domain/alert.ts';
import type { Log } from '../../app/ports/log.ts';
import type { Ports } from '../../app/ports/ports.ts';
import { messageOf } from '../../app/reading/reading.ts';
import { mayAct } from '../../domain/process/standing.ts';
import type { BitunixPriceStream } from '../../exchange/bitunix/streams/price-stream.ts';
import { again } from '../pulse/again.ts';
import { flawOfPrices, reportStream } from '../feed-reports.ts';
import type { Wiring } from '../wiring.ts';
import type { Brakes } from '../without-store/keep-brakes.ts';
import type { BotLeadership } from './bot.ts';
import { createLeaseOf } from './lease-of.ts';
import { leadWhenever, type Leadership } from './leadership.ts';

interface Parts {
  readonly wiring: Wiring;
  readonly log: Log;
  /** Of the bot in this process, if it runs one: what is seen here is then told on the shortest way. */
  readonly bot: BotLeadership | undefined;
  /** Where this process goes on without the store. */
  readonly brakes: Brakes | undefined;
}

type Ahead = NonNullable<PriceTelling['ahead']>;

type Stops = (() => Promise<void> | void)[];

/** Stands by until no other process holds the streams. Beside a bot, only while that one leads: prices and chat belong together. */
export function leadStreams({ wiring, log, bot, brakes }: Parts): Leadership {
  const leadership = leadWhenever({
    ...createLeaseOf('stream', wiring),
    log,
    applies: () => bot === undefined || mayAct(bot.standing()),
    serve: async () => {
      // Anew for each term: what another process told meanwhile is not known.
      const outbox = wiring.store.outboxAhead(fence);
      const ahead = aheadOf(outbox);
      const stops = openStreams({ wiring: { ...wiring, ports }, log, bot, ahead });
      stops.push(outbox.close);
      return async () => {
        for (const each of stops.toReversed()) await each();
      };
    },
  });
  const fence = { role: 'stream', number: leadership.number };
  const aheadOf = (outbox: OutboxAhead): Ahead => {
    const sure = (): boolean =>
      bot?.standing() === 'leads' &&
      leadership.standing() === 'leads' &&
      wiring.watch.away() === undefined;
    return {
      look: outbox.look,
      tell: (finding) => (sure() ? bot?.bot()?.sender.tellAhead(finding, outbox) : undefined),
    };
  };
  const outbox = wiring.store.outboxOf(fence);
  const led: Ports = { ...wiring.ports, outbox };
  const ports = brakes?.over(led) ?? led;
  return leadership;
}

/**
 * Where the streams run in another process: while the store is away that one can tell nobody what a price touches, so prices are followed
 * here, by the bot that leads, until the store is back. Gives back what ends it.
 */
export function followPricesMeanwhile({ wiring, log, bot, brakes }: Required<Parts>): () => void {
  const { watch, guard, bitunix } = wiring;
  const stops: Stops = [];
  const end = async (): Promise<void> => {
    for (const each of stops.splice(0).toReversed()) await each();
  };
  watch.onAway(() => {
    if (!guard.leads() || stops.length > 0 || brakes === undefined) return;
    const prices = bitunix.openPriceStream();
    stops.push(prices.close, followPrices({ ports: brakes.ports, log, bot }, prices));
  });
  watch.onBack(end);
  return () => void end();
}

/** One stream for several who follow: what any of them wants is followed. */
function shareStream(stream: PriceStream): () => PriceStream {
  const wanted = new Map<object, readonly string[]>();
  return () => {
    const who = {};
    const follow = (symbols: readonly string[]): void => {
      wanted.set(who, symbols);
      stream.follow([...new Set([...wanted.values()].flat())]);
    };
    return { ...stream, follow };
  };
}

function openStreams({
  wiring,
  log,
  bot,
  ahead,
}: Omit<Parts, 'brakes'> & { readonly ahead: Ahead }): Stops {
  const stops: Stops = [];
  const prices = wiring.bitunix.openPriceStream();
  stops.push(prices.close);
  watchConnection(wiring.ports, prices, PRICE_FEED);
  stops.push(beatOfPrices(wiring, prices));
  const flaw = (): string => flawOfPrices(prices);
  stops.push(reportStream(wiring, { feed: PRICE_FEED.name, stream: prices, flaw }));
  stops.push(followPrices({ ports: wiring.ports, log, bot, ahead }, prices));
  followAccount({ wiring, log }, stops);
  return stops;
}

/** What a price touches is told, by what each account read shows to be open. Gives back what ends the reading. */
function followPrices(
  {
    ports,
    log,
    bot,
    ahead,
  }: Pick<Parts, 'log' | 'bot'> & { readonly ports: Ports; readonly ahead?: Ahead },
  prices: BitunixPriceStream,
): () => void {
  const send = (alert: Alert): void => void bot?.bot()?.sender.sendNow(alert);
  const shared = shareStream(prices);
  const watch = watchPrices(ports, shared(), { send, ...(ahead && { ahead }) });
  const own = watchOwnPrices(ports, shared(), send);
  const reloadOwn = (): void => {
    own.reload().catch((error: unknown) => {
      log.warn('own alerts could not be reloaded', { reason: messageOf(error) });
    });
  };
  const reload = (): void => {
    watch.reload().catch((error: unknown) => {
      log.warn('stops could not be reloaded', { reason: messageOf(error) });
    });
  };
  reload();
  reloadOwn();
  const ends = [ports.accounts.onCommit(reload), ports.ownAlerts.onChange(reloadOwn)];
  return () => ends.forEach((end) => end());
}

const PRICE_PULSE_MS = 2_000;
/** Followed symbols are pushed every second or two. */
const PRICE_SILENCE_MS = 15_000;

/** A stream that says itself that it is lost is told as such; this is for one that says it is live and brings nothing. */
function beatOfPrices({ store }: Wiring, prices: BitunixPriceStream): () => void {
  return again(PRICE_PULSE_MS, async () => {
    const silent = prices.state() === 'live' && prices.quietSymbols(PRICE_SILENCE_MS).length > 0;
    if (!silent) await store.pulses.beat('prices');
  });
}

/** Each event of the private stream, and each login, has the account read: the stream has neither a snapshot nor numbers. */
function followAccount({ wiring, log }: Pick<Parts, 'wiring' | 'log'>, stops: Stops): void {
  const account = wiring.bitunix.openAccountStream?.();
  if (account === undefined) return;
  stops.push(account.close);
  watchConnection(wiring.ports, account, ACCOUNT_FEED);
  stops.push(reportStream(wiring, { feed: ACCOUNT_FEED.name, stream: account }));
  account.onHint(() => {
    wiring.ports.work.refreshAccount().catch((error: unknown) => {
      log.warn('an account read could not be asked for', { reason: messageOf(error) });
    });
  });
}
