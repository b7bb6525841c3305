import type { Side } from '../domain/position.ts';
import type { Timestamp } from '../domain/time.ts';
import { TEXT, TIME, whole, type Kind } from '../process/option-kinds.ts';
import { createCommand } from '../process/options.ts';

/** A position that is opened by hand at the start, as an owner would in the exchange's app. */
export interface OpenByHand {
  readonly symbol: string;
  readonly side: Side;
}

export interface DemoArguments {
  /** Folder of recorded candles; absent: a generated market. */
  readonly replay?: string;
  readonly from?: Timestamp;
  readonly to?: Timestamp;
  /** Venue seconds a wall second. */
  readonly speed: number;
  /** Of the chat page; absent: 8787 or the next free one. */
  readonly port?: number;
  readonly seed: number;
  readonly open: readonly OpenByHand[];
  /** Wall milliseconds after which the demo ends by itself. */
  readonly forMs?: number;
  /** Nobody watches: the demo sends every command once by itself and judges the answers. */
  readonly headless: boolean;
  /** Forget an earlier demo on this port that was cut off. */
  readonly fresh: boolean;
  /** A sentinel watches over it from a process of its own. */
  readonly sentinel: boolean;
}

/** Wall milliseconds. */
const DURATION: Kind<number> = {
  allowed: 'a time such as 60s, 5m or 1h',
  read: (text) => {
    const [, amount, unit] = /^(\d{1,6})(s|m|h)$/.exec(text) ?? [];
    const ms = { s: 1_000, m: 60_000, h: 3_600_000 }[unit ?? ''];
    return ms === undefined ? undefined : Number(amount) * ms;
  },
};

const POSITIONS: Kind<readonly OpenByHand[]> = {
  allowed: 'a list of SYMBOL:long or SYMBOL:short, such as BTCUSDT:long,ETHUSDT:short',
  read: (text) => {
    const parts = text.split(',').map((part) => positionOf(part.trim()));
    return parts.every((each) => each !== undefined) ? parts : undefined;
  },
};

function positionOf(text: string): OpenByHand | undefined {
  const [, symbol, side] = /^([A-Z0-9]{3,30}):(long|short)$/.exec(text) ?? [];
  if (symbol === undefined || (side !== 'long' && side !== 'short')) return undefined;
  return { symbol, side };
}

/** The demo's command line. */
export const DEMO_COMMAND = createCommand({
  run: 'npm run demo',
  options: {
    replay: {
      takes: 'DIR',
      meaning: 'play recorded candles (CSV.gz files) instead of a generated market',
      kind: TEXT,
    },
    from: { takes: 'TIME', meaning: 'start of the replay', kind: TIME },
    to: { takes: 'TIME', meaning: 'end of the replay', kind: TIME },
    speed: {
      takes: 'N',
      meaning: 'venue seconds a second',
      kind: whole(1, 3_600),
      otherwise: '20; 600 with --replay',
    },
    port: {
      takes: 'N',
      meaning: 'port of the chat page',
      kind: whole(1, 65_535),
      otherwise: '8787, or the next free one',
    },
    seed: {
      takes: 'N',
      meaning: 'seed of the generated market',
      kind: whole(0, 2 ** 32 - 1),
      usual: '12',
    },
    open: { takes: 'LIST', meaning: 'positions opened by hand at the start', kind: POSITIONS },
    for: { takes: 'TIME', meaning: 'end after that long', kind: DURATION },
    headless: {
      meaning: 'answer every command once without a person and exit 0 if all were answered',
    },
    fresh: { meaning: 'forget an earlier demo on this port that was cut off' },
    sentinel: { meaning: 'a sentinel watches over Vigil from a process of its own' },
  },
});

/** Reads the demo's options. Throws WrongOption. */
export function parseDemoArguments(args: readonly string[]): DemoArguments {
  const { replay, from, to, port, speed, open = [], for: forMs, ...rest } = DEMO_COMMAND.read(args);
  if (from !== undefined && to !== undefined && to <= from) {
    throw DEMO_COMMAND.wrong('--to must be later than --from.');
  }
  return {
    ...(replay === undefined ? {} : { replay }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(port === undefined ? {} : { port }),
    ...(forMs === undefined ? {} : { forMs }),
    speed: speed ?? (replay === undefined ? 20 : 600),
    open,
    ...rest,
  };
}
