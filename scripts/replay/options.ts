import {
  decimal,
  LIST,
  oneOf,
  TEXT,
  TIME,
  whole,
  type Kind,
} from '../../src/process/option-kinds.ts';
import { createCommand, type ValuesOf } from '../../src/process/options.ts';
import type { Side } from '../../src/domain/position.ts';

export interface Options {
  /** Folder of recorded candles. */
  readonly data: string;
  readonly from: number;
  readonly to: number;
  /** Contracts of the market; absent: all of them. */
  readonly symbols: readonly string[] | undefined;
  /** Strategies whose signals the owner wants as cards, beside those that are pushed anyway. */
  readonly push: readonly string[];
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

const SIDES = {
  both: ['long', 'short'],
  long: ['long'],
  short: ['short'],
} as const satisfies Record<string, readonly Side[]>;

const SHOCK: Kind<Options['shocks'][number]> = {
  allowed: "a time and a percentage above -100, such as '2025-10-10T21:15Z -8'",
  read: (text) => {
    const [time = '', share = ''] = text.split(' ');
    const [at, percent] = [TIME.read(time), Number(share)];
    const real = share !== '' && Number.isFinite(percent) && percent > -100;
    return at === undefined || !real ? undefined : { at, percent };
  },
};

export const REPLAY_COMMAND = createCommand({
  run: 'npm run replay',
  options: {
    what: {
      takes: 'trail',
      meaning:
        'instead, stops that follow the price: a long and a short of each contract, signed again whenever one filled',
      kind: oneOf(['trail']),
      bare: true,
    },
    away: {
      takes: 'P',
      meaning: 'with trail: how far behind the price, percent',
      kind: decimal(0.5, 20),
      usual: '2',
    },
    minutes: {
      takes: 'N',
      meaning:
        'with trail: venue minutes from one move of the stops to the next; each minute is looked at',
      kind: whole(1),
      usual: '5',
    },
    data: {
      takes: 'DIR',
      meaning: 'recorded candles, one SYMBOL.csv.gz each',
      kind: TEXT,
      needed: true,
    },
    from: { takes: 'TIME', meaning: 'start of the replay', kind: TIME, needed: true },
    to: { takes: 'TIME', meaning: 'end of the replay', kind: TIME, needed: true },
    symbols: { takes: 'A,B', meaning: 'only these contracts', kind: LIST },
    push: {
      takes: 'A,B',
      meaning: 'strategies that the owner pushes at the start, such as agreement',
      kind: LIST,
    },
    side: {
      takes: 'SIDE',
      meaning: 'which signals the owner approves',
      kind: oneOf(['both', 'long', 'short']),
      usual: 'both',
    },
    hold: { takes: 'N', meaning: 'until so many positions are open', kind: whole(1), usual: '3' },
    until: {
      takes: 'TIME',
      meaning: 'from then on the owner approves nothing more',
      kind: TIME,
      otherwise: '--to',
    },
    shock: { takes: "'T P'", meaning: 'then all prices jump by P percent', kind: SHOCK },
    limits: {
      takes: "'A; B'",
      meaning:
        "what the owner changes at the start, such as 'risk per trade 0.9 %; same direction, correlated 3'",
      kind: TEXT,
    },
    speed: { takes: 'N', meaning: 'venue seconds a second', kind: whole(1), usual: '120' },
    out: {
      takes: 'DIR',
      meaning: 'folder of report.md, equity.csv and equity.png',
      kind: TEXT,
      usual: 'replay-report',
    },
  },
});

/** Reads the command line. Throws WrongOption. */
export const readOptions = (args: readonly string[]): Options =>
  optionsOf(REPLAY_COMMAND.read(args));

/** What was asked for. Throws WrongOption. */
export function optionsOf(values: ValuesOf<typeof REPLAY_COMMAND>): Options {
  const {
    side,
    shock,
    until,
    limits,
    push,
    what: _what,
    away: _away,
    minutes: _minutes,
    ...rest
  } = values;
  if (rest.to <= rest.from) throw REPLAY_COMMAND.wrong('--to must be later than --from.');
  return {
    ...rest,
    until: until ?? rest.to,
    shocks: shock === undefined ? [] : [shock],
    push: push ?? [],
    sides: SIDES[side],
    limits: (limits ?? '').split(';').flatMap((each) => each.trim() || []),
  };
}
