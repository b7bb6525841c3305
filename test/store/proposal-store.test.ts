import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Redis } from 'ioredis';
import type { ProposalStore } from '../../src/app/ports/proposal-store.ts';
import { StoreUnreadable } from '../../src/domain/failure.ts';
import { storeKeys } from '../../src/store/keys.ts';
import { openRedis, type RealRedis } from './real-redis.ts';
import { finding, NOW, proposal } from './samples.ts';

let rig: RealRedis;
let redis: Redis;
let proposals: ProposalStore;
/** The proposals of another process. */
let other: ProposalStore;
const keys = storeKeys('test');

beforeAll(async () => {
  rig = await openRedis();
  ({ redis, proposals } = rig.store());
  other = rig.store().proposals;
});
afterAll(() => rig.close());
beforeEach(async () => {
  await redis.flushall();
});

describe('a proposal', () => {
  it('comes back exactly as it was stored, by id and by nonce', async () => {
    const one = proposal('eth-long-1');
    expect(await proposals.create(one, [])).toBe(true);
    expect(await other.byId(one.id)).toEqual(one);
    expect(await other.byNonce(one.nonce)).toEqual(one);
    expect(await other.byNonce('nobody')).toBeUndefined();
    expect(await other.byId('nobody')).toBeUndefined();
  });

  it('is made once with its alert, however many workers find the same signal', async () => {
    const made = Array.from({ length: 20 }, (_, index) =>
      (index % 2 === 0 ? proposals : other).create(
        proposal('eth-long-1', { nonce: `nonce${index}`.padEnd(22, '-') }),
        [finding('signal:eth-long-1')],
      ),
    );
    expect((await Promise.all(made)).filter(Boolean)).toHaveLength(1);
    expect(await proposals.recent(10)).toHaveLength(1);
    expect(await redis.get(keys.alertNumber)).toBe('1');
    expect(await redis.hlen(keys.proposalNonces)).toBe(1);
  });

  it('is not made anew after it was decided', async () => {
    await proposals.create(proposal('one'), []);
    await proposals.apply('one', { kind: 'reject', by: 1, at: NOW });
    expect(await other.create(proposal('one'), [])).toBe(false);
    expect((await other.byId('one'))?.status).toBe('rejected');
  });

  it('is approved by exactly one of many taps over two connections', async () => {
    await proposals.create(proposal('one'), []);
    const taps = Array.from({ length: 30 }, (_, index) =>
      (index % 2 === 0 ? proposals : other).apply('one', {
        kind: 'approve',
        card: 'card',
        by: index,
        at: NOW,
      }),
    );
    const won = (await Promise.all(taps)).filter((each) => each !== undefined);
    expect(won).toHaveLength(1);
    expect(await proposals.byId('one')).toEqual(won[0]);
  });

  it('is either approved or rejected when both are tapped at once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const id = `round-${round}`;
      await proposals.create(proposal(id), []);
      const [approved, rejected] = await Promise.all([
        proposals.apply(id, { kind: 'approve', card: 'card', by: 1, at: NOW }),
        other.apply(id, { kind: 'reject', by: 1, at: NOW }),
      ]);
      expect([approved, rejected].filter((each) => each !== undefined)).toHaveLength(1);
      expect((await proposals.byId(id))?.status).toBe(approved?.status ?? rejected?.status);
    }
  });

  it('is not approved after its deadline', async () => {
    await proposals.create(proposal('one', { deadline: NOW }), []);
    expect(
      await proposals.apply('one', { kind: 'approve', card: 'card', by: 1, at: NOW + 1 }),
    ).toBeUndefined();
    expect(
      await proposals.apply('one', { kind: 'approve', card: 'card', by: 1, at: NOW }),
    ).toBeDefined();
  });

  it('that is unknown cannot be changed', async () => {
    expect(await proposals.apply('nobody', { kind: 'expire', at: NOW })).toBeUndefined();
  });

  it('that is corrupt is refused, not used', async () => {
    await proposals.create(proposal('one'), []);
    const text = (await redis.get(keys.proposal('one'))) ?? '';
    await redis.set(keys.proposal('one'), text.replace('"pending"', '"free"'));
    await expect(proposals.byId('one')).rejects.toThrow(StoreUnreadable);
    const approving = proposals.apply('one', { kind: 'approve', card: 'card', by: 1, at: NOW });
    await expect(approving).rejects.toThrow(StoreUnreadable);
  });
});

describe('the list of proposals', () => {
  it('is newest first, and knows each status', async () => {
    for (const [index, id] of ['a', 'b', 'c'].entries()) {
      await proposals.create(proposal(id, { createdAt: NOW + index }), []);
    }
    await proposals.apply('b', { kind: 'approve', card: 'card', by: 1, at: NOW });
    expect((await other.recent(2)).map((each) => each.id)).toEqual(['c', 'b']);
    expect((await other.withStatus('pending')).map((each) => each.id)).toEqual(['c', 'a']);
    expect((await other.withStatus('approved')).map((each) => each.id)).toEqual(['b']);
  });

  it('keeps the newest 500 with their buttons', async () => {
    await redis.zadd(
      keys.proposals,
      ...Array.from({ length: 500 }, (_, n) => [n, `old-${n}`]).flat(),
    );
    await proposals.create(proposal('first', { createdAt: NOW }), []);
    await proposals.create(proposal('second', { createdAt: NOW + 1 }), []);
    expect(await redis.zcard(keys.proposals)).toBe(500);
    expect(await redis.zrank(keys.proposals, 'old-2')).toBe(0);
    expect(await proposals.byNonce(proposal('first').nonce)).toBeDefined();
  });
});
