/** `npm run owner` beside a Vigil that runs, with a Redis of its own: who has the machine decides who is listened to. */
import { afterEach, expect, onTestFailed, test } from 'vitest';
import { cleanUp, newFolder, startProgram } from './demo-process.ts';
import { phoneAt } from './owner.ts';
import { openSeveral, type Several } from './several.ts';
import { until } from './wait.ts';

const LINE = /^To become the owner, send in the chat within 10 minutes: \/start ([A-Z0-9]+)$/gm;

let several: Several | undefined;
afterEach(async () => {
  await several?.close();
  await cleanUp();
});

test('the owner is shown and un-paired, hears it, and the code on the console makes the next one', async () => {
  several = await openSeveral();
  const { phone } = several;
  const { REDIS_URL: _shared, ...env } = several.env;
  const folder = newFolder();
  const vigil = startProgram({ folder, env });
  onTestFailed(() => console.error(vigil.output()));
  const codes = (): readonly string[] =>
    [...vigil.output().matchAll(LINE)].map((each) => each[1] ?? '');
  const owner = async (...args: readonly string[]): Promise<string> => {
    const command = startProgram({ folder, env, args: ['owner', ...args] });
    await command.ended;
    return command.output();
  };
  await until(() => vigil.output().includes('Vigil keeps watch'), { says: () => vigil.output() });
  expect(await owner()).toContain('Nobody is paired.');
  await phone.ask(`/start ${codes().at(-1) ?? ''}`, 'Paired');
  const before = codes().length;
  expect(await owner()).toMatch(/The owner is Telegram user \d+\./);

  expect(await owner('remove')).toContain('"remove" is nothing that can be done with the owner.');
  const said = await owner('reset');
  expect(said).toMatch(/Telegram user \d+ is un-paired\./);
  expect(said).toContain('The running Vigil prints a new pairing code on its console.');
  await phone.hears('I no longer listen to you');
  await until(() => codes().length > before, { says: () => vigil.output() });
  await phone.ask('/start', 'Nobody is paired yet');

  const next = await phoneAt(phone.chatUrl);
  await next.ask(`/start ${codes().at(-1) ?? ''}`, 'Paired');
  await next.ask('/balance', 'Equity');
  next.hangUp();
});
