/** Everything by which Vigil watches itself, and by which the owner hears of it: judge, pulse file, heartbeat, starts and stops. */
import { backText } from '../../alerts/pulse/away.ts';
import { UNTOLD } from '../../alerts/pulse/sentinel.ts';
import { PULSES } from '../../alerts/pulse/pulses.ts';
import type { Log } from '../../app/ports/log.ts';
import { messageOf } from '../../app/reading/reading.ts';
import type { VigilBot } from '../../bot/bot.ts';
import type { Brakes } from '../away/keep-brakes.ts';
import { withDeadline } from '../../bot/deadline.ts';
import { mayAct } from '../../domain/process/standing.ts';
import type { Leadership } from '../lead/leadership.ts';
import { startHeartbeat } from './heartbeat.ts';
import { startJudge } from './judge.ts';
import { followMeanwhile } from './meanwhile.ts';
import { lastPulse, pulseFile, writePulseFile } from './pulse-file.ts';
import { takePulses } from './pulses.ts';
import type { RunConfig, Wiring } from '../wiring.ts';

/** A shorter absence is no news. */
const ABSENCE_MS = 10_000;
/** So long an end waits to be told. */
const FAREWELL_MS = 2_000;

interface Parts {
  readonly wiring: Wiring;
  readonly log: Log;
  readonly bot: Pick<VigilBot, 'tellOwner' | 'heardAt'>;
  readonly leadership: Pick<Leadership, 'standing'>;
  readonly brakes: Pick<Brakes, 'merged' | 'ports'>;
}

export interface Watch {
  /** Tells the owner directly, in order and until it is taken. */
  tell(sentence: string): void;
  /** These end it, in the reverse order. `reason`: why, where nobody asked for it. */
  readonly stops: readonly ((reason?: string) => Promise<void> | void)[];
}

/** Starts the watch. Call it before the worker reads the account again. */
export async function watchOver(
  config: RunConfig,
  { wiring, log, bot, leadership, brakes }: Parts,
): Promise<Watch> {
  const file = pulseFile(config);
  const last = await lastPulse(file);
  const pulses = takePulses(wiring, bot);
  const watched = config.heartbeatUrl !== undefined;
  const judge = startJudge({
    pulses,
    names: PULSES.map(({ name }) => name).filter((name) => name !== 'outside' || watched),
    tell: (text) => bot.tellOwner(text),
    meanwhile: followMeanwhile(brakes.ports.accounts),
    more: (about) => (about === 'redis' ? aboutStore(wiring, brakes) : {}),
    log,
  });
  const stops: ((reason?: string) => Promise<void> | void)[] = [
    pulses.stop,
    judge.stop,
    writePulseFile(file, judge.trouble).stop,
  ];
  if (config.heartbeatUrl !== undefined) {
    const trouble = (): string | undefined =>
      judge.isUnheard() ? `${judge.trouble() ?? ''} ${UNTOLD}`.trim() : judge.trouble();
    const heard = (): void => pulses.beat('outside');
    const { stop } = startHeartbeat({ url: config.heartbeatUrl, trouble, heard, log });
    // Of a process that another has taken over from nothing has ended.
    stops.push((reason) => stop(reason));
  }
  if (last !== undefined) await tellReturn(last, { wiring, log, bot });
  // A process that another has taken over from says nothing more.
  stops.push((reason) => (mayAct(leadership.standing()) ? farewell(bot, reason) : undefined));
  return { tell: judge.say, stops };
}

function aboutStore({ watch }: Pick<Wiring, 'watch'>, brakes: Pick<Brakes, 'merged'>) {
  const why = watch.away();
  return {
    ...(why === undefined ? {} : { late: `What I see of Redis: ${why}.` }),
    back: brakes.merged(),
  };
}

/** Once the account has been read again: how long nobody watched, and what changed. */
async function tellReturn(
  last: { readonly at: number; readonly planned: boolean },
  { wiring, log, bot }: Omit<Parts, 'leadership' | 'brakes'>,
): Promise<void> {
  const awayMs = Date.now() - last.at;
  if (awayMs < ABSENCE_MS) return;
  const meanwhile = followMeanwhile(wiring.store.accounts);
  await meanwhile.begin();
  let reported = false;
  wiring.store.accounts.onCommit(() => {
    if (reported) return;
    reported = true;
    meanwhile
      .end()
      .then((text) => bot.tellOwner(backText(awayMs, { ...last, meanwhile: text })))
      .catch((error: unknown) =>
        log.warn('the return could not be told', { reason: messageOf(error) }),
      );
  });
}

async function farewell(bot: Pick<VigilBot, 'tellOwner'>, reason?: string): Promise<void> {
  const left = 'Stops at the exchange keep working; nobody watches until I am back.';
  const farewell =
    reason === undefined
      ? bot.tellOwner(`I stop now, as asked. ${left}`, { silent: true })
      : bot.tellOwner(`🔴 I stop now. ${reason} ${left}`);
  await withDeadline(farewell, FAREWELL_MS).catch(() => undefined);
}
