import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { refreshAccount } from '../../src/app/refresh-account.ts';
import { watchConnection } from '../../src/app/watch-connection.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { openVigil, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;
let close: () => Promise<void>;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(async () => {
  await close();
  await vigil.close();
});

/** A followed stream, watched; `pause` of the tests is short, so a gap is told almost at once. */
async function watched(options: { position: boolean }) {
  vigil = await openVigil({ redis, venue: { speed: 1 } });
  if (options.position) {
    const body = { symbol: 'ETHUSDT', side: 'LONG', notional: '1000', stop: '3900' };
    await vigil.control('position', body);
  }
  await refreshAccount(vigil.ports);
  const stream = vigil.wiring.bitunix.openPriceStream();
  close = () => stream.close();
  watchConnection(vigil.ports, stream);
  stream.follow(['ETHUSDT']);
  await until(() => stream.state() === 'live');
  return stream;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('not in 15 s');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const kinds = async (): Promise<string[]> => (await vigil.alerts()).map((each) => each.kind);
const reads = async (): Promise<number> => (await vigil.jobs('account')).length;

it('a price stream that is lost while a position is open is told, and told when it is back', async () => {
  const stream = await watched({ position: true });
  await vigil.control('fault', { fault: 'drop-sockets', channel: 'public' });
  await until(async () => (await kinds()).length === 2);
  expect(await kinds()).toEqual(['connection-lost', 'connection-back']);
  expect((await vigil.alerts())[0]?.severity).toBe('critical');
  expect(stream.state()).toBe('live');
  expect(await reads()).toBe(1);
});

it('without a position it is not told, and the account is read all the same', async () => {
  await watched({ position: false });
  await vigil.control('fault', { fault: 'drop-sockets', channel: 'public' });
  await until(async () => (await reads()) === 1);
  expect(await kinds()).toEqual([]);
});
