/** Makes one drill and judges it. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Said } from './chatter.ts';
import { doubledIn, gapsIn, linesOf, type DrillReport } from './report.ts';
import type { Drill } from './drills.ts';
import { openUnprotected, openRig, type DrillRig, type Mode } from './rig.ts';

const NAKED = 'ETHUSDT';
const OPENED = /ETHUSDT long (was )?opened/;
/** What must be told of the position that is opened while it hurts. */
const MUST_HEAR: readonly (readonly [string, RegExp])[] = [
  ['that ETHUSDT was opened', OPENED],
  ['that ETHUSDT has no stop', /ETHUSDT long (has no stop|is not fully protected)/],
];
const ANSWER_MS = 6_000;
const AFTERMATH_MS = 90_000;
const ANSWERS: Readonly<Record<string, RegExp>> = {
  '/status': /^Status/,
  '/positions': /^Positions/,
  '/balance': /^Balance/,
  '/halt': /^(New trades are paused as of now|Trading is halted\.)/,
};

/** Opens a rig, hurts it, heals it, and waits for what must be told. */
export async function runDrill(drill: Drill, mode: Mode): Promise<DrillReport> {
  const rig = await openRig(mode, { privateRedis: drill.privateRedis === true });
  try {
    return await play(drill, rig);
  } finally {
    await rig.close();
  }
}

async function play(drill: Drill, rig: DrillRig): Promise<DrillReport> {
  await drill.prepare?.(rig);
  const before = rig.chatter.said().length;
  const news = (): readonly Said[] => rig.chatter.said().slice(before);
  const began = performance.now();
  const linesBefore = linesOf(rig);
  await drill.hurt(rig);
  await openUnprotected(rig, NAKED);
  const openedAt = performance.now();
  const worked = await askAll(drill, rig);
  await delay(Math.max(0, began + drill.lastsS * 1_000 - performance.now()));
  const healed = performance.now();
  const logged = (linesOf(rig) - linesBefore) / ((healed - began) / 1_000);
  const { secondSays } = drill;
  const secondSilent =
    secondSays !== undefined && !rig.second.some((each) => secondSays.test(each));
  await drill.heal?.(rig);
  const from = drill.fromHealing?.includes(rig.mode) ? healed : began;
  const missing = (): readonly string[] =>
    MUST_HEAR.filter(([, words]) => !news().some(({ text }) => words.test(text))).map(
      ([what]) => what,
    );
  const words = [drill.says, ...(drill.goesOn?.includes(rig.mode) ? [OPENED] : [])];
  const word = (): Said | undefined =>
    news().find(({ text }) => words.some((each) => each.test(text)));
  const end = healed + AFTERMATH_MS;
  while ((missing().length > 0 || word() === undefined) && performance.now() < end)
    await delay(200);
  // What would be said twice comes soon after.
  await delay(3_000);
  const heard = word();
  const knewS = heard === undefined ? undefined : Math.max(0, heard.at - from) / 1_000;
  const lost = [...missing(), ...(drill.losesStore ? [] : gapsIn(rig.chatter.numbers()))];
  const doubled = doubledIn(news());
  const ended = rig.vigils
    .filter((each) => !each.running())
    .map(({ roles, program }) => `${roles} (${program().output().trim().split('\n').at(-1)})`);
  return {
    raised: news()
      .filter(({ text }) => !Object.values(ANSWERS).some((words) => words.test(text)))
      .map(({ at, text }) => `${((at - began) / 1_000).toFixed(0)} s ${text.split('\n')[0]}`),
    knewS,
    lost,
    doubled,
    worked,
    logged,
    broken: [
      ...(knewS === undefined ? ['the owner was not told'] : []),
      ...(knewS !== undefined && knewS > drill.withinS
        ? [`told after ${knewS.toFixed(0)} s instead of ${drill.withinS}`]
        : []),
      ...lateOpening(drill, news(), openedAt),
      ...lost.map((each) => `lost: ${each}`),
      ...doubled.map((each) => `twice: ${each}`),
      ...(secondSilent ? [`the second channel said only: ${rig.second.join(' ')}`] : []),
      ...ended.map((roles) => `ended and has to be started by hand: ${roles}`),
      ...drill.asks.filter((each) => !worked.includes(each)).map((each) => `no answer to ${each}`),
    ],
  };
}

/** That the opening was told too late, where it must be told while it hurts; one that never was is lost. */
function lateOpening(
  { opensWithinS = Infinity }: Drill,
  news: readonly Said[],
  openedAt: number,
): readonly string[] {
  const told = news.find(({ text }) => OPENED.test(text));
  const tookS = told === undefined ? 0 : (told.at - openedAt) / 1_000;
  return tookS > opensWithinS
    ? [`the opening was told after ${tookS.toFixed(0)} s instead of ${opensWithinS}`]
    : [];
}

/** The commands that were answered as they should be. */
async function askAll(drill: Drill, rig: DrillRig): Promise<readonly string[]> {
  if (drill.asks.length === 0) return [];
  // Once connections have noticed.
  await delay(5_000);
  const worked: string[] = [];
  for (const command of drill.asks) {
    const answer = await rig.phone
      .ask(command, ANSWERS[command] ?? /./, ANSWER_MS)
      .catch(() => undefined);
    if (answer !== undefined) worked.push(command);
  }
  return worked;
}
