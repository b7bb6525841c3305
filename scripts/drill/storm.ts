/**
 * Many short hurts instead of one long one: Redis stands still for a second, or the process that reads the account is killed, at random,
 * while positions are opened past Vigil. Each opening and each missing stop is told exactly once, and trading is never loosened.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { isTighter, type ModeState } from '../../src/domain/trading-mode.ts';
import { Redis } from 'ioredis';
import { seededRandom, type Random } from '../../src/simulator/venue/random.ts';
import { storeKeys } from '../../src/store/keys.ts';
import { createModeStore } from '../../src/store/repositories/mode-store.ts';
import { WORKER } from '../../test/acceptance/demo-process.ts';
import type { Said } from './chatter.ts';
import { doubledIn, linesOf, type DrillReport } from './report.ts';
import { ACCOUNT, openRig, openUnprotected, signalAll, type DrillRig, type Mode } from './rig.ts';

export interface Storm {
  readonly name: string;
  readonly meaning: string;
  readonly modes: readonly Mode[];
  readonly seconds: number;
  readonly positions: number;
  readonly seed: number;
}

export const STORM: Storm = {
  name: 'storm',
  meaning:
    'for ten minutes Redis stands still for a second, or the process that reads the account is killed, at random; positions are opened',
  modes: ['one', 'split', 'standby'],
  seconds: 600,
  positions: 12,
  seed: 1,
};

/** So long one of them is waited for afterwards. */
const AFTERMATH_MS = 60_000;
const STALL_MS = 1_000;
/** Between the end of one hurt and the begin of the next. */
const PAUSE_MS = { least: 500, most: 6_000 };
const LOOK_MS = 500;

interface Opened {
  readonly symbol: string;
  readonly at: number;
}

/** By itself, or below the title of several that were found together. */
const openedOf = (symbol: string): RegExp => new RegExp(`^\\S+ ${symbol} long (was )?opened`, 'm');
const nakedOf = (symbol: string): RegExp =>
  new RegExp(`^\\S+ ${symbol} long (has no stop|is not fully protected)`);

export async function runStorm(mode: Mode, storm: Storm): Promise<DrillReport> {
  const rig = await openRig(mode, { privateRedis: false, symbols: storm.positions + 1 });
  try {
    return await play(rig, storm);
  } finally {
    await rig.close();
  }
}

async function play(rig: DrillRig, storm: Storm): Promise<DrillReport> {
  const random = seededRandom(storm.seed);
  const before = rig.chatter.said().length;
  const news = (): readonly Said[] => rig.chatter.said().slice(before);
  const began = performance.now();
  const ends = began + storm.seconds * 1_000;
  const linesBefore = linesOf(rig);
  const watch = watchMode(rig);
  const over = (): boolean => performance.now() >= ends;
  const [opened] = await Promise.all([openOneByOne(rig, storm, ends), hurt(rig, random, over)]);
  const logged = (linesOf(rig) - linesBefore) / storm.seconds;
  const missing = (): readonly string[] =>
    opened.flatMap(({ symbol }) => [
      ...(told(news(), openedOf(symbol)).length > 0 ? [] : [`that ${symbol} was opened`]),
      ...(told(news(), nakedOf(symbol)).length > 0 ? [] : [`that ${symbol} has no stop`]),
    ]);
  const end = performance.now() + AFTERMATH_MS;
  while (missing().length > 0 && performance.now() < end) await delay(200);
  // What would be said twice comes soon after.
  await delay(3_000);
  const loosened = await watch.stop();
  const lost = missing();
  const doubled = [
    ...doubledIn(news()),
    ...opened
      .flatMap(({ symbol }) => [openedOf(symbol), nakedOf(symbol)])
      .filter((words) => told(news(), words).length > 1)
      .map(({ source }) => source),
  ];
  return {
    raised: news()
      .filter(({ text }) => !opened.some(({ symbol }) => text.includes(symbol)))
      .map(({ at, text }) => `${((at - began) / 1_000).toFixed(0)} s ${text.split('\n')[0]}`),
    knewS: Math.max(...opened.map((each) => delayOf(news(), each))) / 1_000,
    lost,
    doubled,
    worked: [],
    logged,
    broken: [
      ...lost.map((each) => `lost: ${each}`),
      ...doubled.map((each) => `twice: ${each}`),
      ...loosened.map((each) => `loosened: ${each}`),
      ...rig.vigils.filter((each) => !each.running()).map(({ roles }) => `ended: ${roles}`),
    ],
  };
}

/** Messages that say it and are not marked as a repeat. */
const told = (said: readonly Said[], words: RegExp): readonly Said[] =>
  said.filter(({ text }) => words.test(text) && !text.includes('(may be a repeat)'));

const delayOf = (said: readonly Said[], { symbol, at }: Opened): number =>
  Math.max(0, (told(said, openedOf(symbol))[0]?.at ?? Number.POSITIVE_INFINITY) - at);

/** Evenly over the time, the last one well before its end. */
async function openOneByOne(
  rig: DrillRig,
  { positions }: Storm,
  ends: number,
): Promise<readonly Opened[]> {
  const opened: Opened[] = [];
  const everyMs = (ends - performance.now()) / (positions + 1);
  for (const symbol of rig.symbols.slice(1, positions + 1)) {
    await openUnprotected(rig, symbol);
    opened.push({ symbol, at: performance.now() });
    await delay(everyMs);
  }
  return opened;
}

async function hurt(rig: DrillRig, random: Random, over: () => boolean): Promise<void> {
  while (!over()) {
    if (random() < 0.5) {
      rig.store.freeze();
      await delay(STALL_MS);
      rig.store.thaw();
    } else {
      signalAll(rig.worker, 'SIGKILL', WORKER);
    }
    await delay(PAUSE_MS.least + random() * (PAUSE_MS.most - PAUSE_MS.least));
  }
}

/** Follows the trading mode as it is stored: nobody resumes here, so it only ever gets tighter, and no reason goes. */
function watchMode(rig: DrillRig): { stop(): Promise<readonly string[]> } {
  const loosened: string[] = [];
  const redis = new Redis(rig.store.url, { commandTimeout: 3_000 });
  const mode = createModeStore(redis, storeKeys(ACCOUNT));
  let before: ModeState | undefined;
  let under = false;
  const look = async (): Promise<void> => {
    const now = await mode.read().catch(() => undefined);
    if (now === undefined) return;
    if (before !== undefined && isTighter(before.mode, now.mode)) {
      loosened.push(`${before.mode} became ${now.mode}`);
    }
    const gone = before?.reasons.filter(
      ({ trigger }) => !now.reasons.some((each) => each.trigger === trigger),
    );
    loosened.push(...(gone ?? []).map(({ trigger }) => `${trigger} is gone`));
    before = now;
  };
  const timer = setInterval(() => {
    if (under) return;
    under = true;
    void look().finally(() => (under = false));
  }, LOOK_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await look();
      redis.disconnect();
      return before === undefined ? ['the trading mode was never seen'] : loosened;
    },
  };
}
