import { parseArgs } from 'node:util';
import type { Side } from '../domain/position.ts';
import type { Timestamp } from '../domain/time.ts';

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
}

const OPTIONS = {
  replay: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  speed: { type: 'string' },
  port: { type: 'string' },
  seed: { type: 'string' },
  open: { type: 'string' },
  for: { type: 'string' },
  headless: { type: 'boolean' },
  fresh: { type: 'boolean' },
} as const;

/** The demo's options, in words for the terminal. */
export const DEMO_USAGE = `npm run demo -- [options]
  --replay DIR     play recorded candles (CSV.gz files) instead of a generated market
  --from TIME      start of the replay, such as 2025-10-09T00:00Z
  --to TIME        end of the replay
  --speed N        venue seconds a second, 1 to 3600 (20; 600 with --replay)
  --port N         port of the chat page (8787, or the next free one)
  --seed N         seed of the generated market (12)
  --open LIST      positions opened by hand at the start, such as BTCUSDT:long,ETHUSDT:short
  --for TIME       end after that long, such as 60s or 5m
  --headless       answer every command once without a person and exit 0 if all were answered
  --fresh          forget an earlier demo on this port that was cut off`;

/** Reads the demo's options. Throws an Error that names what is wrong and what is allowed. */
export function parseDemoArguments(args: readonly string[]): DemoArguments {
  const values = parseStrictly(args);
  const replay = values['replay'];
  const from = timeOf('--from', values['from']);
  const to = timeOf('--to', values['to']);
  if (from !== undefined && to !== undefined && to <= from) {
    throw new Error('--to must be later than --from.');
  }
  const port = optionalWhole('--port', values['port'], { least: 1, most: 65_535 });
  const forMs = durationOf(values['for']);
  return {
    ...(replay === undefined ? {} : { replay }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(port === undefined ? {} : { port }),
    ...(forMs === undefined ? {} : { forMs }),
    speed:
      optionalWhole('--speed', values['speed'], { least: 1, most: 3_600 }) ??
      (replay === undefined ? 20 : 600),
    seed: optionalWhole('--seed', values['seed'], { least: 0, most: 4_294_967_295 }) ?? 12,
    open: openOf(values['open']),
    headless: values['headless'] === 'true',
    fresh: values['fresh'] === 'true',
  };
}

function parseStrictly(args: readonly string[]): Readonly<Record<string, string | undefined>> {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS, strict: true });
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. ')[0] : 'unknown option';
    throw new Error(`${reason}.\n${DEMO_USAGE}`);
  }
}

function optionalWhole(
  name: string,
  text: string | undefined,
  range: { least: number; most: number },
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,10}$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
  if (value >= range.least && value <= range.most) return value;
  throw new Error(
    `${name} is "${text}"; it must be a whole number from ${range.least} to ${range.most}.`,
  );
}

function timeOf(name: string, text: string | undefined): Timestamp | undefined {
  if (text === undefined) return undefined;
  const at = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z?)?$/.test(text)
    ? Date.parse(text.length > 10 && !text.endsWith('Z') ? `${text}Z` : text)
    : Number.NaN;
  // A day that does not exist, such as 30 February, would count as one in March.
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text.slice(0, 10)) {
    throw new Error(`${name} is "${text}"; it must be a time in UTC such as 2025-10-09T00:00Z.`);
  }
  return at;
}

function durationOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, amount, unit] = /^(\d{1,6})(s|m|h)$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined) {
    throw new Error(`--for is "${text}"; it must be a time such as 60s, 5m or 1h.`);
  }
  return (
    Number.parseInt(amount, 10) * { s: 1_000, m: 60_000, h: 3_600_000 }[unit as 's' | 'm' | 'h']
  );
}

function openOf(text: string | undefined): readonly OpenByHand[] {
  if (text === undefined) return [];
  return text.split(',').map((part) => {
    const [symbol = '', side = '', more] = part.trim().split(':');
    const isSymbol = /^[A-Z0-9]{3,30}$/.test(symbol);
    if (!isSymbol || more !== undefined || (side !== 'long' && side !== 'short')) {
      throw new Error(
        `--open has "${part}"; each part must be SYMBOL:long or SYMBOL:short, such as BTCUSDT:long.`,
      );
    }
    return { symbol, side };
  });
}
