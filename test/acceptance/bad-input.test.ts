/** What goes wrong around Vigil, and what the owner is told: a clear message or a refusal, and the process stays up. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { UserMessage } from '../../src/simulator/chat/wire/message-views.ts';
import { startChat, type Chat } from '../../src/simulator/chat/chat.ts';
import { startVenue, type Venue } from '../../src/simulator/venue/venue.ts';
import { openRedis } from '../store/real-redis.ts';
import {
  cleanUp,
  freePort,
  killQuietly,
  LISTS_PROCESSES,
  newFolder,
  processesOf,
  startDemo,
  startProgram,
  type Demo,
  type Program,
} from './demo-process.ts';
import { buttonsOf, phoneAt, textOf, type Phone } from './owner.ts';
import { marketIn } from './recording.ts';
import { control, truthOf } from './venue-truth.ts';
import { until } from './wait.ts';
import { PATIENCE_MS } from '../patience.ts';

const STRANGER = 2002;
/** Once the signal is there: the faster the market goes the more a machine has to do, and nothing more waits for it. */
const CALM = { speed: 2 };

async function demoWithSignals(
  env: Readonly<Record<string, string>> = {},
): Promise<{ demo: Demo; phone: Phone; folder: string }> {
  const folder = newFolder();
  const args = ['--port', String(await freePort()), ...marketIn(folder), '--speed', '60'];
  const demo = await startDemo({ folder, args, env });
  const phone = await phoneAt(demo.chatUrl);
  await phone.ask(`/start ${demo.code ?? ''}`, 'Paired');
  return { demo, phone, folder };
}

/** Waits for a toast that came after `before` others. */
const toastAfter = (phone: Phone, before: number): Promise<string> =>
  until(() => phone.toasts()[before], { says: () => `toasts: ${phone.toasts().join(' | ')}` });

const dataOf = (message: UserMessage, label: string): string =>
  buttonsOf(message).find((each) => each.text === label)?.data ?? 'no such button';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('in the chat', () => {
  let demo: Demo;
  let phone: Phone;
  beforeAll(async () => {
    ({ demo, phone } = await demoWithSignals());
    await phone.hears(/Signal: /);
    await control(demo.controlUrl, 'speed', CALM);
  });
  afterAll(async () => {
    phone.hangUp();
    await cleanUp();
  });

  test('an unknown command is named with the closest one, and does nothing', async () => {
    await phone.ask(
      '/balanse',
      'I do not know /balanse, so I did nothing. Did you mean /balance? /help lists all commands.',
    );
    await phone.ask('/xyzzyplugh', 'I do not know /xyzzyplugh, so I did nothing. /help lists all');
  });

  test('words after a command that acts and takes none are refused', async () => {
    await phone.ask(
      '/resume now',
      '/resume takes nothing after it, so I did nothing. Send just /resume.',
    );
  });

  test('an approval that was rejected before opens nothing', async () => {
    const card = await phone.hears(/Signal: /);
    const [approve, reject] = [dataOf(card, 'Approve'), dataOf(card, 'Reject')];
    await phone.press(card, reject);
    expect(await toastAfter(phone, 0)).toBe('Rejected. Nothing was ordered.');
    await phone.press(card, approve);
    expect(await toastAfter(phone, 1)).toBe('This signal was rejected. Nothing was ordered.');
    expect((await truthOf(demo.controlUrl)).account.positions).toEqual([]);
  });

  test('a button that Vigil never made is refused', async () => {
    const [message] = await phone.heard();
    if (message === undefined) throw new Error('the chat is empty');
    const before = phone.toasts().length;
    await phone.press(message, 'a:AAAAAAAAAAAAAAAAAAAAAA');
    expect(await toastAfter(phone, before)).toBe('This button has expired.');
    await phone.press(message, 'open sesame');
    expect(await toastAfter(phone, before + 1)).toBe('This button has expired. Nothing happened.');
  });

  test('/halt obeys whatever stands after it', async () => {
    const held = await phone.ask('/halt now please', 'New trades are paused as of now.');
    expect(textOf(held)).toContain('/halt takes nothing after it, so I ignored "now please".');
    await phone.ask('/status', 'Trading: HALTED');
  });

  test('a confirmation that was left is not taken later', async () => {
    await control(demo.controlUrl, 'position', { symbol: 'BTCUSDT', side: 'LONG', notional: 500 });
    const held = await phone.ask('/halt', 'How far should I go?');
    const after = await phone.newest();
    await phone.tap(held, 'Also close all positions');
    const question = await phone.hears('Close all positions?', { after });
    const confirm = dataOf(question, 'Confirm: close all');
    await phone.tap(question, 'Cancel');
    await phone.hears('Cancelled. New trades stay paused', { after });
    const before = phone.toasts().length;
    await phone.press(question, confirm);
    expect(await toastAfter(phone, before)).toContain('This question is no longer open');
    expect((await truthOf(demo.controlUrl)).account.positions).toHaveLength(1);
  });

  test('a tap and a command by another user are refused and told to the owner', async () => {
    const held = await phone.ask('/halt', 'How far should I go?');
    const after = await phone.newest();
    await phone.tap(held, 'Also close all positions');
    const question = await phone.hears('Close all positions?', { after });
    await fetch(`${demo.chatUrl}/user/user`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: STRANGER, first_name: 'Mallory' }),
    });
    const stranger = await phoneAt(demo.chatUrl, STRANGER);
    const before = stranger.toasts().length;
    await stranger.press(question, dataOf(question, 'Confirm: close all'));
    expect(await toastAfter(stranger, before)).toBe(
      'Only the owner of this bot can use these buttons, in a private chat.',
    );
    await stranger.send('/balance');
    const notice = await phone.hears('A stranger wrote to this bot', { after });
    expect(textOf(notice)).toContain(`User ${STRANGER}`);
    expect(await stranger.heard()).toEqual([]);
    expect((await truthOf(demo.controlUrl)).account.positions).toHaveLength(1);
    stranger.hangUp();
  });
});

describe('around a demo', () => {
  afterEach(cleanUp);

  test('with Redis gone the owner is told, entries are refused and the process stays up', async () => {
    // One of its own; a demo's private Redis is started again.
    const redis = await openRedis();
    try {
      const { demo, phone } = await demoWithSignals({ REDIS_URL: redis.url });
      const card = await phone.hears(/Signal: /);
      await control(demo.controlUrl, 'speed', CALM);
      await redis.stop();
      const told = await phone.hears(/I cannot write to my memory \(Redis\)/);
      expect(textOf(told)).toContain('New trades are paused.');
      const after = await phone.newest();
      const before = phone.toasts().length;
      await phone.press(card, dataOf(card, 'Approve'));
      await toastAfter(phone, before);
      await phone.ask('/halt', "It is not stored yet; I'll keep trying.");
      await phone.ask('/balance', /^Balance/);
      const questions = (await phone.heard()).filter(
        (each) => each.id > after && textOf(each).startsWith('Confirm:'),
      );
      expect(questions).toEqual([]);
      expect((await truthOf(demo.controlUrl)).account.positions).toEqual([]);
      expect(isAlive(demo.pid), demo.output()).toBe(true);
      phone.hangUp();
      demo.interrupt();
      expect((await demo.ended).code).toBe(0);
    } finally {
      await cleanUp();
      await redis.close();
    }
  });

  test('with the simulator gone the process stays up and still ends in good order', async (context) => {
    if (!LISTS_PROCESSES) context.skip('this system does not list its processes under /proc');
    const { demo, phone, folder } = await demoWithSignals();
    await control(demo.controlUrl, 'speed', CALM);
    phone.hangUp();
    const hosts = processesOf(folder, 'simulator/host');
    expect(hosts).toHaveLength(1);
    hosts.forEach(killQuietly);
    await until(() => hosts.every((pid) => !isAlive(pid)), { says: () => 'the simulator is gone' });
    const start = performance.now();
    await until(() => performance.now() - start > 8_000 || !isAlive(demo.pid), {
      says: () => 'some seconds without simulator',
    });
    expect(isAlive(demo.pid), demo.output()).toBe(true);
    demo.interrupt();
    expect((await demo.ended).code, demo.output()).toBe(0);
    expect(demo.output()).not.toMatch(/^\s+at .*:\d+:\d+/m);
  });
});

describe('at an exchange of its own', () => {
  let chat: Chat;
  let venue: Venue | undefined;
  afterEach(async () => {
    await cleanUp();
    await venue?.stop();
    await chat.stop();
    venue = undefined;
  });

  const openVenue = (port = 0): Promise<Venue> =>
    startVenue({
      port,
      market: { kind: 'generated', seed: 5, symbols: 3, from: Date.now() },
      speed: 1,
      accounts: [{ apiKey: 'key-of-a-test', secretKey: 'secret-of-a-test', balance: '5000' }],
    });

  /** Vigil on its own, as with a real account: a live start, or one that only watches. */
  async function startVigil(mode: 'live' | 'watch', secretKey: string): Promise<Program> {
    chat = await startChat({ token: '7000000001:AAE-token-of-a-test-only' });
    venue = await openVenue();
    const program = startProgram({
      folder: newFolder(),
      env: {
        VIGIL_MODE: mode,
        BITUNIX_URL: venue.url,
        BITUNIX_API_KEY: 'key-of-a-test',
        BITUNIX_SECRET_KEY: secretKey,
        TELEGRAM_API_ROOT: chat.apiRoot,
        TELEGRAM_BOT_TOKEN: chat.token,
      },
    });
    await until(() => program.output().includes('To become the owner'), {
      says: () => program.output(),
    });
    return program;
  }
  async function pair(program: Program): Promise<Phone> {
    const code = /\/start ([A-Z0-9]+)$/m.exec(program.output())?.[1] ?? '';
    const phone = await phoneAt(chat.url);
    await phone.ask(`/start ${code}`, 'Paired');
    return phone;
  }

  test('a wrong secret is named as the cause, no figure is shown and no secret leaks', async () => {
    const program = await startVigil('live', 'a-wrong-secret-word');
    const phone = await pair(program);
    const answer = await phone.ask('/balance', /^Balance/);
    expect(textOf(answer)).toContain('Your balance is unavailable right now');
    expect(textOf(answer)).toContain('wrong secret key');
    expect(textOf(answer)).not.toMatch(/Equity|Wallet/);
    await phone.ask('/positions', 'Your positions are unavailable right now');
    let status = '';
    // How the requests fare is reported every two seconds, so the first answer may be from before the refusal.
    await until(
      async () => {
        status = textOf(await phone.ask('/status', /^Status/));
        return /Requests: ❗ paused for [^:]+: the signature was refused: wrong secret key/.test(
          status,
        );
      },
      { says: () => status },
    );
    const said = (await phone.heard()).map(textOf).join('\n') + program.output();
    expect(said).not.toContain('a-wrong-secret-word');
    expect(isAlive(program.pid)).toBe(true);
    phone.hangUp();
  });

  test('an exchange that is gone is told, figures are marked with their age, and its return is told', async () => {
    const program = await startVigil('watch', 'secret-of-a-test');
    const phone = await pair(program);
    await phone.ask('/balance', /Equity: 5,000\.00 USDT[\s\S]*live · /);
    // One stored read is needed for a figure with an age.
    await phone.hasRead();
    const port = Number(new URL(venue?.url ?? '').port);
    await venue?.stop();
    const told = await phone.hears(
      /No connection to the exchange|The exchange has not answered me/,
    );
    expect(textOf(told)).toContain('paused');
    const answer = textOf(await phone.ask('/balance', /^Balance/));
    expect(answer).toMatch(/ old \(.+\) · |unavailable \(.+\) · /);
    expect(answer).not.toContain('live · ');
    expect(isAlive(program.pid)).toBe(true);
    const after = await phone.newest();
    venue = await openVenue(port);
    await phone.hears(/Connection is back|Back: the exchange/, { after, ms: 2 * PATIENCE_MS });
    phone.hangUp();
  });
});
