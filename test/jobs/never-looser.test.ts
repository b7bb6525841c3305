import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { refreshAccount } from '../../src/app/account/refresh-account.ts';
import { createScanner } from '../../src/app/scan/scan-market.ts';
import type { Ports } from '../../src/app/ports/ports.ts';
import { percent } from '../../src/domain/money/money.ts';
import { DAY, HOUR } from '../../src/domain/time.ts';
import { isTighter, type TradingMode } from '../../src/domain/trading-mode.ts';
import { defineJob, type JobContext, type JobDefinition } from '../../src/jobs/job.ts';
import { JOBS } from '../../src/jobs/list.ts';
import { approved, propose } from '../app/signals.ts';
import { openVigil, type Vigil } from '../app/vigil.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';

let redis: RealRedis;
let vigil: Vigil;
let context: JobContext;
/** Data for each job by its name: a new job needs a line here. */
let data: Readonly<Record<string, object>>;

beforeAll(async () => {
  redis = await openRedis();
  vigil = await openVigil({ redis, venue: { speed: 50 } });
  const { ports, wiring } = vigil;
  context = { ports, scanner: createScanner(ports), startScan: wiring.queues.startScan };
  const sent = await approved(ports, { symbol: 'ETHUSDT' });
  const shown = await propose(ports, { symbol: 'SOLUSDT' });
  await vigil.control('position', { symbol: 'BTCUSDT', side: 'long', notional: '500' });
  await refreshAccount(ports);
  const [first] = await ports.account.positions();
  await ports.trails.save({
    positionId: first?.id ?? '',
    symbol: first?.symbol ?? '',
    share: percent('1'),
    signedBy: 1,
    signedAt: ports.clock.now(),
  });
  const [held] = await ports.account.positions();
  const scan = { scan: 'one' };
  const request = { id: 'one', by: 1 };
  data = {
    account: {},
    risk: {},
    scan: {},
    'scan-fetch': scan,
    'scan-signal': scan,
    'scan-risk': scan,
    'scan-alert': scan,
    backtest: { id: 'one', preset: 'quick' },
    execute: { proposalId: sent.id },
    expire: { proposalId: shown.id },
    flatten: { ...request, closePositions: true, at: ports.clock.now() },
    protect: { ...request, positionId: held?.id, symbol: held?.symbol, stop: '70000' },
    manage: {
      ...request,
      positionId: held?.id,
      symbol: held?.symbol,
      change: { kind: 'levels', stop: '70000' },
      at: ports.clock.now(),
    },
    trail: {},
    reconcile: {},
    remind: {},
    'own-alerts': {},
    report: {},
    limits: {},
    policy: {},
  };
});
afterAll(async () => {
  await vigil.close();
  await redis.close();
});

/** A person's resume of whatever holds entries now. */
async function lift(ports: Ports): Promise<void> {
  const judged = (await ports.mode.read())?.reasons ?? [];
  await ports.mode.apply({ kind: 'resume', by: 1, at: ports.clock.now(), judged });
}

/** The stored mode is exactly this one, for a reason that no job makes. */
async function stand(mode: 'reduceOnly' | 'halted'): Promise<void> {
  const { ports } = vigil;
  const at = ports.clock.now();
  await lift(ports);
  const reason = { trigger: 'owner', evidence: 'the owner asked for it', at };
  await ports.mode.apply({ kind: 'tighten', to: mode, reason });
}

/** Runs each job once, each from the same mode, and names those after which it is looser or its reason is gone. */
async function looseners(
  jobs: readonly JobDefinition[],
  mode: 'reduceOnly' | 'halted',
): Promise<readonly string[]> {
  const found: string[] = [];
  let earlier: unknown;
  for (const job of jobs) {
    await stand(mode);
    const result = await job.run(context, job.schema.parse(data[job.name]), earlier);
    // As it travels between jobs.
    earlier = result === undefined ? earlier : JSON.parse(JSON.stringify(result));
    const after = await vigil.ports.mode.read();
    const now: TradingMode = after?.mode ?? 'normal';
    const reasons = after?.reasons.map((each) => each.trigger) ?? [];
    if (isTighter(mode, now) || !reasons.includes('owner')) found.push(`${job.name}: ${now}`);
  }
  return found;
}

describe.each(['reduceOnly', 'halted'] as const)('while the account is %s', (mode) => {
  it('no job lowers the mode, neither at once nor when a new day has begun', async () => {
    expect(await looseners(JOBS, mode)).toEqual([]);
    await vigil.leap(DAY + HOUR);
    expect(await looseners(JOBS, mode)).toEqual([]);
  });

  it('a job that did would be named', async () => {
    const planted = defineJob({
      name: 'reconcile',
      queue: 'upkeep',
      meaning: 'lifts what nobody lifted',
      schema: z.object({}),
      run: ({ ports }) => lift(ports),
    });
    const [account, ...others] = JOBS;
    if (account === undefined) return expect.fail('there are jobs');
    expect(others.length).toBeGreaterThan(10);
    const jobs = [account, planted] as readonly JobDefinition[];
    expect(await looseners(jobs, mode)).toEqual(['reconcile: normal']);
  });
});
