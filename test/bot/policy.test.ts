import { describe, expect, it } from 'vitest';
import { type Rig, rigsOfFile } from './rig.ts';
import { textOf } from './phone.ts';
import { ACCOUNT as account, NOW } from './samples.ts';

const SIGNED = { signedBy: 1001, signedAt: NOW, triggers: ['daily-loss'], reach: 'all' } as const;

const rigs = rigsOfFile();
let rig: Rig;

describe('/policy', () => {
  it('is off, is signed only after a confirmation, shown in /status, and revoked at once', async () => {
    rig = await rigs.open();
    const { phone, world } = rig;
    world.snapshot = { account, positions: [], protections: [], openOrders: [], at: NOW };
    await phone.send('/policy');
    await phone.hears('Off. Vigil never closes a position without asking you.');
    await phone.send('/policy sign daily-loss losing');
    const card = await phone.hears('Sign this?');
    expect(textOf(card)).toContain(
      'When the daily loss reaches its limit, the losing positions are closed without asking you.',
    );
    expect(world.policy).toBeUndefined();
    const confirm = (card.keyboard ?? []).flat().find((each) => each.text === 'Confirm: sign');
    await phone.tap(card.id, confirm?.callback_data ?? '');
    await phone.hears('Signed. It is in force from now on');
    expect(world.policy).toMatchObject({ signedBy: 1001, triggers: ['daily-loss'] });
    await phone.send('/status');
    await phone.hears(/Closing without asking: signed .* for daily loss \(losing positions\)/);
    await phone.send('/policy revoke');
    await phone.hears('Revoked.');
    expect(world.policy).toBeUndefined();
  });

  it.each(['off', 'OFF!', 'no', 'stop', 'none', 'aus', 'выкл', 'turn it off', 'revoke'])(
    'is revoked by "%s"',
    async (word) => {
      rig = await rigs.open();
      const { phone, world } = rig;
      world.policy = SIGNED;
      await phone.send(`/policy ${word}`);
      await phone.hears('Revoked. No position is closed without asking you.');
      expect(world.policy).toBeUndefined();
    },
  );

  it('is left alone by any other word, which is answered with what is allowed', async () => {
    rig = await rigs.open();
    const { phone, world } = rig;
    world.policy = SIGNED;
    await phone.send('/policy on');
    const answer = textOf(await phone.hears('I do not know "on", so nothing was changed.'));
    expect(answer).toContain(
      '/policy off revokes it. To sign one, write for example: /policy sign',
    );
    await phone.send('/policy offer');
    await phone.hears('I do not know "offer"');
    await phone.send('/policy not off');
    await phone.hears('I do not know "not off"');
    expect(world.policy).toEqual(SIGNED);
  });

  it('says that it is not revoked where the store does not take it', async () => {
    const save = () => Promise.reject(new Error('Redis does not answer'));
    const policies = { read: async () => SIGNED, save };
    rig = await rigs.open({ ports: { policies } });
    await rig.phone.send('/policy off');
    await rig.phone.hears('NOT revoked: the store did not save it (Redis does not answer).');
  });

  it('is not signed while the account has not been read for more than 15 s', async () => {
    rig = await rigs.open();
    const { phone, world } = rig;
    world.snapshot = { account, positions: [], protections: [], openOrders: [], at: NOW };
    await phone.send('/policy sign daily-loss losing');
    const card = await phone.hears('Sign this?');
    world.now += 16_000 * 600;
    const confirm = (card.keyboard ?? []).flat().find((each) => each.text === 'Confirm: sign');
    await phone.tap(card.id, confirm?.callback_data ?? '');
    await phone.hears('Not signed. The account was last read 16 s ago');
    expect(world.policy).toBeUndefined();
  });

  it('is not signed by a typed word', async () => {
    rig = await rigs.open();
    const { phone, world } = rig;
    await phone.send('/policy sign drawdown all');
    await phone.hears('Sign this?');
    await phone.send('yes');
    await phone.send('/policy');
    await phone.hears('Off. Vigil never closes');
    expect(world.policy).toBeUndefined();
  });
});
