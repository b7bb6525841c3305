/**
 * Thousands of taps and words over all that can be done to money, doubled, replayed, forwarded, by others, too late, after restarts, while
 * the exchange fails by chance. What was written is judged apart, by what had been shown and confirmed.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { UserMessage } from '../../../src/simulator/chat/wire/message-views.ts';
import { cardIn, type Confirmed, type ShownCard } from './cards.ts';
import { endsOf } from './ends.ts';
import { judge, type Facts } from './judging.ts';
import { movesOf, type Move } from './moves.ts';
import type { Stage } from './stage.ts';
import { starvedMs } from './starved.ts';

export interface TapsReport {
  /** Taps and words, each of a double counted. */
  readonly done: number;
  readonly confirmed: number;
  /** Cards and signals whose end was compared with the exchange. */
  readonly ended: number;
  /** Requests that would change the account, by what they ask for. */
  readonly written: Readonly<Record<string, number>>;
  readonly restarts: number;
  /** The slowest answer, and without the waits in which the machine gave its processors to others. */
  readonly slowestMs: number;
  readonly slowestOwnMs: number;
  /** What is not as it must be; empty when all is well. */
  readonly broken: readonly string[];
}

/** Each answer comes within so many milliseconds in which it could be worked on. */
const ANSWER_MS = 2_000;
/** Looked for so long before it is called never answered. */
const EVER_MS = 20_000;
const REMEMBERED = 400;

interface Button {
  readonly messageId: number;
  readonly data: string;
}

/** All that was seen and done so far. */
interface Run {
  readonly stage: Stage;
  readonly shown: ShownCard[];
  readonly confirmed: Confirmed[];
  readonly accounts: Facts['accounts'][number][];
  readonly broken: string[];
  /** What each message says now, and which message each button was under. */
  readonly texts: Map<number, string>;
  readonly under: Map<string, number>;
  /** The newest ones that were seen, oldest first. */
  readonly buttons: Button[];
  newest: readonly Button[];
  last: Button | undefined;
  done: number;
  restarts: number;
  slowestMs: number;
  slowestOwnMs: number;
}

export async function runTaps(
  stage: Stage,
  { seed, count, note }: { seed: number; count: number; note?: (line: string) => void },
): Promise<TapsReport> {
  const run: Run = {
    stage,
    shown: [],
    confirmed: [],
    accounts: [],
    broken: [],
    texts: new Map(),
    under: new Map(),
    buttons: [],
    newest: [],
    last: undefined,
    done: 0,
    restarts: 0,
    slowestMs: 0,
    slowestOwnMs: 0,
  };
  await stage.putBack();
  for (const [index, move] of movesOf(seed, count).entries()) {
    if (move.kind === 'tap') await tap(run, move, index);
    else if (move.kind === 'say') await say(run, move, index);
    else await happen(run, move);
    await look(run);
    if (index % 25 === 0) await putBack(run);
    if (note !== undefined && (index + 1) % 500 === 0)
      note(`${index + 1} moves, ${run.broken.length} broken so far`);
  }
  return end(run);
}

async function look(run: Run): Promise<readonly UserMessage[]> {
  const { stage, buttons, shown } = run;
  const found = await stage.look();
  for (const message of found) {
    const of = (message.keyboard ?? [])
      .flat()
      .flatMap(({ callback_data: data }) =>
        data === undefined ? [] : [{ messageId: message.id, data }],
      );
    if (of.length > 0) run.newest = of;
    run.texts.set(message.id, message.text ?? message.caption ?? '');
    for (const { data } of of) run.under.set(data, message.id);
    buttons.push(...of);
    const card = cardIn(message, stage.now(), stage.writes.length);
    if (card !== undefined) shown.push(card);
  }
  buttons.splice(0, Math.max(0, buttons.length - REMEMBERED));
  return found;
}

function choose(
  { last, buttons, newest }: Run,
  { which, at }: Extract<Move, { kind: 'tap' }>,
): Button | undefined {
  if (which === 'again') return last;
  if (which === 'confirm') return buttons.findLast(({ data }) => CONFIRMS.test(data));
  if (which === 'approve') return buttons.findLast(({ data }) => data.startsWith('a:'));
  const all = which === 'newest' ? newest : buttons;
  return all[Math.floor(at * all.length)];
}

const CONFIRMS = /^[cfw]:/;

function noteConfirmed({ shown, confirmed, accounts, stage }: Run, data: string): void {
  const card = shown.findLast((each) => each.confirm === data);
  if (card === undefined) return;
  const { length: seen } = accounts;
  confirmed.push({ card, at: stage.now(), writes: stage.writes.length, seen });
}

async function answered(
  run: Run,
  what: string,
  isThere: () => Promise<boolean> | boolean,
): Promise<void> {
  const [from, starved] = [performance.now(), starvedMs()];
  const ms = (): number => performance.now() - from;
  while (!(await isThere())) {
    if (ms() > EVER_MS) {
      run.broken.push(`${what} was never answered`);
      return;
    }
    await delay(4);
  }
  const own = ms() - (starvedMs() - starved);
  run.slowestMs = Math.max(run.slowestMs, ms());
  run.slowestOwnMs = Math.max(run.slowestOwnMs, own);
  if (own > ANSWER_MS) run.broken.push(`${what} was answered after ${(own / 1_000).toFixed(1)} s`);
}

async function tap(run: Run, move: Extract<Move, { kind: 'tap' }>, index: number): Promise<void> {
  const { stage } = run;
  const button = choose(run, move);
  if (button === undefined) return;
  run.last = button;
  const { messageId, data } = button;
  if (move.place === 'owner') noteConfirmed(run, data);
  const taps: string[] = [];
  for (let time = 0; time < move.times; time += 1) {
    run.done += 1;
    taps.push(await stage.tap(messageId, data, move.place));
  }
  if (move.unheard) return;
  await answered(run, `move ${index}, a tap on ${data}`, () => taps.every(stage.answered));
  if (CONFIRMS.test(data)) await settled(run);
}

async function say(run: Run, move: Extract<Move, { kind: 'say' }>, index: number): Promise<void> {
  const { stage, shown } = run;
  run.done += 1;
  await look(run);
  const typed = /^(confirm|yes)$/.test(move.text) && move.place === 'owner' && !move.forwarded;
  const card = shown.at(-1);
  // An entry is confirmed by a tap alone.
  if (typed && card !== undefined && card.says.kind !== 'entry') noteConfirmed(run, card.confirm);
  await stage.say(move.text, move.place, move.forwarded);
  if (move.place !== 'owner') return;
  await answered(run, `move ${index}, "${move.text}"`, async () => (await look(run)).length > 0);
  if (typed) await settled(run);
}

/** What was confirmed is carried out before the account is looked at. */
async function settled(run: Run): Promise<void> {
  if (!(await run.stage.quiet())) {
    run.broken.push('what was confirmed is still under way after 60 s');
  }
  await account(run);
}

const account = async ({ accounts, stage }: Run): Promise<void> => {
  accounts.push({ ...(await stage.truth()), writes: stage.writes.length });
};

async function happen(run: Run, move: Exclude<Move, { kind: 'tap' | 'say' }>): Promise<void> {
  const { stage } = run;
  if (move.kind === 'fault') {
    await stage.control('fault', { fault: move.fault, count: move.count });
  } else if (move.kind === 'price') {
    await stage.control('price', { symbol: '*', percent: move.percent });
  } else if (move.kind === 'signal') await stage.signal(move.at);
  else if (move.kind === 'restart') {
    run.restarts += 1;
    await stage.restart();
  } else await stage[move.kind]();
}

/** Something is there to be done again. */
async function putBack(run: Run): Promise<void> {
  await run.stage.quiet();
  await run.stage.putBack();
  await account(run);
}

function countOf(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

async function end(run: Run): Promise<TapsReport> {
  const { stage, shown, confirmed, accounts, broken, done } = run;
  const { restarts, slowestMs, slowestOwnMs } = run;
  await stage.control('fault', { fault: 'clear' });
  if (!(await stage.quiet())) broken.push('something is still under way at the end');
  await stage.settle();
  await account(run);
  await look(run);
  const last = new Map([...run.under].map(([data, id]) => [data, run.texts.get(id) ?? '']));
  await stage.say('/positions', 'owner', false);
  await answered(run, '/positions at the end', async () => (await look(run)).length > 0);
  const positions = [...run.texts.values()].findLast((each) => each.startsWith('Positions')) ?? '';
  const told = {
    last,
    positions,
    alerts: await stage.alerts(),
    proposals: await stage.proposals(),
  };
  const facts = { shown, confirmed, accounts, writes: stage.writes, ...told };
  return {
    done,
    restarts,
    slowestMs,
    slowestOwnMs,
    confirmed: confirmed.length,
    ended: endsOf(facts),
    written: countOf(stage.writes.map(({ name }) => name)),
    broken: [...broken, ...judge(facts)],
  };
}
