/** Vigil is killed whole as the owner decides something. Afterwards it is done and told, or not done at all. */
import { afterAll, expect, onTestFailed, test } from 'vitest';
import { cleanUp, freePort, newFolder, startDemo, type Demo } from './demo-process.ts';
import { buttonsOf, phoneAt, textOf, type Phone } from './owner.ts';
import { generator, marketIn, QUIET_START } from './recording.ts';
import { control, truthOf } from './venue-truth.ts';
import { until } from './wait.ts';

const SEED = Number.parseInt(process.env['VIGIL_KILL_SEED'] ?? '20251010', 10);
const random = generator(SEED);
/** About how long Vigil works on a tap. */
const CONFIRMING_MS = 20;
/** How long a Confirm may take before it is asked again. */
const ANSWERED_MS = 10_000;

afterAll(cleanUp);

let demo: Demo;
let phone: Phone;
let start: () => Promise<Demo>;

async function killAndRestart(): Promise<void> {
  demo.killAll();
  await demo.ended;
  phone.hangUp();
  demo = await start();
  phone = await phoneAt(demo.chatUrl);
}

/** No alert, which has its number in its last line, and nothing that Vigil says of itself: what is left answers. */
const AN_ANSWER = /^(?![\s\S]*\n#\d+ · )(?!🔴|🟢|⚠️|I am back|I stop now)/u;

/** Asks, and gives back the tap on Confirm under the question. */
async function asked({ send, card }: Question): Promise<() => Promise<void>> {
  // Just after a start the account may not be read yet, and then nothing is offered.
  const question = await until(
    async () => {
      const answer = await phone.ask(send, AN_ANSWER);
      return textOf(answer).startsWith(card) && answer;
    },
    { says: () => `${send} is not answered with "${card}"` },
  );
  const button = buttonsOf(question).find(({ text }) => text.startsWith('Confirm'));
  if (button === undefined) throw new Error(`nothing to confirm: ${textOf(question)}`);
  return () => phone.press(question, button.data);
}

const confirm = async (question: Question): Promise<void> => (await asked(question))();

/** Between two looks at whether a decision is done. */
const LOOK_EVERY_MS = 1_500;

interface Question {
  readonly send: string;
  readonly card: string;
}

interface Decision extends Question {
  /** The command whose answer says whether it is done. */
  readonly look: string;
  readonly done: RegExp;
  readonly not: RegExp;
  /** The alert that is stored together with it, if there is one. */
  readonly told?: string;
}

const isDone = async ({ look, done, not }: Decision): Promise<boolean> =>
  done.test(textOf(await phone.ask(look, new RegExp(`${done.source}|${not.source}`))));

/** Confirmed, and killed while that is worked on; then it is done and told, or everything is as it was and it can be decided again. */
async function decideAndDie(decision: Decision): Promise<boolean> {
  const before = await phone.newest();
  const tap = await asked(decision);
  const tapped = tap().catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, random() * CONFIRMING_MS));
  await killAndRestart();
  await tapped;
  const done = await isDone(decision);
  if (!done) {
    await until(() => confirmed(decision), { says: () => `${decision.send} is not done` });
  }
  if (decision.told !== undefined) await phone.hears(decision.told, { after: before });
  return done;
}

/** Whether it is done a while after a Confirm: just after a start it may be refused for want of a fresh reading, and is asked again. */
async function confirmed(decision: Decision): Promise<boolean> {
  if (await isDone(decision)) return true;
  await confirm(decision);
  // Not faster than a person types: what comes faster is skipped by the bot and never answered.
  const looks = async (): Promise<boolean> => {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    return isDone(decision);
  };
  const settles = until(looks, { says: () => decision.send, ms: ANSWERED_MS });
  return settles.catch(() => false);
}

const REFUSED = { fault: 'refused', path: 'flash_close', amount: 20011 } as const;

/** The exchange refuses to close from now on. Resolves when it has been asked to. */
async function refuseToClose(): Promise<void> {
  await control(demo.controlUrl, 'fault', { ...REFUSED, count: 1 });
  await control(demo.controlUrl, 'fault', { ...REFUSED, count: 100_000 });
}
const wasAskedToClose = (): Promise<boolean> =>
  until(async () => (await truthOf(demo.controlUrl)).faults.length === 1, {
    says: async () =>
      `no close was tried:\n${(await phone.heard()).slice(-4).map(textOf).join('\n---\n')}\n${JSON.stringify((await truthOf(demo.controlUrl)).faults)}`,
  });

test('a decision is done or not after kill -9, and a confirmed close goes on however often there is one', async () => {
  const folder = newFolder();
  // In real time, so that what may be some seconds old is no less on a busy machine.
  const market = marketIn(folder, QUIET_START);
  const args = ['--port', String(await freePort()), ...market, '--speed', '1'];
  start = () => startDemo({ folder, args });
  demo = await start();
  onTestFailed(() => console.error(`VIGIL_KILL_SEED=${SEED}\n${demo.output()}`));
  phone = await phoneAt(demo.chatUrl);
  await phone.ask(`/start ${demo.code ?? ''}`, 'Paired');
  const signed: Decision = {
    send: '/policy sign drawdown all',
    card: 'Sign this?',
    look: '/policy',
    done: /Signed by you on/,
    not: /Off\. Vigil never closes/,
    told: 'You signed: positions may be closed without asking you',
  };
  const resumed: Decision = {
    send: '/resume',
    card: 'Resume trading?',
    look: '/status',
    done: /Trading: normal/,
    not: /Trading: HALTED/,
    told: 'New trades are possible again',
  };
  const first = [await decideAndDie(signed)];
  await phone.ask('/halt', 'New trades are paused as of now.');
  first.push(await decideAndDie(resumed));
  console.info(`done before the kill: ${first.join(', ')}`);

  const position = { symbol: 'ETHUSDT', side: 'LONG', notional: '500', leverage: 5 };
  await control(demo.controlUrl, 'position', position);
  const protectedNow = await decideAndDie({
    send: '/stop ETH 1.4 %',
    card: 'ETHUSDT long: stop at',
    look: '/position ETH',
    done: / {2}Stop [\d.,]+/,
    not: /NO STOP/,
    told: 'ETHUSDT: done, moving its stop',
  });
  console.info(`the stop rested before it was looked for: ${protectedNow}`);
  const { account: held } = await truthOf(demo.controlUrl);
  expect(held.tpsl).toHaveLength(1);
  await refuseToClose();
  await confirm({ send: '/panic', card: 'Close' });
  await wasAskedToClose();
  for (const kill of [1, 2]) {
    await killAndRestart();
    await refuseToClose();
    await wasAskedToClose();
    console.info(`closing went on after kill ${kill}`);
  }
  await control(demo.controlUrl, 'fault', { fault: 'clear' });
  await phone.hears('Done: entry orders cancelled, positions closed');
  const { account } = await truthOf(demo.controlUrl);
  expect(account.positions).toEqual([]);
  expect(await isDone({ ...resumed, done: resumed.not, not: resumed.done })).toBe(true);
  phone.hangUp();
}, 900_000);
