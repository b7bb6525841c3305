import type { PulseName } from '../../domain/alert.ts';
import { MINUTE, SECOND } from '../../domain/time.ts';

/** One part that must run, and what its silence means. */
export interface Pulse {
  readonly name: PulseName;
  /** Steady milliseconds without a pulse after which the owner is told. */
  readonly deadlineMs: number;
  /** A silence that is longer than this and ends before the deadline is a short loss; many of them are told once. */
  readonly shortMs: number;
  /** What is not happening, to be followed by "for 40 s". */
  readonly silence: string;
  /** What that means for the money. */
  readonly means: string;
  /** What the owner can do. */
  readonly todo: string;
  /** What was well again, after "Back:". */
  readonly back: string;
  /** Pulses whose silence explains this one: while one of them is late, this one is not told. */
  readonly because: readonly PulseName[];
}

const STOPS_WORK = 'Stops at the exchange keep working.';
const PAUSED = 'New trades are paused.';

/** Every pulse with its deadline, a line of the README's table each. What explains others comes first. */
export const PULSES: readonly Pulse[] = [
  {
    name: 'redis',
    deadlineMs: 10 * SECOND,
    shortMs: 3 * SECOND,
    silence: 'I cannot write to my memory (Redis)',
    means: `${STOPS_WORK} ${PAUSED} /halt and /panic work.`,
    todo: 'Look whether Redis runs and its disk and memory have room.',
    back: 'my memory (Redis)',
    because: [],
  },
  {
    name: 'exchange',
    deadlineMs: 30 * SECOND,
    shortMs: 10 * SECOND,
    silence: 'The exchange has not answered me',
    means: `${STOPS_WORK} I cannot see or change anything. ${PAUSED}`,
    todo: "Look in the exchange's app whether your positions have their stops.",
    back: 'the exchange',
    because: [],
  },
  {
    name: 'worker',
    deadlineMs: 20 * SECOND,
    shortMs: 6 * SECOND,
    silence: 'The part of me that reads the account and sends orders has not answered',
    means: `${STOPS_WORK} ${PAUSED} Nothing is closed by me meanwhile.`,
    todo: 'I start it again by myself. If this goes on, restart Vigil.',
    back: 'the part that reads the account and sends orders',
    because: ['redis'],
  },
  {
    name: 'account',
    deadlineMs: 30 * SECOND,
    shortMs: 10 * SECOND,
    silence: 'I have not read your account',
    means: `${STOPS_WORK} ${PAUSED}`,
    todo: "Look in the exchange's app whether your positions have their stops.",
    back: 'reading your account',
    because: ['redis', 'exchange'],
  },
  {
    name: 'risk',
    deadlineMs: 45 * SECOND,
    shortMs: 15 * SECOND,
    silence: 'I have not checked your limits',
    means: `A limit that breaks now does not stop trading. ${STOPS_WORK} ${PAUSED}`,
    todo: 'Send /halt if you do not want to wait.',
    back: 'checking your limits',
    because: ['redis', 'exchange', 'worker', 'account'],
  },
  {
    name: 'prices',
    deadlineMs: 20 * SECOND,
    shortMs: 5 * SECOND,
    silence: 'No prices have reached me',
    means: `A stop that is hit is told some seconds later. ${STOPS_WORK}`,
    todo: 'You need do nothing: the account is read every few seconds instead.',
    back: 'live prices',
    because: ['redis', 'exchange'],
  },
  {
    name: 'scan',
    deadlineMs: 10 * MINUTE,
    shortMs: 5 * MINUTE,
    silence: 'I have not looked for signals',
    means: 'No new signals come. Your positions are watched.',
    todo: 'If this goes on, restart Vigil.',
    back: 'looking for signals',
    because: ['redis', 'exchange', 'worker'],
  },
  {
    name: 'orders',
    deadlineMs: 20 * SECOND,
    shortMs: 8 * SECOND,
    silence: 'An order that you confirmed has not been worked on',
    means: STOPS_WORK,
    todo: 'Look at /positions before you confirm again.',
    back: 'working on orders',
    because: ['redis', 'worker'],
  },
  {
    name: 'outbox',
    deadlineMs: 60 * SECOND,
    shortMs: 30 * SECOND,
    silence: 'Alerts have been waiting to be sent',
    means: STOPS_WORK,
    todo: 'Send /status to see what is open.',
    back: 'sending alerts',
    because: ['redis'],
  },
  {
    name: 'commands',
    deadlineMs: 40 * SECOND,
    shortMs: 30 * SECOND,
    silence: 'I have not heard from Telegram',
    means: `Your commands do not reach me. Alerts still go out. ${STOPS_WORK}`,
    todo: "Use the exchange's app if something must be closed.",
    back: 'hearing your commands',
    because: [],
  },
  {
    name: 'schedules',
    deadlineMs: 3 * MINUTE,
    shortMs: 2 * MINUTE,
    silence: 'I could not check my schedules',
    means: `What I do at fixed times, such as reading your account, may come late. ${STOPS_WORK}`,
    todo: 'If this goes on, restart Vigil.',
    back: 'my schedules',
    because: ['redis'],
  },
  {
    name: 'reports',
    deadlineMs: 30 * MINUTE,
    shortMs: 15 * MINUTE,
    silence: 'I could not see to your report of the day',
    means: 'It may be missing. Your positions are watched.',
    todo: 'Send /daily to read it now.',
    back: 'your report of the day',
    because: ['redis', 'worker', 'schedules'],
  },
  {
    name: 'outside',
    deadlineMs: 75 * SECOND,
    shortMs: 50 * SECOND,
    silence: 'Whoever watches over me from outside (VIGIL_HEARTBEAT_URL) has not answered',
    means: 'I run and watch your account; if I died now, nobody would tell you.',
    todo: 'Look whether your sentinel runs, is reached from here, and may write to you: its bot token, and that you have started its bot.',
    back: 'the watch over me from outside',
    because: [],
  },
];
