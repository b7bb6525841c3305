/** A level that is reached and filled is one happening: one message where the end needs no sound, else two that say different things. */
import { describe, expect, it } from 'vitest';
import { positionClosed } from '../../src/alerts/rules/position-closed.ts';
import { stopHit } from '../../src/alerts/rules/stop-hit.ts';
import { targetHit } from '../../src/alerts/rules/target-hit.ts';
import { price, usd } from '../../src/domain/money/money.ts';
import { closedPosition, NOW, position } from '../alerts/fixtures.ts';
import { eventually, textOf, type UserMessage } from './phone.ts';
import { rigsOfFile, type Rig } from './rig.ts';

const rigs = rigsOfFile();

const [STOP, TARGET] = [price('2955'), price('3120')];
const level = { ...position(), positionId: 'p1', entryPrice: price('3000') };
const tick = { symbol: 'ETHUSDT', mark: TARGET, at: NOW };
const reached = {
  stop: stopHit({ ...level, kind: 'stop', price: STOP }, tick),
  target: targetHit({ ...level, kind: 'target', price: TARGET }, tick),
};
const known = { stop: STOP, stops: [STOP], target: TARGET };
const gained = positionClosed(
  closedPosition({ id: 'p1', closePrice: TARGET, gross: usd('60'), net: usd('58') }),
  known,
);
const lost = positionClosed(closedPosition({ id: 'p1', closePrice: STOP }), known);

const said = async ({ phone, world }: Rig): Promise<readonly UserMessage[]> => {
  await eventually(
    async () =>
      (world.outbox.rows.every(({ status }) => status === 'sent') &&
        (await world.outbox.revised(9)).length === 0) ||
      undefined,
    () => JSON.stringify(world.outbox.rows),
  );
  return (await phone.messages()).filter((each) => each.from === 'bot');
};

describe('a level that is reached and filled', () => {
  it('with a gain is one message, brought to its end: the result, its number and that it began with the other', async () => {
    const rig = await rigs.open({});
    await rig.world.outbox.raise(reached.target);
    await rig.phone.hears('target at 3,120 reached');
    await rig.world.outbox.raise(gained);
    const [only, ...others] = await said(rig);
    expect(others).toEqual([]);
    expect(textOf(only as UserMessage)).toMatch(
      /^✅ ETHUSDT long target filled: \+58\.00 USDT\n[^]*It began with #1[^]*\n#2 · /,
    );
  });

  it('with a loss rings again, in words of its own', async () => {
    const rig = await rigs.open({});
    await rig.world.outbox.raise(reached.stop);
    await rig.phone.hears('stop at 2,955 reached');
    await rig.world.outbox.raise(lost);
    const messages = await said(rig);
    expect(messages.map(({ silent }) => silent)).toEqual([false, false]);
    expect(messages.map((each) => textOf(each).split('\n')[0])).toEqual([
      '🟠 ETHUSDT long: stop at 2,955 reached, and filled',
      '🟠 ETHUSDT long stop filled: -24.81 USDT',
    ]);
  });

  it('comes by itself where the message before it is gone', async () => {
    const rig = await rigs.open({});
    await rig.world.outbox.raise(reached.target);
    await rig.phone.hears('target at 3,120 reached');
    await rig.phone.post('/user/fault', { method: 'editMessageText', kind: '400', count: 1 });
    await rig.world.outbox.raise(gained);
    expect((await said(rig)).map((each) => textOf(each))).toEqual([
      expect.stringContaining('reached'),
      expect.stringContaining('target filled: +58.00 USDT'),
    ]);
  });
});
