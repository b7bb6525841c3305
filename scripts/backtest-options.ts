import { parseArgs } from 'node:util';
import type { OwnerPolicy } from '../src/backtest/account/risk-supervisor.ts';
import { STRATEGIES, strategyNamed } from '../src/signals/strategies/list.ts';
import type { Strategy } from '../src/signals/strategy.ts';
import { PRESETS, type Preset } from '../src/backtest/study/presets.ts';

const OWNERS: readonly OwnerPolicy[] = ['resumes-daily', 'accepts-drawdown', 'never'];
const DATE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}Z)?$/;

const strategyHelp = ({ name, interval, about, isReference }: Strategy): string =>
  `                   ${name}: ${isReference === true ? 'the rule by which engines are compared, on candles of any length, gaps and jumps used' : `on candles of ${interval}`}.
                     ${about}`;

export const USAGE = `npm run backtest -- --data DIR [options]

  --data DIR       folder of recorded candles: SYMBOL.csv with time,open,high,low,close,volume (any order), as .csv.gz too, and the
                   files of Binance, CryptoDataDownload, TradingView and freqtrade as they come. Several files of a symbol are
                   joined; rows may come in any order. How each was understood is said. What cannot be told is refused
                   by name: times off the hour, two lengths, rows of one time that differ. Rows that cannot be read, contradict
                   themselves, repeat a time or lie alone far from the others are left out and named
  --symbols A,B    only these; without it and without --preset every symbol of the folder
  --preset P       ${PRESETS.map(({ name }) => name).join(', ')}: exactly its symbols, days and money
  --strategy S     which signals; ${STRATEGIES[0].name} when left out. Shorter candles than it needs are put together
${STRATEGIES.map(strategyHelp).join('\n')}
  --from --to      first moment and the one that ends it (UTC), such as 2022-06-30 or 2022-06-30T12:00Z: entries and exits lie
                   between them, indicators know the candles before
  --equity USDT    money at the start; of the preset, else 10000
  --owner POLICY   what you would do when the emergency stop has tripped: ${OWNERS[0]} (when left out; ends at the drawdown
                   limit), ${OWNERS[1]} (lifts that too), ${OWNERS[2]} (lifts nothing)
  --seed N         of the random baselines and samples; 1 when left out
  --json OUT       trades, metrics and all that follows, as JSON; a figure without a meaning is null and says why. Where no
                   symbol can be run it holds no trade and the reason, and the exit code is 2
  --png OUT        equity with drawdown, and trades on candles

What it tells, besides the account with every limit (of the reference rule: its trades alone):
  signals          each followed on its own to stop or target, by score, beside random entries with the same exits
  criteria         how often each is met, and whether signals with it did better than without
  walk-forward     the best score of one stretch, and what it did in the next
  look-ahead       every candle and every trade's signal worked out again without what came later; a difference ends with exit code 1
  warm-up          decisions and values when only the newest 150 to 800 candles are known
  shuffled orders  how deep the drawdown would have been had the same trades come in another order
Each result is split in sample and out of sample (after 70 % of the time) and stands beside buy and hold.

The hash is the SHA-256 of the trades, a line each in the order of entry and symbol, joined by a newline: symbol, side, entryTime,
entryPrice, exitTime, exitPrice, quantity, fees, funding, pnl, reason, joined by commas. The same data and options give it again.`;

/** What is wrong with the arguments or the data: shown without a stack trace. */
export class UsageError extends Error {}

/** The arguments of the backtest, checked. */
export interface Options {
  readonly data: string;
  readonly symbols: readonly string[] | undefined;
  readonly strategy: Strategy;
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

const parse = (args: readonly string[]) => parseArgs({ args: [...args], options: KNOWN }).values;

function readValues(args: readonly string[]): ReturnType<typeof parse> {
  try {
    return parse(args);
  } catch (error) {
    const [problem] = error instanceof Error ? error.message.split('. ') : [];
    const names = Object.keys(KNOWN).map((name) => `--${name}`);
    throw new UsageError(`${problem ?? 'unreadable arguments'}; allowed: ${names.join(' ')}`);
  }
}

/** Reads the command line; `help`: nothing but the usage was asked for. Throws UsageError that names what is allowed. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const values = readValues(args);
  if (values.help === true) return 'help';
  const { data = '', symbols, preset: presetName, json, png } = values;
  if (data === '')
    throw new UsageError(
      '--data DIR is missing: the folder of recorded candles, SYMBOL.csv.gz or SYMBOL.csv',
    );
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
  const from = dateOf('from', values.from);
  const to = dateOf('to', values.to);
  if (from !== undefined && to !== undefined && from >= to) {
    throw new UsageError(`--from ${values.from} must lie before --to ${values.to}`);
  }
  return {
    data,
    symbols: preset?.symbols ?? wanted,
    strategy: strategyOf(values.strategy ?? STRATEGIES[0].name),
    from,
    to,
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

function strategyOf(given: string): Strategy {
  const found = strategyNamed(given);
  if (found !== undefined) return found;
  throw new UsageError(
    wrong(
      'strategy',
      given,
      STRATEGIES.map(({ name }) => name),
    ),
  );
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
  const at = DATE.test(given) ? Date.parse(given) : NaN;
  // 2022-02-31 is read as 3 March: what comes back must be what was asked for.
  const real = !Number.isNaN(at) && new Date(at).toISOString().startsWith(given.replace('Z', ''));
  if (!real) {
    throw new UsageError(
      `--${name} "${given}" is not a date; write 2022-06-30 or 2022-06-30T12:00Z`,
    );
  }
  return at;
}

function amountOf(name: string, given: string | undefined, usual: number): number {
  const amount = given === undefined ? usual : Number(given);
  if (Number.isFinite(amount) && amount > 0) return amount;
  throw new UsageError(`--${name} "${given}" is no number above 0`);
}
