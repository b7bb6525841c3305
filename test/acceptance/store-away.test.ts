/** The whole program while its Redis is gone for some time: what its owner hears, and what works. */
import { afterAll, expect, test } from 'vitest';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openRedis } from '../store/real-redis.ts';
import { cleanUp, killQuietly, newFolder, processesOf, startDemo } from './demo-process.ts';
import { phoneAt, textOf } from './owner.ts';
import { marketIn, QUIET_START } from './recording.ts';
import { ALL_ROLES, openSeveral, says, signal } from './several.ts';
import { control, truthOf } from './venue-truth.ts';
import { until } from './wait.ts';

afterAll(cleanUp);

test('its owner knows within 15 s, is answered, halts and closes, and nothing is lost when it is back', async () => {
  const redis = await openRedis();
  try {
    const env = { REDIS_URL: redis.url };
    const folder = newFolder();
    const args = [...marketIn(folder, QUIET_START), '--speed', '1'];
    const demo = await startDemo({ folder, args, env });
    const phone = await phoneAt(demo.chatUrl);
    await phone.ask(`/start ${demo.code ?? ''}`, 'Paired');
    await phone.hasRead();
    const position = { symbol: 'BTCUSDT', side: 'LONG', notional: '2000', leverage: 5 };
    await control(demo.controlUrl, 'position', position);
    await phone.hears('BTCUSDT long opened');

    const away = performance.now();
    await redis.stop();
    await phone.hears('I cannot write to my memory (Redis)');
    const knownAfter = (performance.now() - away) / 1_000;
    expect(knownAfter).toBeLessThan(15);
    await phone.ask('/status', 'My memory (Redis) is away');
    await phone.ask('/halt', 'Trading is halted. It is not stored yet');
    const card = await phone.ask('/panic', 'Close all positions?');
    await phone.tap(card, 'Confirm: close all');
    await phone.hears('Done: entry orders cancelled, positions closed');
    expect((await truthOf(demo.controlUrl)).account.positions).toEqual([]);

    await redis.restart();
    await phone.hears('Your halt is stored now');
    await phone.hears('Back: my memory (Redis)');
    await until(async () => /HALTED/.test(textOf(await phone.ask('/status', 'Trading: HALTED'))), {
      says: () => 'halted',
    });
    const texts = (await phone.heard()).map(textOf);
    expect(texts.filter((each) => each.includes('Something went wrong'))).toEqual([]);
    expect(texts.filter((each) => each.includes('BTCUSDT long opened'))).toHaveLength(1);
    phone.hangUp();
  } finally {
    await cleanUp();
    await redis.close();
  }
});

test('what is confirmed to be closed without the store is closed after a kill too', async () => {
  const several = await openSeveral();
  const { phone, controlUrl } = several;
  const data = newFolder();
  const env = { VIGIL_MODE: 'live', VIGIL_DATA_DIR: data };
  const open = async () => (await truthOf(controlUrl)).account.positions.length;
  try {
    await says(several.start(ALL_ROLES, env), 'Vigil keeps watch (live).');
    await phone.hasRead();
    await several.openByHand('BTCUSDT');
    await phone.hears('BTCUSDT long opened');
    signal(several.redisPid, 'SIGSTOP');
    await phone.hears('I cannot write to my memory (Redis)');
    await control(controlUrl, 'fault', { fault: 'refused', path: 'trade', count: 1_000_000 });
    const card = await phone.ask('/panic', 'Close all positions?');
    await phone.tap(card, 'Confirm: close all');
    await until(() => existsSync(join(data, 'main.closing')), { says: () => 'it is in a file' });
    await phone.hears('The exchange says');
    for (const pid of processesOf(data)) killQuietly(pid);
    expect(await open()).toBe(1);

    await control(controlUrl, 'fault', { fault: 'clear' });
    signal(several.redisPid, 'SIGCONT');
    several.start(ALL_ROLES, env);
    await until(async () => (await open()) === 0, { says: () => 'everything is closed' });
    await phone.hears('Done: entry orders cancelled, positions closed');
    expect(existsSync(join(data, 'main.closing'))).toBe(false);
  } finally {
    signal(several.redisPid, 'SIGCONT');
    await several.close();
  }
});
