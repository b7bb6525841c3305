import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { brokenPromises, type Ending } from '../../scripts/sim/promises.ts';
import { nodeArgs } from '../programs.ts';
import { qty } from '../../src/domain/money/money.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

function sim(...args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [...nodeArgs('scripts/sim.ts'), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  }
  return new Promise((resolve) => child.once('exit', (code) => resolve({ code, output })));
}

describe('npm run sim', () => {
  it('breaks no promise in 16 seeded runs with faults and crashes', async () => {
    const { code, output } = await sim('--seed', '1', '--runs', '16');
    expect(output).toMatch(/^16 runs from seed 1 .* 0 broken\.$/m);
    // Runs in which nothing was carried out would keep every promise.
    expect(Number(/(\d+) done/.exec(output)?.[1])).toBeGreaterThan(3);
    expect(code).toBe(0);
  });

  it('names the option that is wrong and what is allowed', async () => {
    const { code, output } = await sim('--runs', 'many');
    expect(output).toContain('--runs is "many"; it must be a whole number above 0');
    expect(code).toBe(1);
  });
});

describe('the promises', () => {
  const order = { clientId: 'vg1', status: 'FILLED', qty: '2', tradeQty: '2' };
  const well = {
    proposal: { clientId: 'vg1', status: 'done', outcome: 'open', plan: { qty: qty('2') } },
    truth: {
      positions: [{ symbol: 'ETHUSDT', qty: '2' }],
      closedPositions: [],
      orders: [],
      orderHistory: [order],
      tpsl: [{ slPrice: '90' }],
    },
    watched: {
      positions: [{ symbol: 'ETHUSDT', qty: qty('2') }],
      protections: [{}],
      openOrders: [],
    },
    alerts: [],
    wasUnknown: false,
    steps: ['enter'],
  } as unknown as Ending;
  const truth = (over: Partial<Ending['truth']>): Ending => ({
    ...well,
    truth: { ...well.truth, ...over },
  });
  const ended = (over: Partial<Ending['proposal']>): Ending => ({
    ...well,
    proposal: { ...well.proposal, ...over },
  });

  const flattened = (step: string): Ending => ({
    ...well,
    steps: [step],
    alerts: [
      { key: `flatten:sim-${step}`, title: 'Done: all of it' },
    ] as unknown as Ending['alerts'],
  });
  const watching = (over: Partial<NonNullable<Ending['watched']>>): Ending =>
    ({ ...well, watched: { ...well.watched, ...over } }) as Ending;
  const resting = truth({ orders: [{ ...order, clientId: 'other' }] });

  it.each<readonly [string, Ending]>([
    ['the entry was placed 2 times', truth({ orderHistory: [order, order] })],
    ['an order still rests', truth({ orders: [{ ...order, clientId: 'other' }] })],
    ['the position of 4 is larger', truth({ positions: [{ symbol: 'ETHUSDT', qty: '4' }] })],
    ['the position has no stop', truth({ tpsl: [] })],
    ['called done and nothing was filled', truth({ orderHistory: [] })],
    ['called refused', ended({ status: 'refused' })],
    ['ends as unknown', ended({ status: 'unknown' })],
    ['what is unknown was not told', { ...well, wasUnknown: true }],
    ['nobody says what became of closing', { ...well, steps: ['close'] }],
    ['nobody says what became of cancelling', { ...well, steps: ['cancel'] }],
    ['closing is called done and a position is open', flattened('close')],
    [
      'cancelling is called done and an order rests',
      { ...flattened('cancel'), truth: resting.truth },
    ],
    ['Vigil sees "" where "ETHUSDT 2" is open', watching({ positions: [] })],
    ['Vigil sees 0 stops of 1', watching({ protections: [] })],
    ['Vigil sees 1 orders of 0', watching({ openOrders: [{}] as never })],
  ])('are broken when %s', (sentence, ending) => {
    expect(brokenPromises(well)).toEqual([]);
    expect(brokenPromises(ending).join('; ')).toContain(sentence);
  });
});
