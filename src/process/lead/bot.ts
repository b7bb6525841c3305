/** The one bot of an account: hears the owner, tells alerts, holds halts and judges; in the process that leads, until another one does. */
import type { ChartRenderer } from '../../app/ports/chart-renderer.ts';
import type { Log } from '../../app/ports/log.ts';
import { createVigilBot, type VigilBot } from '../../bot/bot.ts';
import { countFits } from './fit-thread.ts';
import { createQuickChartRenderer } from '../../charts/quickchart-renderer.ts';
import { createThreadedRenderer } from '../../charts/threaded-renderer.ts';
import { mayAct } from '../../domain/process/standing.ts';
import type { Brakes } from '../without-store/keep-brakes.ts';
import { watchOnFile } from '../pulse/watch-file.ts';
import { watchOver, type Before, type Watch } from '../pulse/watch-over.ts';
import type { RunConfig, Wiring } from '../wiring.ts';
import { openChannel } from '../second/channel.ts';
import { startFallback } from '../second/fallback.ts';
import { createLeaseOf } from './lease-of.ts';
import { leadWhenever, type Leadership } from './leadership.ts';

export interface BotLeadership extends Leadership {
  /** The bot of the present term; undefined while another process leads. */
  bot(): VigilBot | undefined;
  /** Tells the owner directly, as soon as that is possible; nothing while another process leads. */
  tell(sentence: string): void;
  /** What is wrong, as this process judges it; undefined while all is well or another one judges. */
  trouble(): string | undefined;
}

interface BotParts {
  readonly wiring: Wiring;
  readonly log: Log;
  readonly brakes: Brakes;
  readonly showCode: (code: string) => void;
}

type Stops = ((reason?: string) => Promise<void> | void)[];

/** Stands by until no other process leads, and again when another one has taken over. */
export function leadBot(
  config: RunConfig,
  { wiring, log, brakes, showCode }: BotParts,
): BotLeadership {
  const startedAt = Date.now();
  const { guard, store } = wiring;
  let bot: VigilBot | undefined;
  let answering = false;

  let present: Watch | undefined;

  async function serve(): Promise<(reason?: string) => Promise<void>> {
    const stops: Stops = [];
    const end = async (reason?: string): Promise<void> => {
      bot = undefined;
      present = undefined;
      for (const each of stops.toReversed()) await each(reason);
    };
    try {
      const fresh = openBot(config, {
        wiring,
        log,
        brakes,
        showCode,
        stops,
        held: leadership.untilSure,
      });
      brakes.speakWith(fresh.sender);
      stops.push(fresh.stop);
      await fresh.start();
      // Not before it listens: a halt that waits in the chat is heard first.
      guard.lead(() => leadership.standing() === 'leads');
      stops.push(guard.follow);
      if (!answering) {
        await store.permission.answerWith(guard.permission, () => mayAct(leadership.standing()));
      }
      answering = true;
      bot = fresh;
      stops.push(...openFallback(config, wiring));
      if (config.roles.includes('watchdog')) {
        const last = await watchBefore();
        const parts = { wiring, log, bot: fresh, leadership, last, brakes };
        const watch = await watchOver(config, parts);
        stops.push(...watch.stops);
        present = watch;
      }
      return end;
    } catch (error) {
      await end();
      throw error;
    }
  }

  async function watchBefore(): Promise<Before | undefined> {
    const noted = [await store.pulses.lastWatch(), await watchOnFile(config)];
    // A store that was put back is older than what this machine knows.
    const [known] = noted.filter((each) => each !== undefined).toSorted((a, b) => b.at - a.at);
    return known === undefined ? undefined : { ...known, takenOver: known.at > startedAt };
  }

  const leadership = leadWhenever({ ...createLeaseOf('bot', wiring), log, serve });
  return {
    ...leadership,
    bot: () => bot,
    tell: (sentence) => present?.tell(sentence),
    trouble: () => present?.trouble(),
  };
}

/** What ends the second channel; nothing where none is set. */
function openFallback(config: RunConfig, { store, ports }: Wiring): Stops {
  if (config.secondChannel === undefined) return [];
  const channel = openChannel(config.secondChannel, config.secondChannelFigures);
  const { outbox, telling } = store;
  const { log, clock } = ports;
  return [startFallback({ outbox, telling, channel, log, venueNow: clock.now }).stop];
}

function openBot(
  config: RunConfig,
  parts: {
    readonly wiring: Wiring;
    readonly log: Log;
    readonly brakes: Brakes;
    readonly showCode: (code: string) => void;
    readonly stops: Stops;
    readonly held: Leadership['untilSure'];
  },
): VigilBot {
  const { wiring, log, brakes, stops, held } = parts;
  return createVigilBot({
    token: config.telegramToken ?? '',
    ...(config.telegramApiRoot === undefined ? {} : { apiRoot: config.telegramApiRoot }),
    ports: brakes.ports,
    owners: wiring.store.owners,
    owner: wiring.owner,
    showCode: parts.showCode,
    answered: wiring.store.answered,
    outbox: wiring.store.outbox,
    charts: openRenderer(config, stops),
    countFits,
    redis: wiring.redis,
    held,
    log,
  });
}

function openRenderer(config: RunConfig, stops: Stops): ChartRenderer {
  const url = config.quickChartUrl;
  if (url !== undefined) return createQuickChartRenderer({ url });
  const renderer = createThreadedRenderer();
  stops.push(renderer.close);
  return renderer;
}
