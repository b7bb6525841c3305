import { afterAll, beforeAll, expect, it } from 'vitest';
import { askBacktest } from '../../src/app/views/ask-backtest.ts';
import { runPresetBacktest } from '../../src/app/views/preset-backtest.ts';
import type { BacktestState } from '../../src/app/ports/backtests.ts';
import { openRedis, type RealRedis } from '../store/real-redis.ts';
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

it("runs a preset on the venue's candles, names what is missing, and tells how far it is", async () => {
  const { ports } = vigil;
  const queue = ports.backtests;
  if (queue === undefined) throw new Error('no queue');
  const states: BacktestState[] = [];
  const watched = {
    ...ports,
    backtests: {
      ...queue,
      save: async (id: string, state: BacktestState) => {
        states.push(state);
        await queue.save(id, state);
      },
    },
  };
  await runPresetBacktest(watched, { id: 'one', preset: 'diversified' });
  expect(states[0]).toEqual({ kind: 'running', text: 'Reading candles: BTCUSDT, 1 of 7' });
  const last = states.at(-1);
  if (last?.kind !== 'done') throw new Error(JSON.stringify(last));
  expect(await queue.read('one')).toEqual(last);
  expect(last.lines.join('\n')).toContain('Left out: MANAUSDT: not listed here.');
  expect(last.lines.join('\n')).toMatch(/21 days\nTrades: \d+; /);
  expect(last.lines).toContain("Funding: as the exchange's history has it");
  // One point at the start, one for each hour, one at the end.
  expect(last.equity.length).toBe(21 * 24 + 2);
  expect(last.equity[0]?.equity).toBe(2000);
});

it('asks for one job, and refuses what it does not know', async () => {
  const answer = await askBacktest(vigil.ports, 'Quick');
  expect(answer).toMatchObject({ kind: 'asked', preset: 'quick' });
  const jobs = await vigil.jobs('backtests');
  expect(jobs.map(({ name, data }) => [name, data])).toEqual([
    ['backtest', { id: answer.kind === 'asked' ? answer.id : '', preset: 'quick' }],
  ]);
  await runPresetBacktest(vigil.ports, { id: 'two', preset: 'x' });
  expect(await vigil.ports.backtests?.read('two')).toEqual({
    kind: 'failed',
    reason: 'no preset is called "x"',
  });
});

it('remembers which message owes a result until it was shown', async () => {
  const queue = vigil.ports.backtests;
  const message = { id: 'a', preset: 'quick', chatId: 7, messageId: 8, askedAt: 9 };
  await queue?.addPending(message);
  await queue?.addPending({ ...message, id: 'b' });
  await queue?.reported('b');
  await queue?.reported('never asked for');
  expect(await queue?.pending()).toEqual([message]);
});
