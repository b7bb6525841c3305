/**
 * Tells the owner, directly, when a part of Vigil that must run does not, and when Vigil itself did not. It needs neither Redis nor a
 * queue, and its times are those of a steady clock.
 */
import { gapBetween, gapText } from '../../alerts/pulse/gap.ts';
import {
  beginJudging,
  forgive,
  judge,
  type Judged,
  type Moment,
} from '../../alerts/pulse/judge.ts';
import { PULSES } from '../../alerts/pulse/pulses.ts';
import type { Log } from '../../app/ports/log.ts';
import type { PulseName } from '../../domain/alert.ts';
import type { Meanwhile } from './meanwhile.ts';
import { createLine } from './line.ts';
import { machineNow } from './machine-now.ts';
import type { Pulses } from './pulses.ts';

const LOOK_MS = 1_000;
/** Without these nobody sees what becomes of the account. */
const BLIND: ReadonlySet<PulseName> = new Set(['redis', 'exchange', 'account']);
/** A phone that cannot be reached for so long is somebody else's to reach. */
const UNHEARD_MS = 15_000;

export interface JudgeOptions {
  readonly pulses: Pick<Pulses, 'seen'>;
  /** Those that must come. */
  readonly names: readonly PulseName[];
  /** Rejects when it could not be sent: then it is tried again. */
  readonly tell: (text: string) => Promise<void>;
  readonly log: Pick<Log, 'warn'>;
  /** What became of the positions in a time without looks. */
  readonly meanwhile?: Meanwhile;
  /** What there is to say beside about a pulse that is late, or back: sentences, or nothing. */
  readonly more?: (about: PulseName) => { readonly late?: string; readonly back?: string };
  /** The clocks, for tests; those of this machine when absent. */
  readonly now?: () => Moment;
}

export interface Judge {
  look(): void;
  /** Tells the owner, in order with what it finds itself, until it is taken. */
  say(text: string): void;
  /** What the owner knows to be wrong with Vigil itself, in one line; undefined while all is well. */
  trouble(): string | undefined;
  /** Whether a sentence has been waiting for the owner's phone for long. */
  isUnheard(): boolean;
  stop(): void;
}

/** Looks once a second; `look` is one look. */
export function startJudge(options: JudgeOptions): Judge {
  const { pulses, log, now = machineNow } = options;
  let before = now();
  let judged: Judged = beginJudging(options.names, before);
  const line = createLine({ tell: options.tell, now: () => now().steady });

  function look(): void {
    line.send();
    const moment = now();
    const gap = gapBetween(before, moment, LOOK_MS);
    before = moment;
    if (gap !== undefined) {
      log.warn('Vigil did not run, or its clock was set', { kind: gap.kind, ms: gap.ms });
      line.say(`⚠️ ${gapText(gap)}`);
      judged = forgive(judged, moment);
    }
    const next = judge(judged, pulses.seen(), moment);
    judged = next.judged;
    for (const { about, kind, text } of next.notices) {
      log.warn('a pulse is judged', { about, kind });
      if (kind === 'back') void sayBack(`🟢 ${text}`, about);
      else line.say(`🔴 ${[text, options.more?.(about).late].filter(Boolean).join(' ')}`);
      if (kind !== 'back' && BLIND.has(about)) void options.meanwhile?.begin();
    }
  }

  async function sayBack(text: string, about: PulseName): Promise<void> {
    const changed = BLIND.has(about) ? ((await options.meanwhile?.end()) ?? '') : '';
    line.say([text, changed, options.more?.(about).back].filter(Boolean).join(' '));
  }

  const timer = setInterval(look, LOOK_MS);
  const trouble = (): string | undefined => {
    const wrong = PULSES.filter(
      ({ name }) => name !== 'outside' && judged.get(name)?.trouble !== undefined,
    );
    return wrong.length === 0 ? undefined : wrong.map(({ silence }) => `${silence}.`).join(' ');
  };
  const isUnheard = (): boolean => line.silentMs() > UNHEARD_MS;
  return { look, say: line.say, trouble, isUnheard, stop: () => clearInterval(timer) };
}
