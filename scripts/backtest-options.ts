import { parseArgs } from 'node:util';
import type { OwnerPolicy } from '../src/backtest/overseer.ts';
import { PRESETS, type Preset } from '../src/backtest/presets.ts';

const STRATEGIES = ['conservative', 'band-reversion'] as const;
const OWNERS: readonly OwnerPolicy[] = ['resumes-daily', 'accepts-drawdown', 'never'];
const DATE = /^\d{4}-\d{2}-\d{2}$/;

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

/** Reads the command line. Throws UsageError that names what is allowed. */
export function readOptions(): Options {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
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
    },
  });
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
  const wanted = symbols?.split(',').map((each) => each.trim().toUpperCase());
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
  if (Number.isNaN(at)) throw new UsageError(`--${name} "${given}" is no date; write 2022-06-30`);
  return at;
}

function amountOf(name: string, given: string | undefined, usual: number): number {
  const amount = given === undefined ? usual : Number(given);
  if (Number.isFinite(amount) && amount > 0) return amount;
  throw new UsageError(`--${name} "${given}" is no number above 0`);
}
