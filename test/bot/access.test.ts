import { describe, expect, it } from 'vitest';
import { GROUP, OWNER, type Rig, rigsOfFile, STRANGER } from './rig.ts';
import { eventually, textOf, type Phone } from './phone.ts';
import { POSITION, PROPOSAL, NONCE } from './samples.ts';

const { open } = rigsOfFile();

const botTexts = async (phone: Phone, chat: number): Promise<string[]> =>
  (await phone.messages(chat)).filter((each) => each.from === 'bot').map(textOf);

/** The owner's own message is answered after everything that was sent before it was looked at. */
async function settled({ phone }: Rig): Promise<void> {
  await phone.send('/help');
  await phone.hears('What I can do');
}

describe('pairing', () => {
  it('takes the code after /start', async () => {
    const { phone, world } = await open({ paired: false });
    world.positions = [POSITION];
    await phone.send('/start');
    await phone.hears('Nobody is paired yet');
    await phone.send('/start GOODCODE');
    await phone.hears('Paired: from now on I listen to you alone.');
    await phone.send('/balance');
    await phone.hears('Equity');
  });

  it('takes the code alone, says when it is wrong, and puts a new one on the console after five', async () => {
    const { phone } = await open({ paired: false });
    for (let each = 0; each < 5; each += 1) await phone.send('hello');
    await phone.hears('Nobody is paired yet.');
    await phone.send('WRONG1');
    await phone.hears('That is not the pairing code.');
    await phone.send('GOODCODE');
    await phone.hears('Paired');
    const other = await open({ paired: false });
    for (const guess of ['WRONG1', 'WRONG2', 'WRONG3', 'WRONG4', 'WRONG5']) {
      await other.phone.send(guess);
    }
    await other.phone.hears('A new one stands on the console');
    expect(other.shownCodes).toEqual(['NEXTCODE']);
    await other.phone.send('GOODCODE');
    await other.phone.hears(/not the pairing code(?![^]*no longer valid)/);
    expect((await botTexts(other.phone, OWNER)).join('\n')).not.toContain('Paired');
    await other.phone.send('NEXTCODE');
    await other.phone.hears('Paired');
  });

  it('gives out no more than one new code a minute', async () => {
    const { phone, shownCodes } = await open({ paired: false });
    for (let guess = 0; guess < 11; guess += 1) await phone.send(`WRONG${guess}`);
    await phone.hears('Write to me again in a minute');
    expect(shownCodes).toEqual(['NEXTCODE']);
  });

  it('that is undone on the console counts at once: the former owner hears it and is a stranger', async () => {
    const opened = await open();
    const { phone, world, owners, shownCodes } = opened;
    await settled(opened);
    expect(await owners.reset()).toBe(OWNER);
    await phone.hears('I no longer listen to you');
    await phone.send('/halt');
    await phone.send('/start');
    await phone.hears('Nobody is paired yet');
    expect(world.mode?.mode).toBe('normal');
    expect(shownCodes).toEqual(['NEXTCODE']);
    await phone.send('NEXTCODE', { chat: STRANGER, from: STRANGER });
    await eventually(
      async () => (await botTexts(phone, STRANGER)).some((each) => each.includes('Paired')),
      () => 'the next owner is paired',
    );
    await phone.send('/halt');
    await phone.send('/halt', { chat: STRANGER, from: STRANGER });
    await eventually(
      () => (world.mode?.mode === 'halted' ? true : undefined),
      () => 'halted',
    );
    expect((await botTexts(phone, OWNER)).join('\n')).not.toContain('New trades are paused');
  });

  it('takes no code in a group', async () => {
    const { phone } = await open({ paired: false });
    await phone.send('/start GOODCODE', { chat: GROUP, from: STRANGER });
    await phone.send('/start GOODCODE');
    await phone.hears('Paired');
    expect(await botTexts(phone, GROUP)).toEqual([]);
  });
});

describe('strangers', () => {
  it('get silence, and the owner one notice for each a day', async () => {
    const opened = await open();
    const { phone, world } = opened;
    await phone.send('/balance', { chat: STRANGER, from: STRANGER });
    await phone.send('/halt', { chat: STRANGER, from: STRANGER });
    const notice = textOf(await phone.hears('A stranger wrote to this bot'));
    expect(notice).toContain('User 2002 (@sam), in a private chat. I did not answer.');
    await settled(opened);
    expect(await botTexts(phone, STRANGER)).toEqual([]);
    expect(world.mode?.mode).toBe('normal');
    expect(world.outbox.rows.map((each) => each.key)).toEqual(['stranger:2002:20371']);
  });

  it('cannot flood the owner with notices', async () => {
    const opened = await open();
    for (let id = 3001; id <= 3012; id += 1) {
      await opened.phone.post('/user/user', { id, first_name: 'N' });
      await opened.phone.send('hi', { chat: id, from: id });
    }
    await opened.phone.hears('More strangers wrote to this bot');
    await settled(opened);
    expect(opened.world.outbox.rows).toHaveLength(6);
  });

  it('cannot press a button, wherever it is', async () => {
    const opened = await open();
    const { phone, world } = opened;
    world.proposals.push(PROPOSAL);
    await phone.tap(1, `a:${NONCE}`, { chat: STRANGER, from: STRANGER });
    await phone.tap(1, `a:${NONCE}`, { chat: GROUP, from: STRANGER });
    await phone.tap(1, `a:${NONCE}`, { chat: GROUP, from: OWNER });
    await eventually(
      () => (phone.answers.length >= 3 ? true : undefined),
      () => `three refusals, ${JSON.stringify(phone.answers)}`,
    );
    for (const { text } of phone.answers) expect(text).toContain('Only the owner of this bot');
    await settled(opened);
    expect(world.proposals[0]?.status).toBe('pending');
    expect(await botTexts(phone, STRANGER)).toEqual([]);
  });
});

describe('groups', () => {
  it('get silence, from the owner too', async () => {
    const opened = await open();
    const { phone, world } = opened;
    await phone.send('/halt', { chat: GROUP, from: OWNER });
    await phone.send('/balance', { chat: GROUP, from: OWNER });
    await settled(opened);
    expect(await botTexts(phone, GROUP)).toEqual([]);
    expect(world.mode?.mode).toBe('normal');
  });
});

describe('messages from before the start', () => {
  it('are not acted upon, except that /halt holds entries', async () => {
    const { phone, world } = await open({
      bot: { wallNow: () => Date.now() + 60_000 },
      before: async (_world, before) => {
        await before.send('/resume');
        await before.send('/balance');
        await before.send('/halt');
      },
    });
    await phone.hears('I was away when you wrote');
    await phone.hears('New trades are paused');
    expect(world.mode?.mode).toBe('halted');
    const texts = (await botTexts(phone, OWNER)).join('\n');
    expect(texts).not.toContain('Equity');
    expect(texts.match(/I was away/g)).toHaveLength(1);
  });
});

describe('a late /halt', () => {
  it('is simply obeyed', async () => {
    const opened = await open({
      bot: { wallNow: () => Date.now() + 60_000 },
      before: (_world, before) => before.send('/halt'),
    });
    await opened.phone.hears('New trades are paused');
    await opened.restart({ wallNow: Date.now });
    await settled(opened);
    expect((await botTexts(opened.phone, OWNER)).join('\n')).not.toContain('I was away');
  });
});

describe('a flood of messages', () => {
  it('is cut, but /halt always works', async () => {
    const { phone, world } = await open();
    await Promise.all(Array.from({ length: 30 }, () => phone.send('/nothing')));
    await phone.hears('Too many at once');
    await phone.send('/halt');
    await eventually(
      () => (world.mode?.mode === 'halted' ? true : undefined),
      () => 'halted',
    );
  });
});
