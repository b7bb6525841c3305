/** A position is managed from the chat: by taps under /positions and by words, each with one card and one confirmation. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { percent, price, qty, usd } from '../../src/domain/money/money.ts';
import { openRig, openRedis, type Rig, type RedisRig } from './rig.ts';
import { textOf, type UserMessage } from './phone.ts';
import { POSITION, PROTECTION } from './samples.ts';

let redisRig: RedisRig;
let rig: Rig;

beforeAll(async () => {
  redisRig = await openRedis();
});
afterAll(() => redisRig.close());
afterEach(() => rig.close());

const button = (message: UserMessage, label: string): string => {
  const found = (message.keyboard ?? []).flat().find((each) => each.text === label);
  if (found?.callback_data === undefined) throw new Error(`no button "${label}"`);
  return found.callback_data;
};
/** 2.5 ETH long from 4,000 with a stop at 3,950; the price is 4,004.94. */
async function begin(over: Partial<Parameters<typeof openRig>[0]> = {}): Promise<Rig> {
  rig = await openRig({ redis: redisRig.redis, ...over });
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

  it('a nearer stop says what it makes then, and Cancel does nothing', async () => {
    const { phone, world } = await begin();
    const list = await ask('/positions', 'ETHUSDT long');
    await phone.tap(list.id, button(list, 'Manage ETHUSDT long'));
    const menu = await phone.hears('Open since');
    await phone.tap(menu.id, button(menu, 'Stop 1 % away'));
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

  it('in watch mode there is nothing to tap', async () => {
    await begin({ watch: true });
    const list = await ask('/positions', 'ETHUSDT long');
    expect(list.keyboard ?? []).toEqual([]);
    await ask('/close ETH', "Do it in the exchange's app");
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
    ['/close ETH 0%', 'from 1 % to 100 %'],
    ['/close ETH 101%', 'from 1 % to 100 %'],
    ['/close ETH 5', 'is no share of a position'],
    ['/close ETH half 30%', 'is no share of a position'],
    ['/stop ETH 4005', 'must be below the price of now'],
    ['/stop ETH 0%', 'is no distance'],
    ['/stop ETH -1%', 'is no distance'],
    ['/stop ETH fast', 'is not a price'],
    ['/stop ETH', 'Where shall its stop be?'],
    ['/trail ETH', 'How far behind the price'],
    ['/trail ETH near', 'is no distance'],
    ['/trail ETH 0.4 %', '0.5 % to 20 % away'],
    ['/trail ETH off', 'does not follow the price'],
    ['/stop ETH 3950', 'rests at the exchange already'],
    ['/target ETH 4000', 'must be above the price of now'],
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
