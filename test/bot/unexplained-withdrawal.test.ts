import { describe, expect, it } from 'vitest';
import { moneyLeft } from '../../src/alerts/rules/unexplained-money.ts';
import { toText, usd } from '../../src/domain/money/money.ts';
import { fetchSnapshot } from '../../src/app/reading/read-account.ts';
import { portsOf } from './fakes.ts';
import { type Rig, rigsOfFile } from './rig.ts';
import { textOf, type UserMessage } from './phone.ts';
import { NOW, POSITION, RISK_STATE } from './samples.ts';

const rigs = rigsOfFile();
let rig: Rig;

const WITHDRAWAL = {
  id: '1760098800000',
  amount: usd('-500'),
  at: NOW - 60_000,
  equity: usd('9512'),
  highSince: usd('9512'),
};
const button = (message: UserMessage, label: string): string => {
  const found = (message.keyboard ?? []).flat().find((each) => each.text === label);
  if (found?.callback_data === undefined) throw new Error(`no button "${label}"`);
  return found.callback_data;
};

/** The question as it arrives on the phone. */
async function asked(): Promise<UserMessage> {
  rig = await rigs.open();
  const { world } = rig;
  world.riskState = { ...RISK_STATE, lastEquity: usd('9512'), steps: [WITHDRAWAL] };
  world.positions = [POSITION];
  world.snapshot = await fetchSnapshot(portsOf(world));
  await rig.world.outbox.raise(moneyLeft(WITHDRAWAL));
  return rig.phone.hears('left your account');
}

describe('the question about money that left', () => {
  it('is answered with "I took it out" through a confirmation that says what it changes', async () => {
    const question = await asked();
    const { phone, world } = rig;
    await phone.tap(question.id, button(question, 'I took it out'));
    const card = await phone.hears('Did you take out 500.00 USDT?');
    expect(textOf(card)).toContain('Loss of today: now 4.99 %, then 0.00 %');
    expect(textOf(card)).toContain('This can be answered once.');
    expect(world.riskState?.steps).toHaveLength(1);
    await phone.tap(card.id, button(card, 'Confirm: it was me'));
    await phone.hears('Recorded as a withdrawal, not a loss.');
    expect(world.riskState?.steps).toEqual([]);
    expect(toText(world.riskState?.dayStartEquity ?? usd('0'))).toMatch(/^9512/);
  });

  it('changes nothing on Cancel and stays open', async () => {
    const question = await asked();
    const { phone, world } = rig;
    await phone.tap(question.id, button(question, 'I took it out'));
    const card = await phone.hears('Did you take out');
    await phone.tap(card.id, button(card, 'Cancel'));
    await phone.hears('Cancelled. Until you answer it counts as a loss.');
    expect(world.riskState?.steps).toHaveLength(1);
  });

  it('halts at the first tap on "Not me"', async () => {
    const question = await asked();
    const { phone, world } = rig;
    await phone.tap(question.id, button(question, 'Not me'));
    await phone.hears('Somebody may have access to your account: 500.00 USDT is gone');
    expect(world.mode?.mode).toBe('halted');
    expect(world.riskState?.steps).toEqual([]);
    expect(toText(world.riskState?.dayStartEquity ?? usd('0'))).toBe('10012');
  });

  it('that was answered says so and does nothing, whichever button is pressed later', async () => {
    const question = await asked();
    const { phone, world } = rig;
    world.riskState = { ...RISK_STATE };
    await phone.tap(question.id, button(question, 'Not me'));
    await phone.tap(question.id, button(question, 'I took it out'));
    await phone.hears(() => phone.answers.length >= 2);
    expect(phone.answers.map((each) => each.text)).toEqual([
      expect.stringContaining('This question is closed'),
      expect.stringContaining('This question is closed'),
    ]);
    expect(world.mode?.mode).toBe('normal');
    expect(world.riskState).toEqual(RISK_STATE);
  });

  it('is shown by /status with the same buttons, also after a restart', async () => {
    await asked();
    const { phone } = rig;
    await rig.restart();
    await phone.send('/status');
    const status = await phone.hears('was it you?');
    await phone.tap(status.id, button(status, 'I took it out'));
    const card = await phone.hears('Did you take out 500.00 USDT?');
    await rig.restart();
    await phone.tap(card.id, button(card, 'Confirm: it was me'));
    await phone.hears('Recorded as a withdrawal, not a loss.');
    expect(rig.world.riskState?.steps).toEqual([]);
  });
});
