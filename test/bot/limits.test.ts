import type { FitRequest } from '../../src/app/ports/fits.ts';
import { describe, expect, it } from 'vitest';
import { type Rig, rigsOfFile, type RigOptions } from './rig.ts';
import { textOf, type UserMessage } from './phone.ts';

const rigs = rigsOfFile();
let rig: Rig;

const open = async (bot: RigOptions['bot'] = {}): Promise<Rig> =>
  (rig = await rigs.open({
    bot,
    before: (world) => {
      const { account, positions, protections, openOrders, now } = world;
      world.snapshot = { account, positions, protections, openOrders, at: now };
    },
  }));

const button = (message: UserMessage, label: string): string => {
  const found = (message.keyboard ?? []).flat().find((each) => each.text.startsWith(label));
  if (found?.callback_data === undefined) throw new Error(`no button "${label}"`);
  return found.callback_data;
};

describe('/limits', () => {
  it('lists every limit with value, use and source', async () => {
    const { phone } = await open();
    await phone.send('/limits');
    const answer = textOf(await phone.hears('Limits with their use'));
    expect(answer).toContain('0 % open positions: 0 of 3');
    const others = await phone.hears('Limits with their use');
    await phone.tap(others.id, button(others, 'Next'));
    const next = textOf(await phone.hears(/Other limits, page 1 of \d/));
    expect(next).toContain('• risk per trade: 0.5 % of equity');
    // One screen of a phone each.
    for (const each of [answer, next]) expect(each.split('\n').length).toBeLessThan(22);
  });

  it('is changed by taps: the limit, one of its values, Confirm', async () => {
    const { phone, world } = await open();
    await phone.send('/limits');
    const list = await phone.hears('Limits with their use');
    await phone.tap(list.id, button(list, 'Change one'));
    const names = await phone.hears('Which limit shall be changed?');
    await phone.tap(list.id, button(names, 'open positions'));
    const values = await phone.hears('Limit: open positions');
    expect(values.id).toBe(list.id);
    await phone.tap(values.id, button(values, '2'));
    const card = await phone.hears('Make this limit tighter?');
    expect(textOf(card)).toContain('open positions: now 3, then 2');
    expect(world.limits.values).toEqual({});
    await phone.tap(card.id, button(card, 'Confirm'));
    await phone.hears('The limit for open positions is 2 from now on.');
    expect(world.limits.values).toEqual({ maxPositions: 2 });
    await phone.tap(values.id, button(values, 'Back'));
    await phone.hears(/open positions: 0 of \d \(changed by you/);
  });

  it('changes a limit after a confirmation only, and says who did it', async () => {
    const { phone, world } = await open();
    await phone.send('/limits open positions 2');
    const card = await phone.hears('Make this limit tighter?');
    expect(textOf(card)).toContain('open positions: now 3, then 2');
    expect(world.limits.values).toEqual({});
    await phone.tap(card.id, button(card, 'Confirm'));
    await phone.hears('The limit for open positions is 2 from now on.');
    expect(world.limits.values).toEqual({ maxPositions: 2 });
    await phone.send('/limits');
    await phone.hears(/open positions: 0 of \d \(changed by you/);
  });

  it('announces a looser one, shows that it waits, and takes it back', async () => {
    const { phone, world } = await open();
    await phone.send('/limits trades a day 5');
    const card = await phone.hears('Make this limit looser?');
    await phone.tap(card.id, button(card, 'Confirm'));
    await phone.hears('You can cancel this until then.');
    expect(world.limits.pending).toHaveLength(1);
    await phone.send('/limits');
    await phone.hears('⏳ becomes 5 at');
    await phone.send('/limits cancel trades a day');
    await phone.hears('Cancelled. The limit stays as it is.');
    expect(world.limits.pending).toEqual([]);
  });

  it('changes nothing on Cancel or past a ceiling', async () => {
    const { phone, world } = await open();
    await phone.send('/limits open positions 2');
    const card = await phone.hears('Make this limit tighter?');
    await phone.tap(card.id, button(card, 'Cancel'));
    await phone.hears('Cancelled. The limit stays as it is.');
    await phone.send('/limits leverage 20x');
    await phone.hears('The limit for leverage can never be looser than 5x at most.');
    await phone.send('/limits fun 3');
    await phone.hears('There is no limit called "fun".');
    expect(world.limits.values).toEqual({});
  });

  it('is followed by how often the recorded signals would have met the loss limits', async () => {
    const asked: FitRequest[] = [];
    const met = { days: 30, daily: 0.02, drawdown: 0.104, streak: 0.6 };
    const countFits = async (request: FitRequest) => {
      asked.push(request);
      return request.risks.map((risk) => ({ risk, starts: 1_000, met: [met] }));
    };
    await open({ countFits });
    await rig.phone.send('/limits');
    const answer = textOf(await rig.phone.hears('Does this fit?'));
    expect(answer).toContain(
      'How often the recorded signals of breakdown would have met your loss limits, from',
    );
    expect(answer).toContain('0.5 % a trade, as it is set');
    expect(answer).toContain('within 30 days: daily loss 2 %, drawdown 10 %, losses in a row 60 %');
    expect(asked[0]?.risks).toEqual([0.005, 0.01, 0.015]);
    await rig.phone.send('/limits risk per trade 1 %');
    await rig.phone.hears('Make this limit looser?');
    const looser = textOf(await rig.phone.hears('1.0 % a trade, as you asked for'));
    expect(looser).toContain('met your loss limits as you asked for them, from');
    expect(looser).toContain('0.5 % a trade, as it is set');
    expect(asked[1]?.risks).toEqual([0.01, 0.005, 0.015]);
  });
});
