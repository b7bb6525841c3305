import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/domain/alert.ts';
import { hoursOf, wave } from '../app/candles.ts';
import { createFakeRenderer, createFakeWorld, portsOf } from './fakes.ts';
import { OWNER, type Rig, rigsOfFile } from './rig.ts';
import { eventually, textOf } from './phone.ts';
import { finding, NOW, POSITION, PROPOSAL, signalFinding } from './samples.ts';

const { open } = rigsOfFile();

const heard = async ({ phone }: Rig): Promise<string[]> =>
  (await phone.messages()).filter((each) => each.from === 'bot').map(textOf);

const allSent = ({ world }: Rig): Promise<boolean> =>
  eventually(
    () => (world.outbox.rows.every((each) => each.status === 'sent') ? true : undefined),
    () => JSON.stringify(world.outbox.rows.map((each) => [each.number, each.status])),
  );

const raised = async ({ world }: Rig, key: string): Promise<Alert> => {
  const alert = await world.outbox.raise(finding(key));
  if (alert === undefined) throw new Error('told before');
  return alert;
};

describe('an alert on the phone', () => {
  it('shows icon, lines, number, time and whose money it is', async () => {
    const opened = await open();
    await opened.world.outbox.raise(finding('one', { severity: 'critical', title: 'Stop hit' }));
    const message = await opened.phone.hears('Stop hit');
    expect(textOf(message)).toBe(
      '🔴 Stop hit\nOne line with the figures.\n#1 · 2025-10-10 12:00 UTC · demo, no real money, 600x speed',
    );
    expect(message.silent).toBe(false);
    await allSent(opened);
    expect(opened.world.outbox.rows[0]).toMatchObject({ chatId: OWNER, messageId: message.id });
  });

  it('about the mode of trading is one message while it says the same, with how often, and a new one after other words', async () => {
    const opened = await open();
    const { phone, world } = opened;
    const halts = async (key: string, title: string): Promise<void> => {
      await world.outbox.raise(finding(key, { kind: 'halt', severity: 'critical', title }));
      await allSent(opened);
    };
    await Promise.all(['halt:1', 'halt:2', 'halt:3'].map((key) => halts(key, 'Trading is halted')));
    const message = await phone.hears(/Trading is halted[\s\S]*found it so 3 times by now/);
    expect(textOf(message)).toContain('#3 · ');
    await halts('halt:4', 'New trades are possible again');
    await halts('halt:5', 'Trading is halted');
    const titles = (await heard(opened)).map((text) => text.split('\n')[0]?.slice(2).trim());
    expect(titles).toEqual([
      'Trading is halted',
      'New trades are possible again',
      'Trading is halted',
    ]);
  });

  it('makes no sound when it is only news', async () => {
    const { phone, world } = await open();
    await world.outbox.raise(finding('one', { severity: 'info' }));
    expect((await phone.hears('Happening one')).silent).toBe(true);
  });

  it('keeps signs that would be markup elsewhere', async () => {
    const { phone, world } = await open();
    await world.outbox.raise(finding('one', { lines: ['a_b *c* <b>d</b> [e](f) `g`'] }));
    expect(textOf(await phone.hears('Happening one'))).toContain('a_b *c* <b>d</b> [e](f) `g`');
  });

  it('is told whole in several messages when it is too long, each with number, time and account', async () => {
    const { phone, world } = await open();
    const long = '😀'.repeat(3_000);
    await world.outbox.raise(finding('one', { lines: [long, 'the last line'] }));
    await phone.hears('the last line');
    const texts = (await phone.messages()).filter((each) => each.from === 'bot').map(textOf);
    expect(texts).toHaveLength(2);
    for (const [index, text] of texts.entries()) {
      expect(text.length).toBeLessThanOrEqual(4_096);
      expect(text).toMatch(new RegExp(`#1 · 2025-.* \\(${index + 1} of 2\\)$`));
    }
    const bodies = texts.map((text) => text.split('\n#1 · ')[0]);
    expect(bodies.join('')).toContain(`${long}\nthe last line`);
  });

  it('is edited whole: what does not fit into the message comes below it', async () => {
    const opened = await open();
    const { phone, world } = opened;
    await world.outbox.raise(finding('one'));
    const message = await phone.hears('Happening one');
    await allSent(opened);
    const long = Array.from({ length: 300 }, (_, row) => `Row ${row} of what came of it.`);
    await world.outbox.revise('one', { title: 'Over', lines: [...long, 'the last line'] });
    await phone.hears('the last line');
    const said = (await phone.messages()).filter((each) => each.from === 'bot');
    expect(said[0]).toMatchObject({ id: message.id, edited: true });
    const all = said.map(textOf).join('\n');
    for (const row of long) expect(all.split(row)).toHaveLength(2);
    for (const each of said) expect(textOf(each)).toMatch(/#1 · 2025-.* \(\d of 3\)$/);
  });
});

describe('the order of alerts', () => {
  it('is by importance, then by age', async () => {
    const opened = await open({
      before: async ({ outbox }) => {
        await outbox.raise(finding('a', { severity: 'info' }));
        await outbox.raise(finding('b', { severity: 'warning' }));
        await outbox.raise(finding('c', { severity: 'critical' }));
        await outbox.raise(finding('d', { severity: 'critical' }));
      },
    });
    await allSent(opened);
    const numbers = (await heard(opened)).map((each) => /#(\d+)/.exec(each)?.[1]);
    expect(numbers).toEqual(['3', '4', '2', '1']);
  });

  it('puts what piled up into one catch-up, and keeps critical ones and those with buttons apart', async () => {
    const opened = await open({
      before: async ({ outbox, proposals }) => {
        proposals.push(PROPOSAL);
        for (const key of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) await outbox.raise(finding(key));
        await outbox.raise(signalFinding());
        await outbox.raise(finding('z', { severity: 'critical' }));
      },
    });
    await allSent(opened);
    const texts = await heard(opened);
    expect(texts).toHaveLength(3);
    expect(texts[0]).toContain('🔴 Happening z');
    expect(texts[1]).toContain('Catch-up: 7 messages that I could not deliver in time');
    for (const number of [1, 2, 3, 4, 5, 6, 7]) expect(texts[1]).toContain(`#${number} `);
    expect(texts[2]).toContain('Signal: BTCUSDT long');
  });
});

describe('a list', () => {
  const state = { id: 'feed:x', name: 'x', lines: [] };

  it('says of what lasts that it is still true, and of what is over that it is', async () => {
    const opened = await open({
      before: async ({ outbox }) => {
        for (const key of ['a', 'b', 'c', 'd', 'e']) await outbox.raise(finding(key));
        await outbox.raise(finding('lasts', { state }));
        await outbox.raise(finding('ended', { state }));
        await outbox.revise('ended', { title: 'Over: ended', lines: [], good: true });
      },
    });
    await opened.phone.hears(/Catch-up: 7 messages/);
    const text = (await heard(opened)).join('\n');
    expect(text).toContain('#6 Happening lasts, still true (');
    expect(text).toContain('✅ #7 Over: ended (');
    expect(text).toContain('#1 Happening a (');
  });

  it('of one cause comes without a sound, some time after the message that told it', async () => {
    const cause = 'exchange';
    const opened = await open();
    await opened.world.outbox.raise(finding('lost', { severity: 'critical', cause }));
    await opened.phone.hears('Happening lost');
    await opened.world.outbox.raise(finding('stream', { severity: 'critical', cause }));
    await opened.world.outbox.raise(finding('pause', { cause }));
    await opened.world.outbox.raise(finding('other', { severity: 'critical' }));
    await opened.phone.hears('Happening other');
    expect((await heard(opened)).join('\n')).not.toContain('Happening stream');
    const list = await opened.phone.hears('Of the same cause as #1 (Happening lost): 2 messages');
    expect(list.silent).toBe(true);
    expect(textOf(list)).toMatch(/#2 Happening stream.*\n.*#3 Happening pause/);
    await allSent(opened);
  });
});

describe('the fast path', () => {
  it('sends once, although the loop sees the same alert', async () => {
    const opened = await open();
    const numbers = Array.from({ length: 10 }, (_, index) => `k${index}`);
    for (const key of numbers) {
      const alert = await raised(opened, key);
      await opened.bot.sender.sendNow(alert);
      await opened.bot.sender.sendNow(alert);
    }
    await allSent(opened);
    expect(await heard(opened)).toHaveLength(10);
  });

  it('starts the request before it returns', async () => {
    const opened = await open();
    const before = await raised(opened, 'warm');
    await opened.bot.sender.sendNow(before);
    await allSent(opened);
    opened.world.outbox.broken = true;
    const alert: Alert = { ...finding('x'), number: 99, status: 'queued', attempts: 0 };
    await opened.bot.sender.sendNow(alert);
    await opened.phone.hears('#99');
  });

  it('records later what it sent while the store was down, and does not send it again', async () => {
    const opened = await open();
    const alert = await raised(opened, 'one');
    opened.world.outbox.broken = true;
    await opened.bot.sender.sendNow(alert);
    await opened.phone.hears('Happening one');
    opened.world.outbox.broken = false;
    await allSent(opened);
    expect(await heard(opened)).toHaveLength(1);
  });
});

describe('delivery in bad weather', () => {
  it('waits as long as Telegram asks and marks nothing as a repeat', async () => {
    const opened = await open();
    await opened.phone.post('/user/fault', {
      method: 'sendMessage',
      kind: '429',
      count: 1,
      retry_after: 2,
    });
    const start = performance.now();
    await raised(opened, 'one');
    await allSent(opened);
    expect(performance.now() - start).toBeGreaterThan(1_950);
    expect((await heard(opened)).join()).not.toContain('may be a repeat');
  });

  it('sends again when the answer was lost, and says that it may be a repeat', async () => {
    const opened = await open();
    await opened.phone.post('/user/fault', { method: 'sendMessage', kind: 'drop-after', count: 1 });
    await raised(opened, 'one');
    await allSent(opened);
    const texts = await heard(opened);
    expect(texts).toHaveLength(2);
    expect(texts[0]).not.toContain('may be a repeat');
    expect(texts[1]).toContain('(may be a repeat)');
  });

  it('delivers all after an outage, each once', async () => {
    const opened = await open();
    await opened.phone.post('/user/outage', { on: true });
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) await raised(opened, key);
    await opened.world.outbox.raise(finding('z', { severity: 'critical' }));
    await eventually(
      () => (opened.world.logged.some((each) => each.includes('was not sent')) ? true : undefined),
      () => 'a failed attempt',
    );
    await opened.phone.post('/user/outage', { on: false });
    await allSent(opened);
    const all = (await heard(opened)).join('\n');
    for (const key of 'abcdefghz') expect(all).toContain(`Happening ${key}`);
    expect(all).toContain('Catch-up: 8 messages');
    expect(all.match(/#9/g)).toHaveLength(1);
  });

  it('hears commands again after an outage', async () => {
    const opened = await open({ before: (world) => void (world.positions = [POSITION]) });
    await opened.phone.post('/user/outage', { on: true });
    await opened.phone.send('/balance');
    await opened.phone.post('/user/outage', { on: false });
    await opened.phone.hears('Equity');
  });

  it('keeps alerts while the owner has blocked the bot', async () => {
    const opened = await open({ bot: { retryMs: 5 } });
    await opened.phone.post('/user/block', { chat: OWNER, blocked: true });
    await raised(opened, 'one');
    await eventually(
      () => (opened.world.logged.some((each) => each.includes('403')) ? true : undefined),
      () => opened.world.logged.join('\n'),
    );
    await opened.phone.post('/user/block', { chat: OWNER, blocked: false });
    await opened.phone.hears('Happening one');
    await allSent(opened);
  });

  it('is back soon after a while in which Telegram refused everything in every form', async () => {
    const opened = await open();
    const keys = ['a', 'b', 'c', 'd', 'e'];
    await opened.phone.post('/user/fault', {
      method: 'sendMessage',
      kind: '400',
      count: 2 * keys.length,
    });
    const start = performance.now();
    for (const key of keys) await raised(opened, key);
    await allSent(opened);
    expect(performance.now() - start).toBeGreaterThan(1_950);
    for (const key of keys) expect((await heard(opened)).join('\n')).toContain(`Happening ${key}`);
  });

  it('is not held up by one message that Telegram refuses', async () => {
    const opened = await open();
    await opened.world.outbox.raise(
      finding('bad', { buttons: [[{ label: 'Too long', action: 'approve', id: 'x'.repeat(63) }]] }),
    );
    await raised(opened, 'good');
    await opened.phone.hears('Happening good');
    await opened.phone.hears('Happening bad');
    await allSent(opened);
  });

  it('tells an urgent one that Telegram refused for a while before what is less urgent and waits for its turn', async () => {
    const opened = await open();
    const { phone, world } = opened;
    await phone.post('/user/outage', { on: true });
    const buttons = [[{ label: 'Details', action: 'show-details' as const, id: 'one' }]];
    for (let each = 1; each <= 10; each += 1)
      await world.outbox.raise(finding(`lesser ${each}`, { buttons }));
    await world.outbox.raise(finding('urgent', { severity: 'critical' }));
    await phone.post('/user/fault', { method: 'sendMessage', kind: '400', count: 2 });
    await phone.post('/user/outage', { on: false });
    await allSent(opened);
    const told = (await heard(opened)).map((each) => /Happening (\w+)/.exec(each)?.[1]);
    expect(told.at(-1)).toBe('lesser');
    expect(told.filter((each) => each === 'urgent')).toHaveLength(1);
  });
});

describe('pictures and changes', () => {
  const hours = hoursOf(NOW, { count: 48, move: wave(1) });
  const candles = { ...portsOf(createFakeWorld()).candles, since: async () => hours };

  it('sends a signal with its chart and edits the caption later', async () => {
    const opened = await open({ ports: { candles } });
    opened.world.proposals.push(PROPOSAL);
    await opened.world.outbox.raise(signalFinding({ chart: { kind: 'proposal', id: 'sig-btc' } }));
    const message = await opened.phone.hears('Signal: BTCUSDT long');
    expect(message.photo).toBeDefined();
    expect(message.keyboard).toHaveLength(1);
    await allSent(opened);
    await opened.world.outbox.revise('signal:sig-btc', { title: 'Expired', lines: ['Too late.'] });
    const edited = await opened.phone.hears('Expired');
    expect(edited).toMatchObject({ id: message.id, edited: true });
    expect(edited.caption).toContain('Too late.');
    expect(edited.keyboard ?? []).toEqual([]);
  });

  it('sends a signal as text after one upload that hangs, and holds nothing else up by it', async () => {
    const opened = await open({ ports: { candles } });
    const { phone, world } = opened;
    world.proposals.push(PROPOSAL);
    await phone.post('/user/fault', { method: 'sendPhoto', kind: 'slow', count: 9, ms: 60_000 });
    await world.outbox.raise(signalFinding({ chart: { kind: 'proposal', id: 'sig-btc' } }));
    await world.outbox.raise(finding('alarm', { severity: 'critical' }));
    await phone.hears('Happening alarm');
    expect((await heard(opened)).join('\n')).not.toContain('Signal: BTCUSDT long');
    const signal = await phone.hears('Signal: BTCUSDT long');
    expect(signal.photo).toBeUndefined();
    expect(textOf(signal)).toContain('(may be a repeat)');
    expect(signal.keyboard).toHaveLength(1);
    await allSent(opened);
  });

  it('sends a signal as text when its chart cannot be drawn, and edits it after a restart too', async () => {
    const render = () => Promise.reject(new Error('no canvas'));
    const opened = await open({ ports: { candles }, bot: { charts: createFakeRenderer(render) } });
    opened.world.proposals.push(PROPOSAL);
    await opened.world.outbox.raise(signalFinding({ chart: { kind: 'proposal', id: 'sig-btc' } }));
    const message = await opened.phone.hears('Signal: BTCUSDT long');
    expect(message.photo).toBeUndefined();
    expect(opened.world.logged.join('\n')).toContain('no canvas');
    await allSent(opened);
    await opened.restart();
    await opened.world.outbox.revise('signal:sig-btc', { title: 'Expired', lines: ['Too late.'] });
    expect((await opened.phone.hears('Expired')).id).toBe(message.id);
  });
});

describe('tellOwner', () => {
  it('speaks without the store once the owner is known', async () => {
    const opened = await open();
    await opened.phone.send('/help');
    await opened.phone.hears('What I can do');
    opened.world.outbox.broken = true;
    await opened.bot.tellOwner('Redis does not answer.');
    await opened.phone.hears('Redis does not answer.');
  });

  it('rejects with a reason that holds no token when Telegram is away', async () => {
    const opened = await open();
    await opened.phone.post('/user/outage', { on: true });
    const told = opened.bot.tellOwner('x');
    await expect(told).rejects.toThrow('Telegram cannot be reached');
    await expect(told).rejects.not.toThrow(opened.chat.token);
  });
});

describe('a storm of alerts', () => {
  it('leaves room for answers: each comes at once, before what waits longer', async () => {
    const opened = await open();
    for (let number = 1; number <= 60; number += 1)
      await opened.world.outbox.raise(finding(`storm ${number}`, { severity: 'critical' }));
    await opened.phone.hears('Happening storm 8');
    const commands = {
      '/help': /What I can do/,
      '/balance': /^Balance/,
      '/panic': /^Close (all|everything)|^Panic|open position/i,
    };
    for (const [command, answer] of Object.entries(commands)) {
      await opened.phone.send(command);
      const between = await eventually(
        async () => {
          const all = await opened.phone.messages();
          const after = all.slice(all.findLastIndex((each) => each.from !== 'bot') + 1);
          const at = after.findIndex((each) => answer.test(textOf(each)));
          return at < 0 ? undefined : after.slice(0, at);
        },
        () => `the answer to ${command}`,
      );
      // About one alert a second leaves beside them; at the end of the line it would be nearly all of them.
      expect(between.length, command).toBeLessThan(12);
    }
  });

  it('a long answer comes whole, its buttons under the last part', async () => {
    const many = Array.from({ length: 200 }, (_, index) => ({
      ...POSITION,
      id: `p${index}`,
      symbol: `LONGNAMEOFACOIN${index}USDT`,
    }));
    const { phone } = await open({ before: (world) => void (world.positions = many) });
    await phone.send('/panic');
    const last = await phone.hears('LONGNAMEOFACOIN199USDT');
    expect(last.keyboard?.flat().map(({ text }) => text)).toContain('Cancel');
    const texts = (await phone.messages()).filter((each) => each.from === 'bot').map(textOf);
    expect(texts.length).toBeGreaterThan(1);
    for (const { symbol } of many) expect(texts.join('\n')).toContain(symbol);
    for (const [index, text] of texts.entries()) {
      expect(text.length).toBeLessThanOrEqual(4_096);
      expect(text).toMatch(new RegExp(`UTC · demo, .*\\(${index + 1} of ${texts.length}\\)$`));
    }
  });
});
