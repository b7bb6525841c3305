/** Vigil is killed at random moments of a running demo, its main process alone or with its worker. What must hold is read from the venue and from the chat. */
import { afterAll, expect, onTestFailed, test } from 'vitest';
import { createOwner } from '../../scripts/replay/owner.ts';
import { parseCardId } from '../../src/bot/callback-data.ts';
import { clientIdFor } from '../../src/domain/order.ts';
import type { UserMessage } from '../../src/simulator/chat/wire/message-views.ts';
import { PATIENCE_MS } from '../patience.ts';
import { cleanUp, freePort, newFolder, startDemo, type Demo } from './demo-process.ts';
import { OWNER, phoneAt, textOf, type Phone } from './owner.ts';
import { generator, marketIn } from './recording.ts';
import { balanceLines, control, truthOf, type TruthAccount } from './venue-truth.ts';
import { until } from './wait.ts';

const SEED = Number.parseInt(process.env['VIGIL_KILL_SEED'] ?? '20251010', 10);
const KILLS = 10;
/** Before this kill an approval is carried out: without one nothing would be proved. The first, since a kill may hold the account unread for a minute. */
const CARRIED_OUT_BEFORE = 1;
/** The owner halts before this kill, and resumes before that one. */
const HALT_BEFORE = 5;
const RESUME_BEFORE = 8;
/** Venue seconds a second, while nothing is decided and while something is: a card outlasts the slowest machine. */
const FAST = 600;
const SLOW = 1;
/** While an approval has to come about: in the seconds that a card needs to the phone its price must not run away. */
const UNHURRIED = 60;
/** The longest a demo is left alone between two kills. */
const ALONE_MS = 3_000;
const KILL_MS = 500;
const EVERY_MS = 150;

afterAll(cleanUp);

/** The id of the order that a Confirm stands for, from the signal's nonce in it. */
const orderIdOf = (data: string): string =>
  clientIdFor('entry', parseCardId(data.slice(2))?.nonce ?? '');

/** An owner who approves whatever can be approved, until it is stopped; the market waits for each decision. What fails while Vigil is dead is of no matter. */
function approveEverything(
  demo: Demo,
  confirmed: Set<string>,
  speed: number,
): { stop: () => Promise<void> } {
  let stopped = false;
  const loop = async (): Promise<void> => {
    const phone = await phoneAt(demo.chatUrl);
    const press: Phone['press'] = (message, data) => {
      if (data.startsWith('c:')) confirmed.add(orderIdOf(data));
      return phone.press(message, data);
    };
    const owner = createOwner({ ...phone, press }, ['long', 'short']);
    while (!stopped) {
      await owner
        .decide(true)
        .then((deciding) => control(demo.controlUrl, 'speed', { speed: deciding ? SLOW : speed }))
        .catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
    phone.hangUp();
  };
  const running = loop();
  return {
    stop: async () => {
      stopped = true;
      await running;
    },
  };
}

/** Every entry order the venue has ever had from Vigil, by the id that Vigil gave it. */
const entriesOf = ({ orders, orderHistory }: TruthAccount): readonly string[] =>
  [...orders, ...orderHistory]
    .filter((each) => !each.reduceOnly)
    .flatMap(({ clientId }) => (clientId === null || clientId === '' ? [] : [clientId]));

/**
 * Alert numbers in the chat in the order of the messages, with those marked as repeats apart: Vigil cannot know whether one that it
 * had begun to send when it was killed has arrived, and what has not is there with its mark alone.
 */
function alertsIn(messages: readonly UserMessage[]): { first: number[]; repeated: number[] } {
  const first: number[] = [];
  const repeated: number[] = [];
  for (const line of messages.flatMap(linesWithNumber)) {
    const number = Number(/#(\d+) /.exec(line)?.[1]);
    (line.includes(MARK) ? repeated : first).push(number);
  }
  return { first, repeated };
}

const MARK = '(may be a repeat)';

/** What a message tells by number: an alert's last line, with the mark of its title, or each line of a catch-up. */
function linesWithNumber(message: UserMessage): readonly string[] {
  const text = textOf(message);
  if (text.startsWith('Catch-up: ')) return text.split('\n').filter((each) => /#\d+ /.test(each));
  const own = /^#\d+ · .*$/m.exec(text)?.[0];
  return own === undefined ? [] : [text.includes(MARK) ? `${own} ${MARK}` : own];
}

/** Whether every number up to the largest is there, marked or not. */
function withoutGap({ first, repeated }: ReturnType<typeof alertsIn>): boolean {
  const told = new Set([...first, ...repeated]);
  return told.size > 0 && Math.max(...told) === told.size;
}

const untilCarriedOut = (demo: Demo, phone: Phone): Promise<true> =>
  until(async () => entriesOf((await truthOf(demo.controlUrl)).account).length > 0 || undefined, {
    says: async () =>
      `no approval was carried out: ${(await phone.heard()).map(textOf).join('\n---\n')}`,
    ms: 8 * PATIENCE_MS,
  });

/**
 * /balance at a stopped clock: the venue's own figures, or plainly not live. What was approved before a kill may be carried out just then,
 * and its fee is paid: only where the account is the same before and after is there one right answer.
 */
async function checkBalance(phone: Phone, demo: Demo): Promise<void> {
  await control(demo.controlUrl, 'speed', { speed: 0 });
  const truth = async (): Promise<string> =>
    balanceLines((await truthOf(demo.controlUrl)).account).join('\n');
  const [text, lines] = await until(
    async () => {
      const before = await truth();
      const answer = textOf(await phone.ask('/balance', /^Balance/));
      return before === (await truth()) && ([answer, before] as const);
    },
    { says: () => 'the account did not rest' },
  );
  if (/^live · /m.test(text)) expect(text).toContain(lines);
  else expect(text).toMatch(/ old \(.+\) · |unavailable \(.+\) · /);
  await control(demo.controlUrl, 'speed', { speed: FAST });
}

async function resume(phone: Phone): Promise<boolean> {
  const question = await phone.ask('/resume', /^(Resume trading\?|Resuming is not possible)/);
  if (!textOf(question).startsWith('Resume trading?')) return false;
  await phone.tap(question, 'Confirm: resume');
  await until(
    async () =>
      (await phone.heard()).some(
        ({ id, ...rest }) =>
          id === question.id && /^(Resumed|Not resumed)/.test(textOf({ id, ...rest })),
      ),
    { says: () => 'the question of /resume was answered' },
  );
  return true;
}

test(`a demo killed ${KILLS} times loses no halt, doubles no order and makes up no figure (seed ${SEED})`, async () => {
  const random = generator(SEED);
  const folder = newFolder();
  // Started at full speed the first signals would be over before anybody is paired.
  const market = [...marketIn(folder), '--speed', String(UNHURRIED)];
  const args = ['--port', String(await freePort()), ...market, '--open', 'BTCUSDT:long'];
  let demo = await startDemo({ folder, args });
  onTestFailed(() => console.error(`VIGIL_KILL_SEED=${SEED}\n${demo.output()}`));
  let phone = await phoneAt(demo.chatUrl);
  await phone.ask(`/start ${demo.code ?? ''}`, 'Paired');
  const confirmed = new Set<string>();
  let halted = false;
  for (let kill = 1; kill <= KILLS; kill += 1) {
    if (kill === HALT_BEFORE) {
      await phone.ask('/halt', 'New trades are paused as of now.');
      halted = true;
    }
    if (kill === RESUME_BEFORE && (await resume(phone))) halted = false;
    const carriedOut = kill === CARRIED_OUT_BEFORE;
    const approving = approveEverything(demo, confirmed, carriedOut ? UNHURRIED : FAST);
    if (carriedOut) await untilCarriedOut(demo, phone);
    const moment = performance.now() + random() * (carriedOut ? KILL_MS : ALONE_MS);
    await until(() => performance.now() >= moment, { says: () => 'the moment of the kill' });
    // As when the machine dies; and as when its worker goes on for a while.
    if (kill % 2 === 0) demo.kill();
    else demo.killAll();
    await demo.ended;
    await approving.stop();
    phone.hangUp();
    demo = await startDemo({ folder, args });
    expect(demo.output()).toContain('this one goes on where it was');
    expect(demo.code, 'the owner was forgotten').toBeUndefined();
    phone = await phoneAt(demo.chatUrl);
    const status = textOf(await phone.ask('/status', /^Status/));
    if (halted) expect(status, `after kill ${kill}`).toContain('Trading: HALTED');
    if (status.includes('Trading: HALTED')) halted = true;
    await checkBalance(phone, demo);
    const entries = entriesOf((await truthOf(demo.controlUrl)).account);
    expect(new Set(entries).size, entries.join(', ')).toBe(entries.length);
    expect(
      entries.filter((each) => !confirmed.has(each)),
      'never confirmed',
    ).toEqual([]);
  }
  await checkAtTheEnd(demo, phone);
  phone.hangUp();
}, 1_800_000);

/** What must hold over the whole run, once everything has been delivered. */
async function checkAtTheEnd(demo: Demo, phone: Phone): Promise<void> {
  const heard = await until(
    async () => {
      const messages = await phone.heard();
      return withoutGap(alertsIn(messages)) ? messages : undefined;
    },
    {
      says: async () => {
        const heard = await phone.heard();
        const { first, repeated } = alertsIn(heard);
        const numbers = `${first.join(', ')}; marked as a repeat: ${repeated.join(', ')}`;
        return `numbers without a gap: ${numbers} in:\n${heard.map(textOf).join('\n---\n')}`;
      },
    },
  );
  const { first, repeated } = alertsIn(heard);
  expect(first, 'an alert is there twice and not marked').toHaveLength(new Set(first).size);
  const { account } = await truthOf(demo.controlUrl);
  const approved = heard.filter((each) => /^(ℹ️ )?(Done|Approved): /.test(textOf(each)));
  const entries = entriesOf(account);
  console.info(
    `user ${OWNER}: ${heard.length} messages, ${first.length} alerts, ${repeated.length} marked as a repeat, ${approved.length} approved or done, ${entries.length} entry orders`,
  );
  expect(entries.length, 'no signal was carried out, so nothing was proved').toBeGreaterThan(0);
  const zeros = heard.filter((each) =>
    /Equity: 0\.00 USDT|Wallet: 0\.00 USDT|NaN|undefined|Infinity/.test(textOf(each)),
  );
  expect(zeros.map(textOf)).toEqual([]);
}
