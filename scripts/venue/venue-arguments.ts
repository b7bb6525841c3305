import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { faultNamed, FAULTS } from '../../src/simulator/venue/fault-kinds.ts';
import type { FaultSchedule } from '../../src/simulator/venue/faults.ts';
import { LIVE_QUIRKS, READINGS, type Quirks } from '../../src/simulator/venue/quirks.ts';
import type { VenueOptions } from '../../src/simulator/venue/venue.ts';

export const VENUE_USAGE = `npm run venue -- [options]
  --port N           port of REST and both streams (8790)
  --control-port N   port of the control API (8791)
  --key TEXT         API key of the account (venueKey)
  --secret TEXT      its secret key (venueSecret)
  --balance N        its first deposit, USDT (10000)
  --mode MODE        HEDGE or ONE_WAY (HEDGE)
  --seed N           seed of the generated market (7)
  --symbols N        how many contracts (50)
  --replay DIR       recorded candles (SYMBOL.csv.gz) instead of a generated market
  --from TIME        venue time of the start, such as 2025-10-09T00:00Z (now; with --replay the middle)
  --speed N          venue seconds a second; 0 stands still (1)
  --state FILE       keeps account and clock in this file and goes on from it
  --no-limits        answers as many requests as come
  --quirk NAME=VALUE another reading of a disputed point, as often as wished
  --faults SEED:RATE:KINDS  faults by chance, such as 1:0.02:lost-reply,html-403
  --help`;

const text = { type: 'string' } as const;
const OPTIONS = {
  port: text,
  'control-port': text,
  key: text,
  secret: text,
  balance: text,
  mode: text,
  seed: text,
  symbols: text,
  replay: text,
  from: text,
  speed: text,
  state: text,
  'no-limits': { type: 'boolean' },
  quirk: { type: 'string', multiple: true },
  faults: text,
} as const;

/** Reads the options of the venue. Throws an Error that says what is wrong and what is allowed. */
export function venueOptions(args: readonly string[]): VenueOptions {
  const values = parse(args);
  const { key = 'venueKey', secret = 'venueSecret', mode = 'HEDGE', state, faults } = values;
  if (mode !== 'HEDGE' && mode !== 'ONE_WAY')
    throw new Error(`--mode must be HEDGE or ONE_WAY, not "${mode}".`);
  const balance = numberOf('--balance', values.balance ?? '10000', { min: 0, max: 1e12 });
  return {
    port: wholeOf('--port', values.port ?? '8790', { min: 0, max: 65_535 }),
    controlPort: wholeOf('--control-port', values['control-port'] ?? '8791', {
      min: 0,
      max: 65_535,
    }),
    market: marketOf(values),
    speed: numberOf('--speed', values.speed ?? '1', { min: 0, max: 100_000 }),
    accounts: [{ apiKey: key, secretKey: secret, balance, positionMode: mode }],
    quirks: quirksOf(values.quirk ?? []),
    rateLimits: values['no-limits'] !== true,
    ...(state === undefined ? {} : { persistFile: state }),
    ...(faults === undefined ? {} : { faults: scheduleOf(faults) }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${why}\n${VENUE_USAGE}`, { cause: error });
  }
}

interface Bounds {
  readonly min: number;
  readonly max: number;
}

function numberOf(name: string, given: string, { min, max }: Bounds): number {
  const value = Number(given);
  if (given.trim() !== '' && value >= min && value <= max) return value;
  throw new Error(`${name} must be a number from ${min} to ${max}, not "${given}".`);
}

function wholeOf(name: string, given: string, bounds: Bounds): number {
  const value = numberOf(name, given, bounds);
  if (Number.isInteger(value)) return value;
  throw new Error(`${name} must be a whole number, not "${given}".`);
}

function timeOf(given: string): number {
  const time = Date.parse(given);
  if (Number.isFinite(time)) return time;
  throw new Error(`--from must be a time such as 2025-10-09T00:00Z, not "${given}".`);
}

function marketOf(values: ReturnType<typeof parse>): VenueOptions['market'] {
  const { replay, from, symbols, seed = '7' } = values;
  const start = from === undefined ? {} : { from: timeOf(from) };
  const count =
    symbols === undefined ? undefined : wholeOf('--symbols', symbols, { min: 1, max: 2_000 });
  if (replay === undefined) {
    const whole = wholeOf('--seed', seed, { min: 0, max: 2 ** 32 - 1 });
    return { kind: 'generated', seed: whole, symbols: count ?? 50, ...start };
  }
  if (!existsSync(replay)) throw new Error(`--replay: there is no folder ${replay}.`);
  return {
    kind: 'replay',
    dir: replay,
    ...start,
    ...(count === undefined ? {} : { symbols: count }),
  };
}

function quirksOf(given: readonly string[]): Partial<Quirks> {
  const chosen: Record<string, string | number | boolean> = {};
  for (const each of given) {
    const at = each.indexOf('=');
    const name = each.slice(0, Math.max(0, at));
    const usual = Object.entries(LIVE_QUIRKS).find(([known]) => known === name)?.[1];
    if (usual === undefined)
      throw new Error(
        `--quirk takes NAME=VALUE with one of ${Object.keys(LIVE_QUIRKS).join(', ')}.`,
      );
    chosen[name] = readingOf(name, each.slice(at + 1));
  }
  return chosen;
}

/** One of the readings of a point, or any figure where the point is one. */
function readingOf(name: string, value: string): string | number | boolean {
  const readings = Object.entries(READINGS).find(([known]) => known === name)?.[1];
  if (readings === undefined) return numberOf(`--quirk ${name}`, value, { min: 0, max: 1e15 });
  const found = readings.find((one) => String(one) === value);
  if (found !== undefined) return found;
  throw new Error(`--quirk ${name} must be ${readings.join(' or ')}, not "${value}".`);
}

function scheduleOf(given: string): FaultSchedule {
  const [seed = '', rate = '', names = ''] = given.split(':');
  const kinds = names.split(',').map((name) => {
    const fault = faultNamed(name);
    if (fault !== undefined) return fault;
    throw new Error(`--faults takes SEED:RATE:KINDS; kinds are ${FAULTS.join(', ')}.`);
  });
  return {
    seed: wholeOf('the seed of --faults', seed, { min: 0, max: 2 ** 32 - 1 }),
    rate: numberOf('the rate of --faults', rate, { min: 0, max: 1 }),
    kinds,
  };
}
