import { expect, it } from 'vitest';
import { chartWords, readChart } from '../../src/app/views/read-chart.ts';
import type { ChartConfig } from '../../src/app/ports/chart-renderer.ts';
import { chartPicture } from '../../src/bot/charts/position-chart.ts';
import { price, ZERO_USD } from '../../src/domain/money/money.ts';
import type { Fill } from '../../src/domain/order.ts';
import type { Position } from '../../src/domain/position.ts';
import { HOUR } from '../../src/domain/time.ts';
import { createFakeRenderer, createFakeWorld, portsOf } from './fakes.ts';
import { type Rig, rigsOfFile } from './rig.ts';
import { textOf, type UserMessage } from './phone.ts';
import { NOW, POSITION, PROPOSAL, PROTECTION } from './samples.ts';

const rigs = rigsOfFile();
let rig: Rig;

const drawn: ChartConfig[] = [];

const dataOf = ({ keyboard }: UserMessage) =>
  (keyboard ?? []).flat().map((each) => each.callback_data);

async function open() {
  drawn.length = 0;
  const { render } = createFakeRenderer();
  const charts = createFakeRenderer((config) => {
    drawn.push(config);
    return render(config);
  });
  rig = await rigs.open({ bot: { charts } });
  rig.world.positions = [POSITION];
  rig.world.protections = [PROTECTION];
  return rig;
}

it('marks what was bought and sold, from the first candle on', () => {
  const candles = Array.from({ length: 3 }, (_, i) => ({
    openTime: i * HOUR,
    open: 100,
    high: 101,
    low: 99,
    close: 100,
    volume: 1,
  }));
  const fill = (at: number, side: 'buy' | 'sell') =>
    ({ at, side, price: price('100.5') }) as unknown as Fill;
  const fills = [fill(-1, 'buy'), fill(HOUR + 1, 'buy'), fill(3 * HOUR, 'sell')];
  const levels = { stop: undefined, target: undefined, liquidation: undefined };
  const trade = { side: 'long', otherToo: false, entry: price('100.5'), ...levels, fills } as const;
  const about = { symbol: 'BTCUSDT', interval: '1h', candles, mark: undefined, trade } as const;
  const { datasets } = chartPicture({ kind: 'chart', without: undefined, ...about }, 'light').data;
  const of = (label: string) => datasets.find((each) => each['label'] === label)?.['data'];
  // One empty slot stands before the first candle.
  expect(of('Bought')).toEqual([null, null, 100.5, null, null]);
  expect(of('Sold')).toEqual([null, null, null, 100.5, null]);
});

it.each([
  ['BTC 4h', { coin: 'BTC', interval: '4h' }],
  ['eth 1D', { coin: 'eth', interval: '1d' }],
  ['sol', { coin: 'sol', interval: '1h' }],
  ['btc Short', { coin: 'btc', interval: '1h', side: 'short' }],
  ['long BTC 4h', { coin: 'BTC', interval: '4h', side: 'long' }],
])('reads "%s"', (words, read) => {
  expect(chartWords(words)).toEqual(read);
});

it.each([
  ['', '/chart BTC 4h'],
  ['BTC 4h now', '/chart BTC 4h'],
  ['BTC 7h', 'I know no candles of "7h". There are 1m, 5m,'],
])('says what is allowed where "%s" is written', (words, said) => {
  expect(chartWords(words)).toContain(said);
});

it('shows the open position in words and as a picture, and turns in place', async () => {
  const { phone } = await open();
  await phone.send('/chart eth 4h');
  const first = await phone.hears('ETHUSDT, 4h candles');
  expect(first.photo).toBeDefined();
  expect(textOf(first)).toContain(
    'Long from 4,000.00; stop 3,950.00, target 4,200.00, liquidation 3,220.00',
  );
  const tags = JSON.stringify(drawn[0]?.options);
  for (const tag of ['Entry 4,000', 'Stop 3,950', 'Target 4,200', 'Liq. 3,220'])
    expect(tags).toContain(tag);
  await phone.tap(first.id, 'i:ETHUSDT-1d-in');
  const turned = await phone.hears('ETHUSDT, 1d candles');
  expect(turned.id).toBe(first.id);
});

const titles = (): unknown[] => {
  const texts = drawn.map(({ options }) => JSON.stringify(options['plugins'] ?? options));
  return texts.map((each) => /ETHUSDT (?:long|short)/.exec(each)?.[0]);
};

it('shows each side of a coin that is open on both, by taps, and the title tells which', async () => {
  const { phone, world } = await open();
  const short: Position = {
    ...POSITION,
    id: 'p2',
    side: 'short',
    entryPrice: price('4100'),
    liquidationPrice: price('4900'),
  };
  world.positions = [POSITION, short];
  await phone.send('/chart eth');
  const first = await phone.hears('Long from 4,000.00');
  expect(textOf(first)).toContain('Your short in it is not drawn here: the button shows it.');
  expect(dataOf(first)).toContain('i:ETHUSDT-1h-short-in');
  await phone.tap(first.id, 'i:ETHUSDT-1h-short-in');
  const turned = await phone.hears('Short from 4,100.00; stop none, target none');
  expect(turned.id).toBe(first.id);
  // Another length of candles stays with that side.
  await phone.tap(first.id, 'i:ETHUSDT-4h-short-in');
  const longer = await phone.hears('ETHUSDT, 4h candles');
  expect(textOf(longer)).toContain('Short from 4,100.00');
  expect(dataOf(longer)).toContain('i:ETHUSDT-4h-long-in');
  expect(titles()).toEqual(['ETHUSDT long', 'ETHUSDT short', 'ETHUSDT short']);
  await phone.send('/positions');
  const list = await phone.hears('Positions');
  await phone.tap(list.id, 'v:p2');
  const card = await phone.hears((each) => dataOf(each).includes('h:p2-c50'));
  expect(dataOf(card)).toContain('i:ETHUSDT-1h-short');
});

it('marks only the fills of the side that is drawn', async () => {
  const world = createFakeWorld();
  const short: Position = { ...POSITION, id: 'p2', side: 'short', entryPrice: price('4100') };
  world.positions = [POSITION, short];
  const opened = { symbol: 'ETHUSDT', realisedGross: ZERO_USD, reduceOnly: false };
  const fills = [
    { ...opened, id: 'bought', side: 'buy', price: price('4000'), at: NOW },
    { ...opened, id: 'sold', side: 'sell', price: price('4100'), at: NOW },
  ] as unknown as Fill[];
  const ports = portsOf(world);
  const account = { ...ports.account, fills: () => Promise.resolve(fills) };
  for (const [side, id] of [
    ['long', 'bought'],
    ['short', 'sold'],
  ] as const) {
    const found = await readChart({ ...ports, account }, `ETH 1h ${side}`);
    expect(found).toMatchObject({ trade: { side, otherToo: true, fills: [{ id }] } });
  }
});

it('offers what is open where no coin is named', async () => {
  const { phone } = await open();
  await phone.send('/chart');
  const asked = await phone.hears('/chart BTC 4h');
  expect(dataOf(asked)).toEqual(['ETH', 'BTC', 'SOL'].map((coin) => `u:say-chart-${coin}USDT`));
  await phone.tap(asked.id, 'u:say-chart-ETHUSDT');
  await phone.hears('ETHUSDT, 1h candles');
});

it('is drawn on the ground that the owner chose', async () => {
  const { phone, world } = await open();
  await phone.send('/alerts');
  const menu = await phone.hears('Pictures are light.');
  await phone.tap(menu.id, 'k:menu-pictures_dark');
  await phone.hears('Pictures are dark.');
  expect(world.loudness.pictures).toBe('dark');
  await phone.send('/chart eth');
  await phone.hears('ETHUSDT, 1h candles');
  expect(drawn.at(-1)?.options.backgroundColor).toBe('#10161d');
  await phone.send('/alerts pictures pink');
  await phone.hears('Pictures are light or dark, so nothing was changed.');
});

it('says its words alone where nothing can be drawn', async () => {
  rig = await rigs.open({
    bot: { charts: createFakeRenderer(() => Promise.reject(new Error('no canvas'))) },
  });
  await rig.phone.send('/chart btc');
  const said = await rig.phone.hears('BTCUSDT, 1h candles');
  expect(said.photo).toBeUndefined();
});

it('names what it could not read, and what it does not know', async () => {
  const world = createFakeWorld();
  const ports = portsOf(world);
  const positions = () => Promise.reject(new Error('no answer'));
  const blind = await readChart({ ...ports, account: { ...ports.account, positions } }, 'BTC');
  expect(blind).toMatchObject({ kind: 'chart', trade: undefined, without: 'no answer' });
  expect(await readChart(ports, 'ETHH')).toMatchObject({
    reason: 'The exchange lists no "ETHH". Did you mean ETHUSDT?',
  });
});

it('shows the plan of a signal that waits', async () => {
  const world = createFakeWorld();
  world.proposals.push(PROPOSAL);
  world.positions = [];
  const found = await readChart(portsOf(world), 'BTC 1h');
  const { plan, signal } = PROPOSAL;
  expect(found).toMatchObject({
    trade: { side: 'long', entry: plan.entry, stop: signal.stop, fills: undefined },
  });
});
