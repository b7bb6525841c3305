import { parseArgs } from 'node:util';
import type { OwnerPolicy } from '../src/backtest/overseer.ts';
import { PRESETS, type Preset } from '../src/backtest/presets.ts';

const STRATEGIES = ['conservative', 'band-reversion'] as const;
const OWNERS: readonly OwnerPolicy[] = ['resumes-daily', 'accepts-drawdown', 'never'];
const DATE = /^\d{4}-\d{2}-\d{2}$/;

export const USAGE = `npm run backtest -- --data DIR [options]

  --data DIR       folder of recorded candles, SYMBOL.csv.gz: time,open,high,low,close,volume
  --symbols A,B    only these; without it and without --preset every symbol of the folder
  --preset P       ${PRESETS.map(({ name }) => name).join(', ')}: exactly its symbols, days and money
  --strategy S     ${STRATEGIES.join(' or ')}; ${STRATEGIES[0]} when left out
  --from --to      first day and the day that ends it, such as 2022-06-30 (UTC)
  --equity USDT    money at the start
  --owner POLICY   who lifts an emergency stop: ${OWNERS.join(', ')}
  --seed N         of the random baselines; 1 when left out
  --json OUT       everything as JSON
  --png OUT        trades on candles beside equity with drawdown`;

/** What is wrong with the arguments or the data: shown without a stack trace. */
export class UsageError extends Error {}

/** The arguments of the backtest, checked. */
export interface Options {
  readonly data: string;
  readonly symbols: readonly string[] | undefined;
  readonly strategy: (typeof STRATEGIES)[number];
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly preset: Preset | undefined;
  readonly equity: number;
  readonly owner: OwnerPolicy;
  readonly seed: number;
  readonly json: string | undefined;
  readonly png: string | undefined;
}

const text = { type: 'string' } as const;
const KNOWN = {
  data: text,
  symbols: text,
  preset: text,
  strategy: text,
  from: text,
  to: text,
  json: text,
  png: text,
  equity: text,
  owner: text,
  seed: text,
  help: { type: 'boolean' },
} as const;

const parse = () => parseArgs({ options: KNOWN }).values;

function readValues(): ReturnType<typeof parse> {
  try {
    return parse();
  } catch (error) {
    const [problem] = error instanceof Error ? error.message.split('. ') : [];
    const names = Object.keys(KNOWN).map((name) => `--${name}`);
    throw new UsageError(`${problem ?? 'unreadable arguments'}; allowed: ${names.join(' ')}`);
  }
}

/** Reads the command line; `help`: nothing but the usage was asked for. Throws UsageError that names what is allowed. */
export function readOptions(): Options | 'help' {
  const values = readValues();
  if (values.help === true) return 'help';
  const { data = '', symbols, preset: presetName, json, png } = values;
  if (data === '')
    throw new UsageError('--data DIR is missing: the folder of recorded candles (*.csv.gz)');
  if (symbols !== undefined && presetName !== undefined) {
    throw new UsageError('--symbols and --preset exclude each other: give one of them');
  }
  const preset = PRESETS.find(({ name }) => name === presetName);
  if (presetName !== undefined && preset === undefined) {
    throw new UsageError(
      wrong(
        'preset',
        presetName,
        PRESETS.map(({ name }) => name),
      ),
    );
  }
  const wanted = symbols === undefined ? undefined : symbolsOf(symbols);
  return {
    data,
    symbols: preset?.symbols ?? wanted,
    strategy: oneOf('strategy', values.strategy ?? 'conservative', STRATEGIES),
    from: dateOf('from', values.from),
    to: dateOf('to', values.to),
    preset,
    equity: amountOf('equity', values.equity, preset?.equity ?? 10_000),
    owner: oneOf('owner', values.owner ?? 'resumes-daily', OWNERS),
    seed: amountOf('seed', values.seed, 1),
    json,
    png,
  };
}

function symbolsOf(given: string): readonly string[] {
  const names = given.split(',').map((each) => each.trim().toUpperCase());
  const unique = [...new Set(names.filter((each) => each !== ''))];
  if (unique.length > 0) return unique;
  throw new UsageError(`--symbols "${given}" names no symbol; write BTCUSDT,ETHUSDT`);
}

const wrong = (name: string, given: string, allowed: readonly string[]): string =>
  `--${name} "${given}" is not known; allowed: ${allowed.join(', ')}`;

function oneOf<T extends string>(name: string, given: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === given);
  if (found === undefined) throw new UsageError(wrong(name, given, allowed));
  return found;
}

function dateOf(name: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const at = DATE.test(given) ? Date.parse(`${given}T00:00:00Z`) : NaN;
  // 2022-02-31 is read as 3 March: what comes back must be what was asked for.
  const real = !Number.isNaN(at) && new Date(at).toISOString().startsWith(given);
  if (!real) throw new UsageError(`--${name} "${given}" is no date; write 2022-06-30`);
  return at;
}

function amountOf(name: string, given: string | undefined, usual: number): number {
  const amount = given === undefined ? usual : Number(given);
  if (Number.isFinite(amount) && amount > 0) return amount;
  throw new UsageError(`--${name} "${given}" is no number above 0`);
}
