import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Ports } from '../../src/app/ports/ports.ts';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import {
  watchPrices,
  type PriceTelling,
  type PriceWatch,
} from '../../src/app/feeds/watch-prices.ts';
import type { Alert } from '../../src/domain/alert.ts';
import { price as asPrice, qty as asQty } from '../../src/domain/money/money.ts';
import { createPriceStream } from '../../src/exchange/bitunix/streams/price-stream.ts';
import { eventually, openRedis, type RealRedis } from '../store/real-redis.ts';
import { fails } from './failing.ts';
import { openVigil, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;
let ports: Ports;
let closeStream: () => Promise<void>;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(async () => {
  await closeStream();
  await vigil.close();
});

/** A long in ETH with its stop 5 % away, watched over a real socket. */
async function open(
  over: (real: Ports) => Partial<Ports> = () => ({}),
  ahead?: PriceTelling['ahead'],
): Promise<{ sent: Alert[]; watch: PriceWatch }> {
  vigil = await openVigil({ redis, venue: { speed: 1 } });
  ({ ports } = vigil);
  await vigil.control('price', { symbol: 'ETHUSDT', price: '4000' });
  const held = { symbol: 'ETHUSDT', side: 'LONG', notional: '1000', leverage: 5 };
  await vigil.control('position', { ...held, stop: '3800', target: '4400' });
  await refreshAccount(ports);
  const stream = createPriceStream({ url: vigil.venue.wsPublicUrl, log: ports.log });
  closeStream = stream.close;
  const sent: Alert[] = [];
  const watch = watchPrices({ ...ports, ...over(ports) }, stream, {
    send: (alert) => sent.push(alert),
    ...(ahead && { ahead }),
  });
  await watch.reload();
  await eventually('prices', () => stream.state() === 'live');
  return { sent, watch };
}
const price = (to: string): Promise<void> =>
  vigil.control('price', { symbol: 'ETHUSDT', price: to });
const held = async (): Promise<number> => (await vigil.truth()).positions.length;

describe('a price that reaches a stop', () => {
  it('is told at once and once, however long it stays there', async () => {
    const { sent } = await open();
    await price('3790');
    await eventually('the alert', () => sent.length > 0);
    expect(sent).toMatchObject([{ kind: 'stop-hit', number: 1 }]);
    let ticks = 0;
    const stream = createPriceStream({ url: vigil.venue.wsPublicUrl, log: ports.log });
    stream.onTick(() => (ticks += 1));
    stream.follow(['ETHUSDT']);
    await eventually('three more prices', async () => {
      await price(String(3780 - ticks));
      return ticks >= 3;
    });
    await stream.close();
    expect(sent).toHaveLength(1);
    expect(await held()).toBe(0);
  });

  it('for a part of it is brought to its end once the account shows that', async () => {
    const { sent, watch } = await open();
    const [position] = await ports.account.positions();
    if (position === undefined) throw new Error('nothing is open');
    const target = { price: asPrice('4100'), qty: asQty('0.1') };
    await ports.trading?.placePartial(position, { target });
    await refreshAccount(ports);
    await watch.reload();
    await price('4110');
    await eventually('the alert', () => sent.length > 0);
    expect(sent[0]?.lines.join(' ')).toContain('0.1 closes there');
    await eventually('its end', async () => {
      await refreshAccount(ports);
      await watch.reload();
      const [told] = (await vigil.alerts()).filter(({ key }) => key === sent[0]?.key);
      return told?.lines[0]?.startsWith('Its order has ended') === true;
    });
  });

  it('is stored before it is sent', async () => {
    const { sent } = await open();
    await price('3790');
    await eventually('the alert', () => sent.length > 0);
    const stored = await vigil.alerts();
    expect(stored.map((each) => each.key)).toContain(sent[0]?.key);
  });

  it('is told at the next price when it could not be stored', async () => {
    let failures = 0;
    const { sent } = await open((real) => ({
      outbox: {
        ...real.outbox,
        raise: (finding) => {
          failures += 1;
          return failures <= 2 ? fails() : real.outbox.raise(finding);
        },
      },
    }));
    await price('3790');
    let cents = 0;
    await eventually('the alert', async () => {
      cents += 1;
      await price(`3789.${String(cents % 100).padStart(2, '0')}`);
      return sent.length > 0;
    });
    expect(sent).toHaveLength(1);
    expect(failures).toBe(3);
  });
});

describe('the shorter way', () => {
  it('is taken for what only the stream tells, and given up where it is not possible', async () => {
    const looked: string[][] = [];
    const told: string[] = [];
    let tries = 0;
    const { sent } = await open(undefined, {
      look: async (keys) => void looked.push([...keys]),
      tell: (finding) => {
        tries += 1;
        if (tries === 1) return Promise.reject(new Error('not stored'));
        if (finding.kind !== 'stop-hit') return undefined;
        told.push(finding.key);
        return Promise.resolve();
      },
    });
    expect(looked[0]?.map((key) => key.split(':', 1)[0]).toSorted()).toEqual([
      'stop-hit',
      'target-hit',
    ]);
    let cents = 0;
    await eventually('the second try', async () => {
      cents += 1;
      await price(`3789.${String(cents % 100).padStart(2, '0')}`);
      return told.length > 0;
    });
    expect(looked[0]).toContain(told[0]);
    expect(sent).toEqual([]);
    await price('4410');
    await eventually('the alert', () => sent.length > 0);
    expect(told).toHaveLength(1);
  });
});

describe('a price that reaches a target', () => {
  it('is told as a target', async () => {
    const { sent } = await open();
    await price('4410');
    await eventually('the alert', () => sent.length > 0);
    expect(sent).toMatchObject([{ kind: 'target-hit' }]);
  });
});

describe('a price between them', () => {
  it('is told to nobody, and its time is stored at the next reload', async () => {
    const { sent, watch } = await open();
    const before = (await ports.accounts.priceTimes()).get('ETHUSDT') ?? 0;
    await price('4010');
    await eventually('a newer time', async () => {
      await watch.reload();
      return ((await ports.accounts.priceTimes()).get('ETHUSDT') ?? 0) > before;
    });
    expect(sent).toEqual([]);
  });
});
