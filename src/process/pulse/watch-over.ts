/** Everything by which Vigil watches itself, and by which the owner hears of it: judge, pulse file, heartbeat, starts and stops. */
import { backText } from '../../alerts/pulse/away.ts';
import { UNTOLD } from '../../alerts/pulse/sentinel.ts';
import { PULSES } from '../../alerts/pulse/pulses.ts';
import type { Log } from '../../app/ports/log.ts';
import { messageOf } from '../../app/reading/reading.ts';
import type { VigilBot } from '../../bot/bot.ts';
import type { Brakes } from '../without-store/keep-brakes.ts';
import { withDeadline } from '../../bot/deadline.ts';
import { mayAct } from '../../domain/process/standing.ts';
import type { LastWatch } from '../../store/pulse-channel.ts';
import type { Leadership } from '../lead/leadership.ts';
import { startHeartbeat } from './heartbeat.ts';
import { startJudge } from './judge.ts';
import { followMeanwhile } from './meanwhile.ts';
import { takePulses } from './pulses.ts';
import { noteWatchOnFile } from './watch-file.ts';
import type { RunConfig, Wiring } from '../wiring.ts';

/** A shorter absence is no news. */
const ABSENCE_MS = 10_000;
/** A change of process that takes no longer rings nobody. */
const LONG_MS = 60_000;
const STANDS_IN = 'Meanwhile I read your account myself and tell what changes; nothing is ordered.';
/** So long an end waits to be told. */
const FAREWELL_MS = 2_000;

/** The watch before this one. `takenOver`: another process kept it while this one stood by. */
export interface Before extends LastWatch {
  readonly takenOver: boolean;
}

interface Parts {
  readonly wiring: Wiring;
  readonly log: Log;
  readonly bot: Pick<VigilBot, 'tellOwner' | 'heardAt'>;
  readonly leadership: Pick<Leadership, 'standing'>;
  readonly brakes: Pick<Brakes, 'merged' | 'ports' | 'standsIn'>;
  /** Who kept watch before; undefined when nobody ever did. */
  readonly last: Before | undefined;
}

export interface Watch {
  /** Tells the owner directly, in order and until it is taken. */
  tell(sentence: string): void;
  /** What is wrong, in a sentence; undefined while all is well. */
  trouble(): string | undefined;
  /** These end it, in the reverse order. `reason`: why, where nobody asked for it. */
  readonly stops: readonly ((reason?: string) => Promise<void> | void)[];
}

/** Starts the watch. Call it before the worker reads the account again. */
export async function watchOver(
  config: RunConfig,
  { wiring, log, bot, leadership, last, brakes }: Parts,
): Promise<Watch> {
  const pulses = takePulses(wiring, bot);
  const watched = config.heartbeatUrl !== undefined;
  const judge = startJudge({
    pulses,
    names: PULSES.map(({ name }) => name).filter((name) => name !== 'outside' || watched),
    tell: (text) => bot.tellOwner(text),
    meanwhile: followMeanwhile(brakes.ports),
    more: (about) => {
      if (about === 'redis') return aboutStore(wiring, brakes);
      return about === 'worker' && brakes.standsIn() ? { late: STANDS_IN } : {};
    },
    log,
  });
  const stops: ((reason?: string) => Promise<void> | void)[] = [pulses.stop, judge.stop];
  // Of a process that another has taken over from nothing has ended.
  const ends = (): boolean => mayAct(leadership.standing());
  if (config.heartbeatUrl !== undefined) {
    const trouble = (): string | undefined =>
      judge.isUnheard() ? `${judge.trouble() ?? ''} ${UNTOLD}`.trim() : judge.trouble();
    const heard = (): void => pulses.beat('outside');
    const heart = startHeartbeat({ url: config.heartbeatUrl, trouble, heard, log });
    stops.push((reason) => heart.stop(ends() ? { reason } : undefined));
  }
  stops.push(await tellReturn(last, { wiring, log, bot }));
  const noted = noteWatchOnFile(config, ends);
  stops.push((reason) => noted.end(reason === undefined));
  stops.push((reason) => (ends() ? farewell({ wiring, bot }, reason) : undefined));
  return { tell: judge.say, trouble: judge.trouble, stops };
}

function aboutStore({ watch }: Pick<Wiring, 'watch'>, brakes: Pick<Brakes, 'merged'>) {
  const why = watch.away();
  return {
    ...(why === undefined ? {} : { late: `What I see of Redis: ${why}.` }),
    back: brakes.merged(),
  };
}

/** Once the account has been read again: how long nobody watched, and what changed. Gives back what ends the wait for it. */
async function tellReturn(
  last: Before | undefined,
  { wiring, log, bot }: Pick<Parts, 'wiring' | 'log' | 'bot'>,
): Promise<() => void> {
  const awayMs = last === undefined ? 0 : Math.max(0, Date.now() - last.at);
  if (last === undefined || (awayMs < ABSENCE_MS && !last.takenOver)) return () => undefined;
  const meanwhile = followMeanwhile(wiring.store);
  await meanwhile.begin();
  const silent = last.takenOver && awayMs < LONG_MS;
  const stop = wiring.store.accounts.onCommit(() => {
    stop();
    meanwhile
      .end()
      .then((text) => bot.tellOwner(backText(awayMs, { ...last, meanwhile: text }), { silent }))
      .catch((error: unknown) =>
        log.warn('the return could not be told', { reason: messageOf(error) }),
      );
  });
  return stop;
}

async function farewell(
  { wiring, bot }: Pick<Parts, 'wiring' | 'bot'>,
  reason?: string,
): Promise<void> {
  const note = wiring.store.pulses.noteWatch({ at: Date.now(), planned: reason === undefined });
  await withDeadline(note, FAREWELL_MS).catch(() => undefined);
  const left = 'Stops at the exchange keep working; nobody watches until I am back.';
  const farewell =
    reason === undefined
      ? bot.tellOwner(`I stop now, as asked. ${left}`, { silent: true })
      : bot.tellOwner(`🔴 I stop now. ${reason} ${left}`);
  await withDeadline(farewell, FAREWELL_MS).catch(() => undefined);
}
