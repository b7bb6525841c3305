/** A position is managed from the chat: by taps under /positions and by words, each with one card and one confirmation. */
import { describe, expect, it } from 'vitest';
import { percent, price, qty, ratio, usd } from '../../src/domain/money/money.ts';
import { OWNER, type Rig, rigsOfFile, STRANGER, type RigOptions } from './rig.ts';
import { textOf, type UserMessage } from './phone.ts';
import { POSITION, PROTECTION } from './samples.ts';

const rigs = rigsOfFile();
let rig: Rig;

const button = (message: UserMessage, label: string): string => {
  const found = (message.keyboard ?? []).flat().find((each) => each.text === label);
  if (found?.callback_data === undefined) throw new Error(`no button "${label}"`);
  return found.callback_data;
};
/** 2.5 ETH long from 4,000 with a stop at 3,950; the price is 4,004.94. */
async function begin(over: Partial<RigOptions> = {}): Promise<Rig> {
  rig = await rigs.open(over);
  rig.world.positions = [POSITION];
  rig.world.protections = [PROTECTION];
  return rig;
}

async function ask(text: string, said: string): Promise<UserMessage> {
  await rig.phone.send(text);
  return rig.phone.hears(said);
}

describe('by taps', () => {
  it('/positions leads to half of it being closed: one tap, one card, one confirmation, one job', async () => {
    const { phone, world } = await begin();
    const list = await ask('/positions', 'ETHUSDT long');
    await phone.tap(list.id, button(list, 'Manage ETHUSDT long'));
    const menu = await phone.hears('Open since');
    await phone.tap(menu.id, button(menu, 'Close half'));
    const card = await phone.hears('Close 1.250 of 2.500 of ETHUSDT long?');
    expect(textOf(card)).toContain('1.250 stays open; its stop at 3,950.00 stays.');
    expect(world.managed).toEqual([]);
    await phone.tap(card.id, button(card, 'Confirm'));
    await phone.hears('You get a message with what came of it.');
    await phone.tap(card.id, button(card, 'Confirm'));
    expect(world.managed).toMatchObject([
      {
        positionId: 'p1',
        symbol: 'ETHUSDT',
        change: { kind: 'close', qty: qty('1.25') },
        by: 1001,
      },
    ]);
    expect(world.orders).toEqual([]);
  });

  it('each card and view names the target of a part, also where it closes all that is left', async () => {
    const { world } = await begin();
    const part = { id: 't1', positionId: 'p1', symbol: 'ETHUSDT', targetPrice: price('4050') };
    world.protections = [PROTECTION, { ...part, targetQty: qty('1.25') }];
    const third = await ask('/close ETH 20 %', 'Close 0.500 of');
    expect(textOf(third)).toContain('A part, 1.250, closes at 4,050.00 then.');
    const most = await ask('/close ETH 60 %', 'Close 1.500 of');
    expect(textOf(most)).toContain('The target for a part, at 4,050.00, closes all of it then.');
    world.positions = [{ ...POSITION, qty: qty('1') }];
    for (const words of ['/positions', '/position ETH']) {
      const view = await ask(words, 'Size 1.000');
      expect(textOf(view)).toContain('Target 4,200.00');
      expect(textOf(view)).toContain('The target for a part, at 4,050.00, closes all of it');
    }
    const target = await ask('/target ETH 4300', 'target at 4,300.00?');
    expect(textOf(target)).toContain('Target now: 4,200.00. New: 4,300.00.');
    expect(textOf(target)).toContain('closes all of it: that stays;');
    await ask('/scaleout ETH 30 %', 'A part has a target already');
  });

  it('a nearer stop says what it makes then, and Cancel does nothing', async () => {
    const { phone, world } = await begin();
    const list = await ask('/positions', 'ETHUSDT long');
    await phone.tap(list.id, button(list, 'Manage ETHUSDT long'));
    const menu = await phone.hears('Open since');
    await phone.tap(menu.id, button(menu, 'Stop 1 %'));
    const card = await phone.hears('ETHUSDT long: stop at 3,964.90?');
    expect(textOf(card)).toContain('Stop now: 3,950.00. New: 3,964.90.');
    expect(textOf(card)).toMatch(/the position makes about -\d+\.\d\d USDT with fees/);
    await phone.tap(card.id, button(card, 'Cancel'));
    await phone.hears('stay as they are');
    expect(world.managed).toEqual([]);
  });

  it('the position is refreshed in place', async () => {
    const { phone, world } = await begin();
    const list = await ask('/positions', 'ETHUSDT long');
    await phone.tap(list.id, button(list, 'Manage ETHUSDT long'));
    const menu = await phone.hears('Open since');
    world.positions = [{ ...POSITION, qty: qty('1.1') }];
    await phone.tap(menu.id, button(menu, 'Refresh'));
    const again = await phone.hears('Size 1.100');
    expect(again.id).toBe(menu.id);
  });

  it('in watch mode each choice says what to do in the exchange, and nothing can be confirmed', async () => {
    const { phone, world } = await begin({ watch: true });
    const list = await ask('/positions', 'ETHUSDT long');
    await phone.tap(list.id, button(list, 'Manage ETHUSDT long'));
    const menu = await phone.hears('Open since');
    for (const [label, said] of [
      ['Close half', 'Close at market: 1.250.'],
      ['Stop 1 %', 'Stop loss 3,964.90.'],
      ['Half at 1R', 'Take profit 4,050.00, quantity 1.250.'],
      ['Stop follows 2 %', 'it is nearer already'],
    ] as const) {
      await phone.tap(menu.id, button(menu, label));
      const how = await phone.hears(said);
      expect(textOf(how)).toContain("Do it in the exchange's app");
      expect(how.keyboard ?? []).toEqual([]);
    }
    expect(world.managed).toEqual([]);
    await phone.tap(menu.id, button(menu, 'Ask in 4 h'));
    const card = await phone.hears('ask you in 4 hours whether to keep it?');
    await phone.tap(card.id, button(card, 'Confirm'));
    await phone.hears('You get a message with what came of it.');
    expect(world.managed).toMatchObject([{ change: { kind: 'time-stop', hours: ratio('4') } }]);
  });

  it('half at 1R is one card that says where the rest closes', async () => {
    const { phone, world } = await begin();
    const list = await ask('/positions', 'ETHUSDT long');
    await phone.tap(list.id, button(list, 'Manage ETHUSDT long'));
    const menu = await phone.hears('Open since');
    await phone.tap(menu.id, button(menu, 'Half at 1R'));
    const card = await phone.hears('ETHUSDT long: close 1.250 of 2.500 at 4,050.00?');
    expect(textOf(card)).toMatch(
      /This part makes about \+\d+\.\d\d USDT there after the closing fee/,
    );
    expect(textOf(card)).toContain('1.250 stays open with its stop;');
    await phone.tap(card.id, button(card, 'Confirm'));
    await phone.hears('You get a message with what came of it.');
    const change = { kind: 'scale-out', qty: qty('1.25'), target: price('4050') };
    expect(world.managed).toMatchObject([{ change }]);
  });
});

describe('by words', () => {
  it.each([
    ['/close ETH', 'Close ETHUSDT long?', { kind: 'close', qty: qty('2.5') }],
    ['/close half of eth', 'Close 1.250 of', { kind: 'close', qty: qty('1.25') }],
    ['/close ETHUSDT 20 %', 'Close 0.500 of', { kind: 'close', qty: qty('0.5') }],
    ['/stop eth 3.980', 'stop at 3,980.00?', { kind: 'levels', stop: price('3980') }],
    ['/stop ETH to 3970', 'stop at 3,970.00?', { kind: 'levels', stop: price('3970') }],
    ['/stop ETH 1%', 'stop at 3,964.90?', { kind: 'levels', stop: price('3964.9') }],
    ['/target ETH 4,100.5', 'target at 4,100.50?', { kind: 'levels', target: price('4100.5') }],
    ['/trail ETH 2%', 'follow the price, 2.00 % away?', { kind: 'trail', share: percent('2') }],
    [
      '/scaleout ETH',
      'close 1.250 of 2.500 at 4,050.00?',
      { kind: 'scale-out', qty: qty('1.25'), target: price('4050') },
    ],
    [
      '/scaleout ETH 20 % at 1R',
      'close 0.500 of 2.500 at 4,050.00?',
      { kind: 'scale-out', qty: qty('0.5'), target: price('4050') },
    ],
    [
      '/scaleout eth half 4080',
      'close 1.250 of 2.500 at 4,080.00?',
      { kind: 'scale-out', qty: qty('1.25'), target: price('4080') },
    ],
    ['/timestop ETH 8h', 'ask you in 8 hours', { kind: 'time-stop', hours: ratio('8') }],
    ['/timestop ETH 2 days', 'ask you in 48 hours', { kind: 'time-stop', hours: ratio('48') }],
    ['/target long ETH 10%', 'target at 4,405.40?', { kind: 'levels', target: price('4405.4') }],
  ] as const)('%s', async (words, shown, change) => {
    const { phone, world } = await begin();
    const card = await ask(words, shown);
    await phone.tap(card.id, button(card, 'Confirm'));
    await phone.hears('You get a message with what came of it.');
    expect(world.managed).toMatchObject([{ change }]);
  });

  it.each([
    ['/close', 'Which one? Open: ETHUSDT long.'],
    ['/close BTC', 'No position is open in "BTC".'],
    ['/close ETH short', 'No position is open in "ETH short". Open: ETHUSDT long.'],
    ['/close ETH 0%', 'from 1 % to 100 %'],
    ['/close ETH 0.99 %', 'from 1 % to 100 %'],
    ['/close ETH 0.000000000000000001 %', 'is no share of a position'],
    ['/close ETH 101%', 'from 1 % to 100 %'],
    ['/close ETH 5', 'is no share of a position'],
    ['/close ETH half 30%', 'is no share of a position'],
    ['/stop ETH 4005', 'must be below the price of now'],
    ['/stop ETH 0%', 'is no distance'],
    ['/stop ETH 0.09 %', 'from 0.1 % to 50 %'],
    ['/stop ETH -1%', 'is no distance'],
    ['/stop ETH fast', 'is not a price'],
    ['/stop ETH', 'Where shall its stop be?'],
    ['/trail ETH', 'How far behind the price'],
    ['/trail ETH near', 'is no distance'],
    ['/trail ETH 0.4 %', '0.5 % to 20 % away'],
    ['/trail ETH off', 'does not follow the price'],
    ['/stop ETH 3950', 'rests at the exchange already'],
    ['/target ETH 4000', 'must be above the price of now'],
    ['/scaleout ETH 100 %', 'from 1 % to 99 %'],
    ['/scaleout ETH 0.01 %', 'from 1 % to 99 %'],
    ['/scaleout ETH 4000', 'would close at once'],
    ['/scaleout ETH half 9000', 'more than 50 % away'],
    ['/scaleout ETH off', 'No part of it has a target of its own'],
    ['/timestop ETH', 'In how many hours'],
    ['/timestop ETH soon', 'is no time'],
    ['/timestop ETH 0.9 h', 'in 1 to 720 hours'],
    ['/timestop ETH 721 h', 'in 1 to 720 hours'],
    ['/timestop ETH off', 'was not going to ask'],
    ['/breakeven ETH now', 'is more than I can use'],
  ])('%s is answered with what is allowed, and changes nothing', async (words, said) => {
    const { world } = await begin();
    await ask(words, said);
    expect(world.managed).toEqual([]);
  });

  it('/breakeven offers a stop with all costs in it, and says how far the price must go for one', async () => {
    const { world } = await begin();
    await ask('/breakeven ETH', 'ETHUSDT long: stop at 4,00');
    world.positions = [{ ...POSITION, fees: usd('30') }];
    await ask('/breakeven ETH', 'The price must go');
    expect(world.managed).toEqual([]);
  });

  it('a button of an older version says that nothing happened', async () => {
    const { phone, world } = await begin();
    const list = await ask('/positions', 'ETHUSDT long');
    await phone.tap(list.id, 'h:p1-t6');
    await phone.hears('This button is from before an update of Vigil: nothing happened.');
    expect(world.managed).toEqual([]);
  });

  it('a word confirms its own card alone: not one that was passed on, and no note under another message', async () => {
    const { phone, world } = await begin();
    const list = await ask('/positions', 'ETHUSDT long');
    const card = await ask('/close ETH half', 'Close 1.250 of');
    const say = (text: string, over: object): Promise<unknown> =>
      phone.post('/user/send', { chat: OWNER, text, ...over });
    await say('confirm', { forwarded_from: STRANGER });
    await phone.hears('A question is open above');
    await say('yes', { reply_to: list.id });
    await ask('/status', 'Status');
    expect(world.managed).toEqual([]);
    await say('yes', { reply_to: card.id });
    await phone.hears('You get a message with what came of it.');
    expect(world.managed).toHaveLength(1);
  });

  it('a word that was sent before the card was there confirms nothing', async () => {
    const { phone, world } = await begin({
      before: async (before, phone) => {
        before.positions = [POSITION];
        before.protections = [PROTECTION];
        await phone.send('/close ETH half');
        await phone.send('yes');
      },
    });
    const card = await phone.hears('Close 1.250 of');
    await phone.hears('A question is open above');
    expect(world.managed).toEqual([]);
    await phone.tap(card.id, button(card, 'Confirm'));
    await phone.hears('You get a message with what came of it.');
    expect(world.managed).toHaveLength(1);
  });

  it.each(['/stop', '/stop trading', '/STOP now'])('%s halts at once', async (words) => {
    const { world } = await begin();
    await ask(words, 'New trades are paused as of now.');
    expect(world.mode?.mode).toBe('halted');
  });

  it('asks which one where a coin is open both ways, and takes the side', async () => {
    const { world } = await begin();
    world.positions = [POSITION, { ...POSITION, id: 'p2', side: 'short', qty: qty('1') }];
    const which = await ask('/close ETH', 'is open long and short');
    expect((which.keyboard ?? []).flat()).toHaveLength(2);
    await ask('/close ETH short', 'Close ETHUSDT short?');
  });
});
