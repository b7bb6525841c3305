/** The whole program while its Redis is gone for some time: what its owner hears, and what works. */
import { afterAll, expect, test } from 'vitest';
import { openRedis } from '../store/real-redis.ts';
import { cleanUp, newFolder, startDemo } from './demo-process.ts';
import { phoneAt, textOf } from './owner.ts';
import { control, truthOf } from './venue-truth.ts';
import { until } from './wait.ts';

afterAll(cleanUp);

test('its owner knows within 15 s, is answered, halts and closes, and nothing is lost when it is back', async () => {
  const redis = await openRedis();
  try {
    const env = { REDIS_URL: redis.url };
    const demo = await startDemo({ folder: newFolder(), args: ['--speed', '10'], env });
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
