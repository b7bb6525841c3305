import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { tighten } from '../../src/app/halt/tighten.ts';
import { watchStates } from '../../src/app/telling/watch-states.ts';
import { orderUnknown } from '../../src/alerts/rules/order-unknown.ts';
import { connectionLost } from '../../src/alerts/rules/connection-lost.ts';
import { HOUR, MINUTE, SECOND } from '../../src/domain/time.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { byHand } from './by-hand.ts';
import { openVigil, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;
beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil.close());

const look = async (): Promise<void> => {
  await refreshAccount(vigil.ports);
  await watchStates(vigil.ports);
};
const titles = async (): Promise<string[]> => (await vigil.alerts()).map(({ title }) => title);
const ids = async (): Promise<string[]> =>
  (await vigil.ports.telling.states()).map(({ id }) => id).toSorted();

/** A position without a stop, of which the owner was told. */
async function naked(): Promise<string> {
  vigil = await openVigil({ redis });
  await vigil.control('position', {
    symbol: 'ETHUSDT',
    side: 'LONG',
    notional: '100',
    leverage: 2,
  });
  await look();
  await vigil.leap(11 * SECOND);
  await look();
  return (await vigil.truth()).positions[0]?.positionId ?? '';
}

/** Every alert has arrived. */
async function sendAll(): Promise<void> {
  for (const { number } of await vigil.wiring.store.outbox.pending(100))
    await vigil.wiring.store.outbox.markSent(number, { chatId: 1, messageId: number });
}

describe('a position without a stop', () => {
  it('is told again until a stop rests, and then that it is over', async () => {
    const positionId = await naked();
    expect(await ids()).toEqual([`unprotected:${positionId}`]);
    await sendAll();
    await vigil.leap(5 * MINUTE);
    await look();
    await look();
    const again = (await titles()).filter((each) => each.startsWith('Still, for'));
    expect(again).toEqual([
      expect.stringMatching(/^Still, for \d+ min now: ETHUSDT long has no stop$/),
    ]);
    await byHand(vigil, 'tpsl/position/place_order', {
      symbol: 'ETHUSDT',
      positionId,
      slPrice: '3900',
      slStopType: 'MARK_PRICE',
    });
    await look();
    await look();
    expect(await ids()).toEqual([]);
    const all = await vigil.alerts();
    expect(all.filter(({ title }) => title.startsWith('Over: '))).toHaveLength(3);
    expect(all.at(-1)).toMatchObject({ good: true, title: 'Over: ETHUSDT long has no stop' });
    await vigil.leap(2 * HOUR);
    await look();
    expect((await vigil.alerts()).length).toBe(all.length);
  });

  it('is over when it is closed, and is not told again once the owner was there', async () => {
    const positionId = await naked();
    await sendAll();
    await vigil.leap(MINUTE);
    await vigil.ports.telling.notePresence(vigil.ports.clock.now());
    await vigil.leap(HOUR);
    await look();
    expect((await titles()).some((each) => each.startsWith('Still'))).toBe(false);
    await byHand(vigil, 'trade/flash_close_position', { positionId });
    await look();
    await vigil.leap(5 * SECOND);
    await look();
    expect(await ids()).toEqual([]);
    const over = (await vigil.alerts()).find(({ key }) => key.startsWith('over:unprotected'));
    expect(over?.lines[0]).toBe('The position is closed.');
  });
});

describe('other states', () => {
  it('of a halt last while positions are open', async () => {
    const positionId = await naked();
    const reason = {
      trigger: 'daily-loss',
      evidence: 'Too much was lost.',
      at: vigil.ports.clock.now(),
    };
    await tighten(vigil.ports, { kind: 'tighten', to: 'halted', reason });
    expect(await ids()).toContain('halted:all');
    await vigil.leap(5 * MINUTE);
    await look();
    expect((await titles()).join('\n')).toMatch(
      /Still, for \d+ min now: Trading is halted while positions are open/,
    );
    await byHand(vigil, 'trade/flash_close_position', { positionId });
    await look();
    await vigil.leap(5 * SECOND);
    await look();
    expect(await ids()).toEqual([]);
  });

  it('of a lost account are over with the next reading, in the words of the connection', async () => {
    vigil = await openVigil({ redis });
    await look();
    const lost = { feed: 'account', lastAt: vigil.ports.clock.now(), openPositions: 1 };
    await vigil.ports.outbox.raise(connectionLost(lost, vigil.ports.clock.now()));
    await watchStates(vigil.ports);
    expect(await ids()).toEqual(['feed:account']);
    await sendAll();
    await vigil.leap(SECOND);
    await look();
    expect(await ids()).toEqual([]);
    const back = (await vigil.alerts()).filter(({ key }) => key.startsWith('connection-back'));
    expect(back).toHaveLength(1);
  });

  it('of an order that no proposal knows are dropped without a word', async () => {
    vigil = await openVigil({ redis });
    const at = vigil.ports.clock.now();
    const lost = { clientId: 'gone', symbol: 'ETHUSDT', intent: 'open', reason: 'none', at };
    await vigil.ports.outbox.raise(orderUnknown(lost));
    expect(await ids()).toEqual(['order:gone']);
    await watchStates(vigil.ports);
    expect(await ids()).toEqual([]);
    expect((await vigil.alerts()).at(-1)?.title).toContain('it is not known whether');
  });
});
