import { existsSync } from 'node:fs';
import { decimal, oneOf, TEXT, TIME, whole } from '../../src/process/option-kinds.ts';
import { createCommand, type ValuesOf } from '../../src/process/options.ts';
import { faultNamed, FAULTS } from '../../src/simulator/venue/fault-kinds.ts';
import type { FaultSchedule } from '../../src/simulator/venue/faults.ts';
import { LIVE_QUIRKS, READINGS, type Quirks } from '../../src/simulator/venue/quirks.ts';
import type { VenueOptions } from '../../src/simulator/venue/venue.ts';

const PORT = whole(0, 65_535);
const SEED = whole(0, 2 ** 32 - 1);
const RATE = decimal(0, 1);

export const VENUE_COMMAND = createCommand({
  run: 'npm run venue',
  options: {
    port: { takes: 'N', meaning: 'port of REST and both streams', kind: PORT, usual: '8790' },
    'control-port': {
      takes: 'N',
      meaning: 'port of the control API',
      kind: PORT,
      usual: '8791',
    },
    key: { takes: 'TEXT', meaning: 'API key of the account', kind: TEXT, usual: 'venueKey' },
    secret: { takes: 'TEXT', meaning: 'its secret key', kind: TEXT, usual: 'venueSecret' },
    balance: {
      takes: 'N',
      meaning: 'its first deposit, USDT',
      kind: decimal(0, 1e12),
      usual: '10000',
    },
    mode: {
      takes: 'MODE',
      meaning: 'its position mode',
      kind: oneOf(['HEDGE', 'ONE_WAY']),
      usual: 'HEDGE',
    },
    seed: { takes: 'N', meaning: 'seed of the generated market', kind: SEED, usual: '7' },
    symbols: {
      takes: 'N',
      meaning: 'how many contracts',
      kind: whole(1, 2_000),
      otherwise: '50; with --replay all of them',
    },
    replay: {
      takes: 'DIR',
      meaning: 'recorded candles (SYMBOL.csv.gz) instead of a generated market',
      kind: TEXT,
    },
    from: {
      takes: 'TIME',
      meaning: 'venue time of the start',
      kind: TIME,
      otherwise: 'now; with --replay the middle',
    },
    speed: {
      takes: 'N',
      meaning: 'venue seconds a second, 0 stands still',
      kind: decimal(0, 100_000),
      usual: '1',
    },
    state: {
      takes: 'FILE',
      meaning: 'keeps account and clock in this file and goes on from it',
      kind: TEXT,
    },
    'no-limits': { meaning: 'answers as many requests as come' },
    quirk: {
      takes: 'NAME=VALUE',
      meaning: 'another reading of a disputed point, as often as wished',
      kind: TEXT,
      many: true,
    },
    faults: {
      takes: 'SEED:RATE:KINDS',
      meaning: 'faults by chance, such as 1:0.02:lost-reply,html-403',
      kind: TEXT,
    },
  },
});

type Values = ValuesOf<typeof VENUE_COMMAND>;

/** Reads the options of the venue. Throws WrongOption. */
export function venueOptions(args: readonly string[]): VenueOptions {
  return venueOf(VENUE_COMMAND.read(args));
}

/** The venue that was asked for. Throws WrongOption. */
export function venueOf(values: Values): VenueOptions {
  const { port, key, secret, mode, balance, speed, state, faults } = values;
  return {
    port,
    controlPort: values['control-port'],
    market: marketOf(values),
    speed,
    accounts: [{ apiKey: key, secretKey: secret, balance, positionMode: mode }],
    quirks: quirksOf(values.quirk),
    rateLimits: !values['no-limits'],
    ...(state === undefined ? {} : { persistFile: state }),
    ...(faults === undefined ? {} : { faults: scheduleOf(faults) }),
  };
}

function marketOf({ replay, from, symbols, seed }: Values): VenueOptions['market'] {
  const start = from === undefined ? {} : { from };
  if (replay === undefined) return { kind: 'generated', seed, symbols: symbols ?? 50, ...start };
  if (!existsSync(replay)) throw VENUE_COMMAND.wrong(`--replay: there is no folder ${replay}.`);
  return {
    kind: 'replay',
    dir: replay,
    ...start,
    ...(symbols === undefined ? {} : { symbols }),
  };
}

function quirksOf(given: readonly string[]): Partial<Quirks> {
  const chosen: Record<string, string | number | boolean> = {};
  for (const each of given) {
    const at = each.indexOf('=');
    const name = each.slice(0, Math.max(0, at));
    const usual = Object.entries(LIVE_QUIRKS).find(([known]) => known === name)?.[1];
    if (usual === undefined)
      throw VENUE_COMMAND.wrong(
        `--quirk takes NAME=VALUE with one of ${Object.keys(LIVE_QUIRKS).join(', ')}.`,
      );
    chosen[name] = readingOf(name, each.slice(at + 1));
  }
  return chosen;
}

/** One of the readings of a point, or any figure where the point is one. */
function readingOf(name: string, value: string): string | number | boolean {
  const readings = Object.entries(READINGS).find(([known]) => known === name)?.[1];
  const kind = readings === undefined ? decimal(0, 1e15) : oneOf(readings.map(String));
  const read = kind.read(value);
  const found = readings === undefined ? read : readings.find((one) => String(one) === read);
  if (found !== undefined) return found;
  throw VENUE_COMMAND.wrong(`--quirk ${name} is "${value}"; it must be ${kind.allowed}.`);
}

function scheduleOf(given: string): FaultSchedule {
  const [seedText = '', rateText = '', names = ''] = given.split(':');
  const [seed, rate] = [SEED.read(seedText), RATE.read(rateText)];
  const kinds = names.split(',').flatMap((name) => faultNamed(name) ?? []);
  if (seed !== undefined && rate !== undefined && kinds.length === names.split(',').length)
    return { seed, rate, kinds };
  throw VENUE_COMMAND.wrong(
    `--faults is "${given}"; it must be SEED:RATE:KINDS: ${SEED.allowed}, ${RATE.allowed}, and with commas some of ${FAULTS.join(', ')}.`,
  );
}
