/**
 * Many alerts while Telegram, the store and the process that sends are hurt one after another, and the owner asks for this and that
 * meanwhile. Every alert must be accounted for, what endangers money first, and every command answered.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Finding, Severity } from '../../../src/domain/alert.ts';
import { seededRandom, type Random } from '../../../src/simulator/venue/random.ts';
import { until } from '../../../test/acceptance/wait.ts';
import { follow } from '../../drill/chatter.ts';
import { askAll, type Asked } from './asking.ts';
import { judge, type Raised } from './judging.ts';
import type { Stage } from './stage.ts';

export interface Trial {
  readonly alerts: number;
  readonly seed: number;
  /** Milliseconds over which they are raised. */
  readonly lastsMs: number;
  /** Seconds without Telegram. */
  readonly outageS: number;
  /** What Telegram asks to wait, seconds, each in a storm of its own. */
  readonly floodsS: readonly number[];
  /** Times that the sending process and the store are killed. */
  readonly kills: number;
  readonly commands: readonly string[];
  /** How soon each is answered outside of what makes that impossible, milliseconds. */
  readonly answersWithinMs: number;
  /** How long after a hurt an answer can be expected again, milliseconds. */
  readonly settleMs: number;
  /** Told of each hurt when it is over. */
  readonly note?: (line: string) => void;
}

/** Ten times as fast as life: ten minutes without Telegram are one, a wait of 300 s is one of 30. */
export const FULL: Omit<Trial, 'seed'> = {
  alerts: 1_000,
  lastsMs: 150_000,
  outageS: 60,
  floodsS: [3, 30, 3],
  kills: 2,
  settleMs: 6_000,
  answersWithinMs: 3_000,
  commands: [
    '/status',
    '/balance',
    '/positions',
    '/position BTC',
    '/risk',
    '/exposure',
    '/stress',
    '/limits',
    '/signals',
    '/strategies',
    '/universe',
    '/pnl',
    '/alerts',
    '/help',
    '/panic',
  ],
};

export interface TrialReport {
  readonly raised: number;
  readonly messages: number;
  readonly marked: number;
  readonly seconds: number;
  readonly asked: readonly Asked[];
  /** What is not as it must be; empty when all is well. */
  readonly broken: readonly string[];
}

/** What is being done to Telegram or Vigil. While one of these lasts nobody can answer. */
export interface Hurting {
  /** Undefined while an answer can be expected. */
  now(): string | undefined;
  /** Counts how often one has begun. */
  begun(): number;
}

/** The rest is waited for so long. */
const AFTERMATH_MS = 300_000;

export async function runTrial(stage: Stage, trial: Trial): Promise<TrialReport> {
  const random = seededRandom(trial.seed);
  const chatter = follow(stage.phone);
  const began = performance.now();
  const raised: Raised[] = [];
  const hurts = createHurts(stage, trial, random);
  let over = false;
  const asking = askAll(stage, {
    commands: trial.commands,
    hurting: hurts,
    withinMs: trial.answersWithinMs,
    over: () => over,
  });
  await Promise.all([raiseAll(stage, trial, { random, raised }), hurts.run()]);
  const end = performance.now() + AFTERMATH_MS;
  while ((await stage.waiting().catch(() => 1)) > 0 && performance.now() < end) await delay(200);
  over = true;
  const asked = await asking;
  // What would be said twice comes soon after.
  await delay(2_000);
  chatter.stop();
  const left = await stage.waiting();
  const { broken, marked } = judge({ raised, said: chatter.said(), hurts: hurts.spans() });
  return {
    raised: raised.length,
    messages: chatter.said().length,
    marked,
    seconds: (performance.now() - began) / 1_000,
    asked,
    broken: [
      ...(left === 0 ? [] : [`${left} were never sent`]),
      ...broken,
      ...asked.flatMap(({ command, broken: why }) =>
        why === undefined ? [] : `${command}: ${why}`,
      ),
    ],
  };
}

const isHeard = ({ phone }: Stage): Promise<boolean> =>
  phone.ask('/help', 'What I can do', 4_000).then(
    () => true,
    () => false,
  );

const SEVERITY: readonly Severity[] = [
  'critical',
  'warning',
  'warning',
  'info',
  'info',
  'info',
  'info',
  'info',
  'info',
  'info',
];

/** In bursts by chance; again until the store has it. */
async function raiseAll(
  stage: Stage,
  trial: Trial,
  to: { readonly random: Random; readonly raised: Raised[] },
): Promise<void> {
  const { random, raised } = to;
  const pauseMs = (trial.lastsMs / trial.alerts) * 10;
  while (raised.length < trial.alerts) {
    const burst = Math.min(trial.alerts - raised.length, 1 + Math.floor(random() * 19));
    for (let each = 0; each < burst; each += 1) {
      const finding = findingOf(raised.length + 1, SEVERITY[Math.floor(random() * 10)] ?? 'info');
      for (;;) {
        const stored = await stage.raise(finding).then(
          () => true,
          () => false,
        );
        if (stored) break;
        await delay(100);
      }
      raised.push({ title: finding.title, severity: finding.severity, at: performance.now() });
    }
    await delay(pauseMs * random() * 2);
  }
}

const findingOf = (number: number, severity: Severity): Finding => ({
  key: `trial:${number}`,
  kind: 'notice',
  severity,
  title: `Trial alert ${String(number).padStart(4, '0')}`,
  lines: ['One of many, to see whether all arrive.'],
  at: Date.now(),
});

interface Span {
  readonly name: string;
  readonly from: number;
  to: number;
}

type Hurt = () => Promise<void>;
type Silencing = (name: string, work: Hurt) => Hurt;

/** What makes a single request fail: the sender gets over it by itself. */
function smallHurts(stage: Stage): readonly Hurt[] {
  const fault =
    (kind: string, count: number): Hurt =>
    () =>
      stage.chat('fault', { method: 'sendMessage', kind, count });
  return [
    fault('html', 1),
    fault('500', 1),
    fault('drop', 1),
    fault('drop-after', 1),
    fault('400', 3),
    () => stage.chat('fault', { method: 'sendPhoto', kind: 'slow', count: 3, ms: 60_000 }),
  ];
}

/** What nobody can answer through. */
function greatHurts(stage: Stage, trial: Trial, silencing: Silencing): readonly Hurt[] {
  const times = (work: Hurt): Hurt[] => Array.from({ length: trial.kills }, () => work);
  const lost = silencing('Telegram is lost', async () => {
    await stage.chat('outage', { on: true });
    await delay(trial.outageS * 1_000);
    await stage.chat('outage', { on: false });
  });
  const floods = trial.floodsS.map((seconds) =>
    silencing(`Telegram asks to wait ${seconds} s`, async () => {
      const flood = { method: 'sendMessage', kind: '429', count: 2, retry_after: seconds };
      await stage.chat('fault', flood);
      await delay(2 * seconds * 1_000);
    }),
  );
  const killed = silencing('the process is killed', async () => {
    await stage.kill();
    // What is sent before it listens again is not acted upon.
    await until(() => isHeard(stage), { says: () => 'the process answers again' });
  });
  const store = silencing('the store is killed', stage.restartStore);
  return [lost, ...floods, ...times(killed), ...times(store)];
}

function createHurts(stage: Stage, trial: Trial, random: Random) {
  const spans: Span[] = [];
  let present: string | undefined;
  let begun = 0;

  /** It counts as lasting a little longer than it does. */
  const silencing: Silencing = (name, work) => async () => {
    const span: Span = { name, from: performance.now(), to: Number.POSITIVE_INFINITY };
    spans.push(span);
    present = name;
    begun += 1;
    await work();
    await delay(trial.settleMs);
    span.to = performance.now();
    present = undefined;
    trial.note?.(`${(span.from / 1_000).toFixed(1)} to ${(span.to / 1_000).toFixed(1)} s: ${name}`);
  };

  return {
    now: () => present,
    begun: () => begun,
    spans: (): readonly Span[] => spans,
    run: async (): Promise<void> => {
      const order = greatHurts(stage, trial, silencing)
        .map((each) => ({ each, by: random() }))
        .toSorted((a, b) => a.by - b.by)
        .map(({ each }) => each);
      const gapMs = trial.lastsMs / 10 / (order.length + 1);
      for (const each of order) {
        for (const small of smallHurts(stage)) {
          await small();
          await delay(gapMs);
        }
        await each();
      }
      await stage.chat('fault/clear', {});
    },
  };
}
