/** Every drill: what is done to a running Vigil that holds a position, and what its owner must hear, and when. */
import { WORKER } from '../../test/acceptance/demo-process.ts';
import { applies, type DrillRig, MAIN, type Mode, openProtected, signalAll } from './rig.ts';

export interface Drill {
  readonly name: string;
  readonly meaning: string;
  /** Process spreads in which it is made. */
  readonly modes: readonly Mode[];
  /** How long it hurts before it is healed, seconds. */
  readonly lastsS: number;
  /** The owner has heard of it after so long, seconds. */
  readonly withinS: number;
  /** Counted from the healing where it is spread like this: until then nobody can tell, or be told. */
  readonly fromHealing?: readonly Mode[];
  /** The position that is opened is told after so long, seconds, while it still hurts. */
  readonly opensWithinS?: number;
  /** What the owner hears; anything else does not count. */
  readonly says: RegExp;
  /** What the second channel says meanwhile. */
  readonly secondSays?: RegExp;
  /** Where it is spread like this another process goes on with the work: what happens in the account is word enough. */
  readonly goesOn?: readonly Mode[];
  /** Vigil brings its own Redis. */
  readonly privateRedis?: true;
  /** What was written before is gone with it: numbers may begin anew. */
  readonly losesStore?: true;
  /** Commands that are sent while it hurts. */
  readonly asks: readonly string[];
  /** Before the time is taken. */
  readonly prepare?: (rig: DrillRig) => Promise<void>;
  readonly hurt: (rig: DrillRig) => Promise<void> | void;
  readonly heal?: (rig: DrillRig) => Promise<void> | void;
}

const ALL: readonly Mode[] = ['one', 'split', 'standby'];
const READ = ['/status', '/positions', '/balance'] as const;
const BRAKES = [...READ, '/halt'] as const;

const leader = ({ vigils }: DrillRig) => {
  const [first] = vigils;
  if (first === undefined) throw new Error('a rig without a process');
  return first;
};

/** The law: 60 s, and 15 s where it is Redis. */
const USUAL = { withinS: 60, asks: READ };
const UNREAD_HERE = { ...USUAL, lastsS: 70, opensWithinS: 60 };
const REDIS = { withinS: 15, asks: BRAKES };
const MEMORY = /cannot write to my memory \(Redis\)|Lost again and again: my memory/;
const UNREAD =
  /sends orders has not answered|not read your account|Lost again and again: (the part|reading your)/;
const GAP = /I did not watch|I am back|Another process of mine keeps watch now/;
/** Without a stand-by nobody speaks meanwhile. */
const ALONE: readonly Mode[] = ['one', 'split'];

const refused =
  (kind: string, method?: string) =>
  async (rig: DrillRig): Promise<void> => {
    const fault = {
      kind,
      count: 10_000,
      retry_after: 5,
      ...(method === undefined ? {} : { method }),
    };
    await rig.chat('fault', fault);
  };
const accepted = (rig: DrillRig): Promise<void> => rig.chat('fault/clear', {});

export const DRILLS: readonly Drill[] = [
  {
    name: 'worker-killed',
    meaning: 'the process that reads the account is killed every second',
    modes: ALL,
    ...UNREAD_HERE,
    says: UNREAD,
    goesOn: ['standby'],
    hurt: (rig) => rig.again(1_000, () => signalAll(rig.worker, 'SIGKILL', WORKER)),
    heal: (rig) => rig.endAgain(),
  },
  {
    name: 'worker-never-up',
    meaning: 'the process that reads the account ends each time before it has started',
    modes: ALL,
    ...UNREAD_HERE,
    says: UNREAD,
    goesOn: ['standby'],
    hurt: (rig) => rig.again(200, () => signalAll(rig.worker, 'SIGKILL', WORKER)),
    heal: (rig) => rig.endAgain(),
  },
  {
    name: 'worker-frozen',
    meaning: 'the process that reads the account is frozen',
    modes: ALL,
    ...UNREAD_HERE,
    says: UNREAD,
    goesOn: ['standby'],
    hurt: (rig) => signalAll(rig.worker, 'SIGSTOP', WORKER),
    heal: (rig) => signalAll(rig.worker, 'SIGCONT', WORKER),
  },
  {
    name: 'main-frozen',
    meaning: 'the process that speaks is frozen and thawed',
    modes: ALL,
    lastsS: 25,
    withinS: 15,
    fromHealing: ALONE,
    says: GAP,
    asks: [],
    hurt: (rig) => signalAll(leader(rig), 'SIGSTOP', MAIN),
    heal: (rig) => signalAll(leader(rig), 'SIGCONT', MAIN),
  },
  {
    name: 'main-killed',
    meaning: 'the process that speaks is killed and started again by its supervisor',
    modes: ALL,
    lastsS: 20,
    withinS: 60,
    fromHealing: ALONE,
    says: GAP,
    asks: [],
    hurt: (rig) => signalAll(leader(rig), 'SIGKILL', MAIN),
    heal: (rig) => leader(rig).start(),
  },
  {
    name: 'all-frozen',
    meaning: 'all processes of Vigil are frozen, as when their machine is gone; a sentinel watches',
    modes: ['watched'],
    lastsS: 100,
    withinS: 90,
    says: /Sentinel: (Vigil has been silent|I have not heard Vigil)/,
    asks: [],
    hurt: (rig) => signalAll(leader(rig), 'SIGSTOP'),
    heal: (rig) => signalAll(leader(rig), 'SIGCONT'),
  },
  {
    name: 'sentinel-frozen',
    meaning: 'the sentinel is frozen',
    modes: ['watched'],
    lastsS: 100,
    withinS: 90,
    says: /watches over me from outside/,
    asks: READ,
    hurt: ({ vigils }) => vigils.slice(1).forEach((each) => signalAll(each, 'SIGSTOP')),
    heal: ({ vigils }) => vigils.slice(1).forEach((each) => signalAll(each, 'SIGCONT')),
  },
  {
    name: 'redis-killed',
    meaning: 'Redis is killed and started again with its file',
    modes: ALL,
    lastsS: 40,
    ...REDIS,
    says: MEMORY,
    hurt: ({ store }) => store.kill(),
    heal: ({ store }) => store.start(),
  },
  {
    name: 'redis-paused',
    meaning: 'Redis hangs: connections stay open and nothing is answered',
    modes: ALL,
    lastsS: 40,
    ...REDIS,
    says: MEMORY,
    hurt: ({ store }) => store.freeze(),
    heal: ({ store }) => store.thaw(),
  },
  {
    name: 'redis-full',
    meaning: 'Redis has no memory left: a ping is answered and every write fails',
    modes: ALL,
    lastsS: 40,
    ...REDIS,
    says: MEMORY,
    hurt: ({ store }) => store.fill(),
    heal: ({ store }) => store.makeRoom(),
  },
  {
    name: 'redis-disk-full',
    meaning: 'the disk of Redis is full: what it has taken cannot be written, and it takes no more',
    modes: ALL,
    lastsS: 40,
    ...REDIS,
    says: MEMORY,
    hurt: ({ store }) => store.fillDisk(),
    heal: ({ store }) => store.freeDisk(),
  },
  {
    name: 'redis-emptied',
    meaning: 'everything in Redis is deleted under a running Vigil',
    modes: ALL,
    lastsS: 30,
    ...REDIS,
    says: /memory|lost|emptied|stored/i,
    losesStore: true,
    hurt: ({ store }) => store.empty(),
  },
  {
    name: 'redis-emptied-again',
    meaning: 'everything in Redis is deleted five times a second',
    modes: ALL,
    lastsS: 10,
    ...REDIS,
    asks: ['/status', '/halt'],
    says: /memory|lost|emptied|stored/i,
    losesStore: true,
    hurt: (rig) => rig.again(200, () => void rig.store.empty()),
    heal: (rig) => rig.endAgain(),
  },
  {
    name: 'redis-emptied-at-start',
    meaning:
      'everything in Redis is deleted, again and again, while a second Vigil starts beside the one that leads',
    modes: ['standby'],
    lastsS: 1,
    ...REDIS,
    asks: [],
    fromHealing: ['standby'],
    says: /memory|lost|emptied|stored/i,
    losesStore: true,
    hurt: async (rig) => {
      const [, fresh] = rig.vigils;
      if (fresh === undefined) return;
      signalAll(fresh, 'SIGKILL');
      fresh.start();
      // So that it cannot put back what it holds before the other one looks.
      signalAll(leader(rig), 'SIGSTOP', MAIN);
      await rig.store.empty();
      await applies(fresh);
    },
    heal: (rig) => signalAll(leader(rig), 'SIGCONT', MAIN),
  },
  {
    name: 'redis-older',
    meaning: 'Redis comes back with an older copy of its file',
    modes: ALL,
    lastsS: 30,
    ...REDIS,
    says: /older|earlier|memory|lost/i,
    losesStore: true,
    prepare: async (rig) => {
      await rig.store.copy();
      await openProtected(rig, 'SOLUSDT');
      await rig.phone.hears('SOLUSDT long opened');
    },
    hurt: ({ store }) => store.putBack(),
  },
  {
    name: 'private-redis-killed',
    meaning: "Vigil's own Redis is killed, as when memory is short",
    modes: ['one'],
    lastsS: 10,
    ...REDIS,
    says: /memory \(Redis\)/,
    privateRedis: true,
    hurt: async (rig) => void process.kill(await rig.privateRedis(), 'SIGKILL'),
  },
  {
    name: 'clock-back',
    meaning: 'the wall clock of all of Vigil is set back by an hour',
    modes: ALL,
    lastsS: 30,
    ...USUAL,
    says: /clock/,
    hurt: (rig) => rig.shiftClock(-3_600),
  },
  {
    name: 'clock-forward',
    meaning: 'the wall clock of all of Vigil is set forward by an hour',
    modes: ALL,
    lastsS: 30,
    ...USUAL,
    says: /clock/,
    hurt: (rig) => rig.shiftClock(3_600),
  },
  ...(['401', '403', '429'] as const).map((kind): Drill => ({
    name: `telegram-${kind}`,
    meaning: `Telegram refuses every message with ${kind}`,
    modes: ['one'],
    lastsS: 30,
    withinS: 60,
    fromHealing: ALL,
    says: /ETHUSDT/,
    asks: [],
    hurt: refused(kind),
    heal: accepted,
  })),
  {
    name: 'telegram-500',
    meaning: 'Telegram takes no message for longer than a minute: the second channel speaks',
    modes: ['one'],
    lastsS: 100,
    withinS: 60,
    fromHealing: ALL,
    says: /ETHUSDT/,
    secondSays: /a position lacks a stop/i,
    asks: [],
    hurt: refused('500'),
    heal: accepted,
  },
  {
    name: 'telegram-409',
    meaning: 'another program polls with the same token',
    modes: ['one'],
    lastsS: 70,
    ...USUAL,
    asks: [],
    says: /not heard from Telegram/,
    hurt: refused('409', 'getUpdates'),
    heal: accepted,
  },
  {
    name: 'exchange-lost',
    meaning: 'the exchange answers nothing',
    modes: ALL,
    lastsS: 50,
    ...USUAL,
    asks: ['/status', '/positions'],
    says: /The exchange has not answered/,
    hurt: async (rig) => {
      await rig.control('fault', { fault: 'lost-request', count: 1_000_000 });
      await rig.control('fault', { fault: 'drop-sockets' });
    },
    heal: (rig) => rig.control('fault', { fault: 'clear' }),
  },
];
