import { describe, expect, it } from 'vitest';
import { price } from '../../src/domain/money/money.ts';
import { unprotected } from '../../src/alerts/rules/unprotected.ts';
import { type Rig, rigsOfFile } from './rig.ts';
import { textOf, type UserMessage } from './phone.ts';
import { NOW, POSITION, PROTECTION } from './samples.ts';

const rigs = rigsOfFile();
let rig: Rig;

const button = (message: UserMessage, label: string): string => {
  const found = (message.keyboard ?? []).flat().find((each) => each.text === label);
  if (found?.callback_data === undefined) throw new Error(`no button "${label}"`);
  return found.callback_data;
};

/** The alert of an unprotected position, as it arrives on the phone. */
async function alerted(): Promise<UserMessage> {
  rig = await rigs.open();
  rig.world.positions = [POSITION];
  const finding = unprotected(POSITION, { since: NOW - 60_000, uncovered: POSITION.qty }, NOW);
  if (finding === undefined) throw new Error('nothing to tell');
  await rig.world.outbox.raise(finding);
  return rig.phone.hears('has no stop');
}

describe('the alert of a position without a stop', () => {
  it('places the suggested stop after a confirmation, as one job', async () => {
    const message = await alerted();
    const { phone, world } = rig;
    await phone.tap(message.id, button(message, 'Place suggested stop'));
    const card = await phone.hears('Place a stop for ETHUSDT long?');
    expect(textOf(card)).toContain('Stop: 3,940.00, result there -150.00 USDT before fees');
    expect(textOf(card)).toContain('Target: 4,120.00');
    expect(world.protects).toEqual([]);
    await phone.tap(card.id, button(card, 'Confirm'));
    await phone.hears('Confirmed: placing the stop.');
    expect(world.protects).toMatchObject([
      { positionId: 'p1', symbol: 'ETHUSDT', stop: price('3940'), target: price('4120'), by: 1001 },
    ]);
    expect(world.orders).toEqual([]);
  });

  it('places nothing on Cancel, or when a stop rests by now', async () => {
    const message = await alerted();
    const { phone, world } = rig;
    await phone.tap(message.id, button(message, 'Place suggested stop'));
    const card = await phone.hears('Place a stop for ETHUSDT long?');
    await phone.tap(card.id, button(card, 'Cancel'));
    await phone.hears('The position is still not fully protected.');
    world.protections = [PROTECTION];
    await phone.tap(message.id, button(message, 'Place suggested stop'));
    await phone.hears('This position is fully protected now.');
    expect(world.protects).toEqual([]);
  });
});
