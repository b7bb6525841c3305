import { beforeEach, describe, expect, it } from 'vitest';
import type { Ports } from '../../src/app/ports/ports.ts';
import { usd, ZERO_USD } from '../../src/domain/money/money.ts';
import { transitionMode, type ModeState } from '../../src/domain/trading-mode.ts';
import type { Order } from '../../src/domain/order.ts';
import { GROUP, OWNER, type Rig, rigsOfFile, STRANGER, type RigOptions } from './rig.ts';
import { eventually, textOf, type UserMessage } from './phone.ts';
import { NOW, POSITION, PROPOSAL, PROTECTION, RISK_STATE } from './samples.ts';

const rigs = rigsOfFile();
let rig: Rig;

async function open(options: Partial<RigOptions> = {}): Promise<Rig> {
  rig = await rigs.open(options);
  const { world } = rig;
  // Nothing is open.
  world.account = { ...world.account, available: usd('10000'), margin: ZERO_USD };
  const { account, positions, protections, openOrders, now: at } = world;
  world.snapshot = { account, positions, protections, openOrders, at };
  return rig;
}

const ENTRY: Order = {
  id: 'o1',
  symbol: 'BTCUSDT',
  side: 'buy',
  type: 'limit',
  qty: POSITION.qty,
  filledQty: POSITION.qty,
  reduceOnly: false,
  status: 'new',
  createdAt: NOW,
};

const IN_FLIGHT = (['approved', 'executing', 'unknown', 'done'] as const).map((status, index) => ({
  ...PROPOSAL,
  id: `p${index}`,
  status,
  signal: { ...PROPOSAL.signal, symbol: `${status.toUpperCase()}USDT` },
}));

const button = (message: UserMessage, label: string): string => {
  const found = (message.keyboard ?? []).flat().find((each) => each.text.includes(label));
  if (found?.callback_data === undefined) throw new Error(`no button "${label}"`);
  return found.callback_data;
};

const answered = (text: string): Promise<boolean> =>
  eventually(
    () => (rig.phone.answers.some((each) => each.text.includes(text)) ? true : undefined),
    () => `${text} in ${JSON.stringify(rig.phone.answers)}`,
  );

async function halted(): Promise<UserMessage> {
  await rig.phone.send('/halt');
  return rig.phone.hears('New trades are paused as of now.');
}

describe('/halt', () => {
  it('says what becomes of an entry that is on its way', async () => {
    const { world } = await open();
    world.proposals.push(...IN_FLIGHT);
    const answer = textOf(await halted());
    expect(answer).toContain('Approved, but not sent: APPROVEDUSDT long. It will not be opened.');
    expect(answer).toMatch(/On its way: EXECUTINGUSDT long, \d.*cannot recall it/);
    expect(answer).toContain('On its way: UNKNOWNUSDT long');
    expect(answer).not.toContain('DONEUSDT');
  });

  it('holds also where it cannot be read what is on its way', async () => {
    const gone = () => Promise.reject(new Error('Redis does not answer'));
    const proposals = { create: gone, byId: gone, byNonce: gone, apply: gone, repair: gone };
    const { world } = await open({
      ports: { proposals: { ...proposals, recent: gone, withStatus: gone } },
    });
    expect(textOf(await halted())).toContain('cannot be read right now (Redis does not answer)');
    expect(world.mode?.mode).toBe('halted');
  });

  it('holds entries at once and asks how far to go', async () => {
    const { world } = await open();
    const message = await halted();
    expect(world.mode?.mode).toBe('halted');
    expect((message.keyboard ?? []).flat().map((each) => each.text)).toEqual([
      'Pause new trades only',
      'Also cancel entry orders',
      'Also close all positions',
    ]);
    await rig.phone.tap(message.id, button(message, 'Pause new trades only'));
    await rig.phone.hears('Orders and positions were left as they are.');
    expect(world.flattened).toEqual([]);
  });

  it('holds entries in spite of words after it, and says that they were ignored', async () => {
    const { phone, world } = await open();
    await phone.send('/halt now please');
    const answer = textOf(await phone.hears('New trades are paused'));
    expect(answer).toContain('/halt takes nothing after it, so I ignored "now please".');
    expect(world.mode?.mode).toBe('halted');
  });

  it('does not wait for a message that is still being worked on', async () => {
    const { phone, world } = await open();
    let release = (): void => undefined;
    world.hold = new Promise((resolve) => (release = resolve));
    await phone.send('/balance');
    await phone.send('/halt');
    await phone.hears('New trades are paused');
    expect(world.mode?.mode).toBe('halted');
    release();
    await phone.hears('Equity');
  });

  it('closes positions only after showing them and a confirmation, as one job', async () => {
    const { phone, world } = await open();
    world.positions = [POSITION];
    world.protections = [PROTECTION];
    world.openOrders = [ENTRY, { ...ENTRY, id: 'o2', reduceOnly: true }];
    const message = await halted();
    await phone.tap(message.id, button(message, 'Also close all positions'));
    const card = await phone.hears('Close all positions?');
    expect(textOf(card)).toContain('Entry orders to cancel: 1');
    expect(textOf(card)).toContain('• ETHUSDT long');
    expect(world.flattened).toEqual([]);
    const data = button(card, 'Confirm');
    await Promise.all([phone.tap(card.id, data), phone.tap(card.id, data)]);
    await phone.hears('Confirmed: cancelling entry orders and closing every position.');
    await answered('This question is no longer open');
    expect(world.flattened).toHaveLength(1);
    expect(world.flattened[0]).toMatchObject({ by: 1001, closePositions: true, at: NOW });
    expect(world.orders).toEqual([]);
  });

  it('asks again with a new id when its buttons are used twice', async () => {
    const { phone, world } = await open();
    const message = await halted();
    for (const round of [1, 2]) {
      await phone.tap(message.id, button(message, 'Also cancel entry orders'));
      const card = await phone.hears('Cancel all entry orders?');
      await phone.tap(card.id, button(card, 'Confirm'));
      await eventually(
        () => (world.flattened.length === round ? true : undefined),
        () => `${round} requests`,
      );
    }
    expect(new Set(world.flattened.map((each) => each.id)).size).toBe(2);
  });

  it('takes typed answers too', async () => {
    const { phone, world } = await open();
    const message = await halted();
    await phone.tap(message.id, button(message, 'Also cancel entry orders'));
    await phone.hears('Cancel all entry orders?');
    await phone.send('Cancel');
    await phone.hears('Cancelled. New trades stay paused');
    expect(world.flattened).toEqual([]);
  });

  it('does nothing with a list that is more than five minutes old', async () => {
    let ahead = 0;
    const { phone, world } = await open({ bot: { wallNow: () => Date.now() + ahead } });
    world.positions = [POSITION];
    const message = await halted();
    await phone.tap(message.id, button(message, 'Also close all positions'));
    const card = await phone.hears('Close all positions?');
    ahead = 301_000;
    await phone.tap(card.id, button(card, 'Confirm'));
    await phone.hears('That list is more than 5 minutes old, so nothing was done.');
    expect(world.flattened).toEqual([]);
  });

  it('can still be asked to close everything while the exchange cannot be read', async () => {
    const { phone, world } = await open();
    const message = await halted();
    world.exchangeDown = true;
    await phone.tap(message.id, button(message, 'Also close all positions'));
    const card = await phone.hears('I cannot read what is open right now');
    await phone.tap(card.id, button(card, 'Confirm'));
    await phone.hears('Confirmed: cancelling entry orders and closing every position.');
    expect(world.flattened).toHaveLength(1);
  });

  describe('while the store is away', () => {
    const away = { gone: true };
    const held: { mode: ModeState; applied: string[] } = {
      mode: { mode: 'normal', reasons: [], since: NOW },
      applied: [],
    };
    const mode: Ports['mode'] = {
      read: async () => {
        if (away.gone) throw new Error('Redis does not answer');
        return held.mode;
      },
      apply: async (event) => {
        if (away.gone) throw new Error('Redis does not answer');
        held.applied.push(event.kind);
        held.mode = transitionMode(held.mode, event);
        return { state: held.mode, changed: true };
      },
      initialise: async (state) => state,
    };
    beforeEach(() => {
      away.gone = true;
      held.mode = { mode: 'normal', reasons: [], since: NOW };
      held.applied = [];
    });

    it('holds, says that it is not stored, refuses /resume, and tells when it is stored', async () => {
      const { phone, world } = await open({ ports: { mode } });
      await phone.send('/halt');
      const answer = textOf(
        await phone.hears("Trading is halted. It is not stored yet; I'll keep trying."),
      );
      expect(answer).toContain('The store did not save it: Redis does not answer.');
      await phone.send('/status');
      await phone.hears(/HALTED: no new trades.*\n• Halted by you \(user 1001\)/);
      await phone.send('/resume');
      await phone.hears('• Your halt is not stored yet.');
      expect(held.applied).toEqual([]);
      away.gone = false;
      await eventually(
        () => world.outbox.rows.find(({ key }) => key === `halt-stored:${NOW}`),
        () => JSON.stringify(world.outbox.rows),
      );
      expect(held.mode).toMatchObject({ mode: 'halted', reasons: [{ trigger: 'owner' }] });
      expect(held.applied).toEqual(['tighten']);
    });

    it('is stored once where it was sent twice', async () => {
      const { phone, world } = await open({ ports: { mode } });
      await phone.send('/halt');
      await phone.hears('It is not stored yet');
      world.now += 1_000;
      await phone.send('/halt');
      await eventually(
        async () =>
          (await phone.messages()).filter((each) => textOf(each).includes('It is not stored yet'))
            .length === 2 || undefined,
        () => 'two answers',
      );
      away.gone = false;
      await eventually(
        () => world.outbox.rows.find(({ key }) => key.startsWith('halt-stored:')),
        () => 'news',
      );
      expect(held.mode.reasons).toMatchObject([{ trigger: 'owner', at: NOW + 1_000 }]);
      const told = world.outbox.rows.filter(({ key }) => key.startsWith('halt-stored:'));
      expect(told.map(({ key }) => key)).toEqual([`halt-stored:${NOW + 1_000}`]);
    });
  });

  it('cannot close anything in watch mode, and says so', async () => {
    const { phone, world } = await open({ watch: true });
    const message = await halted();
    await phone.tap(message.id, button(message, 'Also close all positions'));
    await phone.hears('This is watch mode');
    expect(world.flattened).toEqual([]);
  });
});

describe('/panic', () => {
  it('closes everything after one confirmation, and holds entries from it on', async () => {
    const { phone, world } = await open();
    world.positions = [POSITION];
    await phone.send('/panic');
    const card = await phone.hears('Close all positions?');
    expect(world.mode?.mode).toBe('normal');
    expect(world.flattened).toEqual([]);
    await phone.tap(card.id, button(card, 'Confirm'));
    await phone.hears('Confirmed: cancelling entry orders and closing every position.');
    expect(world.mode?.mode).toBe('halted');
    expect(world.flattened).toMatchObject([{ by: 1001, closePositions: true }]);
  });

  it('touches nothing on Cancel', async () => {
    const { phone, world } = await open();
    world.positions = [POSITION];
    await phone.send('/panic now');
    const card = await phone.hears('Close all positions?');
    await phone.tap(card.id, button(card, 'Cancel'));
    await phone.hears('Cancelled.');
    expect(world.flattened).toEqual([]);
  });
});

describe('/resume', () => {
  it('asks first, and resumes after Confirm', async () => {
    const { phone, world } = await open();
    await halted();
    await phone.send('/resume');
    const card = await phone.hears('Resume trading?');
    expect(textOf(card)).toContain('Halted by you');
    expect(textOf(card)).not.toContain('send /resume');
    expect(world.mode?.mode).toBe('halted');
    await phone.tap(card.id, button(card, 'Confirm'));
    await phone.hears('Resumed.');
    expect(world.mode?.mode).toBe('normal');
  });

  it('lifts nothing that came after its question', async () => {
    const { phone, world } = await open();
    await halted();
    await phone.send('/resume');
    const card = await phone.hears('Resume trading?');
    const reason = { trigger: 'volatility', evidence: 'Bitcoin moves a lot.', at: NOW };
    const held = world.mode ?? { mode: 'halted', reasons: [], since: NOW };
    world.mode = { ...held, reasons: [...held.reasons, reason] };
    await phone.tap(card.id, button(card, 'Confirm'));
    const answer = await phone.hears('Not resumed.');
    expect(textOf(answer)).toContain('Bitcoin moves a lot.');
    expect(world.mode).toMatchObject({ mode: 'halted' });
  });

  it('can be confirmed or cancelled by a word', async () => {
    const { phone, world } = await open();
    await halted();
    await phone.send('/resume');
    await phone.hears('Resume trading?');
    await phone.send('cancel');
    await phone.hears('The trading mode stays as it was.');
    expect(world.mode?.mode).toBe('halted');
    await phone.send('/resume');
    await phone.hears('Resume trading?');
    await phone.send('Confirm');
    await phone.hears('Resumed.');
  });

  it('needs a button of its own where the drawdown limit stands', async () => {
    const { phone, world } = await open();
    await halted();
    world.riskState = { ...RISK_STATE, peakEquity: usd('12000') };
    await phone.send('/resume');
    const card = await phone.hears('Resuming is not possible as things are');
    const data = button(card, "Resume and set the high-water mark to today's equity");
    await phone.send('confirm');
    await phone.hears('A question is open above');
    expect(world.mode?.mode).toBe('halted');
    await phone.tap(card.id, data);
    await phone.hears('Resumed.');
    expect(world.riskState.peakEquity).toBe(usd('10012.345'));
  });

  it('offers nothing while a limit stands that a person cannot lift', async () => {
    const { phone, world } = await open();
    await halted();
    world.riskState = { ...RISK_STATE, dayStartEquity: usd('11000'), dayFirstEquity: usd('11000') };
    await phone.send('/resume');
    const card = await phone.hears('Resuming is not possible as things are');
    expect(card.keyboard ?? []).toEqual([]);
    expect(textOf(card)).toContain(
      'Possible once a new day has begun or the loss is under its limit.',
    );
    expect(textOf(card)).not.toContain('send /resume');
    expect(world.mode?.mode).toBe('halted');
  });
});

describe('a message that is nothing but a word for stopping', () => {
  const mode = (): string | undefined => rig.world.mode?.mode;

  it.each(['STOP', 'halt!', 'stop trading', 'стоп', '停止', '/stop'])(
    '"%s" is /halt at once, and told so',
    async (word) => {
      const { phone, world } = await open();
      await phone.send(word);
      const answer = await phone.hears('New trades are paused as of now.');
      expect(textOf(answer)).toContain(`You wrote "${word}", which is /halt.`);
      expect(textOf(answer)).not.toContain('takes nothing');
      expect((answer.keyboard ?? []).flat()).toHaveLength(3);
      expect(mode()).toBe('halted');
      expect(world.flattened).toEqual([]);
    },
  );

  it('does not wait for a message that is still being worked on', async () => {
    const { phone, world } = await open();
    let release = (): void => undefined;
    world.hold = new Promise((resolve) => (release = resolve));
    await phone.send('/balance');
    await phone.send('stop');
    await phone.hears('New trades are paused');
    release();
    await phone.hears('Equity');
  });

  it('halts and closes an open question, which cannot be confirmed any more', async () => {
    const { phone, world } = await open();
    world.positions = [POSITION];
    await phone.send('/panic');
    const card = await phone.hears('Close all positions?');
    await phone.send('Stop');
    await phone.hears('New trades are paused as of now.');
    await phone.tap(card.id, button(card, 'Confirm'));
    await answered('This question is no longer open');
    expect(world.flattened).toEqual([]);
    expect(mode()).toBe('halted');
  });

  it('is nothing as a note under another message, in a group, or from a stranger', async () => {
    const { phone, world } = await open();
    await phone.send('/help');
    const { id } = await phone.hears('What I can do');
    await phone.post('/user/send', { chat: OWNER, from: OWNER, text: 'stop', reply_to: id });
    await phone.hears('That was a reply or a forwarded message, so I halted nothing.');
    await phone.send('stop', { chat: GROUP });
    await phone.send('stop', { chat: GROUP, from: STRANGER });
    await phone.send('stop', { chat: STRANGER, from: STRANGER });
    await eventually(
      () => world.outbox.rows.some(({ kind }) => kind === 'stranger') || undefined,
      () => 'the stranger',
    );
    await phone.send('stop loss');
    await phone.hears('I act on commands and buttons only.');
    expect(mode()).toBe('normal');
  });

  it('halts also where it was written wrong first and mended, and an edited question of another kind does nothing', async () => {
    const { phone, world } = await open();
    await phone.send('stpo');
    await phone.hears('I act on commands and buttons only.');
    const id = (await phone.messages()).find((each) => each.text === 'stpo')?.id;
    const edit = (text: string) =>
      phone.post('/user/edit', { chat: OWNER, from: OWNER, message_id: id, text });
    await edit('/panic');
    await edit('confirm');
    expect(mode()).toBe('normal');
    await edit('stop');
    await phone.hears('You wrote "stop", which is /halt.');
    expect(mode()).toBe('halted');
    await edit('/resume');
    await edit('/halt');
    await phone.hears(
      (each) =>
        textOf(each).includes('New trades are paused') && !textOf(each).includes('You wrote'),
    );
    expect((await phone.messages()).some((each) => textOf(each).includes('Close all'))).toBe(false);
    expect(world.mode?.mode).toBe('halted');
  });

  it('halts also when it was sent before the start', async () => {
    const { phone, world } = await open({
      before: (_world, phone) => phone.send('stop'),
      bot: { wallNow: () => Date.now() + 60_000 },
    });
    await phone.hears('New trades are paused as of now.');
    expect(world.mode?.mode).toBe('halted');
  });
});

describe('/resume without a live guard', () => {
  it('is refused when the account was last read more than 15 s ago, to the millisecond', async () => {
    const { phone, world } = await open();
    await halted();
    // The clock of this world runs 600 times as fast as the wall's.
    world.now = NOW + 15_000 * 600;
    await phone.send('/resume');
    await phone.hears('Resume trading?');
    world.now += 1;
    await phone.send('/resume');
    const answer = textOf(await phone.hears('Resuming is not possible as things are'));
    expect(answer).toContain('• The account was last read 15 s ago, so nobody guards your limits');
    expect(world.mode?.mode).toBe('halted');
  });

  it('is refused at the confirmation too, and where nothing was read yet', async () => {
    const { phone, world } = await open();
    await halted();
    await phone.send('/resume');
    const card = await phone.hears('Resume trading?');
    world.now += 60_000 * 600;
    await phone.tap(card.id, button(card, 'Confirm'));
    await phone.hears(/Not resumed\.\n• The account was last read 60 s ago/);
    world.snapshot = undefined;
    await phone.send('/resume');
    await phone.hears('• The account has not been read yet.');
    expect(world.mode?.mode).toBe('halted');
  });

  it('offers no new high-water mark either, and an older card sets none', async () => {
    const { phone, world } = await open();
    await halted();
    world.riskState = { ...RISK_STATE, peakEquity: usd('12000') };
    await phone.send('/resume');
    const older = await phone.hears('Resuming is not possible as things are');
    const data = button(older, 'Resume and set the high-water mark');
    world.now += 60_000 * 600;
    await phone.tap(older.id, data);
    await phone.hears('Not resumed.');
    await phone.send('/resume');
    const card = await phone.hears(
      (each) =>
        textOf(each).includes('was last read 60 s ago') && !textOf(each).includes('Not resumed'),
    );
    expect(card.keyboard ?? []).toEqual([]);
    expect(world.riskState.peakEquity).toBe(usd('12000'));
    expect(world.mode?.mode).toBe('halted');
  });

  it('is refused by a reading that seems to come from the future', async () => {
    const { phone, world } = await open();
    await halted();
    world.now -= 15_001 * 600;
    await phone.send('/resume');
    await phone.hears('• The account was last read 15 s ago');
  });
});
