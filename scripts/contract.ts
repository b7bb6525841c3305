/**
 * Runs the contract's cases against the simulated exchange and, with --live, against the real one, and says where they differ.
 *
 *   npm run contract                        the simulated exchange alone
 *   npm run contract -- --live              public cases, and with BITUNIX_API_KEY and BITUNIX_SECRET_KEY the account read-only
 *   npm run contract -- --live --with-orders  also opens and closes positions of about 12 USDT with real money
 */
import { parseArgs } from 'node:util';
import type { Log } from '../src/app/ports.ts';
import { createBitunix } from '../src/exchange/bitunix.ts';
import { ACCOUNT_CASES } from '../test/contract/account-cases.ts';
import type { ContractCase, Target } from '../test/contract/contract-case.ts';
import { ORDER_CASES } from '../test/contract/order-cases.ts';
import { PUBLIC_CASES } from '../test/contract/public-cases.ts';
import { runCases, type CaseResult } from '../test/contract/run-cases.ts';
import { venueTarget } from '../test/contract/venue-target.ts';

const { values: options } = parseArgs({
  options: {
    live: { type: 'boolean', default: false },
    'with-orders': { type: 'boolean', default: false },
    url: { type: 'string', default: 'https://fapi.bitunix.com' },
    symbol: { type: 'string', default: 'BTCUSDT' },
  },
});

const print = (line: string): void => void process.stdout.write(`${line}\n`);

function show(results: readonly CaseResult[]): void {
  for (const { id, holds, ok, detail } of results) {
    print(
      `  ${ok ? 'holds ' : 'BROKEN'} ${id}: ${ok ? `${holds} [${detail}]` : `${holds}. But: ${detail}`}`,
    );
  }
}

async function simulated(cases: readonly ContractCase[]): Promise<CaseResult[]> {
  const target = await venueTarget();
  try {
    return await runCases(cases, target);
  } finally {
    await target.close();
  }
}

/** Warnings are part of what a run against the real exchange should tell. */
const log: Log = {
  info: () => undefined,
  warn: (message, fields) => print(`  note: ${message} ${JSON.stringify(fields ?? {})}`),
  error: (message, fields) => print(`  error: ${message} ${JSON.stringify(fields ?? {})}`),
};

async function live(): Promise<{ results: CaseResult[]; cases: ContractCase[] } | undefined> {
  const { BITUNIX_API_KEY: apiKey, BITUNIX_SECRET_KEY: secretKey } = process.env;
  const keyed =
    apiKey !== undefined && apiKey !== '' && secretKey !== undefined && secretKey !== '';
  const orders = keyed && options['with-orders'];
  if (!keyed) print('No BITUNIX_API_KEY and BITUNIX_SECRET_KEY: public cases only.');
  const cases = [...PUBLIC_CASES, ...(orders ? ORDER_CASES : []), ...(keyed ? ACCOUNT_CASES : [])];
  const bitunix = createBitunix({
    url: options.url,
    ...(keyed ? { apiKey, secretKey } : {}),
    clock: { now: () => Date.now(), speed: 1 },
    log,
    trading: orders,
  });
  const target: Target = { bitunix, now: () => Date.now(), symbol: options.symbol };
  try {
    const reachable = await bitunix.market.tickers().then(
      () => true,
      (error: unknown) => {
        print(
          `${options.url} cannot be used: ${error instanceof Error ? error.message : 'unknown'}`,
        );
        return false;
      },
    );
    return reachable ? { results: await runCases(cases, target), cases } : undefined;
  } finally {
    await bitunix.close();
  }
}

function showDifferences(real: readonly CaseResult[], simulation: readonly CaseResult[]): void {
  const byId = new Map(simulation.map((each) => [each.id, each]));
  const different = real.filter((each) => {
    const other = byId.get(each.id);
    return other !== undefined && (other.ok !== each.ok || other.detail !== each.detail);
  });
  print(different.length === 0 ? '\nBoth exchanges agree.' : '\nWhere they differ:');
  for (const { id, detail } of different) {
    print(`  ${id}\n    real:      ${detail}\n    simulated: ${byId.get(id)?.detail ?? ''}`);
  }
}

async function main(): Promise<number> {
  if (!options.live) {
    print('Simulated exchange:');
    const results = await simulated([...PUBLIC_CASES, ...ORDER_CASES, ...ACCOUNT_CASES]);
    show(results);
    return results.every((each) => each.ok) ? 0 : 1;
  }
  print(`Real exchange, ${options.url}:`);
  const real = await live();
  if (real === undefined) return 2;
  show(real.results);
  print('\nSimulated exchange:');
  const simulation = await simulated(real.cases);
  show(simulation);
  showDifferences(real.results, simulation);
  return [...real.results, ...simulation].every((each) => each.ok) ? 0 : 1;
}

process.exitCode = await main();
