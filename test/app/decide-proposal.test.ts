import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { approve, expire, offerApproval, reject } from '../../src/app/approval/decide-proposal.ts';
import { reconcile } from '../../src/app/approval/reconcile.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import { MINUTE } from '../../src/domain/time.ts';
import { grouped, toText } from '../../src/domain/money/money.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
import { failing } from './failing.ts';
import { propose, shown } from './signals.ts';
import { openVigil, type Vigil } from './vigil.ts';

let redis: RealRedis;
let vigil: Vigil;
let ports: Ports;

beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil.close());

async function open(): Promise<void> {
  vigil = await openVigil({ redis });
  ({ ports } = vigil);
}
const jobNames = async (): Promise<string[]> =>
  (await vigil.jobs('orders')).map((each) => each.id ?? '');

describe('an offer', () => {
  it('is the plan of now with the price of now, and changes nothing', async () => {
    await open();
    const proposal = await propose(ports);
    const offer = await offerApproval(ports, proposal.nonce);
    if (offer.kind !== 'ready') throw new Error(JSON.stringify(offer.kind));
    const { low, high } = proposal.band;
    const { entry } = offer.proposal.plan;
    expect(entry >= low && entry <= high).toBe(true);
    expect((await ports.proposals.byId(proposal.id))?.status).toBe('pending');
    expect(await jobNames()).toEqual([]);
  });

  it('for an unknown button is gone', async () => {
    await open();
    expect(await offerApproval(ports, 'AAAAAAAAAAAAAAAAAAAAAA')).toMatchObject({
      kind: 'gone',
      reason: expect.stringContaining('expired') as string,
    });
  });

  it('is refused in watch mode', async () => {
    await open();
    const proposal = await propose(ports);
    const { trading: _none, ...watching } = ports;
    expect(await offerApproval(watching, proposal.nonce)).toMatchObject({
      kind: 'refused',
      reasons: [expect.stringContaining('watch mode')],
    });
  });

  it('is refused with the prices when the price has left the band', async () => {
    await open();
    const proposal = await propose(ports);
    await vigil.control('price', { symbol: 'ETHUSDT', percent: 1.5 });
    const offer = await offerApproval(ports, proposal.nonce);
    if (offer.kind !== 'refused') throw new Error(offer.kind);
    const moved = offer.reasons.find((each) => each.startsWith('The price has moved to'));
    const { low, high } = proposal.band;
    expect(moved).toContain(`${grouped(toText(low))} to ${grouped(toText(high))}`);
    const listed = await ports.market.instruments();
    const { tick = 1n } = listed.find((each) => each.symbol === proposal.signal.symbol) ?? {};
    expect([low % tick, high % tick]).toEqual([0n, 0n]);
  });

  it.each([
    ['mode', 'trading mode', (): Partial<Ports> => ({ mode: failing(ports.mode, 'read') })],
    ['prices', 'mark price', (): Partial<Ports> => ({ market: failing(ports.market, 'tickers') })],
    [
      'account',
      'the account',
      (): Partial<Ports> => ({ account: failing(ports.account, 'account') }),
    ],
    ['tiers', 'risk tiers', (): Partial<Ports> => ({ market: failing(ports.market, 'riskTiers') })],
    [
      'rules',
      'trading rules',
      (): Partial<Ports> => ({ market: failing(ports.market, 'instruments') }),
    ],
    [
      'risk state',
      'high-water mark',
      (): Partial<Ports> => ({ accounts: failing(ports.accounts, 'riskState') }),
    ],
  ])('is refused by name while the %s cannot be read', async (_what, name, broken) => {
    await open();
    const proposal = await propose(ports);
    const offer = await offerApproval({ ...ports, ...broken() }, proposal.nonce);
    if (offer.kind !== 'refused') throw new Error(offer.kind);
    expect(offer.reasons.join(' ')).toContain(name);
  });

  it('does not come through when entries on their way cannot be known', async () => {
    await open();
    const proposal = await propose(ports);
    const proposals = failing(ports.proposals, 'recent');
    const blind = { ...ports, proposals };
    expect(await offerApproval(blind, proposal.nonce)).toMatchObject({
      kind: 'refused',
      reasons: ['Cannot judge this entry: the entries on their way could not be read.'],
    });
  });
});

describe('an approval', () => {
  it('counts once and asks for one job', async () => {
    await open();
    const proposal = await propose(ports);
    const { id } = proposal;
    const tap = { ...(await shown(ports, proposal)), by: 1 };
    const taps = await Promise.all([approve(ports, tap), approve(ports, tap)]);
    expect(taps.map((each) => each.kind).toSorted()).toEqual(['approved', 'gone']);
    const third = await approve(ports, tap);
    expect(third).toMatchObject({
      kind: 'gone',
      reason: expect.stringContaining('already approved') as string,
    });
    expect(await jobNames()).toEqual([`execute-${id}`]);
    expect(await ports.proposals.byId(id)).toMatchObject({ status: 'approved', decidedBy: 1 });
    // Where nothing can be read after a restart it is tried for as long as the approval counts.
    const [job] = await vigil.jobs('orders');
    const { attempts = 0, backoff } = job?.opts ?? {};
    expect(backoff).toEqual({ type: 'fixed', delay: 2_000 });
    expect(attempts - 1).toBe(30);
  });

  it('under an older card orders nothing and says that a newer one was shown', async () => {
    await open();
    const { id, nonce } = await propose(ports);
    const cards: string[] = [];
    for (let n = 0; n < 2; n += 1) {
      const offer = await offerApproval(ports, nonce);
      if (offer.kind !== 'ready') throw new Error(offer.kind);
      cards.push(offer.card);
    }
    const [older = '', newer = ''] = cards;
    expect(newer).not.toBe(older);
    expect(await approve(ports, { nonce, card: older, by: 1 })).toMatchObject({
      kind: 'gone',
      reason: expect.stringContaining('You have a newer confirmation') as string,
    });
    expect(await jobNames()).toEqual([]);
    expect((await ports.proposals.byId(id))?.status).toBe('pending');
    expect((await approve(ports, { nonce, card: newer, by: 1 })).kind).toBe('approved');
  });

  it('after the deadline is too late, also when the deadline job has not run', async () => {
    await open();
    const proposal = await propose(ports);
    const { id, nonce } = proposal;
    const tap = { ...(await shown(ports, proposal)), by: 1 };
    await vigil.leap(21 * MINUTE);
    expect(await offerApproval(ports, nonce)).toMatchObject({ kind: 'gone' });
    expect(await approve(ports, tap)).toMatchObject({
      kind: 'gone',
      reason: expect.stringContaining('Too late') as string,
    });
    expect((await ports.proposals.byId(id))?.status).toBe('pending');
    expect(await jobNames()).toEqual([]);
  });

  it.each([
    ['rejected', 'was rejected'],
    ['expired', 'Too late'],
    ['superseded', 'newer signal'],
  ] as const)('of a %s signal is gone with the reason', async (status, reason) => {
    await open();
    const proposal = await propose(ports);
    const { id } = proposal;
    const tap = { ...(await shown(ports, proposal)), by: 1 };
    const at = ports.clock.now();
    const events = {
      rejected: { kind: 'reject', by: 1, at },
      expired: { kind: 'expire', at },
      superseded: { kind: 'supersede', at },
    } as const;
    await ports.proposals.apply(id, events[status]);
    for (const decide of [approve, reject]) {
      expect(await decide(ports, tap)).toMatchObject({
        kind: 'gone',
        reason: expect.stringContaining(reason) as string,
      });
    }
    expect(await jobNames()).toEqual([]);
  });

  it('with an unknown button is gone', async () => {
    await open();
    expect((await approve(ports, { nonce: 'x', card: 'x', by: 1 })).kind).toBe('gone');
    expect((await reject(ports, { nonce: 'x', by: 1 })).kind).toBe('gone');
  });

  it('is told as recorded when its job could not be made: the reconciler makes it', async () => {
    await open();
    const tap = { ...(await shown(ports, await propose(ports))), by: 1 };
    const work = failing(ports.work, 'execute');
    expect((await approve({ ...ports, work }, tap)).kind).toBe('approved');
  });
});

describe('a rejection', () => {
  it('counts once and edits the card', async () => {
    await open();
    const proposal = await propose(ports);
    const { id, nonce } = proposal;
    const tap = { ...(await shown(ports, proposal)), by: 1 };
    expect((await reject(ports, { nonce, by: 1 })).kind).toBe('rejected');
    expect((await reject(ports, { nonce, by: 1 })).kind).toBe('gone');
    expect(await vigil.alerts()).toMatchObject([
      { key: `signal:${id}`, title: 'Rejected: ETHUSDT long', lines: ['Nothing was ordered.'] },
    ]);
    expect((await approve(ports, tap)).kind).toBe('gone');
  });
});

describe('the deadline', () => {
  it('ends a pending signal and edits its card', async () => {
    await open();
    const { id, deadline, createdAt } = await propose(ports);
    await vigil.leap(deadline - createdAt);
    await expire(ports, id);
    expect((await ports.proposals.byId(id))?.status).toBe('expired');
    const [card] = await vigil.alerts();
    expect(card?.title).toBe('Expired: ETHUSDT long');
    expect(card?.buttons).toBeUndefined();
  });

  it('is not the end of a signal that can still be answered, because the clock was slowed: the reconciler ends it', async () => {
    await open();
    const { id, deadline, createdAt } = await propose(ports);
    await vigil.leap((deadline - createdAt) / 2);
    await expire(ports, id);
    await reconcile(ports);
    expect((await ports.proposals.byId(id))?.status).toBe('pending');
    await vigil.leap(deadline - ports.clock.now() + 1);
    await reconcile(ports);
    expect((await ports.proposals.byId(id))?.status).toBe('expired');
  });

  it('leaves a decided signal alone', async () => {
    await open();
    const proposal = await propose(ports);
    const { id } = proposal;
    await approve(ports, { ...(await shown(ports, proposal)), by: 1 });
    await expire(ports, id);
    await expire(ports, 'nobody');
    expect((await ports.proposals.byId(id))?.status).toBe('approved');
  });

  it('is a job for the moment at which the signal ends', async () => {
    await open();
    const { id, createdAt, deadline } = await propose(ports);
    const [job] = await vigil.jobs('upkeep');
    expect(job?.id).toBe(`expire-${id}`);
    expect(job?.opts.delay).toBe((deadline - createdAt) / ports.clock.speed);
  });
});
