import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { executeProposal } from '../../src/app/approval/execute-proposal.ts';
import { createScanner } from '../../src/app/scan/scan-market.ts';
import { eventually, openRedis, type RealRedis } from '../store/real-redis.ts';
import { confirm, propose } from './signals.ts';
import { openVigil, START, type Vigil } from './vigil.ts';

/** Candles that a sweep asks for in a second. */
const A_SECOND = 8;

let redis: RealRedis;
let vigil: Vigil;
beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.close());
afterEach(() => vigil.close());

it("carries out an approval at the exchange's own pace and within its limits long before the candles of all contracts are read", async () => {
  let candles = 0;
  vigil = await openVigil({
    redis,
    venue: {
      speed: 1,
      rateLimits: true,
      market: { kind: 'generated', seed: 7, symbols: 60, from: START },
    },
    over: (real) => ({
      // Deadlines leave a busy machine its time; requests go at the pace of the exchange's clock.
      clock: { now: () => real.clock.now(), speed: 10 },
      market: {
        ...real.market,
        candles: async (query) => {
          const found = await real.market.candles(query);
          candles += 1;
          return found;
        },
      },
    }),
  });
  const { ports } = vigil;
  await refreshAccount(ports);
  let isSwept = false;
  void createScanner(ports)
    .fetch()
    .then(
      () => (isSwept = true),
      () => undefined,
    );
  await eventually('the first second of the sweep', () => candles >= A_SECOND);
  const proposal = await propose(ports);
  await confirm(ports, proposal);
  await executeProposal(ports, proposal.id);
  await ports.market.tickers();
  await refreshAccount(ports);
  expect((await ports.proposals.byId(proposal.id))?.status).toBe('done');
  expect(isSwept).toBe(false);
  // Some 35 on a machine that is idle, of 240.
  expect(candles).toBeLessThan(12 * A_SECOND);
});
