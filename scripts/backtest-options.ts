import { availableParallelism } from 'node:os';
import type { OwnerPolicy } from '../src/backtest/account/risk-supervisor.ts';
import { PRESETS, type Preset } from '../src/backtest/study/presets.ts';
import { LIST, oneOf, POSITIVE, TEXT, TIME, whole } from '../src/process/option-kinds.ts';
import { createCommand } from '../src/process/options.ts';
import { STRATEGIES, strategyNamed } from '../src/signals/strategies/list.ts';
import type { Strategy } from '../src/signals/strategy.ts';

const OWNERS = ['resumes-daily', 'accepts-drawdown', 'never'] as const satisfies OwnerPolicy[];

const strategyHelp = ({ name, interval, about, isReference }: Strategy): string =>
  `${name}: ${isReference === true ? 'the rule by which engines are compared, on candles of any length, gaps and jumps used' : `on candles of ${interval}`}.
  ${about}`;

const NOTES = `What it tells, besides the account with every limit (of the reference rule: its trades alone):
  signals          each event followed on its own to stop, target or its last candle, beside random entries with the same exits; in
                   --json signals[] has each in the prices of the candles, with r after all costs, and study their figures
  criteria         how often each is met, and whether signals with it did better than without
  walk-forward     the best score of one stretch, and what it did in the next
  look-ahead       every candle and every trade's signal worked out again without what came later; a difference ends with exit code 1
  warm-up          decisions and values when only the newest 150 to 800 candles are known
  shuffled orders  how deep the drawdown would have been had the same trades come in another order
Each result is split in sample and out of sample (after 70 % of the time) and stands beside buy and hold.

The hash is the SHA-256 of the trades, a line each in the order of entry and symbol, joined by a newline: symbol, side, entryTime,
entryPrice, exitTime, exitPrice, quantity, fees, funding, pnl, reason, joined by commas. The same data and options give it again.`;

export const BACKTEST_COMMAND = createCommand({
  run: 'npm run backtest',
  options: {
    data: {
      takes: 'DIR',
      meaning: `folder of recorded candles, SYMBOL.csv.gz or SYMBOL.csv
with time,open,high,low,close,volume (any order), and the
files of Binance, CryptoDataDownload, TradingView and freqtrade as they come. Several files of a symbol are
joined; rows may come in any order. How each was understood is said. What cannot be told is refused
by name: times off the hour, two lengths, rows of one time that differ. Rows that cannot be read, contradict
themselves, repeat a time or lie alone far from the others are left out and named`,
      kind: TEXT,
      needed: true,
    },
    symbols: {
      takes: 'A,B',
      meaning: 'only these; without it and without --preset every symbol of the folder',
      kind: LIST,
    },
    preset: {
      takes: 'P',
      meaning: 'exactly its symbols, days and money',
      kind: oneOf(PRESETS.map(({ name }) => name)),
    },
    strategy: {
      takes: 'S',
      meaning: `which signals. Shorter candles than it needs are put together
${STRATEGIES.map(strategyHelp).join('\n')}
One of these`,
      kind: oneOf(STRATEGIES.map(({ name }) => name)),
      otherwise: STRATEGIES[0].name,
    },
    from: {
      takes: 'TIME',
      meaning: 'first moment; entries and exits lie after it, indicators know the candles before',
      kind: TIME,
    },
    to: { takes: 'TIME', meaning: 'the moment that ends it', kind: TIME },
    equity: {
      takes: 'USDT',
      meaning: 'money at the start',
      kind: POSITIVE,
      otherwise: 'of the preset, else 10000',
    },
    owner: {
      takes: 'POLICY',
      meaning: `what you would do when the emergency stop has tripped. ${OWNERS[0]} ends at the drawdown limit, ${OWNERS[1]}
lifts that too, ${OWNERS[2]} lifts nothing. One of these`,
      kind: oneOf(OWNERS),
      usual: OWNERS[0],
    },
    seed: {
      takes: 'N',
      meaning: 'of the random baselines and samples',
      kind: whole(1),
      usual: '1',
    },
    tried: {
      takes: 'N',
      meaning: `variants that were tried before this one was looked at: what luck alone would show follows from it`,
      kind: whole(1),
      otherwise: 'the 288 rules of the study that the strategies come from',
    },
    fit: {
      takes: 'N',
      meaning: `instead of a run: so many accounts, each begun on another morning of the data, and how many of them met the loss limits
within 30 and 180 days, beside what /limits would have predicted. For breakdown and breakout`,
      kind: whole(1, 10_000),
    },
    vary: {
      takes: 'P=A,B;Q=C',
      meaning: `instead of a run: every combination of these figures of the strategy, such as "stopAtrs=1,2;maxStop=0.03,0.05", each
signal followed on its own, beside what luck alone would show of so many`,
      kind: TEXT,
    },
    workers: {
      takes: 'N',
      meaning: 'threads that share the work of --fit and --vary; the answer is the same',
      kind: whole(1, 64),
      otherwise: 'one a core',
    },
    json: {
      takes: 'OUT',
      meaning: `trades, metrics and all that follows, as JSON; a figure without a meaning is null and says why. Where no
symbol can be run it holds no trade and the reason, and the exit code is 2`,
      kind: TEXT,
    },
    png: { takes: 'OUT', meaning: 'equity with drawdown, and trades on candles', kind: TEXT },
  },
  notes: NOTES,
});

/** What is wrong with the data or the targets: shown without a stack trace. */
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
  readonly tried: number | undefined;
  readonly fit: number | undefined;
  readonly vary: string | undefined;
  readonly workers: number;
  readonly json: string | undefined;
  readonly png: string | undefined;
}

/** Reads the command line. Throws WrongOption. */
export function readOptions(args: readonly string[]): Options {
  const { symbols, strategy, equity, workers, ...values } = BACKTEST_COMMAND.read(args);
  const { wrong } = BACKTEST_COMMAND;
  if (symbols !== undefined && values.preset !== undefined)
    throw wrong('--symbols and --preset exclude each other: give one of them');
  if (values.fit !== undefined && values.vary !== undefined)
    throw wrong('--fit and --vary exclude each other: give one of them');
  if ((values.fit ?? values.vary) !== undefined && values.png !== undefined)
    throw wrong('--png draws a run; it does not go with --fit or --vary');
  const preset = PRESETS.find(({ name }) => name === values.preset);
  const { from, to } = values;
  if (from !== undefined && to !== undefined && from >= to)
    throw wrong('--from must lie before --to');
  return {
    ...values,
    symbols: preset?.symbols ?? (symbols && namesOf(symbols)),
    strategy: strategyNamed(strategy ?? '') ?? STRATEGIES[0],
    preset,
    equity: equity ?? preset?.equity ?? 10_000,
    workers: workers ?? availableParallelism(),
  };
}

const namesOf = (symbols: readonly string[]): readonly string[] => [
  ...new Set(symbols.map((each) => each.toUpperCase())),
];
