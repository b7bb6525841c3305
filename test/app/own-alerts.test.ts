/** /alert over a real store and exchange: read, kept, told by stream or by poll, once. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { pollOwnAlerts } from '../../src/app/own-alerts/poll-own-alerts.ts';
import { changeOwnAlerts } from '../../src/app/own-alerts/read-own-alert.ts';
import { watchOwnPrices } from '../../src/app/own-alerts/watch-own-alerts.ts';
import type { PriceStream, PriceTick } from '../../src/app/ports/price-stream.ts';
import { price, ratio, type Price } from '../../src/domain/money/money.ts';
import { MOST_OWN_ALERTS, type OwnAlert } from '../../src/alerts/own-alert.ts';
import { openRedis, eventually, type RealRedis } from '../store/real-redis.ts';
import { openVigil, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;
beforeAll(async () => {
  redis = await openRedis();
  vigil = await openVigil({ redis });
});
afterAll(async () => {
  await vigil.close();
  await redis.close();
});
beforeEach(() => vigil.ports.ownAlerts.change(() => []));

const say = (words: string) => changeOwnAlerts(vigil.ports, words);
const told = async () =>
  (await vigil.ports.telling.recent(100)).filter(({ kind }) => kind === 'own-alert');
const add = (over: Partial<OwnAlert>): Promise<unknown> =>
  vigil.ports.ownAlerts.change((own) => [
    ...own,
    {
      id: 1,
      symbol: 'ETHUSDT',
      condition: { kind: 'price', price: price('1'), towards: 'up' },
      repeat: false,
      madeAt: vigil.ports.clock.now(),
      told: 0,
      ...over,
    },
  ]);

it('takes prices, moves and funding, once or each time, and gives numbers out again', async () => {
  await say('eth 1000');
  await say('BTC -5% 1h repeat');
  await say('funding SOL 0.1%');
  const own = await vigil.ports.ownAlerts.list();
  expect(own.map(({ id, symbol, repeat }) => [id, symbol, repeat])).toEqual([
    [1, 'ETHUSDT', false],
    [2, 'BTCUSDT', true],
    [3, 'SOLUSDT', false],
  ]);
  expect(own[0]?.condition).toMatchObject({ kind: 'price', towards: 'down' });
  expect(await say('delete 2')).toHaveProperty('deleted.id', 2);
  expect(await say('BTC +3 % 2d')).toHaveProperty('added.id', 2);
});

it.each([
  ['BTC', 'Name a coin and a price'],
  ['BTX 60000', 'I know no contract "BTX"'],
  ['BTC sixty', 'is not a price'],
  ['BTC above 65000', '"above" is not a price'],
  ['BTC -0.09% 1h', 'is not a move'],
  ['BTC -5%', 'within what time'],
  ['BTC -5% 1s', 'within what time'],
  ['BTC -500% 1h', 'is not a move'],
  ['BTC 60000 now', 'I do not know what "now"'],
  ['funding SOL', 'Write it as: /alert funding SOL 0.1 %'],
  ['funding SOL 90%', 'is not a funding rate'],
  ['delete 9', 'There is no alert of yours "9"'],
])('answers "%s" plainly and changes nothing', async (words, says) => {
  const change = await say(words);
  expect('refused' in change ? change.refused : '').toContain(says);
  expect(await vigil.ports.ownAlerts.list()).toEqual([]);
});

it('takes at most fifty', async () => {
  for (let id = 1; id <= MOST_OWN_ALERTS; id += 1) await add({ id });
  expect(await say('ETH 1000')).toHaveProperty('refused');
  expect(await vigil.ports.ownAlerts.list()).toHaveLength(MOST_OWN_ALERTS);
});

it('is told by the poll behind the stream, and a move by the prices of its window', async () => {
  const before = (await told()).length;
  await add({ id: 1 });
  await add({
    id: 2,
    condition: { kind: 'move', share: ratio('0.0000001'), windowMs: 3_600_000 },
    repeat: true,
  });
  await pollOwnAlerts(vigil.ports);
  expect(await told()).toHaveLength(before + 2);
  const [left] = await vigil.ports.ownAlerts.list();
  expect(left).toMatchObject({ id: 2, told: 1, resting: true });
  await pollOwnAlerts(vigil.ports);
  expect(await told()).toHaveLength(before + 2);
});

it('is told within the tick, and by stream and poll together once', async () => {
  const before = (await told()).length;
  await add({ id: 1, condition: { kind: 'price', price: price('1'), towards: 'up' } });
  let tick: (each: PriceTick) => void = () => undefined;
  let followed: readonly string[] = [];
  const stream: Pick<PriceStream, 'follow' | 'onTick'> = {
    follow: (symbols) => (followed = symbols),
    onTick: (listener) => (tick = listener),
  };
  const sent: unknown[] = [];
  const watch = watchOwnPrices(
    vigil.ports,
    stream as PriceStream,
    (alert) => void sent.push(alert),
  );
  await watch.reload();
  expect(followed).toEqual(['ETHUSDT']);
  const mark: Price = price('2');
  tick({ symbol: 'ETHUSDT', mark, at: vigil.ports.clock.now(), receivedAt: 0 });
  await Promise.all([
    pollOwnAlerts(vigil.ports),
    eventually('it is told', async () => (await told()).length > before),
  ]);
  await eventually('it is gone', async () => (await vigil.ports.ownAlerts.list()).length === 0);
  expect(await told()).toHaveLength(before + 1);
});
