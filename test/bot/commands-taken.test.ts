import { expect, it } from 'vitest';
import { type Rig, rigsOfFile } from './rig.ts';
import { textOf } from './phone.ts';

const rigs = rigsOfFile();
let rig: Rig;

const call = async ({ chat }: Rig, method: string, body: object): Promise<unknown> => {
  const response = await fetch(`${chat.apiRoot}/bot${chat.token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.json();
};

it('a webhook that somebody else sets is removed, told, and commands work again', async () => {
  rig = await rigs.open();
  await rig.phone.send('/help');
  await rig.phone.hears('/status');
  await call(rig, 'setWebhook', { url: 'https://elsewhere.example/hook' });
  const told = await rig.phone.hears('Another program had taken over this bot');
  expect(textOf(told)).toContain('revoke it at @BotFather');
  expect(told.silent).toBe(false);
  await rig.phone.send('/cancel');
  await rig.phone.hears('There is no open question.');
});

it('another program that keeps asking for the same messages is told', async () => {
  rig = await rigs.open();
  const { phone } = rig;
  await phone.post('/user/fault', { method: 'getUpdates', kind: '409', count: 4 });
  const told = await phone.hears('Another program answers for this bot');
  expect(textOf(told)).toContain('/halt and /panic too');
  await phone.send('/cancel');
  await phone.hears('There is no open question.');
});
