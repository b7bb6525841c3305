import { afterAll, beforeAll, expect, it } from 'vitest';
import { foundSchema } from '../../src/jobs/queues/scan-payload.ts';
import { storeKeys } from '../../src/store/keys.ts';
import { openRedis, type RealRedis } from './real-redis.ts';
import { proposal } from './samples.ts';

/** What the version before signals named their strategy has stored, as text. */
const withoutStrategy = (text: string): string => {
  const older = text.replaceAll('"strategy":"agreement",', '');
  if (older === text) throw new Error('nothing was stored');
  return older;
};
const AT = 1_760_122_800_000;
const ID = `ETHUSDT-long-${AT}`;
const plain = { id: ID, symbol: 'ETHUSDT', side: 'long', score: 80, rewardRisk: 2, closedAt: AT };
const record = { ...plain, counted: true, repeats: 0 } as const;

let redis: RealRedis;
beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());

it('an old card is found by its button and decided as before', async () => {
  const { proposals, redis: raw } = redis.store('older-cards');
  const keys = storeKeys('older-cards');
  await proposals.create(proposal(ID), []);
  const key = keys.proposal(ID);
  await raw.set(key, withoutStrategy((await raw.get(key)) ?? ''));
  const found = await proposals.byNonce(proposal(ID).nonce);
  expect(found).toEqual(proposal(ID));
  const next = await proposals.apply(ID, { kind: 'reject', by: 1, at: AT });
  expect(next).toMatchObject({ id: ID, status: 'rejected', signal: { strategy: 'agreement' } });
});

it('old signals in the ledger and the scan report are those of the strategy that there was', async () => {
  const { ledger, scans, redis: raw } = redis.store('older-signals');
  const keys = storeKeys('older-signals');
  const open = { ...record, fate: 'refused', stop: 98, target: 106, seenTo: AT };
  const ended = { ...record, fate: 'rejected', end: 'no entry', endedAt: AT };
  await raw.hset(keys.ledgerOpen, 'ETHUSDT', JSON.stringify([open]));
  await raw.hset(keys.ledgerFinished, ID, JSON.stringify(ended));
  expect(await ledger.open()).toEqual([{ ...open, strategy: 'agreement' }]);
  expect(await ledger.finished()).toEqual([{ ...ended, strategy: 'agreement' }]);
  const entry = { signal: proposal(ID).signal, fate: 'proposed', refusals: [] } as const;
  const report = { at: AT, candleClosedAt: AT, universe: 1, scored: [], unscored: [] };
  await scans.save({ ...report, signals: 1, found: [entry] });
  await raw.set(keys.scan, withoutStrategy((await raw.get(keys.scan)) ?? ''));
  expect((await scans.latest())?.found).toEqual([entry]);
});

it('a scan job that the older version left goes on', () => {
  const { strategy: _none, ...signal } = proposal(ID).signal;
  const job = { candleOpenTime: AT, universe: 1, scored: [], unscored: [] };
  const prices = { entry: '100', stop: '98', target: '106' };
  const { signals } = foundSchema.parse({ ...job, signals: [{ ...signal, ...prices }] });
  expect(signals).toEqual([proposal(ID).signal]);
});
