import { describe, it } from 'vitest';
import { usd, ZERO_USD } from '../../src/domain/money/money.ts';
import { OWNER, type Rig, rigsOfFile } from './rig.ts';
import { eventually, textOf } from './phone.ts';

const rigs = rigsOfFile();
let rig: Rig;

/** Sends /resume and waits for its question after the message with that id; returns the question's id. */
async function asksAfter(id: number): Promise<number> {
  await rig.phone.send('/resume');
  const fresh = await rig.phone.hears(
    (each) => each.id > id && textOf(each).includes('Resume trading?'),
  );
  return fresh.id;
}

/** The key under which an open question is kept, and that question. */
async function openQuestion(): Promise<{ readonly key: string; readonly asked: number }> {
  rig = await rigs.open();
  const { world } = rig;
  // Nothing is open, and the account was read just now: /resume asks only then.
  world.account = { ...world.account, available: usd('10000'), margin: ZERO_USD };
  const { account, positions, protections, openOrders, now: at } = world;
  world.snapshot = { account, positions, protections, openOrders, at };
  await rig.phone.send('/halt');
  await rig.phone.hears('New trades are paused');
  const asked = await asksAfter(0);
  const key = await eventually(
    async () => (await rigs.redis().keys(`vigil:dialogue:*${OWNER}*`))[0],
    () => 'no dialogue is stored',
  );
  return { key, asked };
}

describe('a stored dialogue that is damaged does not stand before a command', () => {
  it.each([
    ['as no JSON', '{"version":'],
    ['as a number', '7'],
    ['as null', 'null'],
    ['without a state', '{}'],
    ['as another shape', '{"version":[0,2],"state":{"resume":5}}'],
    ['as the right version of nothing', '{"version":[0,2],"state":null}'],
  ])('%s', async (_, text) => {
    const { key, asked } = await openQuestion();
    await rigs.redis().set(key, text);
    await asksAfter(asked);
  });

  it('as a key of another kind', async () => {
    const { key, asked } = await openQuestion();
    await rigs.redis().del(key);
    await rigs.redis().rpush(key, 'x');
    await asksAfter(asked);
  });
});
