/**
 * Runs the contract's cases against the simulated exchange and, with --live, against the real one, and says where they differ.
 *
 *   npm run contract                        the simulated exchange alone
 *   npm run contract -- --live              public cases, and with BITUNIX_API_KEY and BITUNIX_SECRET_KEY the account read-only
 *   npm run contract -- --live --with-orders  also opens and closes positions of about 12 USDT with real money
 *
 * Ends with 0 when every case holds, 1 when one is broken, 2 when nothing could be run.
 */
import type { Log } from '../src/app/ports/log.ts';
import { messageOf } from '../src/app/reading/reading.ts';
import { createBitunix } from '../src/exchange/bitunix/bitunix.ts';
import { ADDRESS, TEXT } from '../src/process/option-kinds.ts';
import { createCommand, runCommand, type ValuesOf } from '../src/process/options.ts';
import { ACCOUNT_CASES } from '../test/contract/account-cases.ts';
import type { ContractCase, Target } from '../test/contract/contract-case.ts';
import { ORDER_CASES } from '../test/contract/order-cases.ts';
import { PUBLIC_CASES } from '../test/contract/public-cases.ts';
import { runCases, type CaseResult } from '../test/contract/run-cases.ts';
import { ACCOUNT_STREAM_CASES, STREAM_CASES } from '../test/contract/stream-cases.ts';
import { venueTarget } from '../test/contract/venue-target.ts';
import { countText } from '../src/domain/words/words.ts';

const COMMAND = createCommand({
  run: 'npm run contract',
  options: {
    live: { meaning: 'against the real exchange; without it against the simulated one' },
    'with-orders': { meaning: 'with --live: also opens and closes positions, with real money' },
    url: {
      takes: 'ADDRESS',
      meaning: 'another address of the exchange',
      kind: ADDRESS,
      usual: 'https://fapi.bitunix.com',
    },
    symbol: {
      takes: 'NAME',
      meaning: 'the contract that the cases use',
      kind: TEXT,
      usual: 'BTCUSDT',
    },
  },
});

type Options = ValuesOf<typeof COMMAND>;

/** 1 would say that a case is broken. */
const NOTHING_RUN = 2;

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const OPEN_CASES = [...PUBLIC_CASES, ...STREAM_CASES];
const KEYED_CASES = [...ACCOUNT_CASES, ...ACCOUNT_STREAM_CASES];

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

/** Warnings are part of what a run against the real exchange should tell: unknown words, rows left out, streams lost. */
const log: Log = {
  info: () => undefined,
  warn: (message, fields) => print(`  note: ${message} ${JSON.stringify(fields ?? {})}`),
  error: (message, fields) => print(`  error: ${message} ${JSON.stringify(fields ?? {})}`),
};

function keysFrom(env: NodeJS.ProcessEnv): { apiKey: string; secretKey: string } | undefined {
  const { BITUNIX_API_KEY: apiKey = '', BITUNIX_SECRET_KEY: secretKey = '' } = env;
  return apiKey === '' || secretKey === '' ? undefined : { apiKey, secretKey };
}

/** What can be run with these keys, and a word on what cannot. */
function casesFor(options: Options, keyed: boolean): readonly ContractCase[] {
  if (!keyed) {
    const orders = options['with-orders'] ? ' Orders are left out too.' : '';
    print(`  BITUNIX_API_KEY and BITUNIX_SECRET_KEY are not set: public cases only.${orders}`);
    return OPEN_CASES;
  }
  if (!options['with-orders']) {
    print('  Reading only. With --with-orders about 12 USDT are traded too, with real money.');
    return [...OPEN_CASES, ...KEYED_CASES];
  }
  return [...OPEN_CASES, ...ORDER_CASES, ...KEYED_CASES];
}

async function live(
  options: Options,
): Promise<{ results: CaseResult[]; cases: readonly ContractCase[] } | undefined> {
  const keys = keysFrom(process.env);
  const cases = casesFor(options, keys !== undefined);
  const bitunix = createBitunix({
    url: options.url,
    ...keys,
    clock: { now: () => Date.now(), speed: 1 },
    log,
    trading: keys !== undefined && options['with-orders'],
  });
  const target: Target = { bitunix, now: () => Date.now(), symbol: options.symbol };
  try {
    const refused = await bitunix.market.tickers().then(() => undefined, messageOf);
    if (refused === undefined) return { results: await runCases(cases, target), cases };
    print(`  ${options.url} cannot be used: ${refused}.`);
    print('  Nothing was compared. Without --live the cases run against the simulated exchange.');
    return undefined;
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

const summary = (results: readonly CaseResult[]): string => {
  const broken = results.filter((each) => !each.ok).length;
  return `${results.length - broken} of ${countText(results.length, 'case holds', 'cases hold')}.`;
};

async function run(options: Options): Promise<number> {
  if (options['with-orders'] && !options.live) throw COMMAND.wrong('--with-orders needs --live.');
  if (!options.live) {
    print('Simulated exchange:');
    const results = await simulated([...OPEN_CASES, ...ORDER_CASES, ...KEYED_CASES]);
    show(results);
    print(summary(results));
    return results.every((each) => each.ok) ? 0 : 1;
  }
  print(`Real exchange, ${options.url}:`);
  const real = await live(options);
  if (real === undefined) return NOTHING_RUN;
  show(real.results);
  print(summary(real.results));
  print('\nSimulated exchange:');
  const simulation = await simulated(real.cases);
  show(simulation);
  print(summary(simulation));
  showDifferences(real.results, simulation);
  return [...real.results, ...simulation].every((each) => each.ok) ? 0 : 1;
}

process.exitCode = await runCommand(COMMAND, run, NOTHING_RUN);
