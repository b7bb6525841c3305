import { expect, it } from 'vitest';
import { liquidationNear } from '../../src/alerts/rules/liquidation-near.ts';
import { price } from '../../src/domain/money/money.ts';
import { OWNER, type Rig, rigsOfFile, type RigOptions } from './rig.ts';
import { eventually, textOf, type UserMessage } from './phone.ts';
import { NOW, POSITION } from './samples.ts';

const rigs = rigsOfFile();
let rig: Rig;

const button = (message: UserMessage, label: string): string =>
  (message.keyboard ?? []).flat().find(({ text }) => text === label)?.callback_data ?? 'none';

async function alarmed(over: Partial<RigOptions> = {}) {
  rig = await rigs.open(over);
  const { phone, world } = rig;
  world.positions = [POSITION];
  const near = { position: POSITION, protections: [], gone: 90, since: NOW };
  await world.outbox.raise(liquidationNear(near, { mark: price('2100'), at: NOW }));
  return { phone, world, alarm: await phone.hears('10 % of its way to liquidation is left') };
}

it('closes the one position that the alarm is about, after a confirmation, as one job', async () => {
  const { phone, world, alarm } = await alarmed();
  await phone.tap(alarm.id, button(alarm, 'Close it'));
  const card = await phone.hears('Close ETHUSDT long?');
  expect(textOf(card)).toContain('Entry orders are cancelled and new trades are paused');
  expect(world.flattened).toEqual([]);
  await phone.tap(card.id, button(card, 'Confirm: close it'));
  await phone.hears('Confirmed: closing it.');
  expect(world.flattened).toEqual([
    expect.objectContaining({ by: OWNER, closePositions: true, only: [POSITION.id] }),
  ]);
  expect(world.mode?.mode).toBe('halted');
});

it('closes nothing that is closed already, and nothing after Cancel', async () => {
  const { phone, world, alarm } = await alarmed();
  await phone.tap(alarm.id, button(alarm, 'Close it'));
  const card = await phone.hears('Close ETHUSDT long?');
  await phone.tap(card.id, button(card, 'Cancel'));
  await phone.hears('Cancelled. Nothing was touched.');
  world.positions = [];
  await phone.tap(alarm.id, button(alarm, 'Close it'));
  await phone.hears('That position is not open any more.');
  expect(world.flattened).toEqual([]);
});

it('shows the position in full', async () => {
  const { phone, world, alarm } = await alarmed();
  await phone.tap(alarm.id, button(alarm, 'Details'));
  await phone.hears('ETHUSDT long');
  await eventually(
    async () => (await phone.messages()).filter((each) => each.from === 'bot').length > 1,
    () => JSON.stringify(world.logged),
  );
});
