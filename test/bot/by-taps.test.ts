/** What the menu leads to needs no typing, and no list is cut without saying so. */
import { expect, it } from 'vitest';
import type { Position } from '../../src/domain/position.ts';
import { HOUR } from '../../src/domain/time.ts';
import { eventually, textOf, type UserMessage } from './phone.ts';
import { type Rig, rigsOfFile } from './rig.ts';
import { finding, NOW, POSITION, PROPOSAL, PROTECTION } from './samples.ts';

const rigs = rigsOfFile();
let rig: Rig;

async function open(positions: readonly Position[] = [POSITION]) {
  rig = await rigs.open({ bot: { perWindow: 1_000 } });
  rig.world.positions = [...positions];
  rig.world.protections = [PROTECTION];
  return rig;
}

const buttons = ({ keyboard }: UserMessage) => (keyboard ?? []).flat();
const labels = (message: UserMessage) => buttons(message).map(({ text }) => text);

/** Taps the button of that name and gives what the chat says then, in place or below. */
async function tap(under: UserMessage, label: string, said: string): Promise<UserMessage> {
  const { phone } = rig;
  const data = buttons(under).find(({ text }) => text === label)?.callback_data;
  if (data === undefined) return expect.fail(`no [${label}] among ${labels(under).join(', ')}`);
  await phone.tap(under.id, data);
  return phone.hears((each) => each.id >= under.id && textOf(each).includes(said));
}

/** The page of the menu that has the command. */
async function menu(page: string): Promise<UserMessage> {
  const { phone } = rig;
  const before = (await phone.messages()).at(-1)?.id ?? 0;
  await phone.send('/menu');
  const first = await phone.hears(
    (each) => each.id > before && textOf(each).includes('What do you want to see'),
  );
  const data = `u:page-${page}`;
  await phone.tap(first.id, data);
  return phone.hears((each) => each.id === first.id && labels(each).includes('Back'));
}

const many = (count: number): readonly Position[] =>
  Array.from({ length: count }, (_, index) => ({
    ...POSITION,
    id: `p${index + 1}`,
    symbol: `C${index + 1}USDT`,
  }));

it('/position leads to the one that is open, or to each of many', async () => {
  const { world } = await open();
  const one = await tap(await menu('manage'), 'Position', 'Worst and best');
  expect(labels(one)).toEqual(['Manage ETHUSDT long']);
  world.positions = [...many(19)];
  const first = await tap(await menu('manage'), 'Position', 'The buttons name 1-8 of 19');
  expect(labels(first).at(-2)).toBe('Manage C8USDT long');
  const { phone } = rig;
  await phone.tap(first.id, 'u:again-position-2');
  const last = await phone.hears((each) => labels(each).includes('Manage C19USDT long'));
  expect(last.id).toBe(first.id);
  expect(labels(last)).toEqual([
    'Manage C17USDT long',
    'Manage C18USDT long',
    'Manage C19USDT long',
    'Previous',
  ]);
});

it.each(['Close', 'Stop', 'Target', 'Breakeven', 'Trail', 'Scaleout', 'Timestop'])(
  '%s leads to every one of many positions, and to what can be done to it',
  async (name) => {
    const { phone } = await open(many(9));
    const asked = await tap(await menu('manage'), name, 'Which one? The buttons name 1-8 of 9');
    await phone.tap(asked.id, `u:again-${name.toLowerCase()}-1`);
    const last = await phone.hears((each) => labels(each).includes('Manage C9USDT long'));
    expect(labels(await tap(last, 'Manage C9USDT long', 'Open since'))).toContain(
      'Stop follows 2 %',
    );
  },
);

it('/size: a coin, a side and a stop by taps answer what the same words do', async () => {
  const { phone, world } = await open();
  const which = await tap(await menu('account'), 'Size', 'In which coin?');
  expect(labels(which)).toEqual(['ETHUSDT', 'BTCUSDT', 'SOLUSDT']);
  const how = await tap(which, 'BTCUSDT', 'Its price now: 27,123.4');
  const answer = await tap(how, 'short 1 %', 'Size: BTCUSDT short');
  // A hundredth above 27,123.4, in ticks of 0.1.
  expect(textOf(answer)).toContain('Entry 27,123.4, stop 27,394.6');
  await phone.send('/size BTC 27123.4 27394.6');
  const typed = await phone.hears((each) => each.id > answer.id && textOf(each).includes('Size: '));
  expect(textOf(typed)).toBe(textOf(answer));
  expect(world.orders).toEqual([]);
});

it('/why lists all alerts, a page of them', async () => {
  const { phone, world } = await open();
  for (let n = 1; n <= 11; n += 1) await world.outbox.raise(finding(`happening-${n}`));
  await phone.hears('Happening happening-11');
  const first = await tap(await menu('settings'), 'Why', '1-8 of 11');
  expect(labels(first).at(0)).toBe('#11');
  const next = await tap(first, 'Next', '9-11 of 11');
  expect(labels(next).slice(0, 3)).toEqual(['#3', '#2', '#1']);
  await tap(next, '#1', 'Why #1');
});

it('/backtest offers its presets, /policy each limit, /chart and /alert each coin', async () => {
  const { world } = await open();
  const { account, positions, protections } = world;
  world.snapshot = { account, positions, protections, openOrders: [], at: NOW };
  const preset = await tap(await menu('signals'), 'Backtest', 'Which one?');
  expect(labels(preset)).toContain('quick');
  await tap(preset, 'quick', 'Backtest');
  const off = await tap(await menu('settings'), 'Policy', 'Off. Vigil never closes');
  const card = await tap(off, 'daily loss: close all', 'Sign this?');
  await tap(card, 'Confirm: sign', 'Signed. It is in force');
  expect(world.policy).toMatchObject({ triggers: ['daily-loss'], reach: 'all' });
  const signed = await tap(await menu('settings'), 'Policy', 'Signed by you');
  await tap(signed, 'Revoke', 'Revoked.');
  world.positions = [...many(9)];
  const charts = await tap(await menu('signals'), 'Chart', 'Which coin?');
  expect(labels(await tap(charts, 'Next', '9-12 of 12'))).toContain('SOLUSDT');
  const own = await tap(await menu('settings'), 'Alert', 'Your own alerts');
  const coins = await tap(own, 'Add one', 'Your own alerts');
  const { phone } = rig;
  await phone.hears((each) => each.id === coins.id && labels(each).includes('C8USDT'));
  await phone.tap(coins.id, 'q:add-1');
  await phone.hears((each) => each.id === coins.id && labels(each).includes('SOLUSDT'));
});

it('/signals turns through all that waits and all that was found', async () => {
  const { phone, world } = await open();
  const { signal } = PROPOSAL;
  const waiting = Array.from({ length: 10 }, (_, n) => ({
    ...PROPOSAL,
    id: `sig-${n}`,
    deadline: NOW + HOUR,
    signal: { ...signal, id: `sig-${n}`, symbol: `C${n}USDT` },
  }));
  world.proposals.push(...waiting);
  const found = { signal, fate: 'refused', refusals: [] } as const;
  const scan = { at: NOW, candleClosedAt: NOW, universe: 9, scored: [], unscored: [] };
  world.scan = { ...scan, signals: 20, found: [found, found, found] };
  await phone.send('/signals');
  const first = await phone.hears('1-8 of 13');
  expect(labels(first).slice(-3)).toEqual(['Chart C7USDT', 'Next', 'Refresh']);
  const next = await tap(first, 'Next', '9-13 of 13');
  expect(labels(next)).toEqual(['Chart C8USDT', 'Chart C9USDT', 'Previous', 'Refresh']);
  expect(textOf(next).match(/refused/g)).toHaveLength(3);
  for (const message of [first, next]) {
    expect(textOf(message)).toContain('17 more were found and not kept.');
    expect(textOf(message)).toContain('demo, no real money');
  }
});

it('/alerts turns through all that lasts', async () => {
  const { phone, world } = await open();
  const state = { id: 'x', name: 'one has no stop', lines: [] };
  const raised = await world.outbox.raise(finding('naked', { severity: 'critical', state }));
  if (raised === undefined) return expect.fail('told before');
  world.states = Array.from({ length: 20 }, (_, n) => ({
    id: `x:${n}`,
    told: [{ ...raised, state: { ...state, name: `number ${n}` } }] as const,
  }));
  await phone.send('/alerts');
  const first = await phone.hears('1-8 of 20');
  await phone.tap(first.id, 'u:again-alerts-2');
  const last = await phone.hears('17-20 of 20');
  expect(textOf(last)).toContain('number 19');
  expect(labels(last)).toContain('All alerts');
  await eventually(
    () => last.id === first.id,
    () => 'turned in place',
  );
});
