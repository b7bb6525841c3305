/** The process that leads reads the account by itself while no worker does. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { READ_DIRECTLY, readMeanwhile } from '../../src/process/without-store/read-meanwhile.ts';
import { openVigil, type Vigil } from '../app/vigil.ts';
import { eventually, openRedis, type RealRedis } from '../store/real-redis.ts';

let redis: RealRedis;
let vigil: Vigil;
beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
beforeEach(async () => {
  vigil = await openVigil({ redis });
});
afterEach(() => vigil.close());

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const SILENT_MS = 500;

/** Keys of what tells an opening, told or waiting. */
const openings = async (): Promise<readonly string[]> =>
  (await vigil.wiring.store.outbox.pending(100))
    .map(({ key }) => key)
    .filter((key) => key.startsWith('position-opened:'));

it('tells what was opened while no worker reads, says that it read directly, and the worker tells it no second time', async () => {
  await refreshAccount(vigil.ports);
  const ports = { ...vigil.ports, pause: vigil.wiring.ports.pause };
  const doors = { store: ports, standIn: ports };
  const reader = readMeanwhile(vigil.wiring, doors, { log: quiet, silentMs: SILENT_MS });
  try {
    const asked = { symbol: 'ETHUSDT', side: 'LONG', notional: '1000', leverage: 2 };
    await vigil.control('position', asked);
    const told = await eventually('the opening', async () => {
      const all = (await vigil.wiring.store.outbox.pending(100)).filter(({ title }) =>
        /ETHUSDT long (was )?opened/.test(title),
      );
      return all.length > 0 ? all : undefined;
    });
    expect(told[0]?.lines.at(-1)).toBe(READ_DIRECTLY);
    expect(reader.standsIn()).toBe(true);
    // One of two reads at the same time is refused.
    await eventually('the worker reads again', () =>
      refreshAccount(vigil.ports).then(
        () => (reader.standsIn() ? undefined : true),
        () => undefined,
      ),
    );
    expect(await openings()).toHaveLength(1);
  } finally {
    reader.stop();
  }
});
