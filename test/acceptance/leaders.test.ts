import { afterAll, afterEach, expect, onTestFailed, test } from 'vitest';
import { cleanUp, newFolder, type Program } from './demo-process.ts';
import { OWNER, textOf } from './owner.ts';
import { ALL_ROLES, openSeveral, says, signal, type Several } from './several.ts';
import { control } from './venue-truth.ts';
import { until } from './wait.ts';

let several: Several | undefined;
afterEach(async () => {
  await several?.close();
  several = undefined;
});
afterAll(cleanUp);

const STREAMS = '"role":"stream","number"';
const LEADS = '"role":"bot","number"';
const STANDS_BY = '"role":"bot","msg":"this process stands by"';
const WATCHES = 'Vigil keeps watch (watch).';

const RISK = /^Risk/;
/** What was sent long before its reader began is told to be sent again. */
const AWAY = 'I was away when you wrote';

/** Each answer of this kind, as a message. */
const answersTo = async (
  { phone }: Several,
  { from, words }: { readonly from: number; readonly words: RegExp },
): Promise<readonly string[]> =>
  (await phone.heard())
    .filter(({ id }) => id > from)
    .map(textOf)
    .filter((each) => words.test(each));

/** Two processes that run everything; first the one that leads. */
async function startTwo(at: Several): Promise<readonly [Program, Program]> {
  const both = [at.start(ALL_ROLES), at.start(ALL_ROLES)] as const;
  onTestFailed(() => console.error(both.map((each) => each.output()).join('\n---\n')));
  await Promise.all(both.map((each) => says(each, STANDS_BY)));
  await until(() => both.some((each) => each.output().includes(WATCHES)), {
    says: () => both.map((each) => each.output()).join('\n---\n'),
  });
  const [one, two] = both;
  return one.output().includes(WATCHES) ? [one, two] : [two, one];
}

test('a leader that thaws answers nothing again, tells no alert twice unmarked, and stands by', async () => {
  several = await openSeveral();
  const { phone } = several;
  const [one, two] = await startTwo(several);
  await phone.hasRead();
  const from = await phone.newest();
  await phone.send('/risk');
  signal(one.pid, 'SIGSTOP');
  const frozenAt = performance.now();
  await several.openByHand('ETHUSDT');
  await says(two, LEADS);
  const tookMs = performance.now() - frozenAt;
  const answer = new RegExp(`${RISK.source}|${AWAY}`);
  await phone.hears(answer, { after: from });
  await phone.hears('ETHUSDT', { after: from });
  await phone.hears('Another process of mine keeps watch now.', { after: from });
  // One chat's messages are answered in a row, so whatever came before is answered too.
  await phone.ask('/balance', 'Equity');
  const answers = await answersTo(several, { from, words: answer });
  signal(one.pid, 'SIGCONT');
  await says(one, 'another process has taken over');
  await phone.ask('/balance', 'Equity');
  expect(await answersTo(several, { from, words: answer })).toEqual(answers);
  // Twice only where the freeze fell between an answer and its note.
  expect(answers.length).toBeLessThanOrEqual(2);
  const numbers = (await several.saying(/^#\d+ · /m))
    .filter((each) => !each.includes('(may be a repeat)'))
    .map((each) => /^#(\d+) · /m.exec(each)?.[1]);
  expect(new Set(numbers).size, numbers.join(', ')).toBe(numbers.length);
  const before = one.output().length;
  two.kill();
  await says(one, LEADS, before);
  await phone.ask('/balance', 'Equity');
  console.info(`taken over ${Math.round(tookMs)} ms after the freeze; ${numbers.length} alerts`);
});

test('a frozen Redis costs neither process, and one of the two goes on', async () => {
  several = await openSeveral();
  const { phone, redisPid } = several;
  const both = await startTwo(several);
  let ended = 0;
  for (const each of both) void each.ended.then(() => (ended += 1));
  signal(redisPid, 'SIGSTOP');
  await phone.hears('I cannot write to my memory');
  signal(redisPid, 'SIGCONT');
  await phone.hears('Back: my memory');
  const from = await phone.newest();
  await phone.send('/risk');
  await phone.hears(RISK, { after: from });
  await phone.ask('/balance', 'Equity');
  expect(await answersTo(several, { from, words: RISK })).toHaveLength(1);
  expect(await several.saying(/^🔴 I cannot write to my memory/)).toHaveLength(1);
  expect(ended).toBe(0);
});

test('of two processes with streams one has them, and the other takes over when it dies; each alert comes once', async () => {
  several = await openSeveral();
  const { phone, controlUrl } = several;
  const bot = several.start('bot,worker,watchdog');
  const streams = [several.start('stream'), several.start('stream')];
  onTestFailed(() => console.error([bot, ...streams].map((each) => each.output()).join('\n---\n')));
  await says(bot, WATCHES);
  await Promise.all(streams.map((each) => says(each, WATCHES)));
  const holders = () => streams.filter((each) => each.output().includes(STREAMS));
  await until(() => holders().length > 0, { says: () => 'one has the streams' });
  await phone.hasRead();
  await several.openByHand('ETHUSDT');
  await phone.hears('ETHUSDT');
  await control(controlUrl, 'fault', { fault: 'silent-sockets', forMs: 60_000 });
  await phone.hears('price stream');
  expect(holders()).toHaveLength(1);
  await control(controlUrl, 'fault', { fault: 'clear' });
  holders()[0]?.kill();
  const killedAt = performance.now();
  await until(() => holders().length === 2, { says: () => 'the other has the streams' });
  console.info(`the streams taken over after ${Math.round(performance.now() - killedAt)} ms`);
  expect(await several.saying(/price stream (silent|never read)/)).toHaveLength(1);
});

test('an emptied Redis has its owner back from the processes, and from the machine at the next start', async () => {
  several = await openSeveral();
  const { phone, redis } = several;
  const env = { VIGIL_DATA_DIR: newFolder() };
  const both = await startTwo(several);
  await redis.flushall();
  await phone.hears('My memory (Redis) was emptied');
  await phone.ask('/balance', 'Equity');
  for (const each of both) each.kill();
  await Promise.all(both.map((each) => each.ended));
  const one = several.start(ALL_ROLES, env);
  await says(one, `Its owner is Telegram user ${OWNER}.`);
  one.kill();
  await one.ended;
  await redis.flushall();
  await says(several.start(ALL_ROLES, env), `Its owner is Telegram user ${OWNER}.`);
});
