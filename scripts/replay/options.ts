import { parseArgs } from 'node:util';
import type { Side } from '../../src/domain/position.ts';

export interface Options {
  /** Folder of recorded candles. */
  readonly data: string;
  readonly from: string;
  readonly to: number;
  /** Contracts of the market; absent: all of them. */
  readonly symbols: readonly string[] | undefined;
  /** Of the signals that the owner approves. */
  readonly sides: readonly Side[];
  /** How many positions the owner wants to hold at once. */
  readonly hold: number;
  /** From then on the owner approves nothing more. */
  readonly until: number;
  /** The whole market jumps by so many percent at that time, past everything that rests on the way. */
  readonly shocks: readonly { readonly at: number; readonly percent: number }[];
  /** What the owner sends to /limits at the start. */
  readonly limits: readonly string[];
  /** Venue seconds a second. */
  readonly speed: number;
  /** Folder of the report. */
  readonly out: string;
}

export const USAGE = `npm run replay -- --data DIR --from TIME --to TIME [options]
  --data DIR       recorded candles, one SYMBOL.csv.gz each
  --from, --to     of the replay, such as 2025-10-09T20:05Z
  --symbols A,B    only these contracts
  --side SIDE      which signals the owner approves: both, long or short (both)
  --hold N         until so many positions are open (3)
  --until TIME     from then on the owner approves nothing more (--to)
  --shock 'T P'    at that time all prices jump by P percent, as in '2025-10-10T21:15Z -8'
  --limits 'A; B'  what the owner changes at the start, such as 'risk per trade 0.9 %; same direction, correlated 3'
  --speed N        venue seconds a second (120)
  --out DIR        folder of report.md, equity.csv and equity.png (replay-report)`;

const SIDES: ReadonlyMap<string, readonly Side[]> = new Map([
  ['both', ['long', 'short']],
  ['long', ['long']],
  ['short', ['short']],
]);

function timeOf(name: string, text: string | undefined): number {
  const at = Date.parse(text ?? '');
  if (Number.isFinite(at) && /^\d{4}-\d\d-\d\dT\d\d:\d\dZ$/.test(text ?? '')) return at;
  throw new Error(
    `${name} is "${text ?? ''}"; it must be a time such as 2025-10-09T20:05Z.\n${USAGE}`,
  );
}

function wholeOf(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new Error(`${name} is "${text}"; it must be a whole number above 0.\n${USAGE}`);
}

function shockOf(text: string): { at: number; percent: number } {
  const [time, share] = text.split(' ');
  const percent = Number(share);
  if (Number.isFinite(percent) && percent > -100) return { at: timeOf('--shock', time), percent };
  throw new Error(`--shock is "${text}"; it must be a time and a percentage.\n${USAGE}`);
}

/** Reads the command line. Throws an Error that names what is wrong and what is allowed. */
export function readOptions(args: readonly string[]): Options {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: text,
      from: text,
      to: text,
      symbols: text,
      side: text,
      hold: text,
      until: text,
      shock: text,
      limits: text,
      speed: text,
      out: text,
    },
  });
  const { data, from = '', side = 'both' } = values;
  if (data === undefined) throw new Error(`--data is missing.\n${USAGE}`);
  const sides = SIDES.get(side);
  if (sides === undefined)
    throw new Error(`--side is "${side}"; it must be both, long or short.\n${USAGE}`);
  const to = timeOf('--to', values.to);
  if (to <= timeOf('--from', from)) throw new Error('--to must be later than --from.');
  return {
    data,
    from,
    to,
    until: values.until === undefined ? to : timeOf('--until', values.until),
    shocks: values.shock === undefined ? [] : [shockOf(values.shock)],
    sides,
    symbols: values.symbols?.split(','),
    hold: wholeOf('--hold', values.hold ?? '3'),
    limits: (values.limits ?? '').split(';').flatMap((each) => each.trim() || []),
    speed: wholeOf('--speed', values.speed ?? '120'),
    out: values.out ?? 'replay-report',
  };
}
